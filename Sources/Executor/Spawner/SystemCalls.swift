import CSandbox
package import Domain

/// Which system calls an instance may make; never more than its runtime's profile allows.
enum SystemCalls: Sendable {
    /// All that the profile allows.
    case profile
    /// Of these only the listed ones, and those that every process needs.
    case listed([SystemCallName])
    /// All of these, and its end tells which they were.
    case learned

    func write(to header: inout csb_spawn_request) {
        switch self {
        case .profile:
            header.calls_mode = UInt32(CSB_CALLS_PROFILE.rawValue)
        case .listed(let names):
            header.calls_mode = UInt32(CSB_CALLS_LISTED.rawValue)
            // SAFETY: the request outlives the call, and the name is passed as a terminated text that does.
            for name in names { unsafe csb_request_list_call(&header, name.text) }
        case .learned:
            header.calls_mode = UInt32(CSB_CALLS_LEARNED.rawValue)
        }
    }
}

extension FunctionSpec {
    /// Throws unless every system call that `syscalls` lists is one that the runtime allows: a list can only narrow.
    package func checkSystemCalls() throws(Invalid) {
        let profile = SandboxProfile(runtime)
        for name in syscalls ?? [] where !profile.allows(name) {
            throw Invalid(
                "syscalls",
                "runtime \(runtime.rawValue) does not allow \(name), and the list of a function cannot allow more"
            )
        }
    }
}
