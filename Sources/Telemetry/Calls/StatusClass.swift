/// The class of an HTTP status: the label `code`.
package enum StatusClass: Int, LabelValue {
    /// No status of HTTP.
    case other
    case informational
    case success
    case redirection
    case clientError
    case serverError

    /// The class that a status belongs to.
    package init(status: Int) { self = (100...599).contains(status) ? Self(rawValue: status / 100) ?? .other : .other }

    package var text: String { self == .other ? "other" : "\(rawValue)xx" }
}
