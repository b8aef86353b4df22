/// A process and everything that descends from it, at one moment.
struct ProcessFamily: Sendable {
    let members: [ProcessUse]

    /// Reads the family of a process.
    init(of ancestor: Int32) {
        let all = System.names(in: "/proc").compactMap { Int32($0) }.compactMap { ProcessUse(process: $0) }
        var family: Set<Int32> = [ancestor]
        var grew = true
        while grew {
            let found = all.filter { family.contains($0.parent) && !family.contains($0.process) }.map(\.process)
            family.formUnion(found)
            grew = !found.isEmpty
        }
        self.members = all.filter { family.contains($0.process) }
    }

    private init(members: [ProcessUse]) { self.members = members }

    /// The members whose program's file has one of these names.
    func running(_ programs: Set<String>) -> ProcessFamily {
        ProcessFamily(members: members.filter { programs.contains($0.program) })
    }

    /// The members whose program's file has none of these names.
    func running(otherThan programs: Set<String>) -> ProcessFamily {
        ProcessFamily(members: members.filter { !programs.contains($0.program) })
    }

    var anonymousMebibytes: Double { Double(members.reduce(0) { $0 + $1.anonymousBytes }) / 1_048_576 }

    var residentMebibytes: Double { Double(members.reduce(0) { $0 + $1.residentBytes }) / 1_048_576 }

    /// Processor time since an earlier moment, of those that are there now.
    func cpuMicroseconds(since earlier: ProcessFamily) -> Double {
        difference(from: earlier, of: \.cpuMicroseconds)
    }

    /// Wake-ups since an earlier moment, of those that are there now.
    func wakeUps(since earlier: ProcessFamily) -> Double { difference(from: earlier) { Double($0.wakeUps) } }

    private func difference(from earlier: ProcessFamily, of value: (ProcessUse) -> Double) -> Double {
        let before = Dictionary(earlier.members.map { ($0.process, value($0)) }) { first, _ in first }
        return members.reduce(0) { $0 + max(0, value($1) - before[$1.process, default: 0]) }
    }
}
