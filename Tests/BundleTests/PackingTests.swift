import Bundles
import Domain
import Foundation
import Testing

@Suite("Packing bundles")
struct PackingTests {
    @Test("the same files give the same bytes, and come back as they were")
    func roundTrip() throws {
        let workspace = try Workspace()
        let long = String(repeating: "long-", count: 40) + "name"
        try workspace.add("function.yaml", Tar.manifest)
        try workspace.add("run", "#!/bin/sh\n", executable: true)
        try workspace.add("data/höhe.txt", "1")
        try workspace.add("data/\(long)", "2")
        try workspace.add("empty", "")
        try workspace.add(".git/config", "secret")
        try FileManager.default.createSymbolicLink(
            atPath: "\(workspace.path)/source/data/link",
            withDestinationPath: "../run"
        )
        let entries = try BundleFolder("\(workspace.path)/source").entries()
        let first = try BundleWriter().write(entries, to: workspace.archive)
        let bytes = try Data(contentsOf: URL(filePath: workspace.archive))
        // Another order, other times: the same bundle.
        try FileManager.default.setAttributes(
            [.modificationDate: Date.distantPast],
            ofItemAtPath: "\(workspace.path)/source/run"
        )
        let second = try BundleWriter().write(entries.shuffled(), to: workspace.archive)
        #expect(first == second)
        #expect(try Data(contentsOf: URL(filePath: workspace.archive)) == bytes)
        #expect(first.compressedBytes == UInt64(bytes.count))
        let bundle = try BundleUnpacker().receive(workspace.archive, into: workspace.area)
        #expect(bundle.digest == first.digest)
        #expect(bundle.entries == first.entries)
        #expect(bundle.unpackedBytes == first.unpackedBytes)
        let folder = "\(workspace.area)/\(bundle.digest.hex)"
        #expect(
            try workspace.tree(folder)
                == ["data", "data/höhe.txt", "data/link", "data/\(long)", "empty", "function.yaml", "run"].sorted()
        )
        #expect(try String(contentsOfFile: "\(folder)/data/\(long)", encoding: .utf8) == "2")
    }

    @Test("packing works from content in memory and skips nothing silently")
    func memory() throws {
        let workspace = try Workspace()
        let entries: [BundleEntry] = [
            .init(path: "function.yaml", content: .bytes(Array(Tar.manifest.utf8))),
            .init(path: "run", content: .bytes([1, 2, 3]), isExecutable: true),
        ]
        let packed = try BundleWriter().write(entries, to: workspace.archive)
        #expect(try BundleUnpacker().receive(workspace.archive, into: workspace.area).digest == packed.digest)
        #expect(throws: BundleError.self) {
            try BundleWriter().write(entries + [entries[0]], to: workspace.archive)
        }
    }

    @Test("links that leave and fifos are refused")
    func refused() throws {
        let workspace = try Workspace()
        try workspace.add("a", "")
        for target in ["/etc/passwd", "../outside", "a/../../b"] {
            let entry = BundleEntry(path: "x", content: .link(target: target))
            #expect(throws: BundleError.self) { try BundleWriter().write([entry], to: workspace.archive) }
        }
        let fifo = "\(workspace.path)/source/fifo"
        #expect(unsafe mkfifo(fifo, 0o600) == 0)
        #expect(throws: BundleError.self) { try BundleFolder("\(workspace.path)/source").entries() }
        try workspace.add(".godwitignore", "fifo\n")
        #expect(try BundleFolder("\(workspace.path)/source").entries().map(\.path) == ["a"])
    }

    @Test("limits hold when packing too")
    func limits() throws {
        let workspace = try Workspace()
        var limits = BundleLimits()
        limits.unpacked = .init(bytes: 3)
        let entry = BundleEntry(path: "x", content: .bytes([1, 2, 3, 4]))
        #expect(throws: BundleError.self) { try BundleWriter(limits: limits).write([entry], to: workspace.archive) }
        #expect(throws: BundleError.self) { try BundleFolder("\(workspace.path)/nowhere").entries() }
    }

    @Test(
        "ignore rules",
        arguments: [
            ("*.log", "a.log", false, true), ("*.log", "deep/in/a.log", false, true), ("*.log", "a.logs", false, false),
            ("/a", "a", false, true), ("/a", "b/a", false, false), ("a/b", "a/b", false, true),
            ("a/b", "x/a/b", false, false), ("build/", "build", true, true), ("build/", "build", false, false),
            ("**/x", "a/b/x", false, true), ("a/**/x", "a/x", false, true), ("a/**", "a/b/c", false, true),
            ("?.txt", "a.txt", false, true), ("?.txt", "ab.txt", false, false), ("# a", "# a", false, false),
            ("*\n!keep", "keep", false, false), ("*\n!keep", "other", false, true), ("", ".git", true, true),
            ("!.git/", ".git", true, false), ("", "a/__pycache__", true, true), ("", "x.pyc", false, true),
            ("", "source.py", false, false), ("a*b*c", "axxbxxc", false, true), ("a*b*c", "axxbxx", false, false),
        ]
    )
    func ignore(rules: String, path: String, isFolder: Bool, expected: Bool) {
        #expect(IgnoreRules(rules).ignores(path, isFolder: isFolder) == expected)
    }
}
