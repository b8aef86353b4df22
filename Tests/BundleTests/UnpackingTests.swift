import Bundles
import Domain
import Foundation
import Testing

@Suite("Unpacking bundles")
struct UnpackingTests {
    @Test("hostile archives are refused and leave nothing behind", arguments: HostileArchive.all)
    func hostile(_ hostile: HostileArchive) throws {
        let workspace = try Workspace()
        var tar = Tar.valid
        hostile.build(&tar)
        let error = try #require(try workspace.refusal(tar.compressed))
        #expect(error.code == hostile.code, "\(error)")
        #expect(error.message.contains(hostile.word), "\(error)")
        #expect(try workspace.names(workspace.area).isEmpty)
        #expect(try workspace.names(workspace.path) == ["archive", "area", "source"])
    }

    @Test("what is no zstd-compressed tar is refused")
    func otherFormats() throws {
        let workspace = try Workspace()
        let tar = Tar.valid.bytes + [UInt8](repeating: 0, count: 1024)
        for bytes in [tar, Tar.gzip(tar), Tar.zstd(Tar.zstd(tar)), [], Array("hello".utf8)] {
            #expect(try workspace.refusal(bytes)?.code == .refused)
        }
        for bytes in [Tar.zstd([1, 2, 3]), Tar.zstd([]), Tar().compressed] {
            #expect(try workspace.refusal(bytes) != nil)
        }
        #expect(try workspace.names(workspace.area).isEmpty)
    }

    @Test("too many entries are refused, implied folders included")
    func entries() throws {
        let workspace = try Workspace()
        var limits = BundleLimits()
        limits.entries = 5
        var tar = Tar.valid
        tar.file("a/b/c", "")
        #expect(try workspace.refusal(tar.compressed, limits: limits) == nil)
        tar.file("d", "")
        #expect(try workspace.refusal(tar.compressed, limits: limits)?.code == .tooLarge)
        limits.entries = 20_000
        limits.compressed = .init(bytes: 100)
        #expect(try workspace.refusal(tar.compressed, limits: limits)?.code == .tooLarge)
        limits.compressed = .mebibytes(1)
        limits.unpacked = .init(bytes: 10)
        #expect(try workspace.refusal(tar.compressed, limits: limits)?.code == .tooLarge)
    }

    @Test("a bundle is installed under its digest, once, with plain modes")
    func install() throws {
        let workspace = try Workspace()
        var tar = Tar()
        tar.add(Array("./".utf8), type: "5", mode: 0o700)
        tar.file("./function.yaml", Tar.manifest, mode: 0o600)
        tar.file("./run", "#!/bin/sh\n", mode: 0o6755)
        tar.add(Array("./lib/".utf8), type: "5", mode: 0o2777)
        tar.file("./lib/höhe.txt", "1", mode: 0o666)
        tar.link("./lib/up", to: "../run")
        tar.link("./dangling", to: "nowhere/at/all")
        try workspace.write(tar.compressed, to: workspace.archive)
        for _ in 0..<2 {
            let bundle = try BundleUnpacker().receive(workspace.archive, into: workspace.area)
            #expect(bundle.entries == 6)
            #expect(bundle.spec.name.text == "demo")
            #expect(try workspace.names(workspace.area) == [bundle.digest.hex])
            let folder = "\(workspace.area)/\(bundle.digest.hex)"
            #expect(
                try workspace.tree(folder) == ["dangling", "function.yaml", "lib", "lib/höhe.txt", "lib/up", "run"]
            )
            for (file, mode) in [("run", 0o755), ("function.yaml", 0o644), ("lib", 0o755), ("lib/höhe.txt", 0o644)] {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(file)")
                #expect(attributes[.posixPermissions] as? Int == mode, "\(file)")
            }
        }
    }

    @Test("a path ends at its zero byte, as the format says")
    func zeroByte() throws {
        let workspace = try Workspace()
        var tar = Tar.valid
        tar.pax("path", Array("inside".utf8) + [0] + Array("/../../outside".utf8))
        tar.file("x", "")
        try workspace.write(tar.compressed, to: workspace.archive)
        let bundle = try BundleUnpacker().receive(workspace.archive, into: workspace.area)
        #expect(try workspace.names("\(workspace.area)/\(bundle.digest.hex)") == ["function.yaml", "inside", "run"])
    }

    @Test("a caller's check refuses before anything is installed")
    func check() throws {
        struct Refused: Error {}
        let workspace = try Workspace()
        try workspace.write(Tar.valid.compressed, to: workspace.archive)
        #expect(throws: Refused.self) {
            try BundleUnpacker().receive(workspace.archive, into: workspace.area) { _ in throw Refused() }
        }
        #expect(try workspace.names(workspace.area).isEmpty)
    }

    @Test("leftovers of a crash are removed, bundles are not")
    func leftovers() throws {
        let workspace = try Workspace()
        for name in [".incoming-abc/x/y", "0123/z"] {
            let folder = "\(workspace.area)/\(name)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        try BundleUnpacker.removeLeftovers(in: workspace.area)
        #expect(try workspace.names(workspace.area) == ["0123"])
    }

    @Test(
        "the handler must be there",
        arguments: [
            ("name: a\nruntime: exec\nhandler: gone\n", "no file 'gone'"),
            ("name: a\nruntime: swift\nhandler: function.yaml\n", "not executable"),
            ("name: a\nruntime: swift\nhandler: lib\n", "no file 'lib'"),
            ("name: a\nruntime: python3\n", "no 'handler.py'"),
            ("name: a\nruntime: python3\nhandler: lib.more:go\n", "no 'lib/more.py'"),
            ("name: a\nruntme: exec\n", "line 2, runtme"),
        ]
    )
    func handler(manifest: String, word: String) throws {
        let workspace = try Workspace()
        var tar = Tar()
        tar.file("function.yaml", manifest)
        tar.file("lib/x.py", "")
        let error = try #require(try workspace.refusal(tar.compressed))
        #expect(error.code == .manifest)
        #expect(error.message.contains(word), "\(error)")
    }

    @Test("Python handlers are modules or packages, and links within the bundle count")
    func pythonHandler() throws {
        let workspace = try Workspace()
        for (handler, file) in [("a.b:go", "a/b.py"), ("a.b:go", "a/b/__init__.py")] {
            var tar = Tar()
            tar.file("function.yaml", "name: a\nruntime: python3\nhandler: \(handler)\n")
            tar.file("real.py", "")
            tar.link(file, to: String(repeating: "../", count: file.split(separator: "/").count - 1) + "real.py")
            #expect(try workspace.refusal(tar.compressed) == nil)
        }
        var tar = Tar()
        tar.link("function.yaml", to: "run")
        tar.file("run", Tar.manifest, mode: 0o755)
        #expect(try workspace.refusal(tar.compressed)?.message.contains("at its top") == true)
    }

    @Test("2,000 mutated archives neither crash nor write elsewhere", .timeLimit(.minutes(2)))
    func mutations() throws {
        let workspace = try Workspace()
        var random = SeededGenerator(seed: 20_260_131)
        var tar = Tar.valid
        tar.pax("path", Array("a/long/way".utf8))
        tar.file("x", "content")
        tar.link("a/link", to: "../run")
        tar.add(Array("b/".utf8), type: "5")
        tar.add(Array("././@LongLink".utf8), type: "L", content: Array("c/another".utf8) + [0])
        tar.file("y", "more")
        let plain = tar.bytes + [UInt8](repeating: 0, count: 1024)
        let packed = Tar.zstd(plain)
        var refused = 0
        for round in 0..<2000 {
            // Every fourth time the compressed bytes are mutated, otherwise what is in them.
            var bytes = round.isMultiple(of: 4) ? packed : plain
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch UInt8.random(in: 0..<6, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2: bytes[index] = Array("./0123457x".utf8).randomElement(using: &random) ?? 0
                case 3: bytes.remove(at: index)
                case 4 where bytes.count > 1024: bytes.removeLast(Int.random(in: 1...512, using: &random))
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
                }
            }
            if round.isMultiple(of: 2), !round.isMultiple(of: 4) { Self.mendChecksums(&bytes) }
            if try workspace.refusal(round.isMultiple(of: 4) ? bytes : Tar.zstd(bytes)) != nil { refused += 1 }
            try #require(try workspace.names(workspace.area).isEmpty, "round \(round)")
        }
        #expect(try workspace.names(workspace.path) == ["archive", "area", "source"])
        #expect(refused > 500)
        #expect(refused < 2000)
    }

    /// Makes the checksum of every block that looks like a header right again, so that mutations get past it.
    private static func mendChecksums(_ bytes: inout [UInt8]) {
        for start in stride(from: 0, to: bytes.count - 511, by: 512)
        where bytes[start + 257] == UInt8(ascii: "u") || bytes[start + 258] == UInt8(ascii: "s") {
            for index in 148..<156 { bytes[start + index] = UInt8(ascii: " ") }
            let digits = String(bytes[start..<start + 512].reduce(0) { $0 + Int($1) }, radix: 8)
            let text = Array((String(repeating: "0", count: 6 - digits.count) + digits).utf8) + [0]
            for (index, byte) in text.enumerated() { bytes[start + 148 + index] = byte }
        }
    }
}
