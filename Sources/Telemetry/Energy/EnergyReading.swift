/// The dynamic energy of a call, and where the number comes from.
package struct EnergyReading: Hashable, Sendable {
    /// What the call used beyond what the node uses at rest, in joules.
    package let joules: Double
    /// How the joules were obtained.
    package let method: EnergyMethod

    /// Makes a reading.
    package init(joules: Double, method: EnergyMethod) {
        self.joules = joules
        self.method = method
    }

    /// Appends the value of a `Godwit-Energy` header: `0.0031 J; method=model`, in whole microjoules.
    package func appendHeader(to bytes: inout [UInt8]) {
        DecimalText.appendShort(joules, to: &bytes)
        bytes.append(contentsOf: " J; method=".utf8)
        bytes.append(contentsOf: method.text.utf8)
    }
}
