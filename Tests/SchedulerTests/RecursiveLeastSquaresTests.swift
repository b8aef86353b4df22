import Scheduler
import Testing

struct RecursiveLeastSquaresTests {
    @Test("it finds the coefficients of a linear law with noise")
    func finds() {
        var random = SplitMix64(seed: 1)
        var model = RecursiveLeastSquares<3>(priorVariance: 10, forgetting: 0.999)
        for _ in 0..<5000 {
            let features: RecursiveLeastSquares<3>.Vector = [1, random.unit() * 4 - 2, random.unit() * 4 - 2]
            model.observe(features, 0.5 + 2 * features[1] - 3 * features[2] + 0.2 * (random.unit() - 0.5))
        }
        #expect(abs(model.coefficients[0] - 0.5) < 0.02)
        #expect(abs(model.coefficients[1] - 2) < 0.02)
        #expect(abs(model.coefficients[2] + 3) < 0.02)
        #expect(model.variance([1, 0, 0]) < 0.02)
    }

    @Test("a million steps with the same features leave it finite and bounded")
    func windUp() {
        var model = RecursiveLeastSquares<4>(priorVariance: 1, forgetting: 0.99)
        let features: RecursiveLeastSquares<4>.Vector = [1, 0.5, -2, 0.25]
        for _ in 0..<1_000_000 { model.observe(features, 3) }
        #expect(abs(model.predict(features) - 3) < 1e-6)
        #expect(model.trace.isFinite && model.trace > 0 && model.trace < 32)
        // It still learns afterwards, without a jump.
        model.observe([1, 0, 0, 0], 1)
        for index in 0..<4 { #expect(abs(model.coefficients[index]) < 10) }
    }

    @Test("the textbook form diverges in single precision, where this one does not")
    func textbook() {
        // Sixteen features, forgetting 0.999, as in reference/placement.md 2.4.
        var random = SplitMix64(seed: 3)
        let truth = (0..<16).map { _ in random.unit() * 2 - 1 }
        var textbook = TextbookFilter(dimension: 16, forgetting: 0.999)
        var model = RecursiveLeastSquares<16>(priorVariance: 100, forgetting: 0.999)
        var worst: Float = 0
        for _ in 0..<60_000 {
            var features = RecursiveLeastSquares<16>.Vector(repeating: 1)
            for index in 1..<16 { features[index] = random.unit() }
            var target = 0.1 * (random.unit() - 0.5)
            for index in 0..<16 { target += truth[index] * features[index] }
            model.observe(features, target)
            textbook.observe((0..<16).map { Float(features[$0]) }, Float(target))
            for index in 0..<16 {
                let error = abs(textbook.coefficients[index] - Float(truth[index]))
                worst = max(worst, error.isFinite ? error : .greatestFiniteMagnitude)
            }
        }
        #expect(worst > 100, "the textbook form stayed within \(worst)")
        for index in 0..<16 { #expect(abs(model.coefficients[index] - truth[index]) < 0.1) }
    }
}
