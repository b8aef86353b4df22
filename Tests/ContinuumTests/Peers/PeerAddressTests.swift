import Continuum
import Domain
import Testing

@Suite("The address of a peer interface")
struct PeerAddressTests {
    @Test(
        "is a host and a port",
        arguments: [
            ("https://edge-1.example:7000", "edge-1.example", 7000), ("10.0.0.1", "10.0.0.1", 7443),
            ("https://[::1]:8443/", "::1", 8443), ("[fe80::1]", "fe80::1", 7443),
        ]
    )
    func parsed(_ text: String, _ host: String, _ port: Int) throws {
        let address = try PeerAddress(text)
        #expect(address == PeerAddress(host: host, port: port))
        #expect(try PeerAddress(address.text) == address)
    }

    @Test(
        "and nothing else",
        arguments: [
            "", "http://edge-1:80", "https://", "edge-1:0", "edge-1:65536", "edge-1:x", "https://user@edge-1",
            "https://edge-1/path", "edge 1", "edge-1;rm", "[::1", String(repeating: "a", count: 300),
        ]
    )
    func refused(_ text: String) {
        #expect(throws: Invalid.self) { try PeerAddress(text) }
    }
}
