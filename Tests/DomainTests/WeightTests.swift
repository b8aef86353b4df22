import Domain
import Foundation
import Testing

@Suite("Weights")
struct WeightTests {
    @Test("are scaled to add up to 1")
    func scaled() throws {
        let weights = try Weights(latency: 2, energy: 1, cost: 1, carbon: 0)
        #expect(weights.latency == 0.5 && weights.energy == 0.25 && weights.cost == 0.25 && weights.carbon == 0)
    }

    @Test(
        "refuse what is no trade",
        arguments: [[0, 0, 0, 0], [-1, 1, 0, 0], [.nan, 1, 0, 0], [.infinity, 1, 0, 0]]
    )
    func refused(_ values: [Double]) {
        #expect(throws: Invalid.self) {
            try Weights(latency: values[0], energy: values[1], cost: values[2], carbon: values[3])
        }
    }

    @Test("setting one keeps the ratio of the others", arguments: [0, 0.25, 0.7, 1])
    func setting(_ value: Double) throws {
        let changed = try Weights(latency: 3, energy: 2, cost: 1, carbon: 0).setting(.energy, to: value)
        #expect(abs(changed.energy - value) < 1e-12)
        #expect(abs(changed.latency + changed.energy + changed.cost + changed.carbon - 1) < 1e-12)
        if value < 1 { #expect(abs(changed.latency / changed.cost - 3) < 1e-9) }
    }

    @Test("a function's win over a tier's, a tier's over the global ones; a preference moves them as far as allowed")
    func precedence() throws {
        let (f, g) = (try FunctionName("f"), try FunctionName("g"))
        let (edge, cloud) = (try Tier("edge"), try Tier("cloud"))
        var table = WeightTable(global: Weights(only: .latency), preferenceShare: 0.25)
        table.tiers[edge] = Weights(only: .energy)
        table.functions[f] = Weights(only: .cost)
        #expect(table.weights(for: f, at: edge) == Weights(only: .cost))
        #expect(table.weights(for: g, at: edge) == Weights(only: .energy))
        #expect(table.weights(for: g, at: cloud) == Weights(only: .latency))
        #expect(table.weights(for: g, at: cloud, preferring: .carbon).carbon == 0.25)
        table.preferenceShare = 0
        #expect(table.weights(for: g, at: cloud, preferring: .carbon) == Weights(only: .latency))
    }

    @Test("a table survives JSON, and a wrong one says what is wrong")
    func json() throws {
        var table = WeightTable()
        table.functions[try FunctionName("f")] = Weights(only: .energy)
        table.tiers[try Tier("edge")] = Weights(only: .cost)
        let text = try JSONEncoder().encode(table)
        #expect(try JSONDecoder().decode(WeightTable.self, from: text) == table)
        let wrong = Data(#"{"functions": {"Bad Name": {"latency": 1}}}"#.utf8)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(WeightTable.self, from: wrong) }
    }
}

@Suite("The load header")
struct NodeLoadTests {
    @Test("survives its text")
    func roundTrip() {
        let load = NodeLoad(busy: 3, queued: 1, idle: 2, starting: 1, utilisation: 0.42, freeMemory: 1 << 40, warm: 2)
        #expect(NodeLoad(headerText: load.headerText) == load)
    }

    @Test("refuses what is malformed, bounds what is absurd, passes over what is new")
    func odd() {
        #expect(NodeLoad(headerText: "busy") == nil)
        #expect(NodeLoad(headerText: "busy=-1") == nil)
        #expect(NodeLoad(headerText: String(repeating: "x=1;", count: 100)) == nil)
        #expect(NodeLoad(headerText: "busy=18446744073709551615;new=7")?.busy == 1_000_000)
    }
}
