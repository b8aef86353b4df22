import Foundation
import Testing

import enum Scheduler.Math

struct MathTests {
    private static let spread = (0...20_000).map { Double($0) / 20_000 }

    @Test("the exponential is within one unit in the last place or two of the C library's")
    func exponential() {
        for share in Self.spread {
            let x = -700 + 1400 * share
            let expected = Foundation.exp(x)
            #expect(abs(Math.exp(x) - expected) <= 2 * expected.ulp, "exp(\(x))")
        }
        for share in Self.spread {
            let x = -1 + 2 * share
            let expected = Foundation.exp(x)
            #expect(abs(Math.exp(x) - expected) <= 2 * expected.ulp, "exp(\(x))")
        }
    }

    @Test("the logarithm is within one unit in the last place or two of the C library's")
    func logarithm() {
        for share in Self.spread {
            for x in [Foundation.exp(-600 + 1200 * share), 0.5 + share, 1 + 1e-9 * share] {
                let expected = Foundation.log(x)
                #expect(abs(Math.log(x) - expected) <= 2 * expected.ulp, "log(\(x))")
            }
        }
    }

    @Test("ends of the ranges")
    func ends() {
        #expect(Math.exp(0) == 1)
        #expect(Math.exp(1000) == .infinity)
        #expect(Math.exp(-1000) == 0)
        #expect(Math.exp(.nan).isNaN)
        #expect(Math.log(1) == 0)
        #expect(Math.log(0) == -.infinity)
        #expect(Math.log(-1).isNaN)
        #expect(Math.log(.infinity) == .infinity)
        #expect(Math.log(.leastNonzeroMagnitude) == Foundation.log(.leastNonzeroMagnitude))
    }

    @Test("normal quantiles are the inverse of the distribution", arguments: [1e-6, 0.01, 0.02, 0.3, 0.5, 0.95, 0.999])
    func normalQuantiles(probability: Double) {
        let quantile = Math.normalQuantile(probability)
        let back = 0.5 * erfc(-quantile / 2.0.squareRoot())
        #expect(abs(back - probability) < 1e-8 * max(probability, 0.01))
    }
}
