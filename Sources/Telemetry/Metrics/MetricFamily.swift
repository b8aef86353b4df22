/// All series of one metric.
struct MetricFamily: Sendable {
    /// One series and what it is called.
    struct Series: Sendable {
        let labels: MetricLabels
        let handle: any MetricHandle
    }

    let kind: MetricKind
    let help: String
    /// By the text of their labels.
    private(set) var series: [String: Series] = [:]

    init(kind: MetricKind, help: String) {
        self.kind = kind
        self.help = help
    }

    /// The series of these labels, made when missing; beyond `limit` series, the one that stands for all others.
    ///
    /// Nil when there is such a series of another type.
    mutating func series<Handle: MetricHandle>(
        _ labels: MetricLabels,
        limit: Int
    ) -> (handle: Handle, isOverflow: Bool)? {
        let text = labels.text
        if let known = series[text] { return (known.handle as? Handle).map { ($0, false) } }
        guard series.count >= limit, !labels.pairs.isEmpty else {
            return (insert(Handle(), labels, text), false)
        }
        let overflow = labels.overflowed
        if let known = series[overflow.text] { return (known.handle as? Handle).map { ($0, true) } }
        return (insert(Handle(), overflow, overflow.text), true)
    }

    /// Removes the series that have this label; how many there were.
    mutating func remove(label: String, value: String) -> Int {
        let count = series.count
        series = series.filter { $0.value.labels[label] != value }
        return count - series.count
    }

    /// Appends the metric, series sorted by their labels; nothing while there are none.
    func expose(name: String, to exposition: inout Exposition) {
        guard !series.isEmpty else { return }
        exposition.header(name, kind: kind, help: help)
        for (labels, series) in series.sorted(by: { $0.key < $1.key }) {
            series.handle.expose(name: name, labels: labels, to: &exposition)
        }
    }

    private mutating func insert<Handle: MetricHandle>(
        _ handle: Handle,
        _ labels: MetricLabels,
        _ text: String
    ) -> Handle {
        series[text] = Series(labels: labels, handle: handle)
        return handle
    }
}
