import ArgumentParser
import Dispatch
import Glibc
import NIOCore
import NIOPosix

/// A wire that is slow: everything that passes it is held back for a while, in both directions.
@main
struct WanRelay: ParsableCommand {
    /// How often it is looked whether the file that cuts the wire is there.
    private static let lookInterval = TimeAmount.milliseconds(20)

    static let configuration = CommandConfiguration(
        commandName: "wan-relay",
        abstract: "Pass TCP connections on over an emulated wide-area network.",
        discussion: """
            What is sent arrives after the delay, more or less by up to the jitter, and in order. A connection takes a \
            round trip more to open. The rate is shared by all connections of one direction. While the file of \
            --drop-file exists, nothing passes and nothing is reset; what was sent meanwhile arrives late, as it does \
            when TCP sends it again; a line on standard output says when it is cut or mended. SIGTERM ends it.
            """
    )

    @Option(help: ArgumentHelp("Address to listen on; port 0 picks a free one.", valueName: "host:port"))
    var listen: Endpoint
    @Option(help: ArgumentHelp("Address that connections go on to.", valueName: "host:port"))
    var to: Endpoint
    @Option(help: ArgumentHelp("Time from one end to the other, for example 25ms.", valueName: "time"))
    var delay = Lag(.zero)
    @Option(help: ArgumentHelp("Most that the delay is more or less.", valueName: "time"))
    var jitter = Lag(.zero)
    @Option(help: ArgumentHelp("Megabits a second in each direction; no limit if nothing is said.", valueName: "rate"))
    var rate: Double?
    @Option(help: ArgumentHelp("Number that the chance of the jitter comes from.", valueName: "number"))
    var seed: UInt64 = 1
    @Option(help: ArgumentHelp("File that cuts the wire while it exists.", valueName: "path"))
    var dropFile: String?

    func validate() throws {
        guard jitter.amount <= delay.amount else { throw ValidationError("The jitter cannot be more than the delay.") }
        guard rate.map({ $0.isFinite && $0 > 0 }) ?? true else { throw ValidationError("The rate must be positive.") }
    }

    func run() throws {
        // One loop: the wire is one thing, and everything that passes it is in line for it.
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let server = try loop.submit { try open(on: loop) }.flatMap { $0 }.wait()
        signal(SIGTERM, SIG_IGN)
        let ending = DispatchSource.makeSignalSource(signal: SIGTERM)
        ending.setEventHandler { server.close(promise: nil) }
        ending.resume()
        print("listening on \(listen.host):\(server.localAddress?.port ?? 0)")
        fflush(nil)
        try server.closeFuture.wait()
        ending.cancel()
    }

    /// Listens; to be called on the loop.
    private func open(on loop: any EventLoop) throws -> EventLoopFuture<any Channel> {
        let wire = Wire(delay: delay.amount, jitter: jitter.amount, megabits: rate, seed: seed, dropFile: dropFile)
        wire.look()
        let target = to
        let bound = NIOLoopBound(wire, eventLoop: loop)
        if dropFile != nil {
            loop.scheduleRepeatedTask(initialDelay: Self.lookInterval, delay: Self.lookInterval) { _ in
                bound.value.look()
            }
        }
        return ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { near in RelayEnd.join(near, to: target, over: bound.value) }
            .bind(host: listen.host, port: listen.port)
    }
}
