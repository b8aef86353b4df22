import Bundles
import Domain
import Testing
import Node

@Suite("The node's profile")
struct NodeProfileTests {
    private static func parse(_ yaml: String) throws -> NodeProfile {
        try YAMLFile(name: "node.yaml").read(Array(yaml.utf8)) { (document) throws(Invalid) in
            let top = try DocumentMap(document, at: "", known: ["name", "tier", "site", "energy", "node"])
            return try NodeProfile(parsing: top.value("node") ?? .null)
        }
    }

    private static func whole() throws -> NodeProfile {
        var profile = NodeProfile()
        profile.deviceClass = try DeviceClass("raspberry-pi-4")
        profile.cores = 4
        profile.memory = .gibibytes(4)
        profile.architecture = "aarch64"
        profile.accelerators = ["coral-tpu", "gpu"]
        profile.labels = ["rack": "3", "owner": "the \"lab\" \\ attic: #1"]
        profile.location = try Location(latitude: 52.5, longitude: -13.25)
        profile.price = 0.04
        profile.carbon = 350
        profile.speed = SpeedProfile(integer: 1200.5, floating: 400, memory: 3000, hashing: 80.1)
        return profile
    }

    @Test("all fields")
    func whole() throws {
        let profile = try Self.parse(
            """
            node:
              class: raspberry-pi-4
              cores: 4
              memory: 4GiB
              architecture: aarch64
              accelerators: [coral-tpu, gpu, gpu]
              labels: {rack: 3, owner: 'the "lab" \\ attic: #1'}
              location: {latitude: 52.5, longitude: -13.25}
              price: 0.04
              carbon: 350
              speed: {integer: 1200.5, floating: 400, memory: 3000, hashing: 80.1}
            """
        )
        #expect(profile == (try Self.whole()))
        #expect(try Self.parse("node: {}") == NodeProfile())
        #expect(try Self.parse("node: {accelerators: []}").accelerators == [])
    }

    @Test(
        "what is wrong is told with its place",
        arguments: [
            ("clas: x", "node.clas", "did you mean 'class'?"), ("class: Pi", "node.class", "may hold only"),
            ("cores: 0", "node.cores", "from 1 to 4096"), ("cores: two", "node.cores", "whole number"),
            ("memory: 1KiB", "node.memory", "less than 16MiB"), ("memory: lots", "node.memory", "no size"),
            ("architecture: x86-64", "node.architecture", "uname -m"),
            ("accelerators: [a, B]", "node.accelerators[1]", "may hold only"), ("labels: [a]", "node.labels", "a map"),
            ("labels: {A: x}", "node.labels.A", "may hold only"), ("labels: {a: }", "node.labels.a", "no value"),
            ("labels: {a: \"x\\ty\"}", "node.labels.a", "one line"),
            ("labels: {a: [x]}", "node.labels.a", "single value"),
            ("location: {latitude: 91, longitude: 0}", "node.location.latitude", "from -90"),
            ("location: {latitude: 1}", "node.location.longitude", "is missing"),
            ("location: {longitude: 1}", "node.location.latitude", "is missing"),
            ("price: -1", "node.price", "from 0"), ("carbon: nan", "node.carbon", "a number"),
            ("speed: {integer: 1, floating: 1, memory: 1}", "node.speed.hashing", "is missing"),
            ("speed: {integer: 0, floating: 1, memory: 1, hashing: 1}", "node.speed.integer", "a number from"),
        ]
    )
    func mistakes(yaml: String, field: String, reason: String) throws {
        let error = try #require(throws: Invalid.self) { try Self.parse("node:\n  \(yaml)") }
        #expect(error.field == "node.yaml line 2, \(field)")
        #expect(error.reason.contains(reason), "\(error)")
    }

    @Test("bounds", arguments: [("labels", 33), ("accelerators", 17)])
    func bounds(field: String, count: Int) throws {
        let items = (0..<count).map { field == "labels" ? "a\($0): x" : "a\($0)" }.joined(separator: ", ")
        let list = field == "labels" ? "{\(items)}" : "[\(items)]"
        #expect(throws: Invalid.self) { try Self.parse("node: {\(field): \(list)}") }
    }

    @Test("what is said wins over what was probed")
    func description() throws {
        var said = NodeProfile()
        said.cores = 2
        said.accelerators = []
        said.labels = ["rack": "9"]
        let node = said.description(
            name: try NodeName("edge-1"),
            tier: try Tier("edge"),
            site: try Site("barn"),
            power: PowerRating(idleWatts: 3, maxWatts: 7),
            probed: try Self.whole()
        )
        #expect(node.cores == 2)
        #expect(node.accelerators.isEmpty)
        #expect(node.labels["rack"] == "9" && node.labels.count == 2)
        #expect(node.memory == .gibibytes(4))
        #expect(node.deviceClass.text == "raspberry-pi-4")
        #expect(node.power.maxWatts == 7)
        #expect(node.pricePerCoreHour == 0.04 && node.carbonIntensity == 350)
        #expect(node.speed == (try Self.whole()).speed)
        // On a machine that nothing is said of.
        let bare = NodeProfile().description(
            name: try NodeName("edge-1"),
            tier: try Tier("edge"),
            site: nil,
            power: PowerRating(idleWatts: 0, maxWatts: 0)
        )
        #expect(bare.cores > 0 && bare.memory > .mebibytes(16) && !bare.architecture.isEmpty)
    }

    @Test("what is written parses back to the same", arguments: [true, false])
    func written(isWhole: Bool) throws {
        let profile = isWhole ? try Self.whole() : NodeProfile()
        let text = ConfigurationText(
            name: try NodeName("null"),
            tier: try Tier("edge"),
            site: isWhole ? try Site("barn") : nil,
            powerPreset: isWhole ? "raspberry-pi-4" : nil,
            energy: "two\nlines",
            profile: profile
        )
        .text
        // A map whose every line is a comment is nothing.
        #expect(try Self.parse(isWhole ? text : text + "  cores: 1\n").cores == (isWhole ? 4 : 1))
        if isWhole { #expect(try Self.parse(text) == profile) }
        let top = try YAMLFile(name: "x").read(Array(text.utf8)) { (document) throws(Invalid) in
            try DocumentMap(document, at: "", known: ["name", "tier", "site", "energy", "node"])
        }
        #expect(try top.text("name") == "null")
        #expect(try top.text("site") == (isWhole ? "barn" : nil))
    }
}
