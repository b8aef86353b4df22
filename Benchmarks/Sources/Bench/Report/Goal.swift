/// A promise of the design about one metric of one subject.
struct Goal: Hashable, Sendable, Codable {
    let subject: String
    let metric: Metric
    let kind: Kind
    /// What has to be reached.
    let bar: Double
    /// What we would like to reach.
    let aim: Double?

    /// What is promised.
    enum Kind: String, Sendable, Codable {
        /// The ratio to the reference.
        case ratio
        /// The value itself.
        case value
    }

    init(_ subject: String, _ metric: Metric, _ kind: Kind, bar: Double, aim: Double? = nil) {
        self.subject = subject
        self.metric = metric
        self.kind = kind
        self.bar = bar
        self.aim = aim
    }

    /// What the promise is about; nil when it was not measured.
    func measured(_ result: SubjectResult) -> Double? {
        switch kind {
        case .ratio: result[metric]?.ratio?.median
        case .value: result[metric]?.median
        }
    }

    /// Whether a value reaches a limit.
    func isReached(_ limit: Double, by value: Double) -> Bool {
        metric.better == .lower ? value <= limit : value >= limit
    }
}
