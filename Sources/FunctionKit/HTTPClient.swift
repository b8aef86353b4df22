/// Calls other services over HTTP, through the node's egress broker.
///
/// ```swift
/// let answer = try await context.http.get("https://api.example.org/v1/weather?place=oslo")
/// guard answer.status == 200 else { throw FunctionError("WeatherDown", "it said \(answer.status)") }
/// ```
///
/// A function reaches the hosts that `egress` of its `function.yaml` lists, and nothing else. A status of any kind is an
/// answer; what is thrown is a `FunctionError` whose type begins with `egress.`, such as `egress.denied`,
/// `egress.timeout` or `egress.tls`. Every method can be called from synchronous handlers too, without `await`.
public struct HTTPClient: Sendable {
    private let call: Call

    init(_ call: Call) { self.call = call }

    /// Fetches a URL.
    ///
    /// Without a `timeout` it may take the time that is left of the call.
    public func get(_ url: String, headers: Headers = [:], timeout: Duration? = nil) async throws -> Response {
        try await request("GET", url, headers: headers, timeout: timeout)
    }

    /// Fetches a URL, waiting in this thread.
    public func get(_ url: String, headers: Headers = [:], timeout: Duration? = nil) throws -> Response {
        try request("GET", url, headers: headers, timeout: timeout)
    }

    /// Makes any request.
    ///
    /// Redirects are followed unless `followsRedirects` is false: at most five, each to a host of `egress`, none from
    /// `https` to `http`, and none that would send a body twice; such an answer is returned as it is.
    public func request(
        _ method: String,
        _ url: String,
        headers: Headers = [:],
        body: [UInt8] = [],
        timeout: Duration? = nil,
        followsRedirects: Bool = true
    ) async throws -> Response {
        let head = try head(method, url, headers, body, followsRedirects)
        return try await call.makeFetch().runInTask(head, timeout: timeout, body: body)
    }

    /// Makes any request, waiting in this thread.
    public func request(
        _ method: String,
        _ url: String,
        headers: Headers = [:],
        body: [UInt8] = [],
        timeout: Duration? = nil,
        followsRedirects: Bool = true
    ) throws -> Response {
        let head = try head(method, url, headers, body, followsRedirects)
        return try call.makeFetch().run(head, timeout: timeout, body: body)
    }

    private func head(
        _ method: String,
        _ url: String,
        _ headers: Headers,
        _ body: [UInt8],
        _ followsRedirects: Bool
    ) throws(FunctionError) -> FetchHead {
        let head = FetchHead(
            method: method,
            url: url,
            followsRedirects: followsRedirects,
            bodyLength: UInt64(body.count),
            headers: headers.fields
        )
        guard head.encodedSize <= WireLimits.payload / 2 else {
            throw FunctionError("egress.size", "the URL and the headers of the request are too long")
        }
        return head
    }
}
