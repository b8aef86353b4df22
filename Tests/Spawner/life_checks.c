// A spawner's whole life, from its start to its end, as root and as an ordinary user.

#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

/// Ends the instance's descriptors that came with an event.
static void take(struct csb_event *event) {
    csb_close(&event->pidfd);
    csb_close(&event->cpu_fd);
    csb_close(&event->memory_fd);
}

static int open_descriptors(pid_t pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    DIR *folder = opendir(path);
    int count = 0;
    while (folder && readdir(folder)) count++;
    if (folder) closedir(folder);
    return count;
}

/// Whether it is there and has not ended; orphans may lie unreaped for a while.
static bool is_running(pid_t pid) {
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    if (csb_read_at(AT_FDCWD, path, text, sizeof text) <= 0) return false;
    const char *name = strrchr(text, ')');
    return name && name[1] && name[2] != 'Z' && name[2] != 'X';
}

static void starts_and_ends_instances(const struct spawned *spawner, bool root) {
    struct csb_event event;
    uint64_t id = 1;
    for (uint32_t profile = 0; profile < CSB_PROFILE_COUNT; profile++) {
        instance_start(spawner, ++id, profile, "exit", &event);
        EXPECT(event.kind == CSB_EVENT_SPAWNED && event.id == id && event.pid > 0);
        take(&event);
        REQUIRE(event_next(spawner, &event));
        EXPECT(event.kind == CSB_EVENT_EXITED && event.id == id && event.exit_code == 7);
        EXPECT(event.verdict == CSB_VERDICT_NONE);

        instance_start(spawner, ++id, profile, "trace", &event);
        take(&event);
        REQUIRE(event_next(spawner, &event));
        EXPECT(event.exit_signal == SIGSYS && event.verdict == CSB_VERDICT_SECCOMP);
        // Only root may read the kernel's log, in which the kernel bounds the records: none, but never a wrong one.
        EXPECT(event.syscall == -1 || (root && event.syscall == SYS_ptrace));

        instance_start(spawner, ++id, profile, "wait", &event);
        take(&event);
        EXPECT(!csb_client_kill(spawner->socket, id));
        REQUIRE(event_next(spawner, &event));
        EXPECT(event.id == id && event.exit_signal == SIGKILL && event.verdict == CSB_VERDICT_KILLED);
    }
    instance_start(spawner, ++id, CSB_PROFILE_STATIC, "fill", &event);
    take(&event);
    REQUIRE(event_next(spawner, &event));
    EXPECT(event.exit_signal == SIGKILL && event.verdict == CSB_VERDICT_MEMORY);
    instance_start(spawner, ++id, CSB_PROFILE_EXEC, "fork", &event);
    take(&event);
    EXPECT(!csb_client_kill(spawner->socket, id));
    REQUIRE(event_next(spawner, &event));
    EXPECT(event.exit_signal == SIGKILL);
}

/// How many processors a process may use.
static int processors(pid_t pid) {
    cpu_set_t set;
    return sched_getaffinity(pid, sizeof set, &set) ? -1 : CPU_COUNT(&set);
}

static void places_instances(const struct spawned *spawner) {
    struct csb_event event;
    const uint64_t id = 900;
    const int all = processors(0), here = sched_getcpu();
    instance_start(spawner, id, CSB_PROFILE_STATIC, "wait", &event);
    const pid_t pid = event.pid;
    take(&event);
    EXPECT(processors(pid) == all);
    EXPECT(!csb_client_place(spawner->socket, id, here));
    for (int i = 0; i < 100 && processors(pid) != 1; i++) usleep(2000);
    EXPECT(processors(pid) == 1);
    // Neither of these is a place, nor an instance.
    EXPECT(!csb_client_place(spawner->socket, id, 100000) && !csb_client_place(spawner->socket, id + 1, here));
    EXPECT(!csb_client_place(spawner->socket, id, -1));
    for (int i = 0; i < 100 && processors(pid) != all; i++) usleep(2000);
    EXPECT(processors(pid) == all);
    EXPECT(!csb_client_kill(spawner->socket, id));
    REQUIRE(event_next(spawner, &event));
    EXPECT(event.exit_signal == SIGKILL);
}

/// Nothing that a node sends may end the spawner or make it forget a descriptor.
static void bears_nonsense(const struct spawned *spawner) {
    static uint8_t bytes[CSB_MESSAGE_MAX];
    int many[8];
    for (int i = 0; i < 8; i++) many[i] = 0;
    srand(1);
    for (int i = 0; i < 300; i++) {
        struct csb_wire_header header = {CSB_WIRE_MAGIC, (uint32_t)(i % 5), (uint32_t)rand() % 64, 0};
        size_t length = (size_t)rand() % 700 + 1;
        for (size_t j = 0; j < length; j++) bytes[j] = (uint8_t)rand();
        if (i % 4) memcpy(bytes, &header, sizeof header);
        // An id makes it a request that has to be answered; that of what came before is none.
        if (length >= sizeof header + 8) memset(bytes + sizeof header, 0, 8);
        const struct iovec part = {bytes, i % 50 ? length : sizeof bytes};
        EXPECT(!csb_send(spawner->socket, &part, 1, many, (size_t)(i % 9), 0) || errno == EAGAIN);
        if (i % 20 == 0) usleep(2000);
    }
    // A bad request with an id is answered.
    struct csb_event event;
    struct csb_spawn_request request = {.id = 4711};
    const int none[CSB_SPAWN_DESCRIPTORS] = {-1, -1, -1, -1};
    usleep(100000);
    EXPECT(!csb_client_spawn(spawner->socket, &request, "", none));
    REQUIRE(event_next(spawner, &event));
    EXPECT(event.kind == CSB_EVENT_FAILED && event.id == 4711 && event.step == CSB_STEP_REQUEST);
}

static void serves_for_long(const struct spawned *spawner, bool root) {
    struct csb_event event;
    int before = 0;
    for (uint64_t id = 1000; id < 1200; id++) {
        instance_start(spawner, id, id % 2 ? CSB_PROFILE_STATIC : CSB_PROFILE_EXEC, "exit", &event);
        EXPECT(event.kind == CSB_EVENT_SPAWNED && event.id == id);
        take(&event);
        REQUIRE(event_next(spawner, &event));
        EXPECT(event.kind == CSB_EVENT_EXITED && event.id == id && event.exit_code == 7);
        if (id == 1050) usleep(50000), before = open_descriptors(spawner->pid);
    }
    usleep(50000);
    if (root) EXPECT(before > 3 && open_descriptors(spawner->pid) == before);
}

/// What the running spawner still has, as the kernel says.
static void keeps_little(const struct spawned *spawner, bool root) {
    const int64_t needed = INT64_C(1) << CAP_SYS_ADMIN | INT64_C(1) << CAP_SETUID | INT64_C(1) << CAP_SETGID |
                           INT64_C(1) << CAP_SETPCAP | INT64_C(1) << CAP_KILL | INT64_C(1) << CAP_DAC_OVERRIDE |
                           INT64_C(1) << CAP_SYS_CHROOT | INT64_C(1) << CAP_SYS_NICE;
    pid_t pid = spawner->pid;
    EXPECT(status_number(pid, "CapEff", 16) == needed);
    EXPECT(status_number(pid, "CapPrm", 16) == needed);
    EXPECT(status_number(pid, "CapBnd", 16) == needed);
    EXPECT(status_number(pid, "CapInh", 16) == 0 && status_number(pid, "CapAmb", 16) == 0);
    EXPECT(status_number(pid, "NoNewPrivs", 10) == 1);
    EXPECT(status_number(pid, "Seccomp", 10) == 2 && status_number(pid, "Seccomp_filters", 10) == 1);
    EXPECT(status_number(pid, "Threads", 10) == 1);
    // What is not dumpable belongs to root in /proc, and nobody of its own user may look into it.
    char path[64];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    EXPECT(!stat(path, &status) && status.st_uid == 0);
    if (!root) {
        EXPECT(open(path, O_RDONLY | O_CLOEXEC) < 0 && errno == EACCES);
        EXPECT(ptrace(PTRACE_SEIZE, pid, NULL, NULL) && errno == EPERM);
        return;
    }
    // Its /proc is the host's, without the settings of the host.
    snprintf(path, sizeof path, "/proc/%d/root/proc/sys/kernel/core_pattern", pid);
    EXPECT(!access(path, R_OK) && access(path, W_OK) && errno == EROFS);
    snprintf(path, sizeof path, "/proc/%d/root/proc/sysrq-trigger", pid);
    EXPECT(access(path, W_OK) && (errno == EROFS || errno == ENOENT)); /* not in every kernel */
    snprintf(path, sizeof path, "/proc/%d/root/etc", pid);
    EXPECT(access(path, F_OK) && errno == ENOENT);
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, i);
        EXPECT(!stat(path, &status) && status.st_rdev == makedev(1, 3)); /* /dev/null */
    }
    EXPECT(open_descriptors(pid) <= CSB_DESCRIPTORS_BESIDES);
}

static void live(bool root) {
    struct csb_event event;
    pid_t living[12];
    struct spawned spawner = spawner_start(own_name(root ? "root" : "user"), &event);
    if (event.kind != CSB_EVENT_READY) fprintf(stderr, "%s\n", event.report);
    REQUIRE(event.kind == CSB_EVENT_READY && strstr(event.report, root ? "\"root\"" : "\"user\""));
    keeps_little(&spawner, root);
    starts_and_ends_instances(&spawner, root);
    places_instances(&spawner);
    // A start makes its parent dumpable for a moment.
    keeps_little(&spawner, root);
    bears_nonsense(&spawner);
    serves_for_long(&spawner, root);
    for (int i = 0; i < 12; i++) {
        instance_start(&spawner, 5000 + (uint64_t)i, i % 2 ? CSB_PROFILE_EXEC : CSB_PROFILE_STATIC, "fork", &event);
        if (i % 2 == 0) {
            // Its filter ended it for the fork.
            take(&event);
            REQUIRE(event_next(&spawner, &event));
            EXPECT(event.verdict == CSB_VERDICT_SECCOMP);
            living[i] = 0;
        } else {
            living[i] = event.pid;
            take(&event);
        }
    }
    EXPECT(spawner_end(&spawner, 3000) == 0);
    for (int i = 0; i < 12; i++) EXPECT(!living[i] || !is_running(living[i]));
}

static void lives_as_root(void) {
    need_root();
    live(true);
}

static void lives_as_user(void) {
    if (!geteuid()) REQUIRE(!csb_drop_privileges(ORDINARY, ORDINARY));
    live(false);
}

/// Where the kernel gives no mount and pid namespaces: nothing but the group holds an instance's processes together.
static void lives_degraded(void) {
    need_root();
    struct csb_event event;
    scmp_filter_ctx none = seccomp_init(SCMP_ACT_ALLOW);
    const struct scmp_arg_cmp flag = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_NEWNS, CLONE_NEWNS);
    REQUIRE(none && !seccomp_rule_add_array(none, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(unshare), 1, &flag));
    REQUIRE(!seccomp_load(none));
    seccomp_release(none);
    struct spawned refused = spawner_start(own_name("strict"), &event);
    EXPECT(event.kind == CSB_EVENT_FAILED && event.step == CSB_STEP_CLONE);
    EXPECT(spawner_end(&refused, 3000) > 0);

    more_argument = "--allow-degraded";
    struct spawned spawner = spawner_start(own_name("degraded"), &event);
    if (event.kind != CSB_EVENT_READY) fprintf(stderr, "%s\n", event.report);
    REQUIRE(event.kind == CSB_EVENT_READY);
    EXPECT(status_number(spawner.pid, "Seccomp", 10) == 2);
    bool grouped = !strstr(event.report, "\"cgroup pids\",\"state\":\"degraded\"");
    for (uint64_t id = 1; id <= 6; id++) {
        char procs[64];
        instance_start(&spawner, id, CSB_PROFILE_EXEC, "fork", &event);
        REQUIRE(event.kind == CSB_EVENT_SPAWNED);
        pid_t pid = event.pid;
        take(&event);
        // Its children, which have left its session: they end with it all the same.
        usleep(20000);
        snprintf(procs, sizeof procs, "/proc/%d/task/%d/children", pid, pid);
        int64_t child = csb_number_at(AT_FDCWD, procs, NULL);
        EXPECT(child > 0);
        if (id > 3) continue;
        EXPECT(!csb_client_kill(spawner.socket, id));
        REQUIRE(event_next(&spawner, &event));
        EXPECT(event.kind == CSB_EVENT_EXITED && event.id == id && event.verdict == CSB_VERDICT_KILLED);
        if (grouped) EXPECT(!is_running((pid_t)child));
    }
    EXPECT(spawner_end(&spawner, 3000) == 0);
}

static void probes(const char *user) {
    static char report[CSB_REPORT_MAX + 1];
    int length = csb_probe(report, sizeof report);
    REQUIRE(length > 2);
    EXPECT(report[0] == '[' && report[length - 1] == ']' && strstr(report, user));
    EXPECT(strstr(report, "\"layer\":\"seccomp\",\"state\":\"present\""));
}

static void probes_as_root(void) {
    need_root();
    probes("\"own uid per instance\",\"state\":\"present\"");
}

static void probes_as_user(void) {
    if (!geteuid()) REQUIRE(!csb_drop_privileges(ORDINARY, ORDINARY));
    probes("\"own uid per instance\",\"state\":\"absent\"");
}

const struct check life_checks[] = {
    {"life: as root", lives_as_root},
    {"life: as an ordinary user", lives_as_user},
    {"life: where the kernel gives no namespaces", lives_degraded},
    {"probe: as root", probes_as_root},
    {"probe: as an ordinary user", probes_as_user},
    {NULL, NULL},
};
