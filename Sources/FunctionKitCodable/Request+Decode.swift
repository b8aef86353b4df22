public import FunctionKit

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Request {
    /// Reads the body as JSON.
    ///
    /// - Throws: a `FunctionError` with status 400 that says where the body is not what it should be.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        guard !body.isEmpty else {
            throw FunctionError("BadRequest", "the body is empty; JSON is expected", status: 400)
        }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do {
            return try decoder.decode(type, from: Data(body))
        } catch let error as DecodingError {
            throw FunctionError("BadRequest", error.explanation, status: 400)
        }
    }
}
