/// Reports numbers; the node adds the function's name and exports them.
///
/// Names have at most 128 bytes. Keep them few: a name is for ever, a call is not.
public struct Metrics: Sendable {
    private let call: Call

    init(_ call: Call) { self.call = call }

    /// Adds to a count that only grows.
    public func counter(_ name: String, add value: Double = 1) { call.report(.counter, name, value) }

    /// Sets a number that goes up and down.
    public func gauge(_ name: String, _ value: Double) { call.report(.gauge, name, value) }

    /// Records one observation of many, such as a size or a duration.
    public func record(_ name: String, _ value: Double) { call.report(.histogram, name, value) }
}
