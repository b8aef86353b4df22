// Preparing the place in which instances are created: everything that all of them can share is made here once, so that
// a start pays only for what has to be its own. Then trial instances show what this machine does not offer.

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#define EXEC_DESCRIPTOR_MAX 1023

// Best first. Without subset=pid an instance sees the host's /proc/sys and the like, read-only; older kernels know
// neither, and `hidepid` only as a number.
static const char *const proc_ladder[] = {"subset=pid,hidepid=invisible", "hidepid=2", ""};

__attribute__((format(printf, 4, 5)))
static int refuse(struct csb_refusal *refusal, uint32_t step, int error, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(refusal->text, sizeof refusal->text, format, arguments);
    va_end(arguments);
    refusal->step = step;
    refusal->error = error < 0 ? -error : error;
    return -refusal->error;
}

/// Whether the whole range of slot uids means something here; in a container only part of the numbers may.
static bool range_is_mapped(const char *map, uint32_t first, uint32_t count) {
    char text[4096];
    if (csb_read_at(AT_FDCWD, map, text, sizeof text) < 0) return false;
    for (char *line = text; *line;) {
        unsigned long long inside, outside, length;
        if (sscanf(line, "%llu %llu %llu", &inside, &outside, &length) != 3) return false;
        if (first >= inside && (unsigned long long)first + count <= inside + length) return true;
        line = strchrnul(line, '\n');
        if (*line) line++;
    }
    return false;
}

/// Limits that are the same for all instances are inherited from here, which saves a start the calls.
static int set_own_limits(struct csb_nursery *nursery) {
    static const struct {
        int resource;
        rlim_t value;
    } limits[] = {{RLIMIT_CORE, 0},     {RLIMIT_MEMLOCK, 0}, {RLIMIT_MSGQUEUE, 0},
                  {RLIMIT_STACK, 8u << 20}, {RLIMIT_NICE, 0},    {RLIMIT_RTPRIO, 0},
                  {RLIMIT_SIGPENDING, 1024}};
    for (size_t i = 0; CSB_HAS(CSB_LAB_RLIMITS) && i < sizeof limits / sizeof *limits; i++) {
        struct rlimit current;
        if (getrlimit(limits[i].resource, &current)) return -errno;
        rlim_t value = limits[i].value < current.rlim_max ? limits[i].value : current.rlim_max;
        current = (struct rlimit){value, value};
        if (setrlimit(limits[i].resource, &current)) return -errno;
    }
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files)) return -errno;
    files.rlim_cur = files.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &files)) return -errno;
    nursery->open_files = files.rlim_cur;
    bool plenty = files.rlim_cur > EXEC_DESCRIPTOR_MAX;
    nursery->exec_descriptor = plenty ? EXEC_DESCRIPTOR_MAX : (uint32_t)files.rlim_cur - 1;
    return 0;
}

/// Tries a namespace in a child, so that a refusal leaves nothing behind.
static int try_namespace(int flag) {
    pid_t pid = fork();
    if (pid < 0) return -errno;
    if (pid == 0) _exit(unshare(flag) ? errno & 255 : 0);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return -errno;
    return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

/// The loopback of the empty network: it has no way out, but programs expect that it is there.
static void raise_loopback(void) {
    struct ifreq request = {.ifr_flags = IFF_UP | IFF_RUNNING};
    strcpy(request.ifr_name, "lo");
    int socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return;
    (void)ioctl(socket_, SIOCSIFFLAGS, &request);
    close(socket_);
}

/// Opens what Landlock may let an instance execute although its profile forbids exec: the loader of dynamic programs.
static void add_loader(struct csb_root *root) {
#if defined(__x86_64__)
    const char *const path = "lib64/ld-linux-x86-64.so.2";
#elif defined(__aarch64__)
    const char *const path = "lib/ld-linux-aarch64.so.1";
#elif defined(__riscv)
    const char *const path = "lib/ld-linux-riscv64-lp64d.so.1";
#else
    const char *const path = "lib64/ld64.so.2";
#endif
    // RESOLVE_IN_ROOT: on some hosts it is an absolute link, which from here would lead elsewhere.
    const struct {
        uint64_t flags, mode, resolve;
    } how = {O_PATH | O_CLOEXEC, 0, 0x10};
    int folder = open(root->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    long loader = folder < 0 ? -1 : syscall(SYS_openat2, folder, path, &how, sizeof how);
    if (folder >= 0) close(folder);
    if (loader < 0 || root->rule_count == CSB_RULES_MAX) return;
    root->rules[root->rule_count++] =
        (struct csb_path_rule){(int)loader, CSB_ACCESS_READ | CSB_ACCESS_EXECUTE | CSB_ACCESS_FILE};
}

/// Enters the namespaces. Only mount and pid are indispensable; each other that is refused is noted and left out.
static int enter_namespaces(struct csb_nursery *nursery) {
    if (!CSB_HAS(CSB_LAB_ISOLATION)) return -ENOTSUP;
    int result = nursery->root ? 0 : csb_enter_user_namespace();
    if (!result) result = try_namespace(CLONE_NEWPID);
    if (!result && unshare(CLONE_NEWNS)) result = -errno;
    if (!result && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) result = -errno;
    if (result) return result;
    nursery->net_namespace = CSB_HAS(CSB_LAB_NETWORK) && !unshare(CLONE_NEWNET);
    if (!nursery->net_namespace) nursery->error_net = errno;
    else raise_loopback();
    nursery->uts_namespace = CSB_HAS(CSB_LAB_UTS) && !unshare(CLONE_NEWUTS) && !sethostname("function", 8) &&
                             !setdomainname("", 0);
    if (!nursery->uts_namespace) nursery->error_uts = errno;
    int ipc = try_namespace(CLONE_NEWIPC), cgroup = try_namespace(CLONE_NEWCGROUP);
    nursery->ipc_namespace = CSB_HAS(CSB_LAB_IPC) && !ipc;
    nursery->cgroup_namespace = CSB_HAS(CSB_LAB_CGROUP_NAMESPACE) && !cgroup;
    nursery->errors[CSB_STEP_CLONE] = -ipc;
    nursery->errors[CSB_STEP_CGROUP] = -cgroup;
    return 0;
}

/// What the spawner goes on needing:
/// SYS_ADMIN to mount, pivot and make namespaces; SETUID and SETGID to become an instance's user; SETPCAP to empty the
/// bounding set; SYS_CHROOT to join the mounts of what was forked; SYS_NICE to place instances on processors; KILL for
/// instances of other users; DAC_OVERRIDE to reach bundles in folders of the node's user, and to remove its own folder
/// from the top of a group hierarchy, where nobody but the kernel has the right to write.
static const uint64_t needed_capabilities = UINT64_C(1) << CAP_SYS_ADMIN | UINT64_C(1) << CAP_SETUID |
                                            UINT64_C(1) << CAP_SETGID | UINT64_C(1) << CAP_SETPCAP |
                                            UINT64_C(1) << CAP_KILL | UINT64_C(1) << CAP_DAC_OVERRIDE |
                                            UINT64_C(1) << CAP_SYS_CHROOT | UINT64_C(1) << CAP_SYS_NICE;

static int open_descriptors(struct csb_nursery *nursery, const struct csb_options *options, int *runtime,
                            struct csb_refusal *refusal) {
    nursery->bundles = open(options->bundles, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (nursery->bundles < 0)
        return refuse(refusal, CSB_STEP_BUNDLE, errno, "the bundle folder %s: %s", options->bundles, strerror(errno));
    *runtime = options->runtime ? open(options->runtime, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
    if (options->runtime && *runtime < 0)
        return refuse(refusal, CSB_STEP_ROOT, errno, "the runtime folder %s: %s", options->runtime, strerror(errno));
    nursery->null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nursery->null < 0) return refuse(refusal, CSB_STEP_DESCRIPTORS, errno, "/dev/null: %s", strerror(errno));
    return 0;
}

/// Opens the groups, which carry the node's name. A node that was killed and started again at once finds its old
/// spawner still clearing up, which is worth a wait. Another node will not give its name away: that is waited for only
/// as long as an old spawner may need to see that its node is gone. Meanwhile nobody reads our socket, so that its end
/// has to be looked for. All else that can go wrong with groups is no reason not to start: their layers are missing.
static int claim_name(struct csb_nursery *nursery, const struct csb_options *options, struct csb_refusal *refusal) {
    const uint64_t began = csb_now(), second = UINT64_C(1000000000);
    for (;;) {
        int result = csb_cgroups_open(&nursery->cgroups, options->name, nursery->root);
        if (result != -EADDRINUSE && result != -EAGAIN) return 0;
        if (csb_now() - began > (result == -EAGAIN ? 4 * second : second))
            return refuse(refusal, CSB_STEP_CGROUP, EADDRINUSE, "another spawner named %s is running", options->name);
        struct pollfd node = {.fd = options->socket, .events = POLLRDHUP};
        if (poll(&node, 1, 20) > 0)
            return refuse(refusal, CSB_STEP_CGROUP, ECONNRESET, "the node is gone");
    }
}

/// Zygotes are for where every layer that their forks would share with them is there twice over.
static void open_zygotes(struct csb_nursery *nursery) {
    if (!nursery->isolated || !nursery->seccomp || !nursery->user_namespace || !nursery->landlock_abi) return;
    // Who started us may have kept back the one capability that is for this alone.
    if (!csb_has_capability(CAP_SYS_CHROOT)) return;
    if (!nursery->proc_options || nursery->self < 0 || !csb_zygotes_possible()) return;
    nursery->own_mounts = openat(nursery->host_proc, "self/ns/mnt", O_RDONLY | O_CLOEXEC);
    nursery->fork_rules = csb_landlock_create_domain(nursery->landlock_abi);
    nursery->zygotes = nursery->own_mounts >= 0 && nursery->fork_rules >= 0;
}

int csb_nursery_open(struct csb_nursery *nursery, const struct csb_options *options, struct csb_refusal *refusal) {
    int runtime = -1;
    memset(nursery, 0, sizeof *nursery);
    nursery->host_proc = nursery->bundles = nursery->null = nursery->self = nursery->kmsg = -1;
    nursery->own_mounts = nursery->fork_rules = -1;
    nursery->roots[CSB_ROOT_STATIC].path = "/static";
    nursery->roots[CSB_ROOT_SYSTEM].path = "/system";
    nursery->root = geteuid() == 0 && csb_has_capability(CAP_SYS_ADMIN);
    nursery->uid_base = options->uid_base;
    int result = set_own_limits(nursery);
    if (result) return refuse(refusal, CSB_STEP_LIMITS, result, "resource limits: %s", strerror(-result));
    // Where pidfds are missing (before Linux 5.3) an orphan of a dead spawner is ended by PDEATHSIG alone.
    nursery->self = (int)syscall(SYS_pidfd_open, getpid(), 0);
    if (nursery->root) nursery->kmsg = csb_audit_open();
    if (CSB_HAS(CSB_LAB_CGROUPS) && (result = claim_name(nursery, options, refusal))) return result;
    if (nursery->root) {
        const uint32_t nobody = 65534;
        nursery->own_uid = range_is_mapped("/proc/self/uid_map", options->uid_base, options->slots) &&
                           range_is_mapped("/proc/self/gid_map", options->uid_base, options->slots);
        nursery->changes_uid = nursery->own_uid || (range_is_mapped("/proc/self/uid_map", nobody, 1) &&
                                                    range_is_mapped("/proc/self/gid_map", nobody, 1));
        if (!CSB_HAS(CSB_LAB_UID)) nursery->own_uid = nursery->changes_uid = false;
        if (!nursery->own_uid) nursery->uid_base = CSB_HAS(CSB_LAB_UID) ? nobody : geteuid();
    } else {
        nursery->uid_base = (uint32_t)atoi(CSB_INNER_ID);
    }
    nursery->seccomp = CSB_HAS(CSB_LAB_SECCOMP);
    nursery->asks = csb_calls_can_ask();
    for (unsigned i = 0; i < CSB_PROFILE_COUNT; i++) csb_filter_add_passing(i, nursery->passing[i]);
    for (int i = 0; nursery->seccomp && i < CSB_FILTER_COUNT; i++) {
        result = csb_filter_build((unsigned)i, 0, nursery->exec_descriptor, &nursery->filters[i]);
        if (!result) continue;
        if (!options->allow_degraded)
            return refuse(refusal, CSB_STEP_SECCOMP, result, "cannot build the seccomp filters: %s", strerror(-result));
        nursery->seccomp = false;
        nursery->errors[CSB_STEP_SECCOMP] = -result;
    }
    result = enter_namespaces(nursery);
    if (result && !options->allow_degraded)
        return refuse(refusal, CSB_STEP_CLONE, result, "no mount and pid namespaces: %s. %s", strerror(-result),
                      nursery->root ? "The spawner needs CAP_SYS_ADMIN, and user.max_mnt_namespaces and "
                                      "user.max_pid_namespaces above 0."
                                    : "Allow unprivileged user namespaces (sysctl user.max_user_namespaces, "
                                      "kernel.unprivileged_userns_clone, AppArmor), or start as root.");
    nursery->isolated = !result;
    nursery->error_isolation = -result;
    if (!nursery->isolated && !nursery->root) nursery->uid_base = getuid();
    // The mount namespace has to be entered before these are opened, or they could not be bound within it.
    result = open_descriptors(nursery, options, &runtime, refusal);
    if (result) return result;
    if (nursery->isolated && (result = csb_root_move(nursery, runtime)))
        return refuse(refusal, CSB_STEP_ROOT, result, "cannot build the root file systems: %s", strerror(-result));
    if (runtime >= 0) close(runtime);
    nursery->host_proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (nursery->host_proc < 0) return refuse(refusal, CSB_STEP_PROC, errno, "/proc: %s", strerror(errno));
    for (int i = 0; i < CSB_ROOT_COUNT; i++) {
        struct csb_root *root = &nursery->roots[i];
        if (!nursery->isolated) root->path = "/";
        if ((result = csb_root_rules(root, nursery->isolated ? root->path : "")))
            return refuse(refusal, CSB_STEP_LANDLOCK, result, "opening the roots: %s", strerror(-result));
        if (i == CSB_ROOT_SYSTEM) add_loader(root);
    }
    nursery->proc_options = nursery->isolated && CSB_HAS(CSB_LAB_PROC) ? proc_ladder[0] : NULL;
    nursery->landlock_abi = CSB_HAS(CSB_LAB_LANDLOCK) ? csb_landlock_abi() : 0;
    nursery->user_namespace = CSB_HAS(CSB_LAB_USER);
    open_zygotes(nursery);
    // Nothing of what follows, in us or in an instance, gains by executing a setuid program.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return refuse(refusal, CSB_STEP_CAPABILITIES, errno, "no_new_privs: %s", strerror(errno));
    if ((nursery->root || nursery->isolated) && (result = csb_keep_capabilities(needed_capabilities)))
        return refuse(refusal, CSB_STEP_CAPABILITIES, result, "capabilities: %s", strerror(-result));
    return 0;
}

int csb_nursery_confine(struct csb_nursery *nursery, bool allow_degraded, struct csb_refusal *refusal) {
    // Nothing is read from or written to these; error output stays, for the last words of the C library.
    if (dup2(nursery->null, 0) < 0 || dup2(nursery->null, 1) < 0)
        return refuse(refusal, CSB_STEP_DESCRIPTORS, errno, "standard input and output: %s", strerror(errno));
    // From within, bundles are found by their path (see open_bundle).
    if (nursery->isolated) csb_close(&nursery->bundles);
    // An ordinary user's other processes could otherwise trace this one and have its descriptors. Maps of user
    // namespaces are written by the child, which makes itself dumpable for that moment.
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
        return refuse(refusal, CSB_STEP_IDENTITY, errno, "undumpable: %s", strerror(errno));
    if (!nursery->seccomp) return 0;
    int result = csb_filter_load(&nursery->filters[CSB_FILTER_SPAWNER]);
    if (!result) return 0;
    nursery->errors[CSB_STEP_SECCOMP] = -result;
    nursery->seccomp = false;
    if (allow_degraded) return 0;
    return refuse(refusal, CSB_STEP_SECCOMP, result, "cannot load the spawner's filter: %s", strerror(-result));
}

// MARK: - Trials

/// Starts one instance that stops before exec. Returns 0, or the failed step with its errno in `*error`.
static uint32_t try_instance(struct csb_nursery *nursery, uint32_t profile, int *error) {
    struct csb_spawn_request request = {.id = 1, .memory_bytes = 64u << 20, .tmp_bytes = 1u << 20, .tmp_inodes = 16,
                                        .file_bytes = 1u << 20, .pids = 8, .open_files = 64, .profile = profile};
    struct csb_group group;
    struct csb_start start = {.nursery = nursery, .request = &request, .group = &group,
                              .descriptors = {-1, -1, -1, -1}, .uid = nursery->uid_base, .calls_socket = -1,
                              .trial = true};
    int pidfd, status = 0;
    int result = csb_group_prepare(&nursery->cgroups, 0, &group);
    if (!result) result = csb_group_limit(&nursery->cgroups, 0, &request);
    if (result) {
        csb_group_release(&group);
        (void)csb_group_remove(&nursery->cgroups, 0);
        *error = -result;
        return CSB_STEP_CGROUP;
    }
    int pid = csb_instance_start(&start, &pidfd);
    csb_group_release(&group);
    uint32_t step = start.step;
    *error = start.error;
    if (pid < 0) {
        step = CSB_STEP_CLONE;
        *error = -pid;
    } else {
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
        // A filter that kills even the trial's own exit would show here.
        if (!step && status) {
            step = CSB_STEP_SECCOMP;
            *error = EINVAL;
        }
    }
    if (pidfd >= 0) close(pidfd);
    (void)csb_group_remove(&nursery->cgroups, 0);
    return step;
}

/// Leaves out what the failed step needed; false if an instance cannot do without.
static bool leave_out(struct csb_nursery *nursery, uint32_t step, bool allow_degraded) {
    switch (step) {
    case CSB_STEP_CLONE:
        if (!nursery->ipc_namespace) return false;
        nursery->ipc_namespace = false;
        return true;
    case CSB_STEP_CGROUP:
        if (nursery->cgroup_namespace) {
            nursery->cgroup_namespace = false;
            return true;
        }
        if (!nursery->cgroups.count) return false;
        csb_cgroups_close(&nursery->cgroups);
        return true;
    case CSB_STEP_PROC:
        for (size_t i = 0; i < sizeof proc_ladder / sizeof *proc_ladder; i++) {
            if (nursery->proc_options != proc_ladder[i]) continue;
            nursery->proc_options = i + 1 < sizeof proc_ladder / sizeof *proc_ladder ? proc_ladder[i + 1] : NULL;
            return true;
        }
        return false;
    case CSB_STEP_USER_NAMESPACE:
        if (!nursery->user_namespace) return false;
        nursery->user_namespace = false;
        return true;
    case CSB_STEP_LANDLOCK:
        if (!nursery->landlock_abi) return false;
        nursery->landlock_abi = 0;
        return true;
    case CSB_STEP_SECCOMP:
        if (!allow_degraded || !nursery->seccomp) return false;
        nursery->seccomp = false;
        return true;
    default:
        return false;
    }
}

int csb_nursery_try(struct csb_nursery *nursery, bool allow_degraded, struct csb_refusal *refusal) {
    for (uint32_t profile = 0; profile < CSB_PROFILE_COUNT;) {
        int error = 0;
        uint32_t step = try_instance(nursery, profile, &error);
        if (!step) {
            profile++;
            continue;
        }
        nursery->errors[step] = error;
        if (!leave_out(nursery, step, allow_degraded))
            return refuse(refusal, step, error, "a trial instance failed at step %s: %s", csb_step_name(step),
                          strerror(error));
        profile = 0;
    }
    nursery->zygotes &= nursery->user_namespace && nursery->landlock_abi && nursery->seccomp && nursery->proc_options;
    return 0;
}

void csb_nursery_close(struct csb_nursery *nursery) {
    csb_cgroups_close(&nursery->cgroups);
    for (int i = 0; i < CSB_FILTER_COUNT; i++) free(nursery->filters[i].filter);
    for (int i = 0; i < CSB_ROOT_COUNT; i++)
        for (size_t j = 0; j < nursery->roots[i].rule_count; j++) close(nursery->roots[i].rules[j].descriptor);
    csb_close(&nursery->host_proc);
    csb_close(&nursery->bundles);
    csb_close(&nursery->null);
    csb_close(&nursery->self);
    csb_close(&nursery->kmsg);
    csb_close(&nursery->own_mounts);
    csb_close(&nursery->fork_rules);
}
