import Domain
import Executor
import NIOCore

/// Whoever tries a call on another node.
protocol RemoteAttemptOwner: AnyObject {
    func remoteWantsBody()
    func remote(didReceiveHead status: Int, headers: [HeaderField], isComplete: Bool)
    func remote(didReceiveBody bytes: ByteBuffer)
    /// The node said how busy it is, now that the attempt is over.
    func remoteReported(_ load: NodeLoad, by node: NodeName)
    /// The attempt is over.
    func remoteDidEnd(_ end: RemoteAttempt.End, outcome: CallOutcome, use: ResourceUse)
}
