import Domain
import Testing

struct FunctionTests {
    private static func version(_ number: UInt32) throws -> FunctionVersion {
        FunctionVersion(
            number: try VersionNumber(number),
            digest: try Digest(String(repeating: "0", count: 63) + "\(number)"),
            spec: FunctionSpec(name: try FunctionName("f"), runtime: .swift, handler: "f"),
            bundleSize: 1,
            published: Timestamp(microseconds: 0)
        )
    }

    private static func function(aliases: [Alias]) throws -> PublishedFunction {
        try #require(
            PublishedFunction(name: try FunctionName("f"), versions: [version(2), version(1)], aliases: aliases)
        )
    }

    @Test("without a qualifier the newest runs")
    func latest() throws {
        #expect(try Self.function(aliases: []).resolve(.latest, draw: 0)?.number.value == 2)
    }

    @Test("the alias live decides when it is there")
    func live() throws {
        let live = Alias(name: try AliasName("live"), version: .first)
        #expect(try Self.function(aliases: [live]).resolve(.latest, draw: 0)?.number.value == 1)
    }

    @Test("a split sends its share", arguments: [(0.0, 2), (0.099, 2), (0.1, 1), (0.999, 1)] as [(Double, UInt32)])
    func split(draw: Double, expected: UInt32) throws {
        let split = try Alias.Split(version: try VersionNumber(2), share: 0.1)
        let alias = Alias(name: try AliasName("beta"), version: .first, split: split)
        let function = try Self.function(aliases: [alias])
        #expect(function.resolve(.alias(alias.name), draw: draw)?.number.value == expected)
    }

    @Test("what is not there is nil")
    func missing() throws {
        let function = try Self.function(aliases: [])
        #expect(function.resolve(.version(try VersionNumber(9)), draw: 0) == nil)
        #expect(function.resolve(.alias(try AliasName("no")), draw: 0) == nil)
    }

    @Test("a token allows its scopes on its functions until it expires")
    func tokens() throws {
        let name = try FunctionName("f")
        let token = TokenRecord(
            id: "a",
            hash: "",
            scopes: [.invoke],
            functions: [name],
            note: "",
            created: Timestamp(microseconds: 0),
            expires: Timestamp(microseconds: 10)
        )
        let now = Timestamp(microseconds: 9)
        #expect(token.allows(.invoke, on: name, at: now))
        #expect(!token.allows(.publish, on: name, at: now))
        #expect(!token.allows(.invoke, on: try FunctionName("g"), at: now))
        #expect(!token.allows(.invoke, on: nil, at: now))
        #expect(!token.allows(.invoke, on: name, at: Timestamp(microseconds: 10)))
    }

    @Test("constraints give all reasons")
    func constraints() throws {
        let node = NodeDescription(
            name: try NodeName("n"),
            tier: try Tier("edge"),
            site: try Site("barn"),
            cores: 1,
            memory: .gibibytes(1),
            architecture: "x86_64"
        )
        let constraints = PlacementConstraints(tiers: [try Tier("cloud")], sites: [try Site("hall")], sensitive: true)
        #expect(constraints.obstacles(on: node, from: try Site("field")).count == 3)
        #expect(PlacementConstraints().obstacles(on: node, from: nil).isEmpty)
    }
}
