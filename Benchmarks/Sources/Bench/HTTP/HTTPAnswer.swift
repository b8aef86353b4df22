/// An answer to an HTTP request.
struct HTTPAnswer: Hashable, Sendable {
    let status: Int
    /// Names in lower case; trailers are among them.
    let headers: [String: String]
    let body: [UInt8]
    /// Nanoseconds from before the request was written until the first bytes of the answer were read.
    var firstByte: UInt64 = 0

    var text: String { String(decoding: body, as: UTF8.self) }
}
