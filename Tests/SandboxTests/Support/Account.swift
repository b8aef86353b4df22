import Glibc

/// Whom a spawner runs as: the sandbox holds for root and for an ordinary user.
enum Account: String, CaseIterable, Sendable, CustomStringConvertible {
    case root
    case ordinary

    /// Those that the tests can act as here: root can act as both, an ordinary user only as itself.
    static var available: [Account] { geteuid() == 0 ? [.root, .ordinary] : [.ordinary] }

    /// The words before a program that make it run as this account.
    var prefix: [String] {
        guard self == .ordinary, geteuid() == 0 else { return [] }
        return ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
    }

    var description: String { rawValue }
}
