/// Two nodes of one continuum on loopback: a founder of the tier cloud, and one of the tier edge that joined it.
final class NodePair {
    /// Milliseconds that a node gets to learn of the other, and of what was published there.
    private static let patience: UInt64 = 20_000
    private static let edgeName = "bench-edge"

    let cloud: Node
    let edge: Node
    let cloudName = "bench-cloud"

    /// Starts both below a folder; each is ready by itself when this returns.
    init(program: String, folder: String) throws {
        guard System.makeFolder(folder) else { throw BenchError("'\(folder)' cannot be made: \(System.reason)") }
        self.cloud = try Node(
            program: program,
            data: "\(folder)/cloud",
            log: "\(folder)/cloud.log",
            options: ["--name", cloudName, "--tier", "cloud", "--peer-listen", "127.0.0.1:\(try System.freePort())"]
        )
        let data = "\(folder)/edge"
        let invitation = try cloud.invite(tier: "edge").split(whereSeparator: \.isWhitespace).map(String.init)
        guard invitation.starts(with: ["godwit", "join"]) else {
            throw BenchError("godwit invite wrote no command to join with")
        }
        try Command([program] + invitation.dropFirst() + ["--name", Self.edgeName, "--data", data]).run()
        self.edge = try Node(
            program: program,
            data: data,
            log: "\(folder)/edge.log",
            options: ["--peer-listen", "127.0.0.1:0"]
        )
    }

    var nodes: [Node] { [cloud, edge] }

    /// The answer of one node to a call of a function, once it has a place for the call.
    func firstAnswer(of function: String, at node: Node) throws -> HTTPAnswer {
        let end = System.now + Self.patience * 1_000_000
        while true {
            let answer = try node.request("POST", "/function/\(function)", body: Array("ready?".utf8))
            if answer.status == 200 { return answer }
            guard System.now < end else {
                throw BenchError("\(function) answered \(answer.status): \(answer.text.prefix(200))")
            }
            try System.sleep(milliseconds: 100)
        }
    }

    /// Ends both; gives whether they ended by themselves.
    func stop() -> Bool {
        // Both are stopped, whatever the first says.
        let ends = [edge.stop(), cloud.stop()]
        return ends.allSatisfy(\.self)
    }
}
