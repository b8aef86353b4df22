/// What a function answered, whole.
package struct CallAnswer: Hashable, Sendable, Codable {
    package let status: Int
    package let headers: [HeaderField]
    package let body: [UInt8]

    package init(status: Int, headers: [HeaderField] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
