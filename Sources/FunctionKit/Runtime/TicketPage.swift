import Synchronization

/// Which calls that lie ahead of their turn may still be begun: a page of memory that node and function share.
///
/// A call that is laid with an instance that is busy has a ticket here. The function takes it when the call's turn has
/// come, the node when the call must not wait any longer: whoever comes first has the call, by one atomic exchange, and
/// nobody waits for the other. The node seals the page's size, so that no function can take it away from under it; what
/// else a function may write here concerns its own calls alone.
package final class TicketPage: Sendable {
    /// Bytes of the page.
    package static let size = 4_096
    private static let slots = size / MemoryLayout<UInt64>.size

    // A ticket is the call's number and, in the lowest bits, what has become of it.
    private static let lies: UInt64 = 1, taken: UInt64 = 2, revoked: UInt64 = 3

    /// Where the page begins in this process's memory; it stays mapped until deinit.
    private let start: UInt

    /// Maps the page that a descriptor is of; the descriptor can be closed after that.
    package init(_ descriptor: Int32) throws(SystemError) {
        // SAFETY: the mapping is `size` bytes, and nothing but atomic accesses to its words goes there.
        let pointer = unsafe try System.mapShared(descriptor, Self.size)
        _ = unsafe pointer.bindMemory(to: Atomic<UInt64>.self, capacity: Self.slots)
        start = UInt(bitPattern: pointer)
    }

    deinit { System.unmap(start, Self.size) }

    /// The node: a call is about to be laid down; false where its place is in use.
    package func lay(_ call: UInt64) -> Bool {
        // SAFETY: as in `place`.
        guard let place = unsafe place(of: call) else { return false }
        let current = unsafe place.pointee.load(ordering: .acquiring)
        guard current & 3 != Self.lies || current == call << 2 | Self.lies else { return false }
        unsafe place.pointee.store(call << 2 | Self.lies, ordering: .releasing)
        return true
    }

    /// The function: the call's turn has come; false when the node has taken it back.
    package func take(_ call: UInt64) -> Bool { exchange(call, Self.taken) }

    /// The node: the call shall not be begun; false when it has been.
    package func revoke(_ call: UInt64) -> Bool { exchange(call, Self.revoked) }

    private func exchange(_ call: UInt64, _ outcome: UInt64) -> Bool {
        // SAFETY: as in `place`.
        guard let place = unsafe place(of: call) else { return false }
        return unsafe place.pointee
            .compareExchange(
                expected: call << 2 | Self.lies,
                desired: call << 2 | outcome,
                ordering: .acquiringAndReleasing
            )
            .exchanged
    }

    private func place(of call: UInt64) -> UnsafeMutablePointer<Atomic<UInt64>>? {
        // SAFETY: the remainder keeps it within the page, which is mapped as long as this object is there.
        unsafe UnsafeMutablePointer(bitPattern: start + UInt(call % UInt64(Self.slots)) * UInt(Self.size / Self.slots))
    }
}
