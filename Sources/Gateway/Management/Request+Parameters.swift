import Domain
import HTTPTypes
import Hummingbird

extension RequestContext {
    /// A parameter of the path, parsed; a malformed one is a 400 that says what is wrong.
    func parameter<T>(_ name: String, _ parse: (String) throws(Invalid) -> T) throws -> T {
        let raw = parameters.get(name) ?? ""
        do {
            return try parse(raw)
        } catch {
            throw ProblemError(error)
        }
    }
}

extension Request {
    /// A parameter of the query, parsed; nil when it is absent.
    func query<T>(_ name: String, _ parse: (String) throws(Invalid) -> T) throws -> T? {
        guard let raw = uri.queryParameters[Substring(name)] else { return nil }
        do {
            return try parse(String(raw))
        } catch {
            throw ProblemError(Invalid(name, error.reason))
        }
    }

    /// A whole number of the query within a range, or a default.
    func number(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws -> Int {
        try query(name) { (raw) throws(Invalid) in
            guard let number = Int(raw), range.contains(number) else {
                throw Invalid(name, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        } ?? fallback
    }
}
