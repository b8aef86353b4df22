import ArgumentParser
import NIOCore

/// A time that something is late by, such as `25ms`, `1.5s` or `800us`, at most an hour.
struct Lag: ExpressibleByArgument, Sendable {
    let amount: TimeAmount

    init(_ amount: TimeAmount) { self.amount = amount }

    init?(argument: String) {
        let units: [(name: String, nanoseconds: Double)] = [("ms", 1e6), ("us", 1e3), ("s", 1e9)]
        guard let unit = units.first(where: { argument.hasSuffix($0.name) }),
            let number = Double(argument.dropLast(unit.name.count)), (0...3.6e12).contains(number * unit.nanoseconds)
        else { return nil }
        amount = .nanoseconds(Int64(number * unit.nanoseconds))
    }
}
