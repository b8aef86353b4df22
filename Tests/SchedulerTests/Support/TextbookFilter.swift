/// Recursive least squares as in textbooks, in single precision: what not to do.
///
/// `P = (P − Px·kᵀ)/λ` is symmetric on paper only; the part that rounding makes asymmetric grows as λ⁻ᵗ.
struct TextbookFilter {
    private(set) var coefficients: [Float]
    private var covariance: [[Float]]
    private let forgetting: Float

    init(dimension: Int, forgetting: Float) {
        coefficients = Array(repeating: 0, count: dimension)
        covariance = (0..<dimension).map { row in (0..<dimension).map { $0 == row ? 100 : 0 } }
        self.forgetting = forgetting
    }

    mutating func observe(_ features: [Float], _ target: Float) {
        let count = features.count
        let spread = (0..<count).map { row in (0..<count).reduce(Float(0)) { $0 + covariance[row][$1] * features[$1] } }
        let denominator = forgetting + (0..<count).reduce(Float(0)) { $0 + spread[$1] * features[$1] }
        let gain = spread.map { $0 / denominator }
        let error = target - (0..<count).reduce(Float(0)) { $0 + coefficients[$1] * features[$1] }
        for row in 0..<count {
            coefficients[row] += gain[row] * error
            for column in 0..<count {
                covariance[row][column] = (covariance[row][column] - spread[row] * gain[column]) / forgetting
            }
        }
    }
}
