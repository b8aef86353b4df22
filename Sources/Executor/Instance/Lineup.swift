import DequeModule
import Domain
import FunctionKit

/// Calls that lie with an instance ahead of their turn, until the function takes their tickets.
///
/// Confined to the event loop.
final class Lineup {
    /// Bytes that the body of a call may have to lie here; whatever is longer goes the common way.
    static let bodyLimit = FrameWriter.copied

    private let tickets: TicketPage
    /// Those that the function is not known to have begun, in their order.
    private(set) var calls: Deque<Call> = []

    /// Makes the page of tickets and hands it to the function over its socket, on which nothing may be under way.
    init(over socket: Int32) throws {
        let page = try System.sealedPage(TicketPage.size)
        tickets = try TicketPage(page.raw)
        var frame: [UInt8] = []
        FrameHeader(.tickets, call: 0, length: 0).encode(to: &frame)
        try System.send(descriptor: page.raw, with: frame, over: socket)
    }

    var remaining: [Call] { Array(calls) }

    /// Lays a call down, to be offered to the function at once; false when it has no room.
    func append(_ call: Call) -> Bool {
        guard tickets.lay(call.number) else { return false }
        calls.append(call)
        return true
    }

    /// The function has begun the next one, and perhaps answered it.
    func removeFirst() -> Call? { calls.popFirst() }

    /// Takes a call back; false when the function has begun it.
    func takeBack(_ call: Call) -> Bool {
        guard tickets.revoke(call.number) else { return false }
        calls.removeAll { $0 === call }
        return true
    }
}
