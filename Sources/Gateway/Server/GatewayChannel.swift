import Domain
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Sets up a connection: HTTP/1.1, the handler that answers calls, and behind it the router.
struct GatewayChannel: ServerChildChannel, HTTPChannelHandler {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let responder: HTTPChannelHandler.Responder
    let loops: ConnectionLoops
    let seats: Seats
    let door: CallDoor
    let limits: GatewayLimits

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let (loops, seats) = (loops, seats)
        let door = door
        var decoderLimits = NIOHTTPDecoderLimitConfiguration()
        decoderLimits.maxHeaderFieldSize = Int(limits.headers.bytes)
        decoderLimits.maxHeaderListSize = Int(limits.headers.bytes)
        decoderLimits.maxHeaderFieldCount = limits.headerCount
        return channel.eventLoop.makeCompletedFuture {
            seats.take(channel)
            let pipeline = channel.pipeline.syncOperations
            try pipeline.configureHTTPServerPipeline(
                withPipeliningAssistance: false,
                withErrorHandling: false,
                withOutboundHeaderValidation: false,
                withEncoderConfiguration: .init(),
                withDecoderLimitConfiguration: decoderLimits
            )
            let encoder = try pipeline.context(handlerType: HTTPResponseEncoder.self)
            guard let desk = loops.desk(on: channel.eventLoop) else { throw EventLoopError.unsupportedOperation }
            try pipeline.addHandler(CallHandler(desk: desk, door: door, encoder: encoder, logger: logger))
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            try pipeline.addHandler(HTTPConnectionStateHandler(idleTimeout: nil, logger: logger))
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true)
            )
        }
    }

    func handle(value: Value, logger: Logger) async {
        await handleHTTP(asyncChannel: value, logger: logger)
    }
}
