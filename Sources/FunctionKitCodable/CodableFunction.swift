public import FunctionKit

/// A function that takes a value from JSON and gives one back as JSON.
///
/// ```swift
/// import FunctionKit
/// import FunctionKitCodable
///
/// @main struct Area: CodableFunction {
///     struct Input: Decodable { var width, height: Double }
///     struct Output: Encodable { var area: Double }
///     func handle(_ input: Input, _ context: Context) throws -> Output { Output(area: input.width * input.height) }
/// }
/// ```
///
/// A body that does not decode is answered with status 400 and a sentence that says where it is wrong. Dates are read
/// and written as ISO 8601.
public protocol CodableFunction: Function {
    /// What the request's body holds.
    associatedtype Input: Decodable
    /// What the response's body holds.
    associatedtype Output: Encodable

    /// Answers one call. What it throws becomes the call's failure: see `FunctionError`.
    func handle(_ input: Input, _ context: Context) throws -> Output
}

extension CodableFunction {
    /// Decodes the body, calls the other `handle`, and encodes what it returns.
    public func handle(_ request: Request, _ context: Context) throws -> Response {
        let input = try request.decode(Input.self)
        let output: Output = try handle(input, context)
        return try .json(output)
    }
}
