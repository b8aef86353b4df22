import Domain

/// A file whose bytes are the body of a call from which a function's system calls are learned.
struct LearningInput: Sendable {
    let path: String

    /// The inputs named, or else all files in the function's folder `inputs`.
    static func find(named paths: [String], in folder: String) throws -> [LearningInput] {
        for path in paths where System.fileSize(path) == nil { throw CommandFailure("there is no file '\(path)'") }
        if !paths.isEmpty { return paths.map(LearningInput.init) }
        let usual = Paths.join(folder, "inputs")
        guard let names = System.files(in: usual), !names.isEmpty else {
            throw CommandFailure(
                "there is nothing to learn from: put a file for each kind of call into '\(usual)', its body in it, or name "
                    + "files with --input"
            )
        }
        return names.map { LearningInput(path: Paths.join(usual, $0)) }
    }

    /// The media type that the name's end stands for.
    var type: String {
        switch path.split(separator: ".").last?.lowercased() {
        case "json": "application/json"
        case "txt": "text/plain; charset=utf-8"
        case "csv": "text/csv"
        case "xml": "application/xml"
        case "jpg", "jpeg": "image/jpeg"
        case "png": "image/png"
        case "wav": "audio/wav"
        default: "application/octet-stream"
        }
    }
}
