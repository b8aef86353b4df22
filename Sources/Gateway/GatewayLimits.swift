package import Domain

/// Bounds on what comes in over HTTP.
package struct GatewayLimits: Sendable, Equatable {
    /// Body of a synchronous call; it streams, so this bounds time and traffic rather than memory.
    package var requestBody: ByteSize = .mebibytes(256)
    /// Body of an asynchronous call, which is kept on disk.
    package var asyncBody: ByteSize = .mebibytes(6)
    /// Answer of an asynchronous call, which is kept on disk.
    package var asyncAnswer: ByteSize = .mebibytes(6)
    /// Bundle as uploaded.
    package var bundle: ByteSize = .mebibytes(256)
    /// All headers of a request together.
    package var headers: ByteSize = .kibibytes(32)
    /// Headers of a request.
    package var headerCount = 128
    /// Connections at once.
    package var connections = 4096
    /// Connections that are on the loop that calls live on, where there are other loops.
    package var nearConnections = 16
    /// How long a connection may be without a complete request head: idle, or sending one slowly.
    package var idleTimeout: TimeSpan = .seconds(60)
    /// How long a request's body may stall.
    package var bodyTimeout: TimeSpan = .seconds(30)

    package init() {}
}
