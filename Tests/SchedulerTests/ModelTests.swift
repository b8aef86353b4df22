import Domain
import Scheduler
import Testing

struct ModelTests {
    private static func normal(_ random: inout SplitMix64) -> Double { Math.normalQuantile(random.unit()) }

    @Test("a class's estimate goes from what is expected to what was seen")
    func shrinkage() {
        var effects = ClassEffects()
        effects.add()
        effects.add()
        var table = ClassTable(prior: 1)
        func value(_ index: Int) -> Double {
            table.value(class: index, effect: table.functionEffect(effects), effects)
        }
        #expect(value(0) == 1)
        for _ in 0..<3 { table.observe(4, class: 0) }
        #expect(value(0) > 2.5 && value(0) < 4)
        // What was seen on one class is a guess for the other.
        #expect(value(1) > 2)
        for _ in 0..<200 { table.observe(4, class: 0) }
        #expect(abs(value(0) - 4) < 0.05)
        #expect(table.shrunk(to: 3, effects).estimate(0).weight == 3)
    }

    @Test("a class that is known from benchmarks alone is guessed by their ratio")
    func benchmarks() {
        var effects = ClassEffects()
        effects.add()
        effects.add()
        effects.benchmarked(SpeedProfile(integer: 1000, floating: 1000, memory: 1000, hashing: 1000), class: 0)
        effects.benchmarked(SpeedProfile(integer: 250, floating: 250, memory: 250, hashing: 250), class: 1)
        var table = ClassTable(prior: 0)
        for _ in 0..<300 { table.observe(Math.log(10), class: 0) }
        let guess = Math.exp(table.value(class: 1, effect: table.functionEffect(effects), effects))
        // Four times slower, less what is left of the prior.
        #expect(guess > 25 && guess < 45)
    }

    @Test("effects of classes are learned from many functions")
    func effects() {
        var random = SplitMix64(seed: 1)
        var effects = ClassEffects()
        effects.add()
        effects.add()
        var tables = (0..<20).map { _ in ClassTable(prior: 0) }
        for step in 0..<4000 {
            let function = step % 20
            let index = random.index(below: 2)
            let logarithm = Double(function) / 5 + (index == 1 ? Math.log(3) : 0) + 0.1 * Self.normal(&random)
            tables[function].observe(logarithm, class: index)
            effects.observe(logarithm - tables[function].functionEffect(effects, withPrior: false), class: index)
        }
        #expect(abs(effects[1] - effects[0] - Math.log(3)) < 0.15)
    }

    @Test("calls that count for less because they ran in a crowd do not carry a class's effect off")
    func crowds() throws {
        var random = SplitMix64(seed: 3)
        var shared = SharedModels()
        let index = shared.number(of: .generic)
        var model = FunctionModel(spec: try Continuum.version().spec)
        for _ in 0..<200_000 {
            // What a crowd added is taken off, and often too much of it.
            let crowd = 1 + Double(random.index(below: 16))
            let alone = max(0.3 / crowd.squareRoot(), 0.001)
            _ = model.observeExecution(alone, bytes: 64, class: index, share: 1 / crowd, &shared)
        }
        #expect(abs(shared.effects[index]) < 1)
        let predicted = model.executionMilliseconds(class: index, shared)
        #expect(predicted > 0.07 && predicted < 0.31, "\(predicted) ms")
    }

    @Test("the size's exponent is learned, and corrects what was learned before it", arguments: [0.0, 0.5, 1.0])
    func sizes(exponent: Double) throws {
        var random = SplitMix64(seed: 2)
        var shared = SharedModels()
        let index = shared.number(of: .generic)
        var model = FunctionModel(spec: try Continuum.version().spec)
        for _ in 0..<600 {
            let bytes = UInt64(Math.exp(7 + 7 * random.unit()))
            let time = 5 * Math.exp(exponent * SizeSlope.feature(bytes) + 0.1 * Self.normal(&random))
            _ = model.observeExecution(time, bytes: bytes, class: index, share: 1, &shared)
        }
        for bytes: UInt64 in [1 << 10, 1 << 14, 1 << 20] {
            let expected = 5 * Math.exp(exponent * SizeSlope.feature(bytes))
            let predicted = model.executionMilliseconds(class: index, shared) * model.sizeFactor(bytes)
            #expect(abs(predicted / expected - 1) < 0.12, "\(bytes) bytes")
        }
    }

    @Test("drift is noticed soon after it comes, and not before", arguments: [2.0, 0.5])
    func drift(factor: Double) {
        var random = SplitMix64(seed: 3)
        var falseAlarms = 0
        var test = PageHinkley()
        for _ in 0..<20_000 where test.observe(0.2 * Self.normal(&random)) { falseAlarms += 1 }
        #expect(falseAlarms <= 1)
        var delay = 0
        repeat { delay += 1 } while !test.observe(Math.log(factor) + 0.2 * Self.normal(&random)) && delay < 200
        #expect(delay <= 15)
    }

    @Test("a tail covers its share of calls, also while the spread of times drifts", arguments: [0.9, 0.95, 0.99])
    func coverage(quantile: Double) {
        var random = SplitMix64(seed: 4)
        var tail = TailModel(quantile: quantile)
        var inside = 0
        let count = 20_000
        for step in 0..<count {
            let spread = 0.2 + 0.5 * Double(step) / Double(count)
            let ratio = Math.exp(spread * Self.normal(&random) + 0.4 * Double(step) / Double(count))
            let limit = tail.factor ?? TailModel.prior(quantile)
            if ratio <= limit { inside += 1 }
            _ = tail.observe(ratio, isAbove: ratio > limit)
        }
        #expect(abs(Double(inside) / Double(count) - quantile) < 0.01)
    }

    @Test("a node that fails often is left out, and comes back with time")
    func failures() {
        var model = FailureModel()
        #expect(model.factor == 1 && !model.isFailing)
        let second: UInt64 = 1_000_000_000
        for step in 1...50 { model.observe(isFailure: false, at: UInt64(step) * second) }
        #expect(!model.isFailing && model.factor == 1)
        model.observe(isFailure: true, at: 51 * second)
        #expect(!model.isFailing && model.factor > 1 && model.factor < 1.2)
        for step in 52...150 { model.observe(isFailure: true, at: UInt64(step) * second) }
        #expect(model.isFailing && model.probability > 0.8)
        model.fade(at: 150 * second + 3600 * second)
        #expect(!model.isFailing)
    }

    @Test("the price of an objective rises while it is missed too often, and stays within bounds")
    func price() {
        var price = DualPrice()
        let start = price.value
        for step in 0..<100 { price.observe(isMissed: step % 5 == 0, allowed: 0.05) }
        #expect(price.value > start)
        for _ in 0..<10_000 { price.observe(isMissed: true, allowed: 0.05) }
        #expect(price.value == DualPrice.highest)
        for _ in 0..<10_000 { price.observe(isMissed: false, allowed: 0.05) }
        #expect(price.value == DualPrice.least)
    }

    @Test("watts move from what the description says to what is measured")
    func energy() {
        var energy = EnergyCalibration()
        #expect(energy.watts(described: 5) == 5)
        for _ in 0..<2000 { energy.observe(joules: 0.8, cpuMilliseconds: 100) }
        #expect(abs(energy.watts(described: 5) - 8) < 0.1)
        energy.observe(joules: .nan, cpuMilliseconds: 100)
        #expect(energy.watts(described: 5).isFinite)
    }

    @Test("a new version starts from the one before, and trusts it little")
    func inherits() throws {
        var shared = SharedModels()
        let index = shared.number(of: .generic)
        var model = FunctionModel(spec: try Continuum.version().spec)
        for _ in 0..<100 { _ = model.observeExecution(80, bytes: 0, class: index, share: 1, &shared) }
        var next = FunctionModel(spec: try Continuum.version(number: 2).spec, inheriting: model, shared)
        #expect(abs(next.executionMilliseconds(class: index, shared) / 80 - 1) < 0.3)
        for _ in 0..<10 { _ = next.observeExecution(20, bytes: 0, class: index, share: 1, &shared) }
        #expect(next.executionMilliseconds(class: index, shared) < 35)
        #expect(next.observations(class: index) == 10)
    }
}
