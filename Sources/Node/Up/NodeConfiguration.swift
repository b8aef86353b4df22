import Continuum
import Domain
import Executor
import Gateway
import Logging
import Scheduler
import Telemetry

/// How a node runs: from the command line, else the configuration file, else the defaults.
struct NodeConfiguration: Sendable {
    var data: String
    var host = "127.0.0.1"
    var port = 8080
    var name: NodeName
    var tier: Tier
    var site: Site?
    /// User to run as when started as root.
    var user: String?
    var certificateFile: String?
    var keyFile: String?
    /// Whether to make a certificate where none is given.
    var generatesCertificate = false
    /// Whether plain HTTP beyond loopback is accepted.
    var isInsecure = false
    /// Whether calls through a loopback listener need a token too.
    var requiresToken = false
    var logFormat = LogFormat.text
    var logLevel = Logger.Level.info
    /// Memory for instances; nil means four fifths of the machine's.
    var memory: ByteSize?
    var instances = 512
    var queue = 1000
    /// Logs that a version may write a second, in the long run.
    var logRate = ByteSize.mebibytes(1)
    /// Whether instances are started ahead of calls that can be expected.
    var prewarms = true
    /// Whether instances are forked from processes that have initialised.
    var forks = true
    /// Whether the event loop and an instance may share a processor while calls come one by one.
    var sharesProcessor = true
    /// Whether instances that use the processor while they idle are stopped until their next call.
    var freezes = true
    /// Event loops: one that calls live on, the others for connections.
    var loops = Machine.cores > 1 ? min(4, 1 + Machine.cores / 2) : 1
    var limits = GatewayLimits()
    var async = AsyncSettings()
    /// Bytes that the journal may have; nil means the store's default.
    var journalBytes: ByteSize?
    var allowsDegradedSandbox = false
    /// Layers of the sandbox, by their keys, without which the node does not start.
    var requiredLayers: [String] = []
    /// When a version that breaks out of its bounds is no longer run.
    var quarantine = QuarantineSettings()
    /// How much power the machine takes, what measures it, and its carbon.
    var energy = EnergySettings(cores: Machine.cores)
    /// What the machine is, beyond what can be seen of it.
    var profile = NodeProfile()
    /// Where the peer interface listens; nil for a node alone, or for the default of one that joined.
    var peerListen: (host: String, port: Int)?
    /// Where others reach it, if that is elsewhere.
    var advertised: PeerAddress?
    /// Nodes to get to know the others from.
    var peers: [PeerAddress] = []
    var roles = NodeRole.allCases
    var placement = PlacementSettings()
    /// How many times slower functions are made to appear than they are; for test beds.
    var slowdown = 1.0
    var drainTime = TimeSpan.seconds(15)
    /// Whether functions may make requests, where they list to whom.
    var hasEgress = true
    var egress = EgressConfiguration()
    /// Path of the spawner; nil means beside this program.
    var spawner: String?
    /// File that the system calls which functions make are written to at the end; nil for a node that restricts them.
    var learnFile: String?

    /// The forms of log lines.
    enum LogFormat: String, CaseIterable, Sendable {
        case text
        case json
    }

    /// Whether the listener can only be reached from this machine.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    var usesTLS: Bool { certificateFile != nil || generatesCertificate }

    /// Refuses combinations that would be unsafe or make no sense.
    func validated() throws(Invalid) -> NodeConfiguration {
        guard isLoopback || usesTLS || isInsecure else {
            throw Invalid(
                "listen",
                "'\(host)' can be reached from other machines; give a certificate with --tls-certificate and --tls-key, "
                    + "let the node make one with --tls, or accept plain HTTP with --insecure"
            )
        }
        guard (certificateFile == nil) == (keyFile == nil) else {
            throw Invalid("tls", "a certificate and its key go together; only one of them is given")
        }
        return self
    }
}
