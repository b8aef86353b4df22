import NIOCore

/// Lets a channel that listens accept connections only when it is its turn; ``Seats`` has it read then.
final class SeatHandler: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = Never

    private let seats: Seats

    init(_ seats: Seats) { self.seats = seats }

    func read(context: ChannelHandlerContext) {
        if seats.isTurn(of: context.eventLoop) { context.read() }
    }
}
