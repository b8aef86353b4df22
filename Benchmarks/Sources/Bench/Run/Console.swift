/// Progress, on standard error; the report alone goes to standard output.
enum Console {
    static func note(_ text: String) { System.write(Array("godwit-bench: \(text)\n".utf8), to: 2) }
}
