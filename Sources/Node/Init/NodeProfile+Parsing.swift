package import Domain

extension NodeProfile {
    /// The name of the map in a configuration, for errors.
    private static let place = "node"
    private static let fields = [
        "class", "cores", "memory", "architecture", "accelerators", "labels", "location", "price", "carbon", "speed",
    ]
    private static let mostLabels = 32
    private static let mostAccelerators = 16
    /// Most bytes of a label's value.
    private static let longestLabel = 128

    /// Gives the `node` map of a configuration its meaning; throws the first thing that is wrong, with its place.
    package init(parsing document: DocumentValue) throws(Invalid) {
        let map = try DocumentMap(document, at: Self.place, known: Self.fields)
        self.init()
        deviceClass = try map.parsed("class", DeviceClass.init)
        cores = try map.integer("cores", in: 1...4096)
        memory = try map.parsed("memory") { (raw) throws(Invalid) in
            let size = try ByteSize(raw)
            guard size >= .mebibytes(16) else {
                throw Invalid("memory", "\(size) is less than 16MiB, too little to run")
            }
            return size
        }
        architecture = try map.parsed("architecture", Self.architecture)
        if map.value("accelerators") != nil { accelerators = try Self.accelerators(map) }
        labels = try Self.labels(map)
        location = try Self.location(map)
        price = try map.number("price", in: 0...1_000_000)
        carbon = try map.number("carbon", in: 0...10_000)
        speed = try Self.speed(map)
    }

    /// As `uname -m` gives it.
    private static func architecture(_ raw: String) throws(Invalid) -> String {
        let isName = raw.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard isName, (1...32).contains(raw.utf8.count) else {
            throw Invalid(
                "architecture",
                "'\(Printable.text(raw))' is not like x86_64 or aarch64, as `uname -m` shows it"
            )
        }
        return raw
    }

    private static func accelerators(_ map: DocumentMap) throws(Invalid) -> [String] {
        let names = try map.list("accelerators") { (raw) throws(Invalid) in
            try Label.check(raw, kind: "accelerator")
            return raw
        }
        guard names.count <= mostAccelerators else {
            throw Invalid(map.place("accelerators"), "has \(names.count) names; \(mostAccelerators) are allowed")
        }
        return names.uniqued
    }

    private static func labels(_ map: DocumentMap) throws(Invalid) -> [String: String] {
        guard let value = map.value("labels") else { return [:] }
        let place = map.place("labels")
        guard case .map(let entries) = value else { throw Invalid(place, "must be a map of names to values") }
        guard entries.count <= mostLabels else {
            throw Invalid(place, "has \(entries.count) labels; \(mostLabels) are allowed")
        }
        let labels = try DocumentMap(value, at: place, known: entries.map(\.key))
        var values: [String: String] = [:]
        for entry in entries {
            do {
                try Label.check(entry.key, kind: "label")
            } catch {
                throw Invalid(Printable.text(labels.place(entry.key)), error.reason)
            }
            values[entry.key] = try labels.parsed(entry.key) { (raw) throws(Invalid) in
                let isPrintable = raw.unicodeScalars.allSatisfy {
                    $0.value >= 0x20 && !(0x7f..<0xa0).contains($0.value)
                }
                guard isPrintable, (1...longestLabel).contains(raw.utf8.count) else {
                    throw Invalid("label", "must be 1 to \(longestLabel) bytes of text in one line")
                }
                return raw
            }
            guard values[entry.key] != nil else {
                throw Invalid(labels.place(entry.key), "has no value; leave the label out")
            }
        }
        return values
    }

    private static func location(_ map: DocumentMap) throws(Invalid) -> Location? {
        guard let value = map.value("location") else { return nil }
        let location = try DocumentMap(value, at: map.place("location"), known: ["latitude", "longitude"])
        guard let latitude = try location.number("latitude", in: -90...90) else {
            throw Invalid(location.place("latitude"), "is missing; a location is latitude and longitude, in degrees")
        }
        guard let longitude = try location.number("longitude", in: -180...180) else {
            throw Invalid(location.place("longitude"), "is missing; a location is latitude and longitude, in degrees")
        }
        return try Location(latitude: latitude, longitude: longitude)
    }

    private static func speed(_ map: DocumentMap) throws(Invalid) -> SpeedProfile? {
        guard let value = map.value("speed") else { return nil }
        let names = ["integer", "floating", "memory", "hashing"]
        let speed = try DocumentMap(value, at: map.place("speed"), known: names)
        var numbers: [Double] = []
        for name in names {
            guard let number = try speed.number(name, in: 0.001...1e9) else {
                throw Invalid(speed.place(name), "is missing; `godwit init` measures all four")
            }
            numbers.append(number)
        }
        return SpeedProfile(integer: numbers[0], floating: numbers[1], memory: numbers[2], hashing: numbers[3])
    }
}
