/// Whose failure it is: the function's code, or the platform that runs it.
package enum FailureOrigin: String, Hashable, Sendable, Codable {
    case function
    case platform
}
