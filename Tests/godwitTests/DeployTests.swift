import Bundles
import Commands
import Domain
import Foundation
import Testing

@Suite("godwit new and godwit deploy")
struct DeployTests {
    private func publish(
        _ folder: TemporaryFolder,
        _ arguments: String...,
        isNew: Bool = true
    ) async throws
        -> (Performance, FakeNode.Request)
    {
        let digest = String(repeating: "a", count: 64)
        let answer = #"{"function":"demo","version":3,"digest":"sha256:\#(digest)","isNew":\#(isNew)}"#
        return try await FakeNode.with({ _ in .json(answer, status: isNew ? 201 : 200) }) { node, url in
            let result =
                if arguments.isEmpty {
                    try await perform(DeployCommand.self, folder.path, "--url", url)
                } else {
                    try await perform(DeployCommand.self, folder.path, "--url", url, arguments[0], arguments[1])
                }
            return (result, try #require(node.requests.first))
        }
    }

    private func unpack(_ bytes: [UInt8]) throws -> UnpackedBundle {
        let folder = try TemporaryFolder()
        try Data(bytes).write(to: URL(filePath: "\(folder.path)/archive"))
        return try BundleUnpacker().receive("\(folder.path)/archive", into: folder.path)
    }

    @Test("a folder is packed and published, with its digest")
    func deploy() async throws {
        let folder = try TemporaryFolder()
        try folder.write("function.yaml", "name: demo\nruntime: exec\nhandler: run\n")
        try folder.write("run", "#!/bin/sh\n", executable: true)
        try folder.write("__pycache__/x.pyc", "junk")
        let (result, request) = try await publish(folder)
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output == "demo@3 sha256:\(String(repeating: "a", count: 64))\n")
        #expect(request.line == "PUT /v1/functions/demo")
        let bundle = try unpack(request.body)
        #expect(request.headers["godwit-digest"] == bundle.digest.text)
        #expect(bundle.entries == 2)
        let again = try await publish(folder, isNew: false)
        #expect(again.0.output.hasSuffix(" unchanged\n"))
        #expect(again.1.body == request.body)
    }

    @Test("another name goes into the manifest")
    func renamed() async throws {
        let folder = try TemporaryFolder()
        try folder.write("function.yaml", "name: demo\nruntime: exec\n")
        try folder.write("demo", "#!/bin/sh\n", executable: true)
        let (result, request) = try await publish(folder, "--name", "other")
        #expect(result.code == 0, "\(result.errors)")
        #expect(request.line == "PUT /v1/functions/other")
        let spec = try unpack(request.body).spec
        #expect(spec.name.text == "other")
        #expect(spec.handler == "demo")
    }

    @Test("mistakes are told before anything is sent")
    func mistakes() async throws {
        let folder = try TemporaryFolder()
        let missing = try await perform(DeployCommand.self, folder.path, "--url", "http://127.0.0.1:1")
        #expect(missing.errors.contains("godwit new"))
        try folder.write("function.yaml", "name: demo\nruntime: exec\nmemry: 3\n")
        let wrong = try await perform(DeployCommand.self, folder.path, "--url", "http://127.0.0.1:1")
        #expect(wrong.code == 1)
        #expect(wrong.errors.contains("line 3"))
    }

    @Test("a new function can be published at once", arguments: [RuntimeKind.python3, .exec])
    func scaffold(runtime: RuntimeKind) async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/demo"
        let made = try await perform(NewCommand.self, "demo", "--runtime", runtime.rawValue, "--path", path)
        #expect(made.code == 0, "\(made.errors)")
        let spec = try FunctionProject(folder: path).spec
        #expect(spec.name.text == "demo")
        #expect(spec.runtime == runtime)
        let entries = try FunctionProject(folder: path).entries(
            isVerbose: false,
            console: Console(inMemoryAsTerminal: false)
        )
        let packed = try BundleWriter().write(entries, to: "\(folder.path)/archive")
        #expect(try BundleUnpacker().receive("\(folder.path)/archive", into: folder.path).digest == packed.digest)
        let again = try await perform(NewCommand.self, "demo", "--runtime", runtime.rawValue, "--path", path)
        #expect(again.code == 1)
        #expect(again.errors.contains("not empty"))
    }

    @Test("a new Swift function names the package it needs")
    func swift() async throws {
        let folder = try TemporaryFolder()
        try folder.write("godwit/Package.swift", "let package = Package(name: \"godwit\")")
        let path = "\(folder.path)/demo"
        let made = try await perform(NewCommand.self, "demo", "--path", path, "--godwit", "\(folder.path)/godwit")
        #expect(made.code == 0, "\(made.errors)")
        let manifest = try String(contentsOfFile: "\(path)/Package.swift", encoding: .utf8)
        #expect(manifest.contains(".package(name: \"godwit\", path: \"\(folder.path)/godwit\")"))
        #expect(!manifest.contains("{{"))
        #expect(try FunctionProject(folder: path).spec.runtime == .swift)
        let lost = try await perform(NewCommand.self, "x", "--path", "\(folder.path)/x", "--godwit", "/nonexistent")
        #expect(lost.code == 1)
    }
}
