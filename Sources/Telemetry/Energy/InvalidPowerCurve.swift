/// Why numbers make no power curve.
package struct InvalidPowerCurve: Error, Hashable, CustomStringConvertible {
    /// One sentence for the operator.
    package let description: String
}
