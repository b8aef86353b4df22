/// Tells from `/proc/stat` how busy the machine was between two samples.
package struct UtilisationSampler: Sendable {
    private let path: String
    private var last: CPUTimes?

    /// Makes a sampler of a file in the format of `/proc/stat`.
    package init(path: String = "/proc/stat") {
        self.path = path
    }

    /// Reads the file; nil the first time, when it cannot be read, and when its clock has not moved.
    package mutating func sample() -> Utilisation? {
        ProcText.text(path).flatMap(CPUTimes.init(parsing:)).flatMap { advance(to: $0) }
    }

    /// The interval from the last times to these; counters that went back, as idle times may, count as 0.
    package mutating func advance(to times: CPUTimes) -> Utilisation? {
        guard let before = last else {
            last = times
            return nil
        }
        let busy = times.busy > before.busy ? times.busy - before.busy : 0
        let idle = times.idle > before.idle ? times.idle - before.idle : 0
        guard busy + idle > 0 else { return nil }
        last = times
        return Utilisation(share: Double(busy) / Double(busy + idle), busyNanoseconds: busy, cores: times.cores)
    }
}
