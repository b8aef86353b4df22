import Foundation

/// A pipe that a log is written to, and read from by the test.
final class LogPipe: Sendable {
    private let near: FileHandle
    private let far: FileHandle

    init() {
        let pipe = Pipe()
        self.near = pipe.fileHandleForReading
        self.far = pipe.fileHandleForWriting
    }

    /// The end to write to.
    var descriptor: Int32 { far.fileDescriptor }

    /// Closes the writing end and reads all there is.
    func finish() throws -> String {
        try far.close()
        return String(decoding: try near.readToEnd() ?? Data(), as: UTF8.self)
    }

    /// Reads what there is, at most 1 MiB, waiting for at least a byte.
    func readSome() -> String { String(decoding: near.availableData, as: UTF8.self) }

    /// Closes the reading end: the reader is gone.
    func abandon() throws { try near.close() }
}
