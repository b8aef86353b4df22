import Continuum
import Domain
import Foundation
import Testing

/// The bounds of a report and its form.
struct NodeReportTests {
    private static func make(
        address: String = "https://a:1",
        software: String = "1",
        incarnation: UInt64? = nil,
        warm: [String: Int] = [:],
        utilisation: Double = 0.5,
        watts: Double = 3,
        labels: Int = 0
    ) throws -> NodeReport {
        try NodeReport(
            description: NodeDescription(
                name: NodeName("a"),
                tier: Tier("edge"),
                site: nil,
                cores: 1,
                memory: ByteSize("1GiB"),
                architecture: "x86_64",
                labels: Dictionary(uniqueKeysWithValues: (0..<labels).map { ("\($0)", "") })
            ),
            address: address,
            software: software,
            started: Timestamp(microseconds: 1234),
            incarnation: incarnation,
            load: NodeLoad(busy: 1, utilisation: utilisation),
            warm: warm,
            utilisation: utilisation,
            watts: watts
        )
    }

    @Test("a report survives JSON")
    func json() throws {
        let report = try Self.make(warm: ["sha256:ab": 2])
        let data = try JSONEncoder().encode(report)
        #expect(try JSONDecoder().decode(NodeReport.self, from: data) == report)
        #expect(report.incarnation == 1234, "the first incarnation is the start in microseconds")
    }

    @Test(
        "what is no address is refused, also in JSON",
        arguments: [
            "", "https://", "http://a:1", "https://a b:1", "https://ä:1",
            "https://" + String(repeating: "a", count: 249),
        ]
    )
    func addresses(address: String) throws {
        #expect(throws: Invalid.self) { try Self.make(address: address) }
        let good = String(decoding: try JSONEncoder().encode(Self.make(address: "https://x:1")), as: UTF8.self)
        let bad = good.replacingOccurrences(of: "https:\\/\\/x:1", with: address)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(NodeReport.self, from: Data(bad.utf8)) }
    }

    @Test("what is too large is refused")
    func bounds() throws {
        #expect(throws: Invalid.self) { try Self.make(software: String(repeating: "a", count: 129)) }
        #expect(throws: Invalid.self) { try Self.make(labels: 65) }
        #expect(throws: Invalid.self) { try Self.make(incarnation: NodeReport.incarnationLimit) }
        #expect(throws: Never.self) { try Self.make(address: "https://" + String(repeating: "a", count: 248)) }
    }

    @Test("of many warm bundles the 256 with most instances are kept, the same on every node")
    func warm() throws {
        var warm = Dictionary(uniqueKeysWithValues: (0..<300).map { ("bundle-\($0 + 100)", 1) })
        warm["large"] = 9
        warm["none"] = 0
        let report = try Self.make(warm: warm)
        #expect(report.warm.count == 256)
        #expect(report.warm["large"] == 9 && report.warm["none"] == nil)
        #expect(report.warm["bundle-354"] == 1 && report.warm["bundle-355"] == nil)
    }

    @Test("numbers that are none become 0", arguments: [Double.nan, .infinity, -1])
    func numbers(value: Double) throws {
        let report = try Self.make(utilisation: value, watts: value)
        #expect(report.utilisation == 0 && report.watts == 0 && report.load.utilisation == 0)
        #expect(try Self.make(utilisation: 7).utilisation == 1)
    }

    @Test("roles of a newer version are passed over")
    func roles() throws {
        let json = String(decoding: try JSONEncoder().encode(Self.make()), as: UTF8.self)
        let newer = json.replacingOccurrences(of: "\"gateway\"", with: "\"wizard\"")
        #expect(try JSONDecoder().decode(NodeReport.self, from: Data(newer.utf8)).roles == [.executor])
    }
}
