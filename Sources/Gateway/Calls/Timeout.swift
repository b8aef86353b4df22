package import Domain

/// How long a call may take: the least of what the function and the caller allow.
package enum Timeout {
    /// The caller's header, as OpenFaaS clients send it: `30s`, `500ms`, or seconds.
    package static let header = "x-timeout"

    /// The time that a call of a function may take; throws what is wrong with what was asked.
    package static func of(_ spec: FunctionSpec, asked: String?) throws(Invalid) -> TimeSpan {
        guard let asked else { return spec.timeout }
        let span: TimeSpan
        do {
            span = try TimeSpan(asked)
        } catch {
            throw Invalid("X-Timeout", error.reason)
        }
        guard span > .zero else { throw Invalid("X-Timeout", "must be more than zero") }
        return min(span, spec.timeout)
    }
}
