import Continuum
import Testing

/// The failure detector of one peer.
struct PeerHealthTests {
    private static func alive(at now: UInt64 = .seconds(1)) -> PeerHealth {
        var health = PeerHealth()
        health.succeeded(now)
        return health
    }

    private static func suspect() -> PeerHealth {
        var health = alive()
        health.failed(.seconds(1.1))
        return health
    }

    private static func dead() -> PeerHealth {
        var health = alive()
        for _ in 0..<3 { health.failed(.seconds(1.1)) }
        return health
    }

    /// Each state with each event, and what it becomes.
    @Test("every state knows every event")
    func transitions() {
        func after(_ start: PeerHealth, _ event: (inout PeerHealth) -> Void) -> PeerHealth.State {
            var health = start
            event(&health)
            return health.state
        }
        let now = UInt64.seconds(1.2)
        let table: [(PeerHealth, [PeerHealth.State])] = [
            // success, failure, lost call, answered call, 1.5 s of silence, 2 s of silence
            (PeerHealth(), [.alive, .unknown, .unknown, .unknown, .unknown, .unknown]),
            (
                Self.alive(),
                [.alive, .suspect(.silent), .suspect(.callLost), .alive, .suspect(.silent), .dead]
            ),
            (
                Self.suspect(),
                [.suspect(.silent), .suspect(.silent), .suspect(.silent), .suspect(.silent), .suspect(.silent), .dead]
            ),
            (Self.dead(), [.suspect(.returning), .dead, .dead, .dead, .dead, .dead]),
        ]
        for (start, expected) in table {
            let states = [
                after(start) { $0.succeeded(now) }, after(start) { $0.failed(now) }, after(start) { $0.lostCall(now) },
                after(start) { $0.answeredCall(now) }, after(start) { $0.passed(.seconds(2.5)) },
                after(start) { $0.passed(.seconds(3)) },
            ]
            #expect(states == expected, "from \(start.state)")
        }
    }

    @Test("three failures in a row are death, from wherever")
    func death() {
        var unknown = PeerHealth()
        for index in 1...3 {
            unknown.failed(.seconds(Double(index)))
            #expect(unknown.state == (index < 3 ? .unknown : .dead))
        }
        var suspect = Self.suspect()
        suspect.failed(.seconds(1.2))
        #expect(suspect.state == .suspect(.silent))
        suspect.succeeded(.seconds(1.3))
        suspect.failed(.seconds(1.4))
        suspect.failed(.seconds(1.5))
        #expect(suspect.state == .suspect(.silent), "a success between breaks the row")
        suspect.failed(.seconds(1.6))
        #expect(suspect.state == .dead)
    }

    @Test("two answers in a row bring a peer back; a failure between begins anew")
    func recovery() {
        var health = Self.suspect()
        health.succeeded(.seconds(1.2))
        #expect(health.state == .suspect(.silent))
        health.failed(.seconds(1.3))
        health.succeeded(.seconds(1.4))
        #expect(health.state == .suspect(.silent))
        health.succeeded(.seconds(1.5))
        #expect(health.state == .alive)

        var dead = Self.dead()
        dead.succeeded(.seconds(9))
        #expect(dead.state == .suspect(.returning))
        dead.answeredCall(.seconds(9.1))
        #expect(dead.state == .suspect(.returning), "calls do not count")
        dead.succeeded(.seconds(9.2))
        #expect(dead.state == .alive)
    }

    @Test("who flaps needs 2, 4, 8, 8 answers; after a quiet minute 2 again")
    func flapping() {
        var health = Self.alive()
        var now = UInt64.seconds(1)
        for expected in [2, 4, 8, 8, 8] {
            now += .seconds(1)
            health.failed(now)
            #expect(health.required == expected)
            for count in 1...expected {
                now += .seconds(0.4)
                health.succeeded(now)
                #expect((health.state == .alive) == (count == expected))
            }
        }
        for _ in 0..<61 {
            now += .seconds(1)
            health.succeeded(now)
        }
        health.lostCall(now)
        #expect(health.required == 2)
    }

    @Test("time in which this node stood still does not count")
    func excuse() {
        var health = Self.alive()
        health.excuse(.seconds(10), now: .seconds(12))
        health.passed(.seconds(12))
        #expect(health.state == .alive)
        #expect(health.silence(.seconds(12)) == .seconds(1))
        #expect(health.isMeasured(.seconds(12)))
        #expect(!health.isMeasured(.seconds(13)))
        health.succeeded(.seconds(20))
        health.excuse(.seconds(10), now: .seconds(20))
        #expect(health.silence(.seconds(21)) == .seconds(1), "an answer is not moved into the future")
    }

    @Test("nothing traps, whatever comes in whatever order", arguments: 0..<4)
    func fuzz(seed: UInt64) {
        var random = SimulatedRandom(seed: seed)
        var health = PeerHealth()
        var row = 0
        for _ in 0..<5000 {
            let now = UInt64.random(in: 0...(.seconds(300)), using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0:
                health.succeeded(now)
                row = 0
            case 1:
                health.failed(now)
                row += 1
            case 2: health.lostCall(now)
            case 3: health.passed(now)
            default: health.answeredCall(now)
            }
            #expect(row < PeerHealth.deathFailures || health.state == .dead)
            #expect(PeerHealth.recovery.contains(health.required))
            if health.state == .alive { #expect(health.lastAnswer != nil) }
        }
    }
}
