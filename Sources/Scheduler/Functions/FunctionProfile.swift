import Domain

/// The version that decisions are about, shared by all of them.
final class FunctionProfile: Sendable {
    let version: FunctionVersion
    /// Where the placer keeps what it knows of it.
    let index: Int
    /// Milliseconds of the objective; infinite where there is none.
    let objective: Double
    let quantile: Double
    let isOneShot: Bool
    let isSensitive: Bool
    let concurrency: Int

    init(version: FunctionVersion, index: Int) {
        self.version = version
        self.index = index
        self.objective = version.spec.objective.map { max($0.latency.inSeconds * 1000, 0.001) } ?? .infinity
        self.quantile = version.spec.objective?.quantile ?? 0.95
        self.isOneShot = version.spec.isOneShot
        self.isSensitive = version.spec.placement.sensitive
        self.concurrency = max(1, version.spec.concurrency)
    }
}
