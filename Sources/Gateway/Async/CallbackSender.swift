import AsyncHTTPClient
import Crypto
import Domain
package import Fabric
package import Logging
package import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// Sends the answers of asynchronous calls to where their callers want them, signed, until they are taken or given up.
package final class CallbackSender: Service {
    /// The longest that one attempt may take.
    private static let timeout = TimeAmount.seconds(15)
    private static let batch = 16
    /// How long nothing is looked for when nothing is known to be due.
    private static let longestWait = TimeSpan.minutes(1)

    private let journal: any Journal
    private let settings: AsyncSettings
    private let policy: AddressPolicy
    private let key: SymmetricKey
    private let clock: GatewayClock
    private let logger: Logger
    private let eventLoopGroup: any EventLoopGroup
    private let alarm = Alarm()

    /// `key` is what receivers know to check the signature with.
    package init(
        journal: any Journal,
        settings: AsyncSettings,
        key: [UInt8],
        clock: GatewayClock,
        eventLoopGroup: any EventLoopGroup,
        logger: Logger
    ) {
        self.journal = journal
        self.settings = settings
        self.policy = AddressPolicy(allowed: settings.callbackNetworks)
        self.key = SymmetricKey(data: key)
        self.clock = clock
        self.eventLoopGroup = eventLoopGroup
        self.logger = logger
    }

    /// Says that a callback may be due.
    package func notify() { alarm.ring() }

    package func run() async throws {
        repeat { await sendDue() } while await alarm.wait(for: untilNext().duration)
    }

    /// How long it is until a callback is tried again.
    private func untilNext() async -> TimeSpan {
        do {
            let now = clock.now()
            guard let next = try await journal.nextCallback() else { return Self.longestWait }
            return min(max(next.since(now), .milliseconds(10)), Self.longestWait)
        } catch {
            return .seconds(2)
        }
    }

    private func sendDue() async {
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            let due = (try? await journal.callbacksDue(at: clock.now(), limit: Self.batch)) ?? []
            guard !due.isEmpty else { return }
            await withDiscardingTaskGroup { group in
                for callback in due { group.addTask { await self.attempt(callback) } }
            }
        }
    }

    private func attempt(_ callback: PendingCallback) async {
        var next: Timestamp?
        var isDelivered = false
        do {
            try await send(callback)
            isDelivered = true
        } catch {
            let draw = Double.random(in: 0..<1)
            // An address that may not be reached now may not be reached later either.
            let wait = error is Invalid ? nil : settings.callbackRetry.wait(after: callback.attempts + 1, draw: draw)
            next = wait.map(clock.now().advanced(by:))
            logger.info(
                "a callback failed",
                metadata: ["id": "\(callback.id)", "error": "\(error)", "retried": "\(next != nil)"]
            )
        }
        do {
            try await journal.callbackAttempted(callback.id, delivered: isDelivered, next: next)
        } catch {
            logger.error("a callback's state could not be stored", metadata: ["error": "\(error)"])
            // Without its state stored it is due at once again: give the disk a moment.
            _ = await Pause.sleep(for: .seconds(1))
        }
    }

    private func send(_ callback: PendingCallback) async throws {
        let target = try CallbackTarget(callback.url)
        guard let (record, _) = try await journal.execution(callback.id) else { return }
        let answer = try await journal.answer(callback.id)
        let address = try await resolve(target)
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        // The name is resolved once, here, and the address that was checked is the one connected to.
        configuration.dnsOverride = [target.host: address]
        configuration.timeout = .init(connect: .seconds(5), read: Self.timeout)
        let client = HTTPClient(eventLoopGroupProvider: .shared(eventLoopGroup), configuration: configuration)
        do {
            let response = try await client.execute(
                request(to: target, record: record, answer: answer),
                timeout: Self.timeout
            )
            guard (200..<300).contains(response.status.code) else {
                throw CallFailure(.platform, "the receiver answered \(response.status.code)")
            }
            try await client.shutdown()
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private func request(to target: CallbackTarget, record: ExecutionRecord, answer: CallAnswer?) -> HTTPClientRequest {
        let host = target.host.contains(":") ? "[\(target.host)]" : target.host
        var request = HTTPClientRequest(
            url: "\(target.isSecure ? "https" : "http")://\(host):\(target.port)\(target.target)"
        )
        let body =
            answer?.body ?? record.failure.map { failure in
                JSON.encode(ProblemResponse.problem(for: failure, callID: record.id, logs: record.logs))
            } ?? []
        let type = answer?.headers.first { $0.name == "content-type" }?.value
        let time = "\(clock.now().microseconds / 1_000_000)"
        request.method = .POST
        request.headers.add(
            name: "content-type",
            value: type ?? (answer == nil ? Problem.mediaType : "application/octet-stream")
        )
        request.headers.add(name: "x-call-id", value: record.id.text)
        request.headers.add(name: "x-function-name", value: record.function.text)
        request.headers.add(
            name: "x-function-status",
            value: "\(answer?.status ?? record.failure?.kind.httpStatus ?? 500)"
        )
        request.headers.add(name: "x-duration-seconds", value: "\(Double(record.phases.total) / 1e9)")
        request.headers.add(name: "godwit-state", value: record.state.rawValue)
        request.headers.add(name: "godwit-signature", value: "t=\(time),v1=\(signature(time: time, body: body))")
        request.body = .bytes(ByteBuffer(bytes: body))
        return request
    }

    /// HMAC-SHA256 over the time, a full stop and the body, in hexadecimal.
    private func signature(time: String, body: [UInt8]) -> String {
        Hex.text(HMAC<SHA256>.authenticationCode(for: Array("\(time).".utf8) + body, using: key))
    }

    /// The first address of the target's host that may be connected to.
    private func resolve(_ target: CallbackTarget) async throws -> String {
        let addresses: [SocketAddress]
        if AddressBytes.parse(target.host) != nil {
            addresses = [try SocketAddress(ipAddress: target.host, port: target.port)]
        } else {
            addresses = try await NIOThreadPool.singleton.runIfActive {
                [try SocketAddress.makeAddressResolvingHost(target.host, port: target.port)]
            }
        }
        for address in addresses {
            if let bytes = AddressBytes.of(address), policy.permits(bytes), let text = address.ipAddress { return text }
        }
        throw Invalid(
            "X-Callback-Url",
            "'\(Printable.text(target.host))' is not a public address, and not allowed here"
        )
    }
}
