/// The headers of a request or a response, in order; names compare without regard to case.
///
/// ```swift
/// let type = request.headers["content-type"]
/// response.headers["Cache-Control"] = "no-store"
/// response.headers.append("Set-Cookie", "a=1")
/// ```
public struct Headers: Sendable, Equatable, Sequence, ExpressibleByDictionaryLiteral {
    /// A name and its value.
    public typealias Element = (name: String, value: String)

    package private(set) var fields: [HeaderField]

    /// Makes headers; without arguments, none.
    public init(_ pairs: [(name: String, value: String)] = []) {
        self.fields = pairs.map { HeaderField($0.name, $0.value) }
    }

    /// Makes headers from a literal like `["Content-Type": "text/plain"]`; a name may come twice.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.fields = elements.map { HeaderField($0, $1) }
    }

    package init(fields: [HeaderField]) { self.fields = fields }

    /// The first value of a name; setting it replaces all of them, setting nil removes them.
    public subscript(name: String) -> String? {
        get { fields.first { Self.isSame($0.name, name) }?.value }
        set {
            let index = fields.firstIndex { Self.isSame($0.name, name) }
            fields.removeAll { Self.isSame($0.name, name) }
            guard let newValue else { return }
            fields.insert(HeaderField(name, newValue), at: index ?? fields.count)
        }
    }

    /// All values of a name, in order.
    public func values(_ name: String) -> [String] {
        fields.filter { Self.isSame($0.name, name) }.map(\.value)
    }

    /// Adds a header and leaves others of the same name.
    public mutating func append(_ name: String, _ value: String) { fields.append(HeaderField(name, value)) }

    /// How many there are.
    public var count: Int { fields.count }

    /// Whether there are none.
    public var isEmpty: Bool { fields.isEmpty }

    /// Goes through names and values in order.
    public func makeIterator() -> some IteratorProtocol<Element> {
        fields.lazy.map { (name: $0.name, value: $0.value) }.makeIterator()
    }

    /// Compares ASCII letters without regard to case.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8) { lowercase($0) == lowercase($1) }
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
