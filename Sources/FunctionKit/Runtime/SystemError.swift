/// A system call that failed.
struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The name of the call.
    let call: String
    /// Its errno.
    let code: Int32

    init(_ call: String, _ code: Int32) {
        self.call = call
        self.code = code
    }

    var description: String { "\(call) failed with errno \(code)" }
}
