import Bundles
import Testing

/// An archive that must be refused, and a word that the refusal holds.
struct HostileArchive: CustomTestStringConvertible {
    let name: String
    let word: String
    let code: BundleError.Code
    let build: @Sendable (inout Tar) -> Void

    init(
        _ name: String,
        _ word: String,
        _ code: BundleError.Code = .refused,
        _ build: @escaping @Sendable (inout Tar) -> Void
    ) {
        self.name = name
        self.word = word
        self.code = code
        self.build = build
    }

    var testDescription: String { name }

    static let all: [HostileArchive] = [
        .init("absolute path", "absolute") { $0.file("/etc/passwd", "x") },
        .init("dot-dot", "'..'") { $0.file("../escape", "x") },
        .init("dot-dot inside", "'..'") { $0.file("a/../b", "x") },
        .init("dot-dot at the end", "'..'") { $0.add(Array("a/..".utf8), type: "5") },
        .init("not UTF-8", "UTF-8") { $0.add([0x61, 0xff, 0xfe]) },
        .init("not UTF-8 in pax", "damaged") {
            $0.pax("path", [0x61, 0xff, 0xfe])
            $0.file("x", "")
        },
        .init("dot-dot in pax", "'..'") {
            $0.pax("path", Array("../escape".utf8))
            $0.file("x", "")
        },
        .init("twice", "twice") {
            $0.file("a", "1")
            $0.file("a", "2")
        },
        .init("twice by another spelling", "twice") {
            $0.file("a/b", "1")
            $0.file("./a//b", "2")
        },
        .init("folder over file", "twice") {
            $0.file("a", "1")
            $0.add(Array("a/".utf8), type: "5")
        },
        .init("file over folder", "twice") {
            $0.file("a/b", "1")
            $0.file("a", "2")
        },
        .init("below a file", "no folder") {
            $0.file("a", "1")
            $0.file("a/b", "2")
        },
        .init("link over file", "twice") {
            $0.file("a", "1")
            $0.link("a", to: "run")
        },
        .init("absolute link", "absolute link") { $0.link("a", to: "/etc/passwd") },
        .init("link that leaves", "may leave") { $0.link("a", to: "../outside") },
        .init("link that leaves from below", "may leave") { $0.link("a/b", to: "../../outside") },
        .init("link that leaves by another link", "may leave") {
            $0.link("a/b/top", to: "../..")
            $0.link("out", to: "a/b/top/../..")
        },
        .init("empty link", "link") { $0.link("a", to: "") },
        .init("below a link", "no folder") {
            $0.add(Array("dir".utf8), type: "5", mode: 0o755)
            $0.link("a", to: "dir")
            $0.file("a/b", "x")
        },
        .init("hard link", "hard link") { $0.add(Array("a".utf8), type: "1", link: "run") },
        .init("hard link outside", "hard link") { $0.add(Array("a".utf8), type: "1", link: "/etc/shadow") },
        .init("character device", "device") { $0.add(Array("a".utf8), type: "3") },
        .init("block device", "device") { $0.add(Array("a".utf8), type: "4") },
        .init("fifo", "fifo") { $0.add(Array("a".utf8), type: "6") },
        .init("too long a path", "bytes") {
            $0.pax("path", Array(repeating: UInt8(ascii: "a"), count: 1025))
            $0.file("x", "")
        },
        .init("too long a name", "too long a name") {
            $0.pax("path", Array(repeating: UInt8(ascii: "a"), count: 256))
            $0.file("x", "")
        },
        .init("too deep", "too deep") { $0.file(Array(repeating: "a", count: 33).joined(separator: "/"), "") },
        .init("announced too large", "more than", .tooLarge) { $0.add(Array("a".utf8), size: 1 << 32) },
        .init("cut short", "damaged") { $0.add(Array("a".utf8), size: 100_000) },
        .init("sparse file", "sparse") {
            $0.pax("GNU.sparse.map", Array("0,1,1000,1".utf8))
            $0.file("x", "ab")
        },
        .init("a bomb", "times its size", .tooLarge) {
            $0.add(Array("a".utf8), content: [UInt8](repeating: 0, count: 12 << 20))
        },
    ]
}
