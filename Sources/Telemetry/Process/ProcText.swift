/// Reads what the text files under /proc and /sys hold.
enum ProcText {
    /// The fields of a line, separated by spaces, tabs or line feeds.
    static func fields(_ text: some StringProtocol) -> [Substring] {
        Substring(text).split { $0 == " " || $0 == "\t" || $0 == "\n" }
    }

    /// A file of one whole number; nil when it cannot be read or holds something else.
    static func number(_ path: String) -> UInt64? {
        System.contents(of: path, limit: 64).flatMap(number)
    }

    /// The bytes of one whole number and perhaps a line feed.
    static func number(_ bytes: [UInt8]) -> UInt64? {
        fields(String(decoding: bytes, as: UTF8.self)).first.flatMap { UInt64($0) }
    }

    /// A file as text; nil when it cannot be read or is empty.
    static func text(_ path: String) -> String? {
        System.contents(of: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
