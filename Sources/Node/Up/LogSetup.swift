import Domain
import Logging
import Telemetry

/// The node's log: one line an event on standard error, from one background writer.
struct LogSetup {
    let logger: Logger
    private let writer = LogWriter()

    init(format: NodeConfiguration.LogFormat, level: Logger.Level) {
        let writer = writer
        self.logger = Logger(label: "godwit") { label in
            switch format {
            case .text: TextLogHandler(label: label, level: level, writer: writer)
            case .json: JSONLogHandler(label: label, level: level, writer: writer)
            }
        }
        writer.start()
    }

    /// Writes out what is left.
    func finish() { _ = writer.stop() }
}
