import Bundles
package import Domain
import Executor
package import Fabric
import HTTPTypes
import Hummingbird
package import Logging
import NIOCore
import Telemetry

/// What the routes of the management API work with.
package struct Management: Sendable {
    package let registry: any Registry
    package let catalogue: Catalogue
    package let journal: any Journal
    package let records: RecordKeeper
    package let authenticator: Authenticator
    package let secrets: SecretVault
    package let bridge: CallBridge
    package let dispatcher: AsyncDispatcher
    package let completions: CompletionHub
    package let acceptances = PendingAcceptances()
    package let telemetry: GatewayTelemetry
    package let front: FrontDoor
    package let node: NodeDescription
    package let limits: GatewayLimits
    package let clock: GatewayClock
    package let facts: NodeFacts
    package let control: ControlDesk
    /// Lets nodes in; nil on a node that did not found the continuum.
    package let admission: AdmissionDesk?
    package let knobs: KnobDesk
    package let quarantine: Quarantine
    package let store: any ContinuumStore
    package let bundles: BundleIndex
    package let shelf: BundleShelf
    /// Folder of unpacked bundles.
    package let bundleFolder: String
    /// Folder for uploads, on the same file system.
    package let uploadFolder: String
    /// Memory that instances may have together: a function that wants more could never run.
    package let instanceMemory: ByteSize
    package let logger: Logger

    package init(
        registry: any Registry,
        catalogue: Catalogue,
        journal: any Journal,
        records: RecordKeeper,
        authenticator: Authenticator,
        secrets: SecretVault,
        bridge: CallBridge,
        dispatcher: AsyncDispatcher,
        completions: CompletionHub,
        telemetry: GatewayTelemetry,
        front: FrontDoor,
        node: NodeDescription,
        limits: GatewayLimits,
        clock: GatewayClock,
        facts: NodeFacts,
        control: ControlDesk,
        admission: AdmissionDesk?,
        knobs: KnobDesk,
        quarantine: Quarantine,
        store: any ContinuumStore,
        bundles: BundleIndex,
        shelf: BundleShelf,
        bundleFolder: String,
        uploadFolder: String,
        instanceMemory: ByteSize,
        logger: Logger
    ) {
        self.registry = registry
        self.catalogue = catalogue
        self.journal = journal
        self.records = records
        self.authenticator = authenticator
        self.secrets = secrets
        self.bridge = bridge
        self.dispatcher = dispatcher
        self.completions = completions
        self.telemetry = telemetry
        self.front = front
        self.node = node
        self.limits = limits
        self.clock = clock
        self.facts = facts
        self.control = control
        self.admission = admission
        self.knobs = knobs
        self.quarantine = quarantine
        self.store = store
        self.bundles = bundles
        self.shelf = shelf
        self.bundleFolder = bundleFolder
        self.uploadFolder = uploadFolder
        self.instanceMemory = instanceMemory
        self.logger = logger
    }

    /// Demands a token with a scope; throws 401 or 403 naming the scope and nothing else.
    @discardableResult
    func demand(_ scope: Scope, of request: Request, on function: FunctionName? = nil) throws -> TokenRecord? {
        let authorization = request.headers[.authorization]
        switch authenticator.check(authorization: authorization, for: scope, on: function) {
        case .granted(let record): return record
        case .unauthenticated: throw ProblemError(FrontDoor.unauthenticated)
        case .lacks(let scope): throw ProblemError(FrontDoor.lacking(scope))
        }
    }

    /// The body of a request as a JSON value.
    func body<T: Decodable>(_ type: T.Type, of request: Request) async throws -> T {
        let buffer = try await bytes(of: request, limit: 65_536)
        do {
            return try JSON.decode(type, from: buffer)
        } catch let error as DecodingError {
            throw ProblemError(
                "request.invalid",
                400,
                "Invalid request",
                "the body is not what is asked for: \(error.reason)"
            )
        }
    }

    /// The body of a request, at most `limit` bytes.
    func bytes(of request: Request, limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await buffer in request.body {
            guard bytes.count + buffer.readableBytes <= limit else {
                throw ProblemError(
                    "request.too-large",
                    413,
                    "Request too large",
                    "the body may have at most \(limit) bytes"
                )
            }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        return bytes
    }

    /// A JSON response.
    func json(_ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(
            status: status,
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: JSON.encode(value)))
        )
    }
}

extension DecodingError {
    /// What is wrong, with its place in the document.
    var reason: String {
        let context =
            switch self {
            case .keyNotFound(let key, let context):
                Context(codingPath: context.codingPath, debugDescription: "'\(key.stringValue)' is missing")
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context
            @unknown default: Context(codingPath: [], debugDescription: "it does not parse")
            }
        let place = context.codingPath.map(\.stringValue).joined(separator: ".")
        return place.isEmpty ? context.debugDescription : "\(place): \(context.debugDescription)"
    }
}
