import Continuum
import Testing

/// When calls to a peer are let through.
struct CircuitBreakerTests {
    private var random = SimulatedRandom(seed: 1)

    private mutating func opened(at now: UInt64 = 0) -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<5 { breaker.failed(now, using: &random) }
        return breaker
    }

    /// Asks at several times, in seconds.
    private static func asked(_ breaker: inout CircuitBreaker, at seconds: Double...) -> [Bool] {
        seconds.map { breaker.mayCall(.seconds($0)) }
    }

    @Test("five failures in a row open it, four do not")
    mutating func row() {
        var breaker = CircuitBreaker()
        for _ in 0..<10 {
            for _ in 0..<4 { breaker.failed(0, using: &random) }
            let mayCall = Self.asked(&breaker, at: 0)
            #expect(mayCall == [true] && breaker.state == "closed")
            for _ in 0..<96 { breaker.succeeded() }
        }
        for _ in 0..<5 { breaker.failed(0, using: &random) }
        let mayCall = Self.asked(&breaker, at: 0)
        #expect(mayCall == [false] && breaker.state == "open")
    }

    @Test("more than a fifth of the last 100 opens it, once there were 20")
    mutating func share() {
        var few = CircuitBreaker()
        for index in 0..<19 {
            index % 3 == 0 ? few.failed(0, using: &random) : few.succeeded()
        }
        #expect(few.state == "closed")
        few.failed(0, using: &random)
        #expect(few.state == "open")

        var fifth = CircuitBreaker()
        for index in 0..<500 {
            index % 5 == 4 ? fifth.failed(0, using: &random) : fifth.succeeded()
        }
        #expect(fifth.state == "closed", "exactly a fifth is borne")
        for _ in 0..<2 { fifth.failed(0, using: &random) }
        #expect(fifth.state == "open")
    }

    @Test("half-open lets one call through at a time and closes after two that succeed")
    mutating func halfOpen() {
        var breaker = opened()
        let first = Self.asked(&breaker, at: 0.79, 1.21, 1.3)
        #expect(first == [false, true, false] && breaker.state == "half-open")
        breaker.succeeded()
        #expect(breaker.state == "half-open")
        let second = Self.asked(&breaker, at: 1.4, 1.4)
        #expect(second == [true, false])
        breaker.succeeded()
        #expect(breaker.state == "closed")
        #expect(breaker == CircuitBreaker())
    }

    @Test("the pause doubles from 1 s to 60 s, a fifth more or less")
    mutating func backoff() {
        var breaker = opened()
        var now = 0.0
        for pause in [1.0, 2, 4, 8, 16, 32, 60, 60, 60] {
            let mayCall = Self.asked(&breaker, at: now + pause * 0.799, now + pause * 1.201)
            #expect(mayCall == [false, true])
            now += pause * 1.201
            breaker.failed(.seconds(now), using: &random)
            #expect(breaker.state == "open")
        }
    }

    @Test("the jitter spreads over the whole range")
    mutating func jitter() {
        var first: [Int] = []
        for _ in 0..<200 {
            var breaker = opened()
            first.append((0...500).first { breaker.mayCall(.seconds(0.75 + Double($0) / 1000)) } ?? -1)
        }
        #expect((first.min() ?? 0) < 70 && (first.max() ?? 0) > 430)
        #expect(Set(first).count > 100)
    }

    @Test("calls from before it opened change nothing, and a trial that is never heard of is given up")
    mutating func stragglers() {
        var breaker = opened()
        let before = breaker
        breaker.succeeded()
        breaker.failed(0, using: &random)
        #expect(breaker == before)
        let mayCall = Self.asked(&breaker, at: 2, 61.9, 62)
        #expect(mayCall == [true, false, true])
    }
}
