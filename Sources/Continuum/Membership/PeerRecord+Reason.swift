extension PeerRecord {
    /// Why it is not usable; empty where it is.
    func reason(_ now: UInt64) -> String {
        let silence = "no answer for \(Self.seconds(health.silence(now))) s"
        switch state {
        case .removed: return "removed by an operator"
        case .left: return "left"
        case .draining where health.state == .alive: return "draining"
        case .alive, .draining, .suspect, .dead: break
        }
        switch health.state {
        case .unknown:
            if report.state.rank == 0 { return "not reached yet" }
            return "\(report.state.rawValue): so others say, not reached yet"
        case .alive: return ""
        case .suspect where health.successes > 0:
            return "suspect: answered \(health.successes) of \(health.required) probes"
        case .suspect(.callLost): return "suspect: a call lost its connection"
        case .suspect: return "suspect: \(silence)"
        case .dead: return health.lastAnswer == nil ? "dead: never reached" : "dead: \(silence)"
        }
    }

    /// Nanoseconds as seconds with one decimal; whole ones from ten on.
    private static func seconds(_ nanoseconds: UInt64) -> String {
        let tenths = nanoseconds / 100_000_000
        return tenths < 100 ? "\(tenths / 10).\(tenths % 10)" : "\(tenths / 10)"
    }
}
