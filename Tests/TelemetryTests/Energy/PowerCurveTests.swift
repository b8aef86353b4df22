import Telemetry
import Testing

@Suite struct PowerCurveTests {
    @Test func aLineAndAnExponent() throws {
        let line = try PowerCurve(name: "n", source: "s", idleWatts: 2, maxWatts: 10)
        #expect(line.watts(at: 0.25) == 4)
        let square = try PowerCurve(name: "n", source: "s", idleWatts: 2, maxWatts: 10, exponent: 2)
        #expect(square.watts(at: 0.5) == 4)
        #expect(square.dynamicWatts(at: 0.5) == 2)
        for (utilisation, watts) in [(-1, 2), (2, 10), (.nan, 2), (.infinity, 10)] as [(Double, Double)] {
            #expect(square.watts(at: utilisation) == watts)
        }
    }

    @Test(arguments: [(0, 1), (0.25, 1.5), (0.5, 2), (0.75, 6), (0.9, 8.4), (1, 10)] as [(Double, Double)])
    func aTableIsStraightBetweenItsPoints(_ utilisation: Double, _ watts: Double) throws {
        let curve = try PowerCurve(
            name: "n",
            source: "s",
            points: [(0, 1), (0.5, 2), (1, 10)].map { PowerCurve.Point(utilisation: $0, watts: $1) }
        )
        #expect(abs(curve.watts(at: utilisation) - watts) < 1e-12)
        #expect(curve.idleWatts == 1)
        #expect(curve.maxWatts == 10)
    }

    @Test(arguments: [(-1, 2, 1), (3, 2, 1), (.nan, 2, 1), (1, .infinity, 1), (1, 2, 0), (1, 2, 11), (1, 2, .nan)])
    func refusesImpossibleNumbers(_ idle: Double, _ max: Double, _ exponent: Double) {
        #expect(throws: InvalidPowerCurve.self) {
            try PowerCurve(name: "n", source: "s", idleWatts: idle, maxWatts: max, exponent: exponent)
        }
    }

    @Test(
        arguments: [
            [], [(0, 1)], [(0, 1), (0.9, 2)], [(0.1, 1), (1, 2)], [(0, 2), (1, 1)],
            [(0, 1), (0.5, 1), (0.5, 2), (1, 3)],
            [(0, -1), (1, 1)], [(0, 1), (1, .infinity)], [(0, .nan), (1, 1)], [(0, 1), (0.6, 1), (0.5, 2), (1, 3)],
        ] as [[(Double, Double)]]
    )
    func refusesImpossibleTables(_ points: [(Double, Double)]) {
        let points = points.map { PowerCurve.Point(utilisation: $0.0, watts: $0.1) }
        #expect(throws: InvalidPowerCurve.self) { try PowerCurve(name: "n", source: "s", points: points) }
    }

    @Test(arguments: PowerCurve.presetNames)
    func presetsRise(_ name: String) throws {
        let curve = try #require(PowerCurve.preset(name, cores: 4))
        #expect(curve.name == name)
        #expect(!curve.source.isEmpty)
        #expect(curve.idleWatts > 0)
        let watts = (0...100).map { curve.watts(at: Double($0) / 100) }
        #expect(watts == watts.sorted())
        #expect(watts.first == curve.idleWatts)
        #expect(watts.last == curve.maxWatts)
    }

    @Test func thereIsNoOtherPreset() { #expect(PowerCurve.preset("abacus", cores: 1) == nil) }

    @Test func theServerIsPerCore() {
        #expect(PowerCurve.x86Server(cores: 4).idleWatts == 2.96)
        #expect(PowerCurve.x86Server(cores: 4).maxWatts == 14)
    }
}
