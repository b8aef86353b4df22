import Domain

/// What a call asks of the egress broker: what is under way, and what has been.
struct CallEgress {
    /// Those under way, by their numbers in the call.
    private(set) var fetches: [UInt32: EgressFetch] = [:]
    /// How many have begun.
    private(set) var begun = 0
    /// Those that have ended.
    private(set) var use = EgressUse()

    mutating func insert(_ fetch: EgressFetch) { fetches[fetch.number] = fetch }

    mutating func remove(_ number: UInt32) { fetches[number] = nil }

    /// Counts one that was asked for.
    mutating func count() { begun += 1 }

    mutating func add(_ request: EgressRequest) { use.add(request) }
}
