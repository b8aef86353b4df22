package import NIOCore
import Synchronization

/// Carries messages from one event loop to another: in order, and those of one turn of the sender's loop together, with one
/// lock and at most one wake-up.
package final class LoopMailbox<Message: Sendable>: Sendable {
    /// What waits for the end of the sender's turn.
    private struct Outbox {
        var messages: [Message] = []
        var isSendPlanned = false
    }

    private let sender: any EventLoop
    private let receiver: any EventLoop
    private let outbox: NIOLoopBoundBox<Outbox>
    /// What the receiver has not taken yet; it has been woken where there is anything.
    private let arrived = Mutex<[Message]>([])
    private let handle: @Sendable (Message) -> Void

    /// `handle` is called on the receiver's loop.
    package init(from sender: any EventLoop, to receiver: any EventLoop, handle: @escaping @Sendable (Message) -> Void)
    {
        self.sender = sender
        self.receiver = receiver
        self.handle = handle
        self.outbox = .makeBoxSendingValue(Outbox(), eventLoop: sender)
    }

    /// Sends a message at the end of this turn of the loop; only on the sender's loop.
    package func send(_ message: Message) {
        let isFirst = outbox.withValue { outbox in
            outbox.messages.append(message)
            defer { outbox.isSendPlanned = true }
            return !outbox.isSendPlanned
        }
        if isFirst { sender.execute { self.sendAll() } }
    }

    private func sendAll() {
        let messages = outbox.withValue { outbox in
            outbox.isSendPlanned = false
            defer { outbox.messages = [] }
            return outbox.messages
        }
        let isFirst = arrived.withLock { arrived in
            defer { arrived += messages }
            return arrived.isEmpty
        }
        if isFirst { receiver.execute { self.receiveAll() } }
    }

    private func receiveAll() {
        let messages = arrived.withLock { arrived in
            defer { arrived = [] }
            return arrived
        }
        for message in messages { handle(message) }
    }
}
