import AsyncHTTPClient
import Domain
import NIOCore

/// Shows what a function answered: its body, as it comes, to standard output.
enum AnswerOutput {
    /// Writes the answer, and throws when it is a failure: a problem, or a status of 400 or more from the function.
    static func write(_ answer: NodeAnswer, includingHead: Bool, to console: Console) async throws {
        if includingHead { writeHead(answer, to: console) }
        if let failure = try await answer.failure() { throw failure }
        var filter = console.isTerminal ? TerminalFilter() : nil
        var last: UInt8?
        do {
            for try await chunk in answer.chunks {
                let bytes = Array(chunk.readableBytesView)
                last = bytes.last ?? last
                console.raw(filter?.take(bytes) ?? bytes)
            }
        } catch {
            throw CommandFailure(.unreachable, "the answer was cut short: \(error)")
        }
        if let rest = filter?.finish() {
            console.raw(rest)
            if let last, last != UInt8(ascii: "\n") { console.raw([UInt8(ascii: "\n")]) }
        }
        guard answer.status < 400 else {
            throw CommandFailure(.functionFailed, "the function answered with status \(answer.status)")
        }
    }

    private static func writeHead(_ answer: NodeAnswer, to console: Console) {
        console.line(answer.statusLine)
        for (name, value) in answer.headers { console.line("\(name): \(value)") }
        console.line("")
    }
}
