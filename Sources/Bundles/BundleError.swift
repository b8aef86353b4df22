/// Why a bundle could not be packed, unpacked or installed.
package struct BundleError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of error; more may come.
    package struct Code: Hashable, Sendable {
        private enum Kind { case refused, tooLarge, manifest, storage }
        private let kind: Kind

        /// The archive is damaged, or holds something that a bundle may not hold.
        package static let refused = Self(kind: .refused)
        /// It exceeds one of the ``BundleLimits``.
        package static let tooLarge = Self(kind: .tooLarge)
        /// Its `function.yaml` is missing or wrong, or its handler is.
        package static let manifest = Self(kind: .manifest)
        /// This machine's files: no space, no permission, a missing folder.
        package static let storage = Self(kind: .storage)
    }

    package let code: Code
    /// What is wrong, safe to show; one sentence without a full stop.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
