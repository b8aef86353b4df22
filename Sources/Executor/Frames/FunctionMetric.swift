/// A number that a function reports about itself.
package struct FunctionMetric: Sendable, Equatable {
    package enum Kind: UInt8, Sendable {
        case counter = 0
        case gauge = 1
        case histogram = 2
    }

    package let kind: Kind
    package let name: String
    package let value: Double
}
