/// What a call did through the egress broker.
package struct EgressUse: Hashable, Sendable, Codable {
    /// Requests that are kept one by one.
    package static let kept = 32

    /// The first requests, in the order in which they ended.
    package private(set) var requests: [EgressRequest] = []
    /// All requests, those not kept too.
    package private(set) var count: UInt64 = 0
    /// Body bytes of all requests.
    package private(set) var bytesUp: UInt64 = 0
    package private(set) var bytesDown: UInt64 = 0

    package init() {}

    /// Takes a request that has ended.
    package mutating func add(_ request: EgressRequest) {
        if requests.count < Self.kept { requests.append(request) }
        count += 1
        bytesUp &+= request.bytesUp
        bytesDown &+= request.bytesDown
    }
}
