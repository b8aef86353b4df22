/// A kind of machine, for example `raspberry-pi-4`: a Label, or `generic` where nothing is said.
package struct DeviceClass: Hashable, Sendable, CustomStringConvertible {
    /// The class of a node that does not say what it is.
    package static let generic = DeviceClass(known: "generic")

    /// The name as written.
    package let text: String

    /// Parses a name; throws what is wrong with it.
    package init(_ raw: String) throws(Invalid) {
        try Label.check(raw, kind: "device class")
        self.text = raw
    }

    private init(known: String) { self.text = known }

    package var description: String { text }
}

extension DeviceClass: TextCodable {}
