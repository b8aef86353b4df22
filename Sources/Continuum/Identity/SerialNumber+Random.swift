import X509

extension Certificate.SerialNumber {
    /// A random serial number of 16 bytes, the first of which is not 0, so that it always has 32 hexadecimal digits.
    static func random() -> Certificate.SerialNumber {
        var random = SystemRandomNumberGenerator()
        let first = UInt8.random(in: 1 ... .max, using: &random)
        return Certificate.SerialNumber(
            bytes: [first] + (1..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        )
    }
}
