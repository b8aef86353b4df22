import CSandbox
import Domain

/// What the spawner is asked to start.
struct SpawnRequest: Sendable {
    let id: UInt64
    let profile: SandboxProfile
    let digest: Digest
    /// The program to run, inside the new root, and its arguments.
    let arguments: [String]
    /// `NAME=value` each.
    var environment: [String]
    /// Standard input, output, error and the frame socket; -1 for none.
    var descriptors: [Int32]
    let limits: SandboxLimits
    var calls = SystemCalls.profile
    var origin = ProcessOrigin.program
    var ahead = Preparation.process

    /// The strings as the protocol wants them: each with a zero byte at its end.
    var strings: [UInt8] { (arguments + environment).flatMap { Array($0.utf8) + [0] } }

    var header: csb_spawn_request {
        var header = csb_spawn_request()
        header.id = id
        header.profile = profile.code
        header.memory_bytes = limits.memory.bytes
        header.tmp_bytes = limits.temporaryFiles.bytes
        header.file_bytes = limits.temporaryFiles.bytes
        header.cpu_milli = UInt32(clamping: Int(limits.cores * 1000))
        header.pids = UInt32(clamping: limits.processes)
        header.tmp_inodes = 4096
        header.open_files = UInt32(clamping: limits.openFiles)
        header.cpu_seconds = UInt32(clamping: limits.cpuSeconds)
        header.argc = UInt32(clamping: arguments.count)
        header.envc = UInt32(clamping: environment.count)
        header.strings_length = UInt32(clamping: strings.count)
        calls.write(to: &header)
        origin.write(to: &header)
        header.ahead = ahead.code
        // SAFETY: `bundle` is CSB_DIGEST_LENGTH + 1 bytes and a digest has CSB_DIGEST_LENGTH, so the last stays zero.
        unsafe withUnsafeMutableBytes(of: &header.bundle) { unsafe $0.copyBytes(from: digest.hex.utf8) }
        return header
    }
}
