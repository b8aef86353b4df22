import NIOCore

/// What is on its way over one direction of a connection, in order.
struct Line {
    /// Something that is on its way.
    enum Item {
        case bytes(ByteBuffer)
        /// No more comes from there.
        case end
        /// The connection is gone there.
        case close
    }

    /// Bytes that may be on their way, or wait for the other side to take them, before no more are read.
    private static let limit = 4 * 1024 * 1024

    private var items = CircularBuffer<(due: NIODeadline, item: Item)>()
    private var lastDue = NIODeadline.uptimeNanoseconds(0)
    /// Bytes that are on their way or wait for the other side.
    private var bytes = 0

    /// Whether more may be read.
    var hasRoom: Bool { bytes < Self.limit }

    /// When the first arrives; nil when nothing is on its way.
    var nextDue: NIODeadline? { items.first?.due }

    /// Sends something; it arrives at `due`, but never before what was sent earlier.
    mutating func send(_ item: Item, due: NIODeadline) {
        lastDue = max(lastDue, due)
        items.append((lastDue, item))
        if case .bytes(let buffer) = item { bytes += buffer.readableBytes }
    }

    /// The first that has arrived.
    mutating func arrived(by now: NIODeadline) -> Item? {
        guard let first = items.first, first.due <= now else { return nil }
        return items.removeFirst().item
    }

    /// The other side has taken bytes.
    mutating func taken(_ count: Int) { bytes -= count }
}
