import Domain
import FunctionKit

/// What an instance writes beside its answers.
extension Instance {
    /// Output that an instance may write between two calls' starts before it is ended for it.
    static let outputLimit = 4 << 20

    /// Counts what it wrote as logs; too much ends it.
    func wrote(_ bytes: Int) {
        outputBytes += bytes
        if outputBytes > Self.outputLimit {
            end(
                because: CallFailure(.outputLimit, "the function wrote more than \(Self.outputLimit >> 20) MiB of logs")
            )
        }
    }

    func keepsOutput(_ bytes: Int) -> Bool { pool.keepsOutput(bytes) }

    func output(line: String) {
        // Which call wrote it can be told only where one runs at a time.
        if linesUp { pool.lookahead.failed() }
        guard pool.keepsLine(line) else { return }
        let call = calls.count == 1 ? calls.values.first : nil
        log(line, stream: "output", level: "info", call: call)
    }

    func log(_ message: String, stream: String, level: String, call: Call?) {
        let entry = LogEntry(
            time: pool.now(),
            function: pool.key.function,
            version: pool.key.version,
            // What is read after an answer was still written by the call that gave it, where there is one at a time.
            execution: call?.id ?? (pool.version.spec.concurrency == 1 ? lastExecution : nil),
            stream: stream,
            level: level,
            message: message
        )
        pool.observer.wrote(entry)
        if let call {
            call.append(entry)
        } else if calls.isEmpty {
            recentOutput.append(entry)
            if recentOutput.count > Call.logLimit { recentOutput.removeFirst() }
        } else {
            // Nobody knows which of several calls it was about.
            calls.values.forEach { $0.append(entry) }
        }
    }
}
