/// A node that nobody calls.
struct NodeAtRest: Benchmark {
    private static let subject = "godwit"
    private static let seconds = 10

    let moment: Moment

    /// When the node is looked at.
    enum Moment: Sendable {
        /// Just started, no function published, when no case before this one used the node.
        case fresh
        /// After all other cases that use the node.
        case afterLoad
    }

    var name: String { moment == .fresh ? "rest" : "rest-after" }
    var title: String { moment == .fresh ? "a node at rest, just started" : "a node at rest, after the other cases" }

    var explanation: String {
        """
        \(Self.seconds) s without a call. Wake-ups are the voluntary context switches of all threads of node and \
        spawner, CPU is theirs too. Instances that are still kept warm are counted, their memory is not.
        """
    }

    var goals: [Goal] { [Goal(Self.subject, .resident, .value, bar: 40)] }

    func rounds(wanted: Int) -> Int { 1 }

    func subjects(on bench: Workbench) -> [Subject] {
        [
            Subject(Self.subject) {
                let node = try bench.node()
                try System.sleep(milliseconds: 3000)
                return {
                    let before = Node.platform(node.family)
                    try System.sleep(milliseconds: Self.seconds * 1000)
                    let family = node.family
                    let after = Node.platform(family)
                    let seconds = Double(Self.seconds)
                    return [
                        (.resident, after.running(["godwit"]).residentMebibytes),
                        (.anonymous, after.running(["godwit"]).anonymousMebibytes),
                        (.spawnerResident, after.running(["godwit-spawner"]).residentMebibytes),
                        (.wakeUps, after.wakeUps(since: before) / seconds),
                        (.cpuShare, after.cpuMicroseconds(since: before) / 1000 / seconds),
                        (.instances, Double(Node.functions(family).members.count)),
                    ]
                }
            }
        ]
    }
}
