import Testing

@testable import Watching

struct WatchTests {
    private func readings(_ values: [Double], every step: Double = 60, sensor: String = "t") -> [Reading] {
        values.enumerated().map { Reading(sensor: sensor, time: Double($0) * step, value: $1) }
    }

    @Test("one wild value among quiet ones is found, with its score", arguments: [85.0, -40])
    func anomaly(value: Double) throws {
        var values = (0..<100).map { 20 + Double($0 % 5) * 0.1 }
        values[40] = value
        let report = try #require(Watch()?.examine(readings(values)).first)
        #expect(report.anomalies.map(\.time) == [2400])
        #expect(abs(report.median - 20.2) < 1e-9)
        // Two of five values lie 0.1 from the median, two 0.2.
        #expect(abs(report.deviation - 1.4826 * 0.1) < 1e-9)
        let anomaly = try #require(report.anomalies.first)
        #expect(abs(anomaly.score - (value - 20.2) / 0.14826) < 1e-6)
    }

    @Test("a single spike in a constant signal is found too")
    func constant() throws {
        var values = [Double](repeating: 5, count: 50)
        values[7] = 6
        let report = try #require(Watch()?.examine(readings(values)).first)
        #expect(report.anomalies.map(\.value) == [6])
    }

    @Test("missing readings are a gap, and the order they come in does not matter")
    func gaps() throws {
        var all = readings((0..<20).map { Double($0 % 3) })
        all.removeSubrange(5..<9)
        let report = try #require(Watch()?.examine(all.reversed()).first)
        #expect(report.gaps == [.init(from: 240, to: 540, missing: 4)])
    }

    @Test("equal values in a row are stuck, from the count on", arguments: [(5, 0), (6, 1), (9, 1)])
    func stuck(count: Int, found: Int) throws {
        let values = [1, 2, 3] + [Double](repeating: 4, count: count) + [5, 6]
        let report = try #require(Watch()?.examine(readings(values)).first)
        #expect(report.stuck.count == found)
        let end = 180 + 60 * Double(count - 1)
        #expect(report.stuck.allSatisfy { $0 == .init(from: 180, to: end, value: 4, count: count) })
    }

    @Test("sensors are apart from one another")
    func sensors() throws {
        let quiet = readings([1, 2, 1, 2, 1, 2, 1], sensor: "a")
        let loud = readings([100, 200, 100, 200, 100], sensor: "b")
        let reports = try #require(Watch()?.examine(loud + quiet))
        #expect(reports.map(\.sensor) == ["a", "b"])
        #expect(reports.allSatisfy { $0.anomalies.isEmpty })
    }

    @Test("nothing in, nothing out; one reading is never odd")
    func small() throws {
        let watch = try #require(Watch())
        #expect(watch.examine([]).isEmpty)
        #expect(watch.examine(readings([3])).allSatisfy { $0.anomalies.isEmpty && $0.gaps.isEmpty && $0.stuck.isEmpty })
    }

    @Test("limits that make no sense are refused")
    func limits() {
        #expect(Watch(threshold: 0) == nil)
        #expect(Watch(gapFactor: 1) == nil)
        #expect(Watch(stuckCount: 1) == nil)
        #expect(Watch(threshold: .nan) == nil)
    }
}
