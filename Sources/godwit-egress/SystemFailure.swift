/// An errno of the operating system.
struct SystemFailure: Error {
    let code: Int32
}
