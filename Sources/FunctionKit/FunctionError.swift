/// An error with a type that the caller sees.
///
/// Any error that a handler throws fails the call with the name of its Swift type. This one says the type itself, and,
/// when it has a status, answers with that status instead of failing the call:
///
/// ```swift
/// throw FunctionError("ModelMissing", "there is no model for \(sensor)")
/// throw FunctionError("NotFound", "there is no sensor \(sensor)", status: 404)
/// ```
public struct FunctionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The type of the error, for programs.
    public let type: String
    /// What went wrong, for people.
    public let message: String
    /// The HTTP status to answer with; nil fails the call.
    public let status: Int?

    /// Makes an error.
    public init(_ type: String, _ message: String, status: Int? = nil) {
        self.type = type
        self.message = message
        self.status = status
    }

    /// The message.
    public var description: String { message }
}
