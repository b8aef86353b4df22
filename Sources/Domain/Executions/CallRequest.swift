/// What a caller asks of a function, without the body.
package struct CallRequest: Hashable, Sendable, Codable {
    package let method: String
    /// The path after the function's name, still percent-encoded; `/` when there is none.
    package let path: String
    /// The query without the question mark; empty when there is none.
    package let query: String
    package let headers: [HeaderField]

    package init(method: String, path: String = "/", query: String = "", headers: [HeaderField] = []) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
    }

    /// The value of the first header of that name (lower case), or nil.
    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}
