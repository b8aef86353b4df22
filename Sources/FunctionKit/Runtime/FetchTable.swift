/// The requests that one call makes through the egress broker at the moment.
struct FetchTable {
    private var fetches: [UInt32: Fetch] = [:]
    private var nextNumber: UInt32 = 1

    /// One begins.
    mutating func insert(of call: Call) -> Fetch {
        let fetch = Fetch(number: nextNumber, of: call)
        fetches[nextNumber] = fetch
        nextNumber &+= 1
        return fetch
    }

    /// The one of that number; nil for one that has ended.
    subscript(number: UInt32) -> Fetch? { fetches[number] }

    /// One has ended.
    mutating func remove(_ number: UInt32) { fetches[number] = nil }

    /// All of them.
    var all: [Fetch] { Array(fetches.values) }
}
