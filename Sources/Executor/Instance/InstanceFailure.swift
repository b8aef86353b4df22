import Domain

/// Puts the end of an instance into words.
enum InstanceFailure {
    private static let killSignal: Int32 = 9
    private static let signals: [Int32: String] = [
        4: "SIGILL: a Swift precondition failed or an instruction was illegal",
        6: "SIGABRT: it aborted itself",
        7: "SIGBUS",
        8: "SIGFPE",
        9: "SIGKILL",
        11: "SIGSEGV: it touched memory that is not its own",
        15: "SIGTERM",
    ]

    /// Why a process that exited did so; nobody asked it to.
    static func ofExit(_ exit: ProcessExit, version: FunctionVersion) -> CallFailure {
        let spec = version.spec
        switch exit.verdict {
        case .memory:
            return CallFailure(
                .memoryLimit,
                "the function used more than its \(spec.memory) of memory; `memory` in function.yaml sets it"
            )
        case .pids:
            let most = SandboxLimits(spec).processes
            return CallFailure(
                .processLimit,
                "the function started more than its \(most) processes and threads; a higher `concurrency` allows more"
            )
        case .cpu:
            let seconds = SandboxLimits(spec).cpuSeconds
            return CallFailure(
                .cpuLimit,
                "the function used up its \(seconds) s of CPU time; `timeout` and `cpu` set it"
            )
        case .seccomp:
            return CallFailure(.seccomp, forbidden(exit, by: spec))
        case .killed:
            return CallFailure(.crash, "the function's process was ended")
        case .none:
            break
        }
        if let signal = exit.signal {
            return CallFailure(.crash, "the function's process died of signal \(signal) (\(signals[signal] ?? "?"))")
        }
        let code = exit.code ?? -1
        if spec.runtime == .exec {
            return CallFailure(.error, "the program ended with exit status \(code)", errorType: "ExitStatus")
        }
        return CallFailure(.crash, "the function's process exited with status \(code) without answering")
    }

    /// What a process was ended for that made a system call; the kernel does not always tell which.
    private static func forbidden(_ exit: ProcessExit, by spec: FunctionSpec) -> String {
        guard let call = exit.syscall.map(System.callName) else {
            return "the function made a system call, which its sandbox does not allow"
        }
        // The filter of the runtime kills by SIGSYS; for the version's own list the spawner does.
        guard spec.syscalls != nil, exit.signal == killSignal else {
            return "the function made the system call \(call), which its sandbox does not allow"
        }
        return
            "the function made the system call \(call), which `syscalls` in function.yaml does not list; add it, or let "
            + "`godwit deploy --learn` see an input that leads to it"
    }

    /// Why a process could not be created.
    static func ofStart(step: String, errno: Int32, detail: String, version: FunctionVersion) -> CallFailure {
        if step == "exec" {
            let handler = version.spec.handler
            return CallFailure(
                .start,
                "'\(handler)' could not be executed (errno \(errno)); is it built for this machine, and static where the "
                    + "runtime is swift?"
            )
        }
        return CallFailure(.platform, "the sandbox could not be built at step \(step) (errno \(errno))\(detail)")
    }
}
