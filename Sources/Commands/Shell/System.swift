import Domain
import Glibc

/// The system calls of this room: the one file that talks to the C library.
enum System {
    static var isRoot: Bool { geteuid() == 0 }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// The columns of the terminal on `descriptor`, where it is one.
    static func columns(_ descriptor: Int32) -> Int? {
        var size = winsize()
        // SAFETY: ioctl fills the structure, which outlives the call.
        let result = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size)
        return result == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
    }

    /// The rows of the terminal on `descriptor`, where it is one.
    static func rows(_ descriptor: Int32) -> Int? {
        var size = winsize()
        // SAFETY: ioctl fills the structure, which outlives the call.
        let result = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size)
        return result == 0 && size.ws_row > 0 ? Int(size.ws_row) : nil
    }

    /// While it is on, a signal that ends or stops this program first switches the terminal back to its ordinary
    /// screen; Ctrl-C is how one leaves, and no failure.
    static func watchSignals(_ isOn: Bool) {
        for number in [SIGINT, SIGTERM, SIGHUP, SIGTSTP] {
            guard isOn else {
                signal(number, SIG_DFL)
                continue
            }
            signal(number) { number in
                // SAFETY: nothing here but calls that POSIX allows in a handler, and texts that are constants.
                let before = errno
                let (leaving, entering) = (TopScreen.leaving, TopScreen.entering)
                unsafe _ = Glibc.write(STDOUT_FILENO, leaving.utf8Start, leaving.utf8CodeUnitCount)
                guard number == SIGTSTP else { _exit(number == SIGINT ? 0 : 128 + number) }
                raise(SIGSTOP)
                unsafe _ = Glibc.write(STDOUT_FILENO, entering.utf8Start, entering.utf8CodeUnitCount)
                errno = before
            }
        }
    }

    /// The reason of the last failed call, in words.
    static var reason: String { reason(of: errno) }

    /// What an error number means, in words; the first letter is small, to stand within a sentence.
    static func reason(of code: Int32) -> String {
        // SAFETY: strerror returns a terminated text that is copied before another call can change it.
        let text = unsafe String(cString: strerror(code))
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// The environment of this process.
    static var environment: [String: String] {
        var variables: [String: String] = [:]
        // SAFETY: environ is an array of terminated texts that ends with nil; this program never changes it.
        var next = unsafe environ
        while let entry = unsafe next.pointee {
            let text = unsafe String(cString: entry)
            if let mark = text.firstIndex(of: "=") {
                variables[String(text[..<mark])] = String(text[text.index(after: mark)...])
            }
            // SAFETY: not beyond the nil at the end.
            unsafe next += 1
        }
        return variables
    }

    /// The path of this program.
    static var executable: String? { linkTarget("/proc/self/exe") }

    static var workingFolder: String { linkTarget("/proc/self/cwd") ?? "." }

    private static func linkTarget(_ path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        // SAFETY: the buffer is valid for its count for the whole call, and never empty.
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return -1 }
            return unsafe readlink(path, base.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }

    /// Writes all bytes; false when nobody reads them any more or there is no space.
    @discardableResult
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            // SAFETY: the slice's storage is valid for its count for the whole call.
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return false }
        }
        return true
    }

    /// Writes to standard output, or ends the program when that is not possible.
    ///
    /// When the reader has gone, as `head` does, it ends silently with the code that the shell gives for that.
    static func writeOutput(_ bytes: [UInt8]) {
        guard !write(bytes, to: STDOUT_FILENO) else { return }
        if errno == EPIPE { exit(128 + SIGPIPE) }
        write(Array("godwit: standard output: \(reason)\n".utf8), to: STDERR_FILENO)
        exit(EXIT_FAILURE)
    }

    /// Reads what is there, at most `limit` bytes; empty at the end, nil on an error.
    static func read(_ descriptor: Int32, limit: Int = 65_536) -> [UInt8]? {
        while true {
            var count = 0
            // SAFETY: read writes at most the capacity it is told.
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialised in
                count = unsafe Glibc.read(descriptor, buffer.baseAddress, limit)
                initialised = max(0, count)
            }
            if count >= 0 { return bytes }
            if errno != EINTR { return nil }
        }
    }

    /// Reads to the end.
    static func readAll(_ descriptor: Int32) -> [UInt8] {
        var all: [UInt8] = []
        while let bytes = read(descriptor), !bytes.isEmpty { all += bytes }
        return all
    }

    static func open(_ path: String) -> Int32? {
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        return descriptor >= 0 ? descriptor : nil
    }

    static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

    /// The size of a regular file; nil when there is none at that path.
    static func fileSize(_ path: String) -> UInt64? {
        var status = stat()
        // SAFETY: stat fills the structure, which outlives the call.
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return UInt64(clamping: status.st_size)
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        // SAFETY: stat fills the structure, which outlives the call.
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether this user may do that to a file: `R_OK`, `W_OK`, `X_OK`.
    static func mayWrite(_ path: String) -> Bool {
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        unsafe access(path, W_OK) == 0
    }

    static func mayExecute(_ path: String) -> Bool {
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        unsafe access(path, X_OK) == 0
    }

    /// Makes a folder and those above it; false when that is not possible.
    static func makeFolders(_ path: String) -> Bool {
        if isFolder(path) { return true }
        let parent = Paths.parent(of: path)
        guard parent != path, makeFolders(parent) else { return false }
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        return unsafe mkdir(path, 0o755) == 0
    }

    /// Whether a folder has anything in it.
    static func isEmptyFolder(_ path: String) -> Bool {
        // SAFETY: the stream is closed below; an entry is looked at before the next readdir.
        guard let stream = unsafe opendir(path) else { return false }
        defer { unsafe _ = closedir(stream) }
        var count = 0
        // SAFETY: as above.
        while unsafe readdir(stream) != nil { count += 1 }
        return count <= 2
    }

    /// Creates a file that must not exist yet.
    static func create(_ path: String, _ bytes: [UInt8], executable: Bool) -> Bool {
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        let descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, executable ? 0o755 : 0o644)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return write(bytes, to: descriptor)
    }

    /// Makes a private file for passing data and gives its path.
    static func temporaryFile(in folder: String) -> String? {
        var template = Array("\(folder)/godwit-XXXXXX".utf8CString)
        let descriptor = unsafe template.withUnsafeMutableBufferPointer { buffer in
            // SAFETY: the buffer is a terminated text that mkstemp changes in place.
            guard let base = buffer.baseAddress else { return Int32(-1) }
            return unsafe mkstemp(base)
        }
        guard descriptor >= 0 else { return nil }
        close(descriptor)
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Replaces a file as a whole, keeping who may read and write it.
    static func replace(_ path: String, with bytes: [UInt8]) -> Bool {
        var status = stat()
        let fresh = path + ".new"
        // SAFETY: the paths are passed as terminated texts that live as long as the calls, which fill the structure.
        guard unsafe stat(path, &status) == 0, create(fresh, bytes, executable: false) else { return false }
        if unsafe chmod(fresh, status.st_mode & 0o7777) == 0, unsafe rename(fresh, path) == 0 { return true }
        let code = errno
        remove(fresh)
        errno = code
        return false
    }

    /// Makes a folder for passing data, which others may enter, and gives its path.
    static func temporaryFolder(in folder: String) -> String? {
        var template = Array("\(folder)/godwit-XXXXXX".utf8CString)
        let isMade = unsafe template.withUnsafeMutableBufferPointer { buffer in
            // SAFETY: the buffer is a terminated text that mkdtemp changes in place.
            guard let base = buffer.baseAddress else { return false }
            return unsafe mkdtemp(base) != nil && chmod(base, 0o711) == 0
        }
        guard isMade else { return nil }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The files in a folder, sorted; nil where there is no such folder.
    static func files(in folder: String) -> [String]? {
        // SAFETY: the stream is closed below; an entry is copied before the next readdir.
        guard let stream = unsafe opendir(folder) else { return nil }
        defer { unsafe _ = closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            // SAFETY: as above; d_name is a terminated text.
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe String(cString: UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self))
            }
            if fileSize(Paths.join(folder, name)) != nil { names.append(name) }
        }
        return names.sorted()
    }

    static func remove(_ path: String) {
        // SAFETY: the path is passed as a terminated text that lives as long as the call.
        unsafe _ = unlink(path)
    }

    /// Reads a line from the terminal without showing it; nil when there is no terminal.
    static func readHidden() -> String? {
        var before = termios()
        // SAFETY: tcgetattr and tcsetattr use the structures during the calls only.
        guard unsafe tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
        var hidden = before
        hidden.c_lflag &= ~tcflag_t(ECHO)
        // SAFETY: as above.
        guard unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0 else { return nil }
        defer {
            // SAFETY: as above.
            unsafe _ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
        }
        return readLine(strippingNewline: true)
    }

    static var now: Timestamp {
        var time = timespec()
        // SAFETY: clock_gettime fills the structure, which outlives the call.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// Whether a server could listen on that loopback port.
    static func isPortFree(_ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var on: Int32 = 1
        // SAFETY: the option and the address live on the stack for the calls.
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return unsafe withUnsafeBytes(of: &address) { bytes in
            // SAFETY: a sockaddr_in is what AF_INET expects, and its size is passed.
            guard let base = bytes.baseAddress else { return false }
            return unsafe bind(
                descriptor,
                base.assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_in>.size)
            ) == 0
        }
    }

    /// Starts a program whose outputs go to a file; nil when it cannot be started.
    static func start(_ arguments: [String], output: String) -> pid_t? {
        // SAFETY: the actions are initialised first and destroyed last; all texts outlive posix_spawn.
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
        // SAFETY: as above.
        unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
        return unsafe spawn(arguments, &actions)
    }

    /// Starts a program found in PATH with these actions on its descriptors.
    private static func spawn(_ arguments: [String], _ actions: inout posix_spawn_file_actions_t) -> pid_t? {
        guard let program = arguments.first else { return nil }
        var process = pid_t()
        // SAFETY: strdup'ed arguments are freed after the call, and the array ends with nil.
        var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { word in unsafe free(word) } }
        return unsafe posix_spawnp(&process, program, &actions, nil, &words, environ) == 0 ? process : nil
    }

    /// Whether a process that was started has ended; it is not asked about again then.
    static func hasEnded(_ process: pid_t) -> Bool {
        var status: Int32 = 0
        // SAFETY: waitpid fills the status.
        return unsafe waitpid(process, &status, WNOHANG) != 0
    }

    static func terminate(_ process: pid_t, byForce: Bool) { _ = kill(process, byForce ? SIGKILL : SIGTERM) }

    /// Starts a program found in PATH, waits for it, and gives its exit code and what it wrote to both outputs.
    ///
    /// Blocks: the command line has nothing else to do meanwhile. With `isShown` the output goes to this program's
    /// standard error as it comes. Nil when the program cannot be started.
    static func run(_ arguments: [String], isShown: Bool = false) -> (code: Int32, output: String)? {
        var ends: [Int32] = [-1, -1]
        // SAFETY: pipe fills both numbers.
        guard unsafe pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // SAFETY: the actions are initialised first and destroyed last; all texts outlive posix_spawnp.
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
        for target in [STDOUT_FILENO, STDERR_FILENO] {
            // SAFETY: as above.
            unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], target)
        }
        let started = unsafe spawn(arguments, &actions)
        close(ends[1])
        defer { close(ends[0]) }
        guard let process = started else { return nil }
        var output: [UInt8] = []
        while let bytes = read(ends[0]), !bytes.isEmpty {
            if isShown { write(bytes, to: STDERR_FILENO) }
            // The last megabyte is enough to see what failed.
            output += bytes
            if output.count > 2 << 20 { output.removeFirst(1 << 20) }
        }
        var status: Int32 = 0
        // SAFETY: waitpid fills the status.
        while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
        let code = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
        return (code, String(decoding: output, as: UTF8.self))
    }
}
