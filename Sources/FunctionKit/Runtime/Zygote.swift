/// What a process does that has initialised and serves no call: it waits for the spawner to have it forked.
///
/// A fork gives up what a zygote has and an instance has not, presents itself to the spawner, and is an instance from then
/// on. The other side of the packets is `CSandbox/zygote.c`.
struct Zygote {
    /// The socket to the spawner, where an instance has the one to the node.
    let control: Int32

    private static let fork: UInt8 = 1, reap: UInt8 = 2, ready: UInt8 = 1, ended: UInt8 = 2

    /// Answers the spawner; returns in each fork, once it is an instance.
    ///
    /// - Throws: `ZygoteObstacle` where the process cannot be forked; `SystemError` in a fork that did not become an instance.
    func wait() throws {
        try Self.check()
        try System.sendPacket(control, [Self.ready].span)
        while true {
            let (packet, descriptors) = try System.receivePacket(control)
            switch packet.first {
            case nil: System.exit(0)
            case Self.fork:
                // Where there are as many threads as may be, this one does not come about; the others must not end for that.
                if (try? System.fork()) == true { return try become(packet, descriptors) }
                descriptors.forEach(System.close)
            case Self.reap: try reap(packet)
            default: break
            }
        }
    }

    private static func check() throws(ZygoteObstacle) {
        if System.entries(of: "/proc/self/task").count > 1 { throw .threads }
        // The listing itself takes a number, which is closed again by now.
        let numbers = System.entries(of: "/proc/self/fd").compactMap { Int32($0) }
        if numbers.contains(where: { $0 > 3 && System.isOpen($0) }) { throw .openDescriptors }
        if !System.entries(of: "/tmp").isEmpty { throw .temporaryFiles }
    }

    /// Tells how a fork has ended.
    private func reap(_ packet: [UInt8]) throws(SystemError) {
        var cursor = ByteCursor(at: 4)
        guard let number = cursor.integer(UInt32.self, in: packet.span) else { throw Self.malformed }
        let end = try System.awaitEnd(of: Int32(bitPattern: number))
        var answer: [UInt8] = [Self.ended, 0, 0, 0]
        answer.appendInteger(number)
        answer.appendInteger(UInt32(bitPattern: end.code))
        answer.appendInteger(UInt32(bitPattern: end.signal))
        answer.appendInteger(end.cpuNanoseconds)
        try System.sendPacket(control, answer.span)
    }

    /// The fork's own way: mounts, capabilities, domain, filter; then its descriptors.
    private func become(_ packet: [UInt8], _ descriptors: [Int32]) throws(SystemError) {
        guard descriptors.count >= 2 else { throw Self.malformed }
        let (presented, rules) = (descriptors[0], descriptors[1])
        let filter = try Self.filter(in: packet)
        for group in descriptors.dropFirst(2) { try System.write(group, Array("0".utf8).span) }
        let mounts = try System.isolateMounts()
        try System.dropCapabilities()
        try System.enterDomain(rules)
        try System.enterFilter(filter)
        try System.sendPacket(presented, [0].span, descriptor: mounts)
        // Nobody waits for it yet, as a rule.
        Rehearsal.run()
        let given = try Standby.takeDescriptors(over: presented, to: control)
        for descriptor in given.union(descriptors + [mounts]) { System.close(descriptor) }
    }

    /// The filter of a fork, with this process's number where it belongs.
    private static func filter(in packet: [UInt8]) throws(SystemError) -> [UInt8] {
        let instruction = 8, operand = 4
        var cursor = ByteCursor(at: 2)
        guard let place = cursor.integer(UInt16.self, in: packet.span),
            let count = cursor.integer(UInt32.self, in: packet.span),
            packet.count == cursor.offset + Int(count) * instruction, place < count
        else { throw malformed }
        var filter = Array(packet[cursor.offset...])
        var number: [UInt8] = []
        number.appendInteger(UInt32(bitPattern: System.processNumber))
        let start = Int(place) * instruction + operand
        filter.replaceSubrange(start..<start + number.count, with: number)
        return filter
    }

    private static var malformed: SystemError { SystemError("recvmsg", System.invalid) }
}
