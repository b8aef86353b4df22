import Domain
import NIOCore
import Telemetry

/// A call that is to be made: which version, with what, until when.
///
/// A class, since all who have to do with a call hold on to it.
final class CallPlan: Sendable {
    let id: ExecutionID
    let version: FunctionVersion
    let request: CallRequest
    let trace: TraceContext
    let deadline: NIODeadline
    let accepted: Timestamp
    /// The record it continues, for an asynchronous call; nil for a synchronous one.
    let base: ExecutionRecord?
    /// The public id of the token it was made with.
    let tokenID: String?
    /// What its caller prefers, where it says so.
    let preference: WeightKind?
    /// The node that passed it on; nil for a call that arrived here.
    let origin: PeerOrigin?
    /// How often it was passed on.
    let hops: Int

    init(
        id: ExecutionID,
        version: FunctionVersion,
        request: CallRequest,
        trace: TraceContext,
        deadline: NIODeadline,
        accepted: Timestamp,
        base: ExecutionRecord?,
        tokenID: String?,
        preference: WeightKind? = nil,
        origin: PeerOrigin? = nil,
        hops: Int = 0
    ) {
        self.id = id
        self.version = version
        self.request = request
        self.trace = trace
        self.deadline = deadline
        self.accepted = accepted
        self.base = base
        self.tokenID = tokenID
        self.preference = preference
        self.origin = origin
        self.hops = hops
    }

    var isAsync: Bool { base != nil }

    /// Its record as far as it is known before it ends.
    func record(on node: NodeDescription) -> ExecutionRecord {
        if let base { return base }
        var record = ExecutionRecord(
            id: id,
            function: version.spec.name,
            version: version.number,
            isAsync: false,
            state: .queued,
            accepted: accepted,
            node: node.name,
            tier: node.tier
        )
        record.traceID = trace.traceID
        return record
    }
}
