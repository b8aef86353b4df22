import Commands
import Domain
import Testing

@Suite("godwit doctor")
struct DoctorTests {
    @Test(
        "the probe's report is understood in both forms",
        arguments: ["[\(DoctorTests.layer)]", "{\"mode\":\"user\",\"layers\":[\(DoctorTests.layer)]}"]
    )
    func probe(output: String) throws {
        let layers = try #require(SandboxProbe.parse(output))
        #expect(layers.map(\.layer) == ["seccomp"])
        #expect(SandboxProbe.parse("no") == nil)
    }

    private static let layer = #"{"layer":"seccomp","state":"absent","detail":"d","remedy":"r"}"#

    @Test(
        "what is needed and missing is bad, the rest is weak",
        arguments: [
            ("seccomp", SandboxLayer.State.absent, Check.State.bad), ("seccomp", .degraded, .weak),
            ("landlock", .absent, .weak), ("landlock", .present, .good),
        ]
    )
    func layers(layer: String, state: SandboxLayer.State, expected: Check.State) {
        #expect(Check(SandboxLayer(layer: layer, state: state, detail: "d", remedy: "r")).state == expected)
    }

    @Test("checks are lines with marks and remedies")
    func lines() {
        #expect(Check("a", .good, "fine", remedy: "none").lines(width: 3) == ["✓ a    fine"])
        #expect(Check("a", .bad, "gone", remedy: "do it").lines(width: 3) == ["✗ a    gone", "       → do it"])
        #expect(Check("a", .weak, "poor").lines(width: 1) == ["! a  poor"])
    }

    @Test("without a spawner nothing runs")
    func missing() {
        #expect(SandboxProbe.checks(executable: "/nonexistent/godwit").map(\.state) == [.bad])
    }
}
