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

static void becomes_all(const char *name) {
    becomes(CSB_PROFILE_STATIC, name);
    becomes(CSB_PROFILE_PYTHON, name);
    becomes(CSB_PROFILE_EXEC, name);
}

static void as_root(void) {
    need_root();
    becomes_all("standby");
}

static void as_user(void) {
    if (!geteuid()) REQUIRE(!csb_drop_privileges(ORDINARY, ORDINARY));
    becomes_all("standby");
}

const struct check standby_checks[] = {
    {"standby: becomes what is asked for, as root", as_root},
    {"standby: becomes what is asked for, as an ordinary user", as_user},
    {NULL, NULL},
};
