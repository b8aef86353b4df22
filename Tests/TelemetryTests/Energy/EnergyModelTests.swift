import Telemetry
import Testing

@Suite struct EnergyModelTests {
    @Test func onALineACoreSecondCostsTheSameAtAnyUtilisation() {
        let model = EnergyModel(curve: .x86Server(cores: 4), cores: 4)
        for utilisation in [0, 0.1, 0.25, 0.7, 1, 2, .nan] {
            let reading = model.reading(cpuNanoseconds: 2_000_000_000, utilisation: utilisation)
            #expect(abs(reading.joules - 2 * (3.5 - 0.74)) < 1e-9)
            #expect(reading.method == .model)
        }
        #expect(abs(model.idleJoules(nanoseconds: 500_000_000) - 1.48) < 1e-9)
    }

    @Test("calls that keep a node busy together cost its dynamic energy", arguments: PowerCurve.presetNames)
    func addsUp(_ preset: String) throws {
        let curve = try #require(PowerCurve.preset(preset, cores: 4))
        let model = EnergyModel(curve: curve, cores: 4)
        for utilisation in [0.25, 0.4, 0.63, 1] {
            // Ten seconds, in which 50 calls share the busy time of four cores.
            let each = UInt64(utilisation * 4 * 10e9 / 50)
            let calls = (0..<50).reduce(0.0) { sum, _ in
                sum + model.reading(cpuNanoseconds: each, utilisation: utilisation).joules
            }
            #expect(abs(calls - curve.dynamicWatts(at: utilisation) * 10) < 1e-6)
        }
    }

    @Test(arguments: [
        (0.0031, "0.0031 J; method=model"), (0, "0 J; method=model"), (-1, "0 J; method=model"),
        (.nan, "0 J; method=model"), (1.5e-7, "0 J; method=model"), (12.3456789, "12.345679 J; method=model"),
        (1e13, "10000000000000 J; method=model"),
    ])
    func headerText(_ joules: Double, _ text: String) {
        var bytes: [UInt8] = []
        EnergyReading(joules: joules, method: .model).appendHeader(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }
}
