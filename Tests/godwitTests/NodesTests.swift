import ArgumentParser
import Commands
import Domain
import Testing

@Suite("godwit nodes")
struct NodesTests {
    @Test("a line for each node, with the reason of what is not usual")
    func list() async throws {
        let nodes = [
            try Sample.node("edge-1", site: "barn", placed: 120),
            try Sample.node("cloud-1", tier: "cloud", link: Sample.link, placed: 1003),
            try Sample.node(
                "edge-2",
                state: "suspect",
                detail: "no answer for 3 s",
                link: .init(
                    address: "https://10.0.0.3:9443",
                    fastMilliseconds: nil,
                    slowMilliseconds: nil,
                    bandwidth: nil,
                    breaker: "open",
                    inFlight: 0
                )
            ),
        ]
        let json = try JSON.text(NodeList(nodes: nodes))
        try await FakeNode.with({ _ in .json(json) }) { node, url in
            let table = try await perform(NodesListCommand.self, "--url", url)
            #expect(
                table.output == """
                    NAME     TIER   SITE  STATE                        CORES  BUSY  IDLE  QUEUED   CPU    W      RTT  PLACED  SEEN
                    edge-1   edge   barn  ready                            4     2     1       3  42 %  4.3     here     120  now
                    cloud-1  cloud  -     ready                            4     2     1       3  42 %  4.3  12.5 ms    1003  5 s ago
                    edge-2   edge   -     suspect (no answer for 3 s)      4     2     1       3  42 %  4.3        -       0  5 s ago

                    """
            )
            #expect(node.requests.last?.line == "GET /v1/nodes")
            #expect(try await perform(NodesListCommand.self, "--json", "--url", url).output == json + "\n")
        }
        // What a user writes without a subcommand.
        let parsed = try NodesCommand.parseAsRoot(["--json"])
        #expect(parsed is NodesListCommand)
    }

    @Test("all facts of one node")
    func show() async throws {
        let location = try Location(latitude: 52.5, longitude: -13.25)
        let json = try JSON.text(try Sample.node("cloud-1", tier: "cloud", link: Sample.link, location: location))
        try await FakeNode.with({ _ in .json(json) }) { node, url in
            let shown = try await perform(NodesShowCommand.self, "cloud-1", "--url", url)
            #expect(node.requests.last?.line == "GET /v1/nodes/cloud-1")
            #expect(
                shown.output == """
                    name          cloud-1
                    tier          cloud
                    state         ready
                    seen          5 s ago
                    software      0.1.0, up 120 min 0 s
                    instances     2 busy, 1 idle, 0 starting
                    queued        3
                    cpu           42 % busy
                    draws         4.25 W (model)
                    placed        0 calls since it started
                    class         raspberry-pi-4
                    cores         4
                    memory        8.00 GiB
                    architecture  aarch64
                    accelerators  coral-tpu
                    labels        owner=lab, rack=3
                    location      52.5° north, -13.25° east
                    power         3.01 W idle to 6.44 W
                    price         0.020 per core and hour
                    carbon        350 g CO2e per kWh
                    speed         integer 1200 M/s, floating 400 M/s, memory 3000 MB/s, hashing 500 MB/s
                    link          https://10.0.0.2:9443
                    rtt           12.5 ms, 14.0 ms in the long run
                    bandwidth     11.5 MB/s
                    breaker       closed
                    in flight     2

                    SANDBOX   STATE    DETAIL
                    seccomp   present  allow-list
                    landlock  absent   not in this kernel → Linux 5.13

                    """
            )
            #expect(try await perform(NodesShowCommand.self, "cloud-1", "--json", "--url", url).output == json + "\n")
        }
    }

    @Test("draining tells what is left, and can be taken back")
    func drain() async throws {
        let json = try JSON.text(try Sample.node("edge-1"))
        try await FakeNode.with({ $0.line.hasPrefix("GET") ? .json(json) : .init(status: 204) }) { node, url in
            let drained = try await perform(NodesDrainCommand.self, "edge-1", "--url", url)
            #expect(drained.output == "edge-1 draining\n")
            #expect(drained.errors.contains("5 calls to finish"))
            #expect(node.requests.map(\.line) == ["POST /v1/nodes/edge-1/drain", "GET /v1/nodes/edge-1"])
            let machine = try await perform(NodesDrainCommand.self, "edge-1", "--json", "--url", url)
            let state = try JSON.value([String: String].self, Array(machine.output.utf8))
            #expect(state == ["name": "edge-1", "state": "draining"])
            let undone = try await perform(NodesDrainCommand.self, "edge-1", "--undo", "--url", url)
            #expect(undone.output == "edge-1 ready\n")
            #expect(undone.errors.isEmpty)
            #expect(node.requests.contains { $0.line == "DELETE /v1/nodes/edge-1/drain" })
        }
        // Drained is drained, whatever is said of it afterwards.
        try await FakeNode.with({ .init(status: $0.line.hasPrefix("GET") ? 404 : 204) }) { _, url in
            let drained = try await perform(NodesDrainCommand.self, "edge-1", "--url", url)
            #expect(drained.code == 0)
        }
    }

    @Test("removing, and a node's refusal")
    func remove() async throws {
        try await FakeNode.with({ _ in .init(status: 204) }) { node, url in
            let removed = try await perform(NodesRemoveCommand.self, "edge-2", "--url", url)
            #expect(removed.code == 0)
            #expect(removed.errors == "Removed edge-2.\n")
            #expect(node.requests.last?.line == "DELETE /v1/nodes/edge-2")
            let machine = try await perform(NodesRemoveCommand.self, "edge-2", "--json", "--url", url)
            let state = try JSON.value([String: String].self, Array(machine.output.utf8))
            #expect(state == ["name": "edge-2", "state": "removed"])
        }
        try await FakeNode.with({ _ in .problem("node.self", status: 409, origin: "platform") }) { _, url in
            let refused = try await perform(NodesRemoveCommand.self, "edge-1", "--url", url)
            #expect(refused.code == 1)
            #expect(refused.errors.contains("A title: the detail"))
        }
        #expect(throws: (any Error).self) { try NodesRemoveCommand.parse(["Edge 1"]) }
    }
}
