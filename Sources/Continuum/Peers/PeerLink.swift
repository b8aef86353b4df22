package import Domain
package import NIOCore
import NIOHTTP1
import NIOPosix
package import NIOSSL

/// The connections to one peer, kept open from call to call.
///
/// Confined to the event loop.
package final class PeerLink {
    /// Connections at once; a call beyond that is refused at once rather than queued here.
    private static let connectionLimit = 512
    /// Idle connections that are kept.
    private static let idleLimit = 64
    private static let connectTimeout = TimeAmount.seconds(1)
    /// How long both sides may take to know one another once they are connected.
    package static let handshakeTimeout = TimeAmount.seconds(2)

    /// Who must answer there; nil where only an address is known, and any node of the continuum may.
    package let name: NodeName?
    package let address: PeerAddress
    private let tls: NIOSSLContext
    private let serverName: String?
    private let eventLoop: any EventLoop
    private let handshakeTimeout: TimeAmount
    private var idle: [PeerConnection] = []
    private var open: [ObjectIdentifier: PeerConnection] = [:]
    private var opening = 0
    private var isShutDown = false

    /// `tls` verifies the host name where there is a `name`, and only whose the certificate is where there is none.
    package init(
        name: NodeName?,
        address: PeerAddress,
        tls: NIOSSLContext,
        eventLoop: any EventLoop,
        handshakeTimeout: TimeAmount = PeerLink.handshakeTimeout
    ) {
        self.handshakeTimeout = handshakeTimeout
        self.name = name
        self.address = address
        self.tls = tls
        self.serverName = name?.hostName
        self.eventLoop = eventLoop
    }

    /// Makes a call; ``start(_:)`` sends it, so that what is there of its body by then goes with it.
    package func makeCall(_ request: PeerRequest, delegate: any PeerCallDelegate) -> PeerCall {
        PeerCall(request, delegate: delegate)
    }

    /// Sends a call on an idle connection, or on a new one.
    package func start(_ call: PeerCall) {
        eventLoop.assertInEventLoop()
        if let connection = idle.popLast() {
            connection.begin(call)
            return
        }
        guard !isShutDown, open.count + opening < Self.connectionLimit else {
            call.fail(PeerLoss(mayHaveStarted: false, reason: "there are too many calls to \(text) already"))
            return
        }
        connect(for: call)
    }

    /// The name and address, for messages.
    package var text: String { name.map { "\($0) at \(address)" } ?? "\(address)" }

    /// The name where it is known, else the address.
    package var shortName: String { name?.text ?? address.text }

    /// Closes all connections; calls on them end as lost.
    package func shutDown() {
        isShutDown = true
        idle = []
        for connection in open.values { connection.close() }
    }

    private func connect(for call: PeerCall) {
        opening += 1
        let bound = NIOLoopBound((self, call), eventLoop: eventLoop)
        let (tls, serverName) = (tls, serverName)
        ClientBootstrap(group: eventLoop)
            .connectTimeout(Self.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (link, call) = bound.value
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: serverName))
                    try pipeline.addHandler(HTTPRequestEncoder())
                    let decoder = HTTPResponseDecoder(
                        leftOverBytesStrategy: .dropBytes,
                        informationalResponseStrategy: .forward
                    )
                    try pipeline.addHandler(ByteToMessageHandler(decoder))
                    try pipeline.addHandler(PeerConnection(link: link, first: call))
                }
            }
            .connect(host: address.host, port: address.port)
            .whenComplete { result in
                let (link, call) = bound.value
                link.opening -= 1
                link.connected(result, call: call)
            }
    }

    private func connected(_ result: Result<any Channel, any Error>, call: PeerCall) {
        do {
            let channel = try result.get()
            let connection = try channel.pipeline.syncOperations.handler(type: PeerConnection.self)
            open[ObjectIdentifier(connection)] = connection
            if isShutDown { connection.close() }
            // A wire that swallows everything must not hold connections for ever.
            eventLoop.assumeIsolated().scheduleTask(in: handshakeTimeout) { connection.closeUnlessReady() }
        } catch {
            call.fail(PeerLoss(mayHaveStarted: false, reason: "\(text) cannot be reached: \(error)"))
        }
    }

    // MARK: - For the connections

    func becameIdle(_ connection: PeerConnection) {
        if isShutDown || idle.count >= Self.idleLimit { connection.close() } else { idle.append(connection) }
    }

    func closed(_ connection: PeerConnection) {
        open[ObjectIdentifier(connection)] = nil
        idle.removeAll { $0 === connection }
    }
}
