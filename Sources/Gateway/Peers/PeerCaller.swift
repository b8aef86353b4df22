import Continuum
import Domain

/// The node at the other end of a connection to the peer interface, as the routes are told of it.
///
/// The connection's handler takes it from the certificate that was verified, and replaces whatever the request said.
struct PeerCaller: Sendable, Equatable {
    /// The header that carries it from the connection's handler to the routes.
    static let header = PeerHeaders.prefix + "caller"

    let name: NodeName
    let tier: Tier
    let site: Site?

    init(_ certificate: PeerCertificate) {
        self.name = certificate.name
        self.tier = certificate.tier
        self.site = certificate.site
    }

    init?(text: String?) {
        guard let text else { return nil }
        let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let name = try? NodeName(parts[0]), let tier = try? Tier(parts[1]) else { return nil }
        self.name = name
        self.tier = tier
        self.site = try? Site(parts[2])
    }

    var text: String { "\(name);\(tier);\(site?.text ?? "")" }
}
