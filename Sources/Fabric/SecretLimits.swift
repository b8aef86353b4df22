/// Bounds that every secret store keeps.
package enum SecretLimits {
    /// Most bytes a value may have: 64 KiB.
    package static let largestValue = 64 << 10
}
