/// A program that is run to its end.
struct Command: Sendable {
    let arguments: [String]

    init(_ arguments: String...) { self.arguments = arguments }

    init(_ arguments: [String]) { self.arguments = arguments }

    /// Where a program is in PATH, or in the folders of system programs; nil when it is not installed.
    static func path(of program: String) -> String? {
        (System.searchPath + ["/usr/sbin", "/sbin"]).map { "\($0)/\(program)" }.first(where: System.isExecutable)
    }

    /// Runs it and gives what it wrote; throws when it fails, with the end of what it said.
    @discardableResult
    func run() throws -> String {
        let result = try outcome()
        guard result.code == 0 else {
            let said = result.errors.isEmpty ? result.output : result.errors
            let reason = said.split(whereSeparator: \.isNewline).suffix(3).joined(separator: "; ")
            throw BenchError("\(arguments.first ?? "") ended with \(result.code): \(reason)")
        }
        return result.output
    }

    /// Runs it and gives its code and what it wrote to its two outputs.
    ///
    /// Throws on Ctrl-C; the program is killed then.
    func outcome() throws -> (code: Int32, output: String, errors: String) {
        let (outputRead, outputWrite) = try System.makePipe()
        let (errorRead, errorWrite) = try System.makePipe()
        let outputEnd = Descriptor(outputRead)
        let errorEnd = Descriptor(errorRead)
        var child: Child
        do {
            defer {
                System.close(outputWrite)
                System.close(errorWrite)
            }
            child = try Child(arguments, output: outputWrite, error: errorWrite)
        }
        var texts: (output: [UInt8], errors: [UInt8]) = ([], [])
        var isOpen = (output: true, errors: true)
        while isOpen.output || isOpen.errors {
            try Interruption.check()
            if isOpen.output { isOpen.output = Self.take(outputEnd, patience: 50, into: &texts.output) }
            if isOpen.errors {
                isOpen.errors = Self.take(errorEnd, patience: isOpen.output ? 0 : 50, into: &texts.errors)
            }
        }
        while true {
            if let code = child.exitCode() {
                return (
                    code, String(decoding: texts.output, as: UTF8.self), String(decoding: texts.errors, as: UTF8.self)
                )
            }
            try System.sleep(milliseconds: 1)
        }
    }

    /// Reads what is there, for at most `patience` milliseconds; false at the end.
    private static func take(_ end: borrowing Descriptor, patience: Int32, into text: inout [UInt8]) -> Bool {
        guard System.isReadable(end.number, within: patience), let bytes = System.read(end.number) else { return true }
        text += bytes
        return !bytes.isEmpty
    }
}
