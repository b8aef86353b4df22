import Foundation

/// Builds what the tests attack with, once, in a folder that every account can read; it goes with the process.
enum Workshop {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let folder: String = {
        let path = NSTemporaryDirectory() + "godwit-sandbox-\(getpid())"
        try? FileManager.default.removeItem(atPath: path)
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        atexit { Workshop.remove() }
        return path
    }()

    /// The program with all attacks: static, as a function would bring it along.
    static let attacks = Result {
        let sources = try Workshop.sources(in: "Tests/SandboxTests/Attacks") + ["\(root)/Tests/Spawner/guest_zygote.c"]
        let options = ["-O1", "-static", "-pthread", "-Wall", "-Wextra", "-I\(root)/Tests/Spawner"]
        return try compile(sources, to: "attacks", options)
    }

    /// The spawner that is shipped.
    static let spawner = Result {
        let built = Bundle.main.executableURL?.deletingLastPathComponent().path ?? "."
        let source = "\(built)/godwit-spawner"
        let target = "\(folder)/godwit-spawner"
        try FileManager.default.copyItem(atPath: source, toPath: target)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: target)
        return target
    }

    /// A spawner of the same sources that can leave layers out.
    static let lab = Result {
        let sources = try Workshop.sources(in: "Sources/CSandbox") + ["\(root)/Sources/godwit-spawner/main.c"]
        let include = "-I\(root)/Sources/CSandbox/include"
        return try compile(sources, to: "lab-spawner", ["-O1", "-DCSB_LAB", include], ["-lseccomp"])
    }

    /// The project's folder.
    static let root: String = {
        // Tests/SandboxTests/Support/Workshop.swift
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
    }()

    private static func sources(in place: String) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(place)")
        return names.filter { $0.hasSuffix(".c") }.sorted().map { "\(root)/\(place)/\($0)" }
    }

    private static func compile(
        _ sources: [String],
        to name: String,
        _ options: [String],
        _ libraries: [String] = []
    ) throws -> String {
        let target = "\(folder)/\(name)"
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["cc"] + options + ["-o", target] + sources + libraries
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "cc \(name): \(String(decoding: text, as: UTF8.self))")
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: target)
        return target
    }

    private static func remove() {
        try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "godwit-sandbox-\(getpid())")
    }
}
