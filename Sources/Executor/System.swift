import CSandbox
import Glibc

/// The system calls that the executor makes; every pointer and every errno of this room is handled here.
enum System {
    /// A system call that failed, with its name and errno.
    struct Failure: Error, CustomStringConvertible {
        let call: String
        let code: Int32

        var description: String {
            // SAFETY: strerror returns a string that stays valid at least until the next call on this thread.
            let reason = unsafe String(cString: strerror(code))
            return "\(call): \(reason) (errno \(code))"
        }
    }

    /// The two ends of a connection: ours, non-blocking, and the one that an instance inherits.
    struct Ends: ~Copyable {
        let near: Descriptor
        let far: Descriptor
    }

    /// A connected pair of stream sockets.
    static func streamPair() throws(Failure) -> Ends {
        var near: Int32 = -1
        var far: Int32 = -1
        // SAFETY: both pointers are to locals that outlive the call.
        try check(unsafe csb_stream_pair(&near, &far), "socketpair")
        return Ends(near: Descriptor(near), far: Descriptor(far))
    }

    /// A connected pair of sequenced-packet sockets, both ends for whoever gets them.
    static func packetPair() throws(Failure) -> Ends {
        var near: Int32 = -1
        var far: Int32 = -1
        // SAFETY: both pointers are to locals that outlive the call.
        try check(unsafe csb_packet_pair(&near, &far), "socketpair")
        return Ends(near: Descriptor(near), far: Descriptor(far))
    }

    /// A pipe of which we keep the reading end, or the writing end.
    static func pipe(weRead: Bool) throws(Failure) -> Ends {
        var near: Int32 = -1
        var far: Int32 = -1
        // SAFETY: both pointers are to locals that outlive the call.
        try check(unsafe csb_pipe(weRead ? 1 : 0, &near, &far), "pipe2")
        return Ends(near: Descriptor(near), far: Descriptor(far))
    }

    /// Closes a descriptor; -1 is ignored.
    static func close(_ descriptor: Int32) {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
    }

    /// Ends both directions of a socket without closing it, so that readers on either side see its end.
    static func shutDown(_ socket: Int32) { _ = shutdown(socket, Int32(SHUT_RDWR)) }

    /// CPU time that all threads of a process have used, in nanoseconds, or nil when it is gone.
    static func processCPU(_ pid: Int32) -> UInt64? {
        let used = csb_process_cpu(pid)
        return used >= 0 ? UInt64(used) : nil
    }

    /// Asks the spawner for an instance.
    static func spawn(
        _ socket: Int32,
        request: csb_spawn_request,
        strings: [UInt8],
        descriptors: [Int32]
    ) throws(Failure) {
        var request = request
        // SAFETY: the spans of `strings` and `descriptors` are live for the call; the callee reads strings_length bytes
        // and CSB_SPAWN_DESCRIPTORS descriptors, which the caller has made them to be.
        let result = unsafe strings.withUnsafeBytes { bytes in
            unsafe descriptors.withUnsafeBufferPointer { list in
                unsafe csb_client_spawn(
                    socket,
                    &request,
                    bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                    list.baseAddress
                )
            }
        }
        try check(result, "spawn request")
    }

    /// Asks the spawner to end an instance; a spawner that is gone has ended them all already.
    static func kill(_ socket: Int32, instance: UInt64) {
        _ = csb_client_kill(socket, instance)
    }

    /// Asks the spawner to have an instance run on one processor, or anywhere; false when its socket is full.
    static func place(_ socket: Int32, instance: UInt64, on processor: Int32?) -> Bool {
        csb_client_place(socket, instance, processor ?? -1) != -EAGAIN
    }

    /// Asks the spawner to stop an instance, or to let it go on.
    static func freeze(_ socket: Int32, instance: UInt64, _ isFrozen: Bool) {
        // Should it fail the spawner is gone, which its client will notice.
        _ = csb_client_freeze(socket, instance, isFrozen ? 1 : 0)
    }

    /// Keeps this thread on the processor where it is; nil where there is no other.
    static func holdProcessor() -> Int32? {
        let processor = csb_processor_hold()
        return processor >= 0 ? processor : nil
    }

    /// Whether a process is there and may use several processors.
    static func isFree(process pid: Int32) -> Bool { csb_processor_count(pid) > 1 }

    /// Lets this thread run anywhere again.
    static func letProcessorGo() { csb_processor_let_go() }

    /// Lets all other threads run anywhere: those that a thread starts are kept where it is.
    static func freeOtherThreads() { csb_processor_free_others() }

    /// Waits for the spawner's next message; nil when it closed its end.
    static func receive(_ socket: Int32) throws(Failure) -> SpawnerEvent? {
        var event = csb_event()
        while true {
            // SAFETY: the pointer is to a local that outlives the call.
            let result = unsafe csb_client_receive(socket, &event)
            if result > 0 { return SpawnerEvent(event) }
            if result == 0 { return nil }
            // Our end does not block, so that sending never does; waiting for messages is done here.
            guard result == -EAGAIN else { throw Failure(call: "spawner event", code: -result) }
            var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            // SAFETY: the pointer is to a local that outlives the call.
            _ = unsafe poll(&waiting, 1, -1)
        }
    }

    /// The name of a system call of this machine; its number where it has none.
    static func callName(_ number: Int32) -> String {
        var text = [CChar](repeating: 0, count: 64)
        // SAFETY: the buffer is as large as the call is told.
        let length = unsafe csb_syscall_name(number, &text, text.count)
        return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The names of the system calls that an event tells of.
    static func calls(of event: csb_event) -> [String] {
        var event = event
        // SAFETY: the pointer is to a local that outlives the call, which only reads it.
        let numbers = (0..<CSB_CALLS_WORDS * 64).filter { unsafe csb_event_has_call(&event, $0) != 0 }
        return numbers.map(callName)
    }

    /// Starts the spawner with one end of a packet socket; returns its process id.
    static func startSpawner(path: String, arguments: [String], socket: Int32) throws(Failure) -> Int32 {
        // SAFETY: strdup'ed copies live until they are freed below, after the call; the array ends with nil.
        var pointers: [UnsafeMutablePointer<CChar>?] = unsafe ([path] + arguments).map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        let result = unsafe csb_start_spawner(path, &pointers, socket)
        unsafe pointers.forEach { unsafe free($0) }
        guard result >= 0 else { throw Failure(call: "exec \(path)", code: -result) }
        return result
    }

    /// Hands a descriptor over with some bytes; the caller's own stays open.
    static func send(descriptor: Int32, with bytes: [UInt8], over socket: Int32) throws(Failure) {
        // SAFETY: the span of `bytes` is live for the call, which reads as many as there are.
        let result = unsafe bytes.withUnsafeBytes {
            unsafe csb_send_descriptor(socket, $0.baseAddress, $0.count, descriptor)
        }
        try check(result, "sendmsg")
    }

    /// Writes a few bytes to a socket that has room for them.
    static func send(_ bytes: [UInt8], over socket: Int32) throws(Failure) {
        // SAFETY: the span of `bytes` is live for the call, which reads as many as there are.
        let sent = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard sent == bytes.count else { throw Failure(call: "send", code: sent < 0 ? errno : EAGAIN) }
    }

    /// Memory for others to map, whose size nobody can change.
    static func sealedPage(_ size: Int) throws(Failure) -> Descriptor {
        let descriptor = csb_sealed_page(size)
        guard descriptor >= 0 else { throw Failure(call: "memfd_create", code: -descriptor) }
        return Descriptor(descriptor)
    }

    /// Waits until a child process has ended, for at most that many milliseconds; false when it still runs.
    static func awaitExit(of pid: Int32, milliseconds: Int) -> Bool {
        for _ in 0..<max(1, milliseconds / 5) {
            var status: Int32 = 0
            // SAFETY: the pointer is to a local that outlives the call.
            let result = unsafe waitpid(pid, &status, WNOHANG)
            if result == pid || (result < 0 && errno == ECHILD) { return true }
            usleep(5000)
        }
        return false
    }

    /// Ends a child process by force.
    static func kill(process pid: Int32) { _ = Glibc.kill(pid, SIGKILL) }

    /// Reads a small file of numbers from its beginning, as text.
    static func readText(_ descriptor: Int32) -> String? {
        var buffer = [UInt8](repeating: 0, count: 512)
        // SAFETY: the buffer's span is live for the call and its size is given.
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    /// Opens a file for reading, close-on-exec; -1 when that fails.
    static func openForReading(_ path: String) -> Int32 { unsafe open(path, O_RDONLY | O_CLOEXEC) }

    /// Writes a file whole: to a new one beside it, with these permissions, which then takes its name.
    static func write(_ bytes: [UInt8], to path: String, mode: UInt32) throws(Failure) {
        let fresh = path + ".new"
        _ = unsafe unlink(fresh)
        let raw = unsafe open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard raw >= 0 else { throw Failure(call: "open \(fresh)", code: errno) }
        let file = Descriptor(raw)
        var written = 0
        while written < bytes.count {
            // SAFETY: the buffer's span is live for the call and what is left of it is given.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(file.raw, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            guard count > 0 else { throw Failure(call: "write \(fresh)", code: errno) }
            written += count
        }
        guard fchmod(file.raw, mode) == 0 else { throw Failure(call: "fchmod \(fresh)", code: errno) }
        guard unsafe rename(fresh, path) == 0 else { throw Failure(call: "rename \(fresh)", code: errno) }
    }

    /// Sets the permissions of a file or folder.
    static func setMode(_ path: String, _ mode: UInt32) throws(Failure) {
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        guard unsafe chmod(path, mode) == 0 else { throw Failure(call: "chmod \(path)", code: errno) }
    }

    /// Whether `path` can be executed by this process.
    static func isExecutable(_ path: String) -> Bool {
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        unsafe access(path, X_OK) == 0
    }

    /// Where the program that runs is, or nil.
    static func executablePath() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        // SAFETY: the buffer's span is live for the call and its size is given.
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return -1 }
            return unsafe readlink("/proc/self/exe", start.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    /// Nanoseconds of the monotonic clock.
    static func monotonicNanoseconds() -> UInt64 {
        var time = timespec()
        // SAFETY: the pointer is to a local that outlives the call.
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Gives up root for good, for the user and group given.
    static func dropPrivileges(user: UInt32, group: UInt32) throws(Failure) {
        try check(csb_drop_privileges(user, group), "drop privileges")
    }

    private static func check(_ result: Int32, _ call: String) throws(Failure) {
        guard result >= 0 else { throw Failure(call: call, code: -result) }
    }
}
