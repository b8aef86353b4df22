/// The body of `GET /v1/functions`.
package struct FunctionList: Hashable, Sendable, Codable {
    package let functions: [PublishedFunction]

    package init(functions: [PublishedFunction]) { self.functions = functions }
}
