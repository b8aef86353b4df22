/// Why a token was not added.
package enum TokenError: Error, Equatable, CustomStringConvertible {
    /// There is a token with that public id already.
    case exists(id: String)

    package var description: String {
        switch self {
        case .exists(let id): "there is a token '\(id)' already"
        }
    }
}
