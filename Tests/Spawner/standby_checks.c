// Standbys: what waits, what it becomes, and that it is as confined as what is started when it is asked for.

#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>

/// The one child of the spawner, which is the standby while nothing else lives; 0 when there is none.
static pid_t standby_of(const struct spawned *spawner) {
    char path[96], text[256];
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", spawner->pid, spawner->pid);
    for (int i = 0; i < 100; i++) {
        if (csb_read_at(AT_FDCWD, path, text, sizeof text) < 0) skip("this kernel does not list children");
        // Once it is under a filter of its own, it waits.
        pid_t pid = (pid_t)atoi(text);
        if (pid > 0 && status_number(pid, "Seccomp_filters", 10) > 1) return pid;
        usleep(10000);
    }
    return 0;
}

static struct csb_event start(const struct spawned *spawner, uint64_t id, uint32_t profile, const char *argument) {
    static struct csb_event event;
    instance_start(spawner, id, profile, argument, &event);
    EXPECT(event.kind == CSB_EVENT_SPAWNED && event.id == id);
    csb_close(&event.pidfd);
    csb_close(&event.cpu_fd);
    csb_close(&event.memory_fd);
    return event;
}

static struct csb_event ended(const struct spawned *spawner, uint64_t id) {
    static struct csb_event event;
    REQUIRE(event_next(spawner, &event));
    EXPECT(event.kind == CSB_EVENT_EXITED && event.id == id);
    return event;
}

/// What waits holds nothing that others wait for the end of, and has no privilege.
static void is_confined(pid_t pid) {
    EXPECT(status_number(pid, "CapEff", 16) == 0 && status_number(pid, "CapPrm", 16) == 0);
    EXPECT(status_number(pid, "CapBnd", 16) == 0 && status_number(pid, "CapAmb", 16) == 0);
    EXPECT(status_number(pid, "NoNewPrivs", 10) == 1 && status_number(pid, "Seccomp", 10) == 2);
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    DIR *folder = opendir(path);
    int count = 0;
    // Undumpable: only root may look.
    if (!folder) return;
    while (readdir(folder)) count++;
    closedir(folder);
    // Two of them are "." and ".."; four hold the places of what comes; then nothing, the program, and the socket.
    EXPECT(count <= 2 + 4 + 3);
}

static void becomes(uint32_t profile, const char *name) {
    struct csb_event event;
    struct spawned spawner = spawner_start(own_name(name), &event);
    REQUIRE(event.kind == CSB_EVENT_READY);
    uint64_t id = 1;
    (void)start(&spawner, id, profile, "exit");
    (void)ended(&spawner, id);

    pid_t waiting = standby_of(&spawner);
    EXPECT(waiting > 0);
    is_confined(waiting);
    event = start(&spawner, ++id, profile, "exit");
    EXPECT(event.pid == waiting);
    event = ended(&spawner, id);
    EXPECT(event.exit_code == 7 && event.verdict == CSB_VERDICT_NONE);

    waiting = standby_of(&spawner);
    EXPECT(start(&spawner, ++id, profile, "trace").pid == waiting);
    event = ended(&spawner, id);
    EXPECT(event.exit_signal == SIGSYS && event.verdict == CSB_VERDICT_SECCOMP);

    waiting = standby_of(&spawner);
    EXPECT(start(&spawner, ++id, profile, "fill").pid == waiting);
    event = ended(&spawner, id);
    EXPECT(event.exit_signal == SIGKILL && event.verdict == CSB_VERDICT_MEMORY);

    waiting = standby_of(&spawner);
    EXPECT(start(&spawner, ++id, profile, "wait").pid == waiting);
    EXPECT(!csb_client_kill(spawner.socket, id));
    EXPECT(ended(&spawner, id).verdict == CSB_VERDICT_KILLED);

    // What is prepared for one profile is nothing for another.
    waiting = standby_of(&spawner);
    const uint32_t other = profile == CSB_PROFILE_EXEC ? CSB_PROFILE_STATIC : CSB_PROFILE_EXEC;
    EXPECT(start(&spawner, ++id, other, "exit").pid != waiting);
    EXPECT(ended(&spawner, id).exit_code == 7);

    // One that dies is replaced by a start like any.
    EXPECT(!kill(waiting, SIGKILL));
    usleep(50000);
    EXPECT(start(&spawner, ++id, profile, "exit").pid != waiting);
    EXPECT(ended(&spawner, id).exit_code == 7);

    waiting = standby_of(&spawner);
    EXPECT(spawner_end(&spawner, 3000) == 0);
    EXPECT(kill(waiting, 0) && errno == ESRCH);
}

/// Asks for the guest as a program that can wait in its place; returns its process, once its frame socket has told it the
/// code that it is to exit with.
static pid_t start_ahead(const struct spawned *spawner, uint64_t id, uint32_t ahead, const char *variable, uint8_t code) {
    char strings[128];
    int length = snprintf(strings, sizeof strings, "/function/guest%cread%c%s", 0, 0, variable), null;
    struct csb_spawn_request request = {
        .id = id, .memory_bytes = 64u << 20, .tmp_bytes = 1u << 20, .tmp_inodes = 16, .file_bytes = 1u << 20,
        .profile = CSB_PROFILE_STATIC, .pids = 8, .open_files = 64, .cpu_seconds = 20, .argc = 2, .envc = 1,
        .strings_length = (uint32_t)length + 1, .ahead = ahead,
    };
    int near, far;
    struct csb_event event;
    REQUIRE(!csb_request_set_bundle(&request, bundle_digest));
    REQUIRE(!csb_stream_pair(&near, &far) && (null = open("/dev/null", O_RDWR | O_CLOEXEC)) >= 0);
    // Before anybody reads there, as the node does.
    EXPECT(write(near, &code, 1) == 1);
    const int descriptors[CSB_SPAWN_DESCRIPTORS] = {-1, null, null, far};
    REQUIRE(!csb_client_spawn(spawner->socket, &request, strings, descriptors));
    close(far);
    close(null);
    REQUIRE(event_next(spawner, &event));
    EXPECT(event.kind == CSB_EVENT_SPAWNED && event.id == id);
    EXPECT(ended(spawner, id).exit_code == code);
    close(near);
    return event.pid;
}

/// Whether that process runs its program.
static bool runs_program(pid_t pid) {
    char path[64], text[64];
    snprintf(path, sizeof path, "/proc/%d/cmdline", pid);
    return csb_read_at(AT_FDCWD, path, text, sizeof text) > 0 && !strcmp(text, "/function/guest");
}

static void waits_in_program(const char *name) {
    struct csb_event event;
    struct spawned spawner = spawner_start(own_name(name), &event);
    REQUIRE(event.kind == CSB_EVENT_READY);
    uint64_t id = 1;
    (void)start_ahead(&spawner, id, CSB_AHEAD_PROGRAM, "A=1", 11);
    pid_t waiting = standby_of(&spawner);
    for (int i = 0; i < 100 && !runs_program(waiting); i++) usleep(10000);
    EXPECT(runs_program(waiting));
    is_confined(waiting);
    EXPECT(start_ahead(&spawner, ++id, CSB_AHEAD_PROGRAM, "A=1", 12) == waiting);

    // What was told another thing by its environment is nobody's any more.
    waiting = standby_of(&spawner);
    EXPECT(start_ahead(&spawner, ++id, CSB_AHEAD_PROGRAM, "A=2", 13) != waiting);
    for (int i = 0; i < 100 && !kill(waiting, 0); i++) usleep(10000);
    EXPECT(kill(waiting, 0) && errno == ESRCH);

    // One that dies is replaced by a start like any.
    waiting = standby_of(&spawner);
    EXPECT(!kill(waiting, SIGKILL));
    usleep(50000);
    EXPECT(start_ahead(&spawner, ++id, CSB_AHEAD_PROGRAM, "A=2", 14) != waiting);

    // It serves though memory is short, and none is made after it that runs its program.
    waiting = standby_of(&spawner);
    EXPECT(start_ahead(&spawner, ++id, CSB_AHEAD_SHORT, "A=2", 15) == waiting);
    EXPECT(!runs_program(standby_of(&spawner)));
    EXPECT(spawner_end(&spawner, 3000) == 0);
}

static void becomes_all(const char *name) {
    becomes(CSB_PROFILE_STATIC, name);
    becomes(CSB_PROFILE_PYTHON, name);
    becomes(CSB_PROFILE_EXEC, name);
}

static void as_root(void) {
    need_root();
    becomes_all("standby");
}

static void become_user(void) {
    if (!geteuid()) REQUIRE(!csb_drop_privileges(ORDINARY, ORDINARY));
}

static void as_user(void) {
    become_user();
    becomes_all("standby");
}

static void in_program_as_root(void) {
    need_root();
    waits_in_program("ahead");
}

static void in_program_as_user(void) {
    become_user();
    waits_in_program("ahead");
}

const struct check standby_checks[] = {
    {"standby: becomes what is asked for, as root", as_root},
    {"standby: becomes what is asked for, as an ordinary user", as_user},
    {"standby: waits in its program, as root", in_program_as_root},
    {"standby: waits in its program, as an ordinary user", in_program_as_user},
    {NULL, NULL},
};
