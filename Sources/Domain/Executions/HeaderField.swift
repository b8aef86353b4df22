/// One header of a request or response as it passes through: its name in lower case and its value.
package struct HeaderField: Hashable, Sendable, Codable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
