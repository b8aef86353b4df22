import Domain
import Gateway
import Testing

@Suite("What a peer says of a call")
struct PeerOutcomeTests {
    @Test("survives its header")
    func roundTrip() {
        let outcome = PeerOutcome(
            start: .cold,
            phases: CallPhases(queue: 1, spawn: 7, exec: 5, initialise: 9, function: 6, run: 4),
            use: ResourceUse(
                cpuNanoseconds: 5,
                memoryPeakBytes: 6,
                joules: 0.125e-7,
                grams: 3.5e-9,
                energyMethod: "powercap"
            ),
            wasStarted: true,
            requestBytes: 7,
            responseBytes: .max
        )
        #expect(PeerOutcome(outcome.text) == outcome)
    }

    @Test(
        "is refused when it is malformed",
        arguments: ["x", "run=-1", "joules=nan", "joules=-1", "run=1e3", String(repeating: "a=1;", count: 300)]
    )
    func malformed(_ text: String) {
        #expect(PeerOutcome(text) == nil)
    }
}

@Suite("Whether a failed call may be tried elsewhere")
struct RetryRuleTests {
    @Test("never where it might run twice, unless that does no harm", arguments: CallFailure.Kind.allCases)
    func rule(_ kind: CallFailure.Kind) {
        func allows(_ started: Bool, _ idempotent: Bool, _ attempts: Int = 1) -> Bool {
            RetryRule.allowsAnother(
                after: kind,
                mayHaveStarted: started,
                isIdempotent: idempotent,
                attempts: attempts
            )
        }
        #expect(!allows(true, false), "it may have run")
        #expect(!allows(false, true, RetryRule.attemptLimit), "it was tried often enough")
        if kind == .nodeLost {
            #expect(allows(true, true) && allows(false, false))
        } else {
            #expect(!allows(true, true), "only the loss of a node says nothing of the call")
        }
        if kind.origin == .function || kind == .cancelled || kind == .expired || kind == .loop {
            #expect(!allows(false, true))
        }
    }
}

@Suite("What a caller prefers")
struct PreferenceTests {
    @Test("is a weight, whatever its case")
    func known() throws {
        #expect(try Preference.of(" Energy ") == .energy)
        #expect(try Preference.of(nil) == nil)
        #expect(throws: Invalid.self) { try Preference.of("speed") }
    }

    @Test("a function that names a secret stays where that may be read")
    func secrets() throws {
        let (edge, cloud) = (try Tier("edge"), try Tier("cloud"))
        let secret = try SecretName("KEY")
        let names = [try NodeName("e1"), try NodeName("c1"), try NodeName("home")]
        var reach = SecretReach(nodes: [names[0]: edge, names[1]: cloud, names[2]: cloud], home: names[2])
        var spec = FunctionSpec(name: try FunctionName("f"), runtime: .exec, handler: "f")
        #expect(reach.barred(for: spec, adding: [:]).isEmpty)
        spec = FunctionSpec(name: try FunctionName("f"), runtime: .exec, handler: "f", secrets: [secret])
        #expect(Set(reach.barred(for: spec, adding: [:]).keys) == [names[0], names[1]])
        reach.tiers[secret] = [edge]
        #expect(Set(reach.barred(for: spec, adding: [:]).keys) == [names[1]])
    }
}
