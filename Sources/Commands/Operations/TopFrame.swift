import Domain

/// One look at the nodes and where calls went: what `godwit top` shows.
struct TopFrame: Sendable {
    let nodes: [NodeStatus]
    let traffic: TrafficReport
    let time: Timestamp
    /// Why this is not the newest, where it is not.
    var notice: String?

    init(nodes: [NodeStatus], traffic: TrafficReport, time: Timestamp) {
        self.nodes = nodes
        self.traffic = traffic
        self.time = time
        self.notice = nil
    }

    /// What is shown: a summary, and a row for each node, the busiest first.
    var lines: [String] { [summary, notice ?? details, ""] + table }

    private var calls: Int { traffic.shares.reduce(0) { $0 + $1.calls } }

    /// Of that many, how many a second.
    private func rate(_ count: Int) -> String {
        Human.decimal(traffic.seconds > 0 ? Double(count) / traffic.seconds : 0, 1)
    }

    private var summary: String {
        let ready = nodes.count { $0.state == "ready" }
        let watts = nodes.reduce(0) { $0 + $1.watts }
        return
            "godwit top  \(Human.time(time).dropLast(4)) UTC  \(rate(calls)) calls/s  \(ready) of \(nodes.count) nodes ready"
            + "  \(Human.decimal(watts, 1)) W"
    }

    private var details: String {
        let shares = traffic.shares
        let joules = shares.reduce(0) { $0 + $1.joules }
        let grams = shares.reduce(0) { $0 + $1.grams }
        func sum(_ part: (TrafficReport.Share) -> Int) -> Int { shares.reduce(0) { $0 + part($1) } }
        return
            "last \(Human.decimal(traffic.seconds, 0)) s: \(calls) calls, \(sum(\.failures)) failed, \(sum(\.cold)) cold, "
            + "\(sum(\.violations)) over their objective, \(Human.joules(joules)), \(Human.small(grams)) g CO2e"
    }

    private var table: [String] {
        let known = Dictionary(nodes.map { ($0.node.name, $0) }) { first, _ in first }
        let shares = Dictionary(traffic.shares.map { ($0.node, $0) }) { first, _ in first }
        let names = Set(known.keys).union(shares.keys).sorted { left, right in
            let counts = (shares[left]?.calls ?? 0, shares[right]?.calls ?? 0)
            return counts.0 == counts.1 ? left.text < right.text : counts.0 > counts.1
        }
        var table = Table(
            "NODE",
            "STATE",
            ">CALLS/S",
            ">SHARE",
            ">P50",
            ">P95",
            ">J/CALL",
            ">W",
            ">CPU",
            ">QUEUE",
            ">FAILED",
            "TIER",
            ""
        )
        for name in names {
            let status = known[name]
            let share = shares[name]
            let part = calls > 0 ? Double(share?.calls ?? 0) / Double(calls) : 0
            let isIdle = share?.calls ?? 0 == 0
            table.add(
                name.text,
                status?.state ?? "unknown",
                rate(share?.calls ?? 0),
                Human.percent(part),
                isIdle ? "" : Human.milliseconds(share?.p50 ?? 0),
                isIdle ? "" : Human.milliseconds(share?.p95 ?? 0),
                isIdle ? "" : Human.joules((share?.joules ?? 0) / Double(share?.calls ?? 1)),
                status.map { Human.decimal($0.watts, 1) } ?? "",
                status.map { Human.percent($0.utilisation) } ?? "",
                status.map { "\($0.queued)" } ?? "",
                "\(share?.failures ?? 0)",
                status?.node.tier.text ?? "",
                // Last, because it is the first to go where the terminal is narrow.
                Self.bar(part)
            )
        }
        return table.lines
    }

    /// A share as a bar of ten places.
    private static func bar(_ share: Double) -> String {
        let length = Int((min(max(share, 0), 1) * 10).rounded())
        return String(repeating: "▇", count: length) + String(repeating: "·", count: 10 - length)
    }
}
