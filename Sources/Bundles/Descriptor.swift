/// An open file descriptor; closed when it goes out of scope.
struct Descriptor: ~Copyable {
    let raw: Int32

    init(owning raw: Int32) { self.raw = raw }

    deinit { System.close(raw) }
}
