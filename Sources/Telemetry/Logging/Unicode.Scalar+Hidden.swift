extension Unicode.Scalar {
    /// Whether a log line must not hold this as it is: controls and line separators, which could fake a line or drive a
    /// terminal, and those that change the direction of text, which could make a line read as something else.
    package var isHidden: Bool {
        switch value {
        case 0...0x1f, 0x7f...0x9f, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
        default: false
        }
    }
}
