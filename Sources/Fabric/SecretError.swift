package import Domain

/// Why a secret could not be kept or read; never holds a value.
package enum SecretError: Error, Equatable, CustomStringConvertible {
    /// The value has that many bytes, more than ``SecretLimits/largestValue``.
    case tooLarge(SecretName, bytes: Int)
    /// The value was changed on disk, moved to another name, or encrypted with another key.
    case undecipherable(SecretName)
    /// Secrets are stored, but the key they were encrypted with is not at that path.
    case keyMissing(path: String)

    package var description: String {
        switch self {
        case .tooLarge(let name, let bytes):
            "secret '\(name)' has \(bytes) bytes; at most \(SecretLimits.largestValue) are allowed"
        case .undecipherable(let name):
            "secret '\(name)' cannot be decrypted: its stored value was changed or the key is not the one it was "
                + "encrypted with; set it again"
        case .keyMissing(let path):
            "the key of the stored secrets is missing: restore \(path), or delete the secrets and set them again"
        }
    }
}
