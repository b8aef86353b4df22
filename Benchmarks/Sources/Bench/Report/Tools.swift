/// The versions of what was measured and of what measured it.
struct Tools: Hashable, Sendable, Codable {
    /// First lines of what the programs say of themselves; absent where one is not installed.
    let versions: [String: String]

    /// Asks the programs.
    static func describe(godwit: String) throws -> Tools {
        let questions = [
            "godwit": [godwit, "--version"], "nginx": ["nginx", "-v"], "wrk": ["wrk", "--version"],
            "gunicorn": ["gunicorn", "--version"], "crun": ["crun", "--version"], "bwrap": ["bwrap", "--version"],
            "python3": ["python3", "--version"],
            "swift": ["swift", "--version"], "cc": ["cc", "--version"],
        ]
        var versions: [String: String] = [:]
        for (name, question) in questions {
            guard let program = System.isExecutable(question[0]) ? question[0] : Command.path(of: question[0]) else {
                continue
            }
            let result = try Command([program] + question.dropFirst()).outcome()
            let line = (result.output + result.errors).split(whereSeparator: \.isNewline).first ?? ""
            versions[name] = line.split(separator: " Copyright").first.map(String.init) ?? ""
        }
        return Tools(versions: versions)
    }
}
