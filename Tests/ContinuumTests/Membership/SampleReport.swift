import Continuum
import Domain

/// Names and reports for tests.
enum SampleReport {
    static func make(
        _ name: String,
        incarnation: UInt64 = 100,
        state: MemberState = .alive,
        sequence: UInt64 = 0,
        address: String? = nil,
        busy: Int = 0
    ) throws -> NodeReport {
        try NodeReport(
            description: NodeDescription(
                name: NodeName(name),
                tier: Tier("edge"),
                site: nil,
                cores: 4,
                memory: ByteSize("1GiB"),
                architecture: "x86_64"
            ),
            address: address ?? "https://\(name).test:7070",
            software: "1.0.0",
            started: Timestamp(microseconds: 100),
            incarnation: incarnation,
            state: state,
            load: NodeLoad(busy: busy),
            sequence: sequence
        )
    }
}

extension UInt64 {
    /// Seconds in nanoseconds.
    static func seconds(_ seconds: Double) -> UInt64 { UInt64(seconds * 1e9) }
}
