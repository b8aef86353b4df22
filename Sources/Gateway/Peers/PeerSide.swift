import Continuum
import Domain
package import NIOSSL

/// What the peer interface of a node consists of.
package struct PeerSide: Sendable {
    let door: PeerDoor
    package let pulse: PeerPulse
    package let host: String
    package let port: Int
    package let tls: TLSConfiguration

    package init(door: PeerDoor, pulse: PeerPulse, host: String, port: Int, tls: TLSConfiguration) {
        self.door = door
        self.pulse = pulse
        self.host = host
        self.port = port
        self.tls = tls
    }
}
