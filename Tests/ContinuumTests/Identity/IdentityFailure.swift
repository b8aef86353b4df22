import Continuum
import Crypto

/// What goes wrong with an identity in `body`; nil when nothing does, or something else.
func identityFailure<T>(_ body: () throws -> T) -> IdentityError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? IdentityError
    }
}

extension SHA256Digest {
    /// The digest in lower-case hexadecimal.
    var hex: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
