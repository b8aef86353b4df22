import NIOCore
import NIOPosix
import Synchronization

/// A TCP port on loopback that nobody uses and nobody is given by chance.
///
/// It lies below the range from which the kernel takes ports for outgoing connections and for port 0 (32768 and
/// up, ip(7)): between finding it here and listening on it elsewhere no other test's connection gets it, nor while
/// a node that is to come back on it is away. No port is given out twice until all were.
enum FreePort {
    private static let ports = 10_240..<32_768
    private static let next = Mutex(Int.random(in: ports))

    static func find() throws -> Int {
        for _ in ports {
            let port = next.withLock { next in
                defer { next = next + 1 < ports.upperBound ? next + 1 : ports.lowerBound }
                return next
            }
            let channel = try? ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .bind(host: "127.0.0.1", port: port)
                .wait()
            guard let channel else { continue }
            try channel.close().wait()
            return port
        }
        throw NoneIsFree()
    }

    private struct NoneIsFree: Error, CustomStringConvertible {
        var description: String { "no port of \(FreePort.ports) is free on 127.0.0.1" }
    }
}
