/// Holds values to what single precision can add up and multiply without overflow.
enum Ceiling {
    /// A finite value from 0 to `limit`; what is not a number is 0.
    static func held(_ value: Double, _ limit: Double = 1e9) -> Float {
        value > 0 ? Float(min(value, limit)) : 0
    }
}
