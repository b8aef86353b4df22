// What happens in the child, between clone and exec.
//
// The child shares the spawner's memory (the spawner is suspended), so nothing here allocates, locks or keeps state:
// it reads `struct csb_start`, makes system calls, and on the first failure stores the step and leaves. The order
// matters: what needs privileges comes first, and each later step takes away what the earlier ones used.
//
// A standby (standby.c) goes the same way in memory of its own, of which only `struct csb_start` is shared, and waits
// before the last steps.

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif

static _Noreturn void fail(struct csb_start *start, uint32_t step, int error) {
    start->error = error ? error : EIO;
    start->step = step;
    _exit(127);
}

/// Ends the child with errno unless `succeeded`.
static void must(struct csb_start *start, uint32_t step, bool succeeded) {
    if (!succeeded) fail(start, step, errno);
}

static const struct csb_root *root_of(const struct csb_start *start) {
    return &start->nursery->roots[start->request->profile == CSB_PROFILE_STATIC ? CSB_ROOT_STATIC : CSB_ROOT_SYSTEM];
}

// MARK: - Steps with privileges

static void join_groups(struct csb_start *start) {
    if (!start->in_cgroup) {
        for (size_t i = 0; i < start->nursery->cgroups.count; i++)
            must(start, CSB_STEP_CGROUP, write(start->group->join[i], "0", 1) == 1);
    }
    // Entered once we are in our group, this makes that group the top of what /proc/self/cgroup shows.
    if (start->nursery->cgroup_namespace) must(start, CSB_STEP_CGROUP, !unshare(CLONE_NEWCGROUP));
}

/// The bundle's folder has to be found from within the child's own mount namespace: one found from the spawner's could
/// not be bound here. The name is 64 hexadecimal digits already; a link of that name is refused as well.
static void open_bundle(struct csb_start *start) {
    const struct csb_nursery *nursery = start->nursery;
    const char *name = start->trial ? "." : start->request->bundle;
    const struct {
        uint64_t flags, mode, resolve;
    } how = {O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0, 0x08 | 0x04 /* RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS */};
    int folder = nursery->isolated ? AT_FDCWD : nursery->bundles;
    if (nursery->isolated) must(start, CSB_STEP_BUNDLE, !chdir("/bundles"));
    start->bundle = (int)syscall(SYS_openat2, folder, name, &how, sizeof how);
    if (start->bundle < 0 && errno == ENOSYS) start->bundle = openat(folder, name, (int)how.flags);
    must(start, CSB_STEP_BUNDLE, start->bundle >= 0);
}

static void enter_root(struct csb_start *start) {
    const struct csb_nursery *nursery = start->nursery;
    bool system = root_of(start) == &nursery->roots[CSB_ROOT_SYSTEM];
    // /bundles is mounted read-only, nosuid and nodev, and a bind inherits that.
    must(start, CSB_STEP_BUNDLE, !fchdir(start->bundle));
    must(start, CSB_STEP_BUNDLE, !mount(".", system ? "/system/function" : "/static/function", NULL, MS_BIND, NULL));
    must(start, CSB_STEP_TMP, !mount("tmpfs", system ? "/system/tmp" : "/static/tmp", "tmpfs",
                                     MS_NOSUID | MS_NODEV | (CSB_HAS(CSB_LAB_NOEXEC) ? MS_NOEXEC : 0), start->tmp_options));
    if (nursery->proc_options)
        must(start, CSB_STEP_PROC, !mount("proc", system ? "/system/proc" : "/static/proc", "proc",
                                          MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, nursery->proc_options));
    // The new root is put over the old one, which is then taken away from beneath: no second folder is needed.
    must(start, CSB_STEP_PIVOT, !chdir(root_of(start)->path));
    must(start, CSB_STEP_PIVOT, !syscall(SYS_pivot_root, ".", "."));
    must(start, CSB_STEP_PIVOT, !umount2(".", MNT_DETACH));
    must(start, CSB_STEP_PIVOT, !chdir("/"));
}

static void lower(struct csb_start *start, int resource, rlim_t value) {
    if (!CSB_HAS(CSB_LAB_RLIMITS)) return;
    struct rlimit current;
    must(start, CSB_STEP_LIMITS, !getrlimit(resource, &current));
    // Raising a hard limit needs CAP_SYS_RESOURCE, which even root may lack: what is less already stays.
    if (current.rlim_max != RLIM_INFINITY && value > current.rlim_max) value = current.rlim_max;
    const struct rlimit limit = {value, value};
    must(start, CSB_STEP_LIMITS, !setrlimit(resource, &limit));
}

static void set_limits(struct csb_start *start) {
    const struct csb_spawn_request *request = start->request;
    lower(start, RLIMIT_FSIZE, request->file_bytes);
    // Only the hard limit ends a process that is the first of its pid namespace: SIGXCPU would be ignored.
    if (request->cpu_seconds) lower(start, RLIMIT_CPU, request->cpu_seconds);
    // Twice the limit and some more, because run times reserve much that they never touch.
    if (request->memory_bytes && !(start->nursery->cgroups.controllers & CSB_MEMORY))
        lower(start, RLIMIT_DATA, 2 * request->memory_bytes + (64u << 20));
}

/// Opens what will be executed; in place of the mounts, when there are none, "/function/" is taken to be the bundle.
static int open_program(struct csb_start *start, const char **path) {
    const struct csb_nursery *nursery = start->nursery;
    int folder = AT_FDCWD;
    *path = start->argv[0];
    if (!nursery->isolated && !strncmp(*path, "/function/", 10)) {
        *path += 10;
        folder = start->bundle;
    }
    int program = openat(folder, *path, O_PATH | O_CLOEXEC);
    must(start, CSB_STEP_EXEC, program >= 0);
    return program;
}

/// Makes the rule set while the paths can still be opened; it is entered at the end.
static int make_rules(struct csb_start *start, int program) {
    const struct csb_nursery *nursery = start->nursery;
    const struct csb_root *root = root_of(start);
    int abi = nursery->landlock_abi;
    bool may_exec = start->request->profile == CSB_PROFILE_EXEC;
    uint64_t execute = may_exec ? CSB_ACCESS_EXECUTE : 0;
    int rules = csb_landlock_create(abi);
    if (rules < 0) fail(start, CSB_STEP_LANDLOCK, -rules);
    int result = 0;
    for (size_t i = 0; !result && i < root->rule_count; i++) {
        uint64_t access = root->rules[i].access;
        // Beside its own program, an instance that must not exec is left only the loader (a rule for one file).
        if (!may_exec && !(access & CSB_ACCESS_FILE)) access &= ~(uint64_t)CSB_ACCESS_EXECUTE;
        result = csb_landlock_allow(rules, abi, root->rules[i].descriptor, access);
    }
    if (!result) result = csb_landlock_allow(rules, abi, start->bundle, CSB_ACCESS_READ | execute);
    if (!result && program >= 0)
        result = csb_landlock_allow(rules, abi, program, CSB_ACCESS_READ | CSB_ACCESS_EXECUTE | CSB_ACCESS_FILE);
    if (!result && nursery->isolated) {
        int tmp = open("/tmp", O_PATH | O_CLOEXEC), proc = open("/proc", O_PATH | O_CLOEXEC);
        must(start, CSB_STEP_LANDLOCK, tmp >= 0 && proc >= 0);
        result = csb_landlock_allow(rules, abi, tmp, CSB_ACCESS_READ | CSB_ACCESS_WRITE);
        if (!result && nursery->proc_options) result = csb_landlock_allow(rules, abi, proc, CSB_ACCESS_READ);
    }
    // The /tmp of each fork: a fork can only add to the rules of its zygote's domain what takes away.
    for (size_t i = 0; !result && start->zygote && i < CSB_ZYGOTE_FORKS; i++)
        result = csb_landlock_allow(rules, abi, start->zygote->tmps[i], CSB_ACCESS_READ | CSB_ACCESS_WRITE);
    if (result) fail(start, CSB_STEP_LANDLOCK, -result);
    return rules;
}

// MARK: - Identity

static void map_identity(struct csb_start *start, const char *path, const char *text) {
    // The private /proc is read-only; the host's, kept open by the spawner, has a writable map of the same process.
    int file = openat(start->nursery->host_proc, path, O_WRONLY | O_CLOEXEC);
    must(start, CSB_STEP_USER_NAMESPACE, file >= 0);
    must(start, CSB_STEP_USER_NAMESPACE, write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
}

static void become(struct csb_start *start) {
    const struct csb_nursery *nursery = start->nursery;
    // A new user namespace fills the bounding set again, so it is emptied inside if there will be one, else here,
    // where the capability to do so is still there.
    if (!nursery->user_namespace && CSB_HAS(CSB_LAB_CAPABILITIES))
        must(start, CSB_STEP_CAPABILITIES, !csb_drop_bounding(0));
    if (nursery->changes_uid) {
        // Raw calls: the C library's versions would tell threads that do not exist in this process.
        must(start, CSB_STEP_IDENTITY, !syscall(SYS_setgroups, 0, NULL));
        must(start, CSB_STEP_IDENTITY, !syscall(SYS_setresgid, start->uid, start->uid, start->uid));
        must(start, CSB_STEP_IDENTITY, !syscall(SYS_setresuid, start->uid, start->uid, start->uid));
    }
    if (!nursery->user_namespace) return;
    // Entered last: what was mounted belongs to the outer namespace, so "root" in here can undo none of it. The change
    // of uid made the shared memory undumpable and with it our map root's; the spawner takes this back afterwards.
    must(start, CSB_STEP_USER_NAMESPACE, !prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
    must(start, CSB_STEP_USER_NAMESPACE, !unshare(CLONE_NEWUSER));
    map_identity(start, "self/setgroups", "deny");
    map_identity(start, "self/uid_map", start->uid_map);
    map_identity(start, "self/gid_map", start->uid_map);
}

/// Keeps what a zygote needs in its own user namespace, through the exec: in the ambient set.
static void keep_for_forks(struct csb_start *start) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    const uint32_t admin = 1u << CAP_SYS_ADMIN, set = 1u << CAP_SETPCAP;
    const struct __user_cap_data_struct both[2] = {{admin | set, admin | set, admin}, {0, 0, 0}};
    // While the bounding set still has it.
    must(start, CSB_STEP_CAPABILITIES, !syscall(SYS_capset, &header, both));
    must(start, CSB_STEP_CAPABILITIES, !prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
    must(start, CSB_STEP_CAPABILITIES, !prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0, 0));
}

static void drop_capabilities(struct csb_start *start) {
    const struct csb_nursery *nursery = start->nursery;
    bool drops = CSB_HAS(CSB_LAB_CAPABILITIES);
    const uint32_t kept = start->zygote ? 1u << CAP_SYS_ADMIN : 0;
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    const struct __user_cap_data_struct last[2] = {{kept, kept, kept}, {0, 0, 0}};
    const unsigned long bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
                               SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |
                               SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
    if (start->zygote) keep_for_forks(start);
    if (nursery->user_namespace && drops) {
        must(start, CSB_STEP_CAPABILITIES, !csb_drop_bounding(0));
        must(start, CSB_STEP_CAPABILITIES, !prctl(PR_SET_SECUREBITS, bits, 0, 0, 0));
    }
    if (drops) {
        if (!kept) must(start, CSB_STEP_CAPABILITIES, !prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
        must(start, CSB_STEP_CAPABILITIES, !syscall(SYS_capset, &header, last));
    }
    must(start, CSB_STEP_CAPABILITIES, !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    // Only where no group counts them, for the group also tells that it refused. Counted per user namespace and uid,
    // and against the limit at the time the namespace was made: so set in here.
    // A zygote and its forks are one user: the spawner counts the threads of each fork, and this those of all.
    const rlim_t family = start->zygote ? 1 + CSB_ZYGOTE_FORKS : 1;
    if (!(nursery->cgroups.controllers & CSB_PIDS)) lower(start, RLIMIT_NPROC, family * start->request->pids);
    // After the last change of credentials, each of which clears it. Had the spawner died before, its pidfd says so.
    must(start, CSB_STEP_IDENTITY, !prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0));
    struct pollfd parent = {.fd = nursery->self, .events = POLLIN};
    if (nursery->self >= 0 && poll(&parent, 1, 0) > 0) _exit(127);
}

// MARK: - Last steps

/// Puts a descriptor where it is to be, closed by the exec.
static void place(struct csb_start *start, int source, unsigned target) {
    if (source == (int)target) return;
    must(start, CSB_STEP_DESCRIPTORS, dup3(source, (int)target, O_CLOEXEC) == (int)target);
}

/// Closes all descriptors from 4 on but these.
static void close_all_but(struct csb_start *start, unsigned one, unsigned two, unsigned three) {
    unsigned first = CSB_SPAWN_DESCRIPTORS;
    for (int i = 0; i < 3; i++) {
        const unsigned low = one < two ? one : two, next = low < three ? low : three;
        if (next > first) must(start, CSB_STEP_DESCRIPTORS, !syscall(SYS_close_range, first, next - 1, 0));
        if (next >= first) first = next + 1;
        // The smallest is done: it is larger than all others from now on.
        if (next == one) one = ~0u;
        else if (next == two) two = ~0u;
        else three = ~0u;
    }
    if (first) must(start, CSB_STEP_DESCRIPTORS, !syscall(SYS_close_range, first, ~0u, 0));
}

/// Puts what the instance is given at 0 to 3. The spawner holds these itself, so no source lies where a target will be.
static void give_descriptors(struct csb_start *start) {
    for (int i = 0; i < CSB_SPAWN_DESCRIPTORS; i++) {
        int source = start->descriptors[i] >= 0 ? start->descriptors[i] : i < 3 ? start->nursery->null : -1;
        if (source >= 0) must(start, CSB_STEP_DESCRIPTORS, dup2(source, i) == i);
        else must(start, CSB_STEP_DESCRIPTORS, !close(i));
    }
}

/// The filter's one allowed execveat names a descriptor that this limit keeps out of the instance's reach.
static void limit_descriptors(struct csb_start *start, unsigned end) {
    rlim_t open_files = start->request->open_files;
    lower(start, RLIMIT_NOFILE, open_files > end ? end : open_files);
}

static void arrange_descriptors(struct csb_start *start, int program) {
    const struct csb_nursery *nursery = start->nursery;
    bool once = start->request->profile != CSB_PROFILE_EXEC, asks = start->calls_socket >= 0;
    // The program lies at `kept`, and the socket for the listener of its calls right before it.
    unsigned kept = nursery->exec_descriptor, first = asks ? kept - 1 : kept;
    give_descriptors(start);
    // Should the socket lie at `kept`, it has to move before the program takes that place.
    if (asks) place(start, start->calls_socket, first);
    if (once && program >= 0) place(start, program, kept);
    // All others are close-on-exec as well; where the kernel lacks close_range (before 5.9) that has to do.
    const unsigned end = ~0u;
    if (once || asks) (void)syscall(SYS_close_range, CSB_SPAWN_DESCRIPTORS, first - 1, 0);
    (void)syscall(SYS_close_range, once ? kept + 1 : asks ? kept : CSB_SPAWN_DESCRIPTORS, end, 0);
    limit_descriptors(start, once || asks ? first : ~0u);
}

/// The version's own list goes first: the profile's filter would forbid that another one is loaded.
static void enter_filters(struct csb_start *start) {
    const struct csb_nursery *nursery = start->nursery;
    int result = 0;
    if (start->calls.len)
        result = csb_calls_enter(&start->calls, start->calls_socket < 0 ? -1 : (int)nursery->exec_descriptor - 1);
    const unsigned profile = start->request->profile;
    const unsigned filter = !start->zygote ? profile
                            : profile == CSB_PROFILE_STATIC ? CSB_FILTER_STATIC_ZYGOTE : CSB_FILTER_PYTHON_ZYGOTE;
    if (!result) result = csb_filter_load(&nursery->filters[filter]);
    if (result) fail(start, CSB_STEP_SECCOMP, -result);
}

static void run(struct csb_start *start, const char *path) {
    if (start->request->profile == CSB_PROFILE_EXEC) {
        (void)execve(path, start->argv, start->envp);
    } else {
        (void)syscall(SYS_execveat, start->nursery->exec_descriptor, "", start->argv, start->envp, AT_EMPTY_PATH);
    }
    fail(start, CSB_STEP_EXEC, errno);
}

static void unblock_signals(struct csb_start *start) {
    const uint64_t no_signals = 0;
    // Dispositions are the defaults already: the spawner blocks signals instead of ignoring or handling them.
    must(start, CSB_STEP_IDENTITY, !syscall(SYS_rt_sigprocmask, SIG_SETMASK, &no_signals, NULL, sizeof no_signals));
}

/// Does everything that is left but for what only the request tells, waits for that, and does the rest, under its
/// filter already. Nothing is held meanwhile that others wait for the end of: pipes and sockets of those started before.
static void await_request(struct csb_start *start, int program) {
    static _Alignas(16) uint8_t bytes[CSB_MESSAGE_MAX];
    static struct csb_message message;
    const struct csb_nursery *nursery = start->nursery;
    const bool once = start->request->profile != CSB_PROFILE_EXEC;
    const unsigned null = (unsigned)nursery->null, kept = once ? nursery->exec_descriptor : null;
    int received[CSB_SPAWN_DESCRIPTORS], socket = start->request_socket;
    size_t count = 0, taken = 0;
    // Its user is mapped; from here on nobody is to look into it.
    must(start, CSB_STEP_IDENTITY, !prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
    // These stay taken, so that nothing that comes lies where it is to go.
    for (unsigned i = 0; i < CSB_SPAWN_DESCRIPTORS; i++) place(start, nursery->null, i);
    if (once && socket == (int)kept) socket = fcntl(socket, F_DUPFD_CLOEXEC, CSB_SPAWN_DESCRIPTORS);
    must(start, CSB_STEP_DESCRIPTORS, socket >= 0);
    if (once) place(start, program, kept);
    close_all_but(start, null, kept, (unsigned)socket);
    limit_descriptors(start, once ? kept : ~0u);
    unblock_signals(start);
    if (nursery->seccomp) enter_filters(start);
    const struct iovec part = {bytes, sizeof bytes};
    ssize_t length = csb_receive(socket, &part, 1, received, CSB_SPAWN_DESCRIPTORS, &count, 0);
    if (length == 0) _exit(0);
    if (length < 0) fail(start, CSB_STEP_REQUEST, (int)-length);
    if (csb_message_decode(bytes, (size_t)length, &message) || (size_t)__builtin_popcount(message.descriptors) != count)
        fail(start, CSB_STEP_REQUEST, EINVAL);
    for (unsigned i = 0; i < CSB_SPAWN_DESCRIPTORS; i++)
        start->descriptors[i] = message.descriptors >> i & 1 ? received[taken++] : -1;
    start->argv = message.argv;
    start->envp = message.envp;
    give_descriptors(start);
    must(start, CSB_STEP_DESCRIPTORS, !syscall(SYS_close_range, CSB_SPAWN_DESCRIPTORS, once ? kept - 1 : ~0u, 0));
}

static void child(void *context) {
    struct csb_start *start = context;
    const struct csb_nursery *nursery = start->nursery;
    const char *path = NULL;
    start->entered = csb_now();
    join_groups(start);
    open_bundle(start);
    if (nursery->isolated) enter_root(start);
    set_limits(start);
    int program = start->trial ? -1 : open_program(start, &path);
    int rules = nursery->landlock_abi ? make_rules(start, program) : -1;
    become(start);
    drop_capabilities(start);
    (void)umask(077);
    // Fails only where we lead a process group already, which is as good.
    (void)setsid();
    must(start, CSB_STEP_BUNDLE, nursery->isolated ? !chdir("/function") : !fchdir(start->bundle));
    if (rules >= 0) {
        int result = csb_landlock_enter(rules);
        if (result) fail(start, CSB_STEP_LANDLOCK, -result);
    }
    if (start->waits) {
        await_request(start, program);
    } else {
        arrange_descriptors(start, program);
        unblock_signals(start);
        if (nursery->seccomp) enter_filters(start);
    }
    if (start->trial) _exit(0);
    run(start, path);
}

int csb_instance_start(struct csb_start *start, int *pidfd) {
    const struct csb_nursery *nursery = start->nursery;
    const struct csb_spawn_request *request = start->request;
    uint64_t flags = 0;
    if (nursery->isolated) flags |= CLONE_NEWPID | CLONE_NEWNS;
    if (nursery->ipc_namespace) flags |= CLONE_NEWIPC;
    // To tmpfs a size or number of 0 means "no limit", the contrary of what the request means by it.
    snprintf(start->tmp_options, sizeof start->tmp_options, "mode=1777,size=%llu,nr_inodes=%llu",
             (unsigned long long)(request->tmp_bytes ? request->tmp_bytes : 1),
             (unsigned long long)request->tmp_inodes + 1);
    snprintf(start->uid_map, sizeof start->uid_map, CSB_INNER_ID " %u 1", start->uid);
    start->step = CSB_STEP_NONE;
    start->error = 0;
    start->entered = 0;
    bool second = nursery->cgroups.version == 2;
    int pid = csb_clone(flags, !start->waits, second ? start->group->directory : -1, pidfd, child, start,
                        &start->in_cgroup);
    // The child changed this for both of us (see become).
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    return pid;
}
