package import Domain
package import NIOCore

/// The whole answer of a peer.
package struct PeerAnswer: Sendable {
    /// Who answered, as its certificate says.
    package let peer: PeerCertificate?
    package let status: Int
    package let headers: [HeaderField]
    package let body: ByteBuffer
    /// From the writing of the request's head, on an open connection, to the end of the answer, in nanoseconds.
    package let roundTrip: UInt64

    /// The value of the first header of that name (lower case), or nil.
    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}
