import Foundation

/// The network namespace that `scripts/test` makes for the tests of cut wires: nothing of the machine's network is in it.
enum NetworkNamespace {
    /// Whether this process is in it, and may say what passes there.
    static var isOwn: Bool {
        ProcessInfo.processInfo.environment["GODWIT_TEST_NETWORK"] == "own" && geteuid() == 0
    }

    /// Drops all packets from and to a port, without a word to either side, until the namespace's table is removed.
    static func drop(port: Int) async throws {
        try await nft("add table inet godwit")
        try await nft("add chain inet godwit passing { type filter hook input priority 0; }")
        try await nft("add rule inet godwit passing tcp dport \(port) drop")
        try await nft("add rule inet godwit passing tcp sport \(port) drop")
    }

    /// Lets everything pass again.
    static func mend() async throws { try await nft("delete table inet godwit") }

    private static func nft(_ command: String) async throws {
        let (status, output) = try await Command.run(["/usr/sbin/nft", command])
        guard status == 0 else { throw TestNode.Failure(description: "nft \(command): \(output)") }
    }
}
