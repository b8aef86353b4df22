/// Numbers rounded so that what is shown adds up to the sum that is shown.
///
/// The largest remainders are rounded up, as seats are given to parties; no number is more than one last digit off.
package struct RoundedSum: Hashable, Sendable {
    private let decimals: Int
    /// The parts in units of the last digit.
    private let units: [Int64]

    /// Rounds to that many decimals.
    package init(_ values: [Double], decimals: Int) {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        // Beyond 1e15 a Double has no last digits to give away.
        let scaled = values.map { $0.isFinite ? min(max($0 * scale, -1e15), 1e15) : 0 }
        let floors = scaled.map { $0.rounded(.down) }
        let total = scaled.reduce(0, +).rounded()
        let missing = min(max(Int(total - floors.reduce(0, +)), 0), values.count)
        let byRemainder = scaled.indices.sorted { scaled[$0] - floors[$0] > scaled[$1] - floors[$1] }
        var units = floors.map { Int64($0) }
        for index in byRemainder.prefix(missing) { units[index] += 1 }
        self.units = units
        self.decimals = decimals
    }

    private init(units: [Int64], decimals: Int) {
        self.units = units
        self.decimals = decimals
    }

    /// The parts as text.
    package var parts: [String] { units.map { text($0, isSigned: false) } }
    /// Their sum as text.
    package var total: String { text(units.reduce(0, +), isSigned: false) }
    /// The parts as text, with a plus where they are more than zero.
    package var signedParts: [String] { units.map { text($0, isSigned: true) } }
    /// Their sum as text, with a plus where it is more than zero.
    package var signedTotal: String { text(units.reduce(0, +), isSigned: true) }

    /// Part by part what is left; both have as many parts and decimals.
    package static func - (left: RoundedSum, right: RoundedSum) -> RoundedSum {
        RoundedSum(units: zip(left.units, right.units).map { $0 - $1 }, decimals: left.decimals)
    }

    private func text(_ units: Int64, isSigned: Bool) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        return (isSigned && units > 0 ? "+" : "") + Human.decimal(Double(units) / scale, decimals)
    }
}
