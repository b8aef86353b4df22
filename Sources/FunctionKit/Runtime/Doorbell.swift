import Synchronization

/// Something a thread waits for and another rings.
///
/// A ring is never lost: one that comes before the wait ends it at once. Several rings may become one.
final class Doorbell: Sendable {
    /// The descriptor that can be read once it has been rung, for polling.
    let descriptor: Int32
    private let button: Int32
    private let isRung = Atomic(false)
    private let isClosed = Atomic(false)

    init() throws(SystemError) { (descriptor, button) = try System.makePipe() }

    deinit { close() }

    /// Gives its descriptors back before its time; it must not be rung or waited for any more.
    func close() {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        System.close(descriptor)
        System.close(button)
    }

    /// Wakes the thread that waits, now or later.
    func ring() {
        guard !isRung.exchange(true, ordering: .sequentiallyConsistent) else { return }
        try? System.write(button, [1].span)
    }

    /// Waits for a ring.
    ///
    /// Whoever waits looks for news afterwards; a ring before that look says nothing new.
    func wait() {
        _ = try? System.read(descriptor, atMost: 1)
        isRung.store(false, ordering: .sequentiallyConsistent)
    }
}
