import Continuum
import Domain
import NIOHTTP1

/// Who is let in by a listener.
enum CallDoor: Sendable {
    /// Devices, developers and operators.
    case clients(FrontDoor)
    /// Nodes of the continuum.
    case peers(PeerDoor)

    /// Whether a request is a call that is answered before the router.
    func takes(_ head: HTTPRequestHead) -> Bool {
        guard CallPath.matches(head.uri) else { return false }
        return switch self {
        case .clients: head.headers["idempotency-key"].isEmpty
        case .peers: true
        }
    }
}
