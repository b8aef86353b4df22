import Synchronization

/// All metrics of a node: hands out handles, and writes what they hold as Prometheus text.
///
/// Registration takes a lock and is for whoever starts to measure something; the handles are kept and take none. Asking
/// again for the same name and labels gives the same handle. Both metrics and series are bounded, so that no caller can
/// make the node grow: beyond `seriesLimit`, new series of a metric all share one whose label values are `other`, and
/// `godwit_metric_series_dropped_total{metric}` counts them; beyond `familyLimit`, or where a name is already taken by
/// another type of metric, handles work but are not exposed, and are counted as metric `other`.
package final class MetricRegistry: Sendable {
    private struct State {
        var families: [String: MetricFamily] = [:]
        var collectors: [@Sendable () -> Void] = []
    }

    private static let droppedName = "godwit_metric_series_dropped_total"

    private let seriesLimit: Int
    private let familyLimit: Int
    private let state = Mutex(State())

    /// Makes a registry of so many series a metric, and so many metrics.
    package init(seriesLimit: Int = 2000, familyLimit: Int = 1000) {
        self.seriesLimit = seriesLimit
        self.familyLimit = familyLimit
        state.withLock { state in
            let help = "Series that were folded into the series 'other' because the metric has too many."
            state.families[Self.droppedName] = MetricFamily(kind: .counter, help: help)
        }
    }

    // MARK: - Handles

    /// A counter of whole things; `_total` is appended to its name where it is missing.
    package func counter(_ name: String, help: String, labels: MetricLabels = [:]) -> CounterHandle {
        handle(Self.total(name), help, labels)
    }

    /// A counter of fractions in a base unit (`_joules_total`, `_seconds_total`).
    package func floatCounter(_ name: String, help: String, labels: MetricLabels = [:]) -> FloatCounterHandle {
        handle(Self.total(name), help, labels)
    }

    /// A gauge.
    package func gauge(_ name: String, help: String, labels: MetricLabels = [:]) -> GaugeHandle {
        handle(name, help, labels)
    }

    /// A histogram of durations; exposed in seconds, so its name ends in `_seconds`.
    package func histogram(_ name: String, help: String, labels: MetricLabels = [:]) -> HistogramHandle {
        handle(name, help, labels)
    }

    /// Removes all series with this label, those of a deleted function say; how many there were.
    ///
    /// Their handles go on working, unseen.
    @discardableResult
    package func remove(label: String, value: String) -> Int {
        state.withLock { state in
            state.families.keys.reduce(0) { count, name in
                count + (state.families[name]?.remove(label: label, value: value) ?? 0)
            }
        }
    }

    // MARK: - Exposition

    /// Has `collect` called before every exposition, on its thread: it sets gauges whose values are known elsewhere.
    package func addCollector(_ collect: @escaping @Sendable () -> Void) {
        state.withLock { $0.collectors.append(collect) }
    }

    /// All metrics, sorted, in the text format 0.0.4 (``Exposition/contentType``).
    package func exposition() -> String {
        for collect in state.withLock({ $0.collectors }) { collect() }
        let families = state.withLock { $0.families }
        var exposition = Exposition()
        for (name, family) in families.sorted(by: { $0.key < $1.key }) { family.expose(name: name, to: &exposition) }
        return exposition.text
    }

    // MARK: - Inside

    private static func total(_ name: String) -> String { name.hasSuffix("_total") ? name : name + "_total" }

    private func handle<Handle: MetricHandle>(_ name: String, _ help: String, _ labels: MetricLabels) -> Handle {
        let name = MetricName.metric(name)
        return state.withLock { state in
            if state.families[name] == nil {
                guard state.families.count < familyLimit else {
                    drop(MetricLabels.other, &state)
                    return Handle()
                }
                state.families[name] = MetricFamily(kind: Handle.kind, help: help)
            }
            guard state.families[name]?.kind == Handle.kind,
                let series: (handle: Handle, isOverflow: Bool) = state.families[name]?
                    .series(labels, limit: seriesLimit)
            else {
                drop(MetricLabels.other, &state)
                return Handle()
            }
            if series.isOverflow { drop(name, &state) }
            return series.handle
        }
    }

    private func drop(_ metric: String, _ state: inout State) {
        let labels = MetricLabels([("metric", metric)])
        let known: (handle: CounterHandle, isOverflow: Bool)? = state.families[Self.droppedName]?
            .series(labels, limit: familyLimit + 1)
        known?.handle.add()
    }
}
