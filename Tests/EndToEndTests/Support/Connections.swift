import Testing

/// Where a node under test has its clients' connections.
enum Connections: CaseIterable, CustomTestStringConvertible {
    /// On the loop that calls live on, as the first are.
    case near
    /// On another loop, as those are that come when there are many.
    case far

    var testDescription: String { self == .near ? "on the calls' loop" : "on another loop" }

    /// What a configuration's `limits` say of it.
    var limits: String { self == .near ? "loops: 2" : "loops: 2, nearConnections: 0" }
}
