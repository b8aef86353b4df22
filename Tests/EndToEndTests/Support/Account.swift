import Glibc
import Testing

/// Whom a node runs as in a test: the promises hold for root and for an ordinary user.
enum Account: String, CaseIterable, Sendable, CustomTestStringConvertible {
    /// The spawner keeps root; the node itself runs as nobody.
    case root
    /// Everything is one ordinary user's; sandboxes come from user namespaces.
    case ordinary

    /// Those that the tests can act as here: root can act as both, an ordinary user only as itself.
    static var available: [Account] { geteuid() == 0 ? [.root, .ordinary] : [.ordinary] }

    /// The words before a command that make it run as this account.
    var prefix: [String] {
        guard self == .ordinary, geteuid() == 0 else { return [] }
        return ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
    }

    var testDescription: String { rawValue }
}
