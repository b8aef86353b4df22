/// A system call that failed.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The name of the call.
    let call: String
    /// Its errno.
    let code: Int32

    /// Makes an error from the name of a call and its errno.
    package init(_ call: String, _ code: Int32) {
        self.call = call
        self.code = code
    }

    /// The call and its errno, for people.
    package var description: String { "\(call) failed with errno \(code)" }
}
