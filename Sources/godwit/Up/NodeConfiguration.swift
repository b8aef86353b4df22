import Domain
import Gateway
import Logging
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
    var limits = GatewayLimits()
    var async = AsyncSettings()
    /// Bytes that the journal may have; nil means the store's default.
    var journalBytes: ByteSize?
    var allowsDegradedSandbox = false
    /// How much power the machine takes; by default that of a generic server of as many cores.
    var powerCurve = PowerCurve.x86Server(cores: Machine.cores)
    var drainTime = TimeSpan.seconds(15)
    /// Path of the spawner; nil means beside this program.
    var spawner: String?

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
