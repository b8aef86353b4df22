import Bundles
import Domain

/// Packs a function and sends it to a node.
struct Publishing {
    let project: FunctionProject
    let entries: [BundleEntry]

    /// What the node answered.
    @discardableResult
    func run(_ client: NodeClient, _ context: CommandContext) async throws -> [UInt8] {
        guard let bundle = System.temporaryFile(in: context.environment["TMPDIR"] ?? "/tmp") else {
            throw CommandFailure("no temporary file can be made: \(System.reason)")
        }
        defer { System.remove(bundle) }
        let packed = try BundleWriter().write(entries, to: bundle)
        let console = context.console
        console.progress("uploading \(Human.bytes(packed.compressedBytes))…")
        let body = RequestBody.file(path: bundle, size: packed.compressedBytes) { sent in
            Progress.show("uploading", sent, of: packed.compressedBytes, on: console)
        }
        let answer = try await client.require(
            "PUT",
            "/v1/functions/\(project.spec.name)",
            headers: [("Godwit-Digest", packed.digest.text), ("Content-Type", "application/zstd")],
            body: body,
            timeout: .minutes(15)
        )
        .bytes()
        console.progress("")
        return answer
    }
}
