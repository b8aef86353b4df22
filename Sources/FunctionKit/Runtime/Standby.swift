/// What a process does that was started before anybody asked for it: it waits until it becomes an instance.
///
/// Nothing of the function has been made by then; the program is loaded, and what every call writes to is its own. The
/// other side of the packet is `CSandbox/standby.c`.
struct Standby {
    /// The socket to the spawner, where an instance has the one to the node.
    let control: Int32

    /// Returns once the process has the descriptors of an instance; ends it where nobody will ask for it any more.
    func wait() throws(SystemError) {
        Rehearsal.run()
        for descriptor in try Self.takeDescriptors(over: control, to: control) { System.close(descriptor) }
    }

    /// Takes output, error output and the socket to the node, and puts them at 1, 2 and `target`; returns what can be closed.
    static func takeDescriptors(over socket: Int32, to target: Int32) throws(SystemError) -> Set<Int32> {
        let (go, given) = try System.receivePacket(socket)
        // Nothing more comes: it was given up meanwhile.
        if go.isEmpty { System.exit(0) }
        guard given.count == 3 else { throw SystemError("recvmsg", System.invalid) }
        for (source, target) in zip(given, [Int32(1), 2, target]) { try System.replace(target, with: source) }
        return Set(given)
    }
}
