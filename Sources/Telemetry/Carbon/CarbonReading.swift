/// The emissions of a call, and the intensity of the electricity that they were calculated with.
package struct CarbonReading: Hashable, Sendable {
    /// Grams of CO₂ equivalent.
    package let grams: Double
    /// Grams of CO₂ equivalent per kilowatt-hour.
    package let intensity: Double

    /// The emissions of so many joules: joules / 3.6e6 · intensity.
    package init(joules: Double, intensity: Double) {
        self.grams = joules / 3.6e6 * intensity
        self.intensity = intensity
    }

    /// Appends the value of a `Godwit-Carbon` header: `0.0000012 g; intensity=380`, in at most four significant digits.
    package func appendHeader(to bytes: inout [UInt8]) {
        DecimalText.appendSignificant(grams, digits: 4, to: &bytes)
        bytes.append(contentsOf: " g; intensity=".utf8)
        DecimalText.appendShort(intensity, to: &bytes)
    }
}
