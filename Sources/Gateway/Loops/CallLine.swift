package import NIOCore

/// The way of calls from a connection's loop to the loop that calls live on, and of their answers back.
///
/// What is said in one turn of a loop goes over together, so that under load a call's share of the way is small.
package final class CallLine: Sendable {
    /// The loop that calls live on.
    let calls: any EventLoop
    private let connections: any EventLoop
    private let orders: LoopMailbox<CallOrder>

    /// From `connections` to the loop that the service is confined to.
    package init(from connections: any EventLoop, to bridge: CallBridge) {
        let news = LoopMailbox<CallNews>(from: bridge.eventLoop, to: connections) { news in
            news.receiver.value.receive(news.kind)
        }
        self.calls = bridge.eventLoop
        self.connections = connections
        self.orders = LoopMailbox(from: connections, to: bridge.eventLoop) { order in
            bridge.withService { GuestCall.follow(order, service: $0, news: news) }
        }
    }

    /// Tells the calls' loop something; on the connections' loop.
    func send(_ order: CallOrder) { orders.send(order) }
}

extension CallLine: CallMaker {
    func makeCall(_ plan: CallPlan, bytes: Int, for exchange: CallExchange) -> any ExchangedCall {
        DistantCall(plan, bytes: bytes, exchange: exchange, line: self, eventLoop: connections)
    }
}
