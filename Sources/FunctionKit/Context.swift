/// What a handler knows of its call beside the request.
public struct Context: Sendable {
    private let call: Call

    /// Writes entries into the log of this call.
    public let logger: Logger
    /// Reports numbers of this function.
    public let metrics: Metrics
    /// Calls other services, where `egress` of `function.yaml` allows it.
    public var http: HTTPClient { HTTPClient(call) }

    init(_ call: Call) {
        self.call = call
        self.logger = Logger(call)
        self.metrics = Metrics(call)
    }

    /// The id of the execution, unique everywhere; the caller knows it as `X-Call-Id`.
    public var callID: String { call.head.executionID }

    /// The name of the function, as it was published.
    public var functionName: String { call.environment.function }

    /// The version of the function.
    public var version: Int { Int(call.head.version) }

    /// When the call must be over.
    public var deadline: ContinuousClock.Instant { call.deadline }

    /// The time that is left until the deadline; never negative.
    public var remaining: Duration { max(.zero, call.deadline - .now) }

    /// The W3C trace context, to be passed on to services that the function calls.
    public var traceparent: String { call.head.traceparent }

    /// Whether nobody waits for the answer any more.
    ///
    /// Long loops ask now and then and give up.
    public var isCancelled: Bool { call.isCancelled }

    /// The value of an environment variable: `env` and `secrets` of `function.yaml` are there.
    public func environment(_ name: String) -> String? { System.environment(name) }
}
