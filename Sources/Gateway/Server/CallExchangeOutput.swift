import NIOCore

/// The connection that an exchange belongs to.
protocol CallExchangeOutput: AnyObject {
    /// The function can take more of the request's body.
    func exchangeWantsBody(_ exchange: CallExchange, context: ChannelHandlerContext)
    /// The answer has been written, or cannot be.
    func exchangeDidEnd(_ exchange: CallExchange, keepsAlive: Bool, context: ChannelHandlerContext)
}
