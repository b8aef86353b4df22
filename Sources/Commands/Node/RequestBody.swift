/// What a request carries.
enum RequestBody: Sendable {
    case none
    case bytes([UInt8])
    /// A file of that size, read as it is sent; the closure hears how much has been sent.
    case file(path: String, size: UInt64, sent: @Sendable (UInt64) -> Void)
}
