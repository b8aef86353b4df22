/// One series of a metric, kept and updated by whoever measures, without locks.
package protocol MetricHandle: AnyObject, Sendable {
    /// The kind of metric that the series belongs to.
    static var kind: MetricKind { get }

    /// Makes a series that starts at zero.
    init()

    /// Appends the lines of the series; `labels` is what stands between the braces.
    func expose(name: String, labels: String, to exposition: inout Exposition)
}
