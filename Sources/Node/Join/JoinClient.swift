import Continuum
import Domain
import Gateway
import NIOCore
import NIOPosix
import NIOSSL

/// Asks the founder of a continuum to let this node in.
///
/// The token names the authority to trust. Its certificate is fetched without trust, held against the token, and only then
/// is the token sent, over a connection that this certificate vouches for.
struct JoinClient {
    private static let patience = TimeAmount.seconds(10)

    private let address: PeerAddress
    private let token: JoinToken

    init(address: PeerAddress, token: JoinToken) throws {
        self.address = address
        self.token = token
    }

    func join(as name: NodeName, tier: Tier?, site: Site?, request: String) async throws -> JoinAnswer {
        let introduction = try await value(
            AuthorityAnswer.self,
            from: nil,
            tls: NodeIdentity.probingConfiguration(),
            "GET",
            "/peer/v1/authority"
        )
        let authority = try AuthorityCertificate(pem: introduction.authority)
        try token.check(authority)
        let body = JoinRequest(
            token: token.text,
            name: name,
            tier: tier,
            site: site,
            request: request,
            address: nil
        )
        return try await value(
            JoinAnswer.self,
            from: introduction.name,
            tls: NodeIdentity.joiningConfiguration(authority: authority),
            "POST",
            "/peer/v1/join",
            body: JSON.encode(body)
        )
    }

    private func value<Value: Decodable>(
        _ type: Value.Type,
        from name: NodeName?,
        tls: TLSConfiguration,
        _ method: String,
        _ target: String,
        body: [UInt8] = []
    ) async throws -> Value {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let context = try NIOSSLContext(configuration: tls)
        let address = address
        let answer = try await eventLoop.flatSubmit { () -> EventLoopFuture<PeerAnswer> in
            let link = PeerLink(name: name, address: address, tls: context, eventLoop: eventLoop)
            let bound = NIOLoopBound(link, eventLoop: eventLoop)
            return PeerExchange.send(
                PeerRequest(
                    method: method,
                    target: target,
                    headers: [HeaderField("host", address.host), HeaderField("content-type", "application/json")]
                ),
                body: .bytes(ByteBuffer(bytes: body)),
                over: link,
                within: Self.patience,
                eventLoop: eventLoop
            )
            .always { _ in bound.value.shutDown() }
        }
        .get()
        let bytes = Array(answer.body.readableBytesView)
        guard answer.status == 200 else {
            let problem = try? JSON.decode(Problem.self, from: bytes)
            throw StartFailure(
                description: problem?.detail
                    ?? "\(address) answered with status \(answer.status); is it a peer interface?"
            )
        }
        do {
            return try JSON.decode(type, from: bytes)
        } catch {
            throw StartFailure(description: "the answer of \(address) is not understood; do the versions match?")
        }
    }
}
