/// Why a certificate, a key, a request or a token is not accepted: what is wrong, and what to do about it.
///
/// It is safe to log: it never holds a key, a token, or more of a certificate than its names and dates.
package struct IdentityError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sort of thing that is wrong, for code that acts on it.
    package enum Kind: String, Hashable, Sendable {
        /// A text is not the PEM or DER that it should be.
        case unreadable
        /// A certificate is not that of a continuum's authority.
        case notAuthority
        /// A private key belongs to another certificate.
        case keyMismatch
        /// A certificate was issued by someone else, or changed since.
        case wrongAuthority
        /// A certificate's time is over.
        case expired
        /// A certificate's time has not come: somewhere a clock is wrong.
        case notYetValid
        /// A signing request cannot be granted.
        case badRequest
        /// A certificate does not say in our form whose it is.
        case badCertificate
        /// A text is no join token.
        case badToken
        /// An invitation cannot be given.
        case badInvitation
    }

    /// The sort of thing that is wrong.
    package let kind: Kind
    /// What is wrong, as one sentence without a full stop.
    package let reason: String
    /// What to do about it, as one sentence without a full stop.
    package let advice: String

    /// An error with its advice.
    package init(_ kind: Kind, _ reason: String, advice: String) {
        self.kind = kind
        self.reason = reason
        self.advice = advice
    }

    /// What is wrong and what to do about it.
    package var description: String { "\(reason); \(advice)" }
}
