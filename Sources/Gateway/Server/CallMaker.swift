import Domain

/// Makes the calls of exchanges.
protocol CallMaker: AnyObject {
    /// Makes a call; it is put in line by ``ExchangedCall/begin()``, and the exchange hears of all that follows.
    ///
    /// Throws why it cannot run anywhere, where that is known at once. `bytes` is what is known of its body's length.
    func makeCall(_ plan: CallPlan, bytes: Int, for exchange: CallExchange) throws(CallFailure) -> any ExchangedCall
}
