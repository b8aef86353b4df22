/// The error number of a system call that failed.
struct Errno: Error, Hashable {
    let code: Int32
}
