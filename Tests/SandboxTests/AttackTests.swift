import Foundation
import Testing

/// Every attack, as every account, in every kind of sandbox: what comes of it is what the layer that stops it does.
@Suite("Attacks from within", .timeLimit(.minutes(5)))
struct AttackTests {
    @Test("no attack succeeds, and what stops each is what should", arguments: Account.available, Profile.allCases)
    func all(_ account: Account, _ profile: Profile) async throws {
        let attempts = try await Sandbox.run(as: account) { sandbox in
            let victim = try sandbox.startVictim(as: profile)
            let (slow, quick) = Attack.split { $0.expected(in: profile) == .time }
            // Some end only when they are ended; the others must have had the time, whatever else runs.
            var attempts = try sandbox.attempt(quick, as: profile, victim: victim, seconds: 6)
            // These need a core for themselves until their second is over.
            for attack in slow {
                attempts += try sandbox.attempt([attack], as: profile, victim: victim, seconds: 20)
            }
            #expect(sandbox.isLive(victim), "the neighbour was hurt")
            try sandbox.endAll()
            return attempts
        }
        #expect(attempts.count == Attack.all.count)
        let found = Dictionary(attempts.map { ($0.attack, $0) }) { first, _ in first }
        for attack in Attack.all {
            let attempt = try #require(found[attack.name], "\(attack.name) was not tried")
            #expect(attack.holds(attempt, in: profile), "\(attempt), not \(attack.expected(in: profile))")
        }
    }

    @Test("nor does any in a program that waited before it was asked for", arguments: Account.available)
    func waiting(_ account: Account) async throws {
        let profile = Profile.executable
        let attacks = Attack.all.filter { ![.time, .stopped].contains($0.expected(in: profile)) }
        let attempts = try await Sandbox.run(as: account) { sandbox in
            let victim = try sandbox.startVictim(as: profile)
            let attempts = try sandbox.attemptWaiting(attacks.map(\.name), as: profile, victim: victim)
            #expect(sandbox.isLive(victim), "the neighbour was hurt")
            try sandbox.endAll()
            return attempts
        }
        let found = Dictionary(attempts.map { ($0.attack, $0) }) { first, _ in first }
        for attack in attacks {
            let attempt = try #require(found[attack.name], "\(attack.name) was not tried in a program that waited")
            #expect(attack.holds(attempt, in: profile), "\(attempt), not \(attack.expected(in: profile))")
        }
    }

    @Test("nor does any in a fork of a zygote", arguments: Account.available, [Profile.executable, .python])
    func forked(_ account: Account, _ profile: Profile) async throws {
        let attempts = try await Sandbox.run(as: account) { sandbox in
            let victim = try sandbox.startVictim(as: profile)
            let (slow, quick) = Attack.split { $0.expected(in: profile) == .time }
            var attempts = try sandbox.attempt(quick, as: profile, victim: victim, seconds: 6, way: .forked)
            for attack in slow {
                attempts += try sandbox.attempt([attack], as: profile, victim: victim, seconds: 20, way: .forked)
            }
            #expect(sandbox.isLive(victim), "the neighbour was hurt")
            try sandbox.endAll()
            return attempts
        }
        let found = Dictionary(attempts.map { ($0.attack, $0) }) { first, _ in first }
        for attack in Attack.all {
            let attempt = try #require(found[attack.name], "\(attack.name) was not tried")
            let expected = attack.expected(in: profile, isForked: true)
            #expect(attack.holds(attempt, in: profile, isForked: true), "\(attempt), not \(expected)")
        }
    }

    @Test("the table has every attack that the program has")
    func complete() async throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: try Workshop.attacks.get())
        process.arguments = ["--list"]
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let names = text.split(separator: "\n").map(String.init).filter { $0 != "be_there" }
        #expect(Set(names) == Set(Attack.all.map(\.name)) && names.count == Attack.all.count)
    }
}

extension Attack {
    /// The names of those that a condition holds for, and of the others.
    static func split(_ condition: (Attack) -> Bool) -> (those: [String], others: [String]) {
        let those = all.filter(condition).map(\.name)
        return (those, all.map(\.name).filter { !those.contains($0) })
    }
}
