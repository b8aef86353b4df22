extension Attack {
    static let processes: [Attack] = [
        Attack("ptrace_parent", .killed("ptrace"), by: .filter),
        Attack("ptrace_sibling", .killed("ptrace"), by: .filter),
        Attack("ptrace_traceme", .killed("ptrace"), by: .filter),
        Attack("ptrace_seize", .killed("ptrace"), by: .filter),
        Attack("process_vm_readv", .killed("process_vm_readv"), by: .filter),
        Attack("process_vm_writev", .killed("process_vm_writev"), by: .filter),
        Attack("pidfd_getfd", .blocked("ENOSYS"), by: .filter),
        Attack("pidfd_signal", .blocked("ENOSYS"), by: .filter),
        Attack("kcmp", .killed("kcmp"), by: .filter),
        Attack("move_pages", .killed("move_pages"), by: .filter),
        Attack("process_madvise", .blocked("ENOSYS"), by: .filter),
        Attack("kill_all", .blocked("EPERM"), by: .filter, any: .blocked("ESRCH")),
        Attack("kill_parent", .blocked("EPERM"), by: .filter, any: .blocked("ESRCH")),
        Attack("kill_sibling", .blocked("EPERM"), by: .filter, any: .blocked("ESRCH")),
        Attack("kill_group", .blocked("EPERM"), by: .filter, any: .blocked("ESRCH")),
        Attack("tgkill_sibling", .blocked("ESRCH"), by: .processNamespace, forked: .blocked("EPERM")),
        Attack("sigqueue_parent", .killed("rt_sigqueueinfo"), by: .filter),
        Attack("prlimit_other", .killed("prlimit64"), by: .filter, any: .blocked("ESRCH")),
        Attack("setpriority_other", .blocked("EPERM"), by: .filter),
        Attack("sched_other", .blocked("EPERM"), by: .filter),
    ]
}
