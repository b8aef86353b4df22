// Zygotes and their forks, with a program that plays its side rightly or breaks one rule.

#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>

/// Asks for a process of the guest as `origin`; a fork gets `frames`, or -1, as its frame socket.
static void ask(const struct spawned *spawner, uint64_t id, uint32_t origin, uint64_t zygote, const char *broken,
                int frames) {
    char strings[128];
    int length = snprintf(strings, sizeof strings, "/function/guest%czygote%c%s%cTZ=UTC", 0, 0, broken, 0);
    struct csb_spawn_request request = {
        .id = id, .zygote = zygote, .origin = origin, .memory_bytes = 64u << 20, .tmp_bytes = 1u << 20,
        .tmp_inodes = 16, .file_bytes = 1u << 20, .profile = CSB_PROFILE_STATIC, .pids = 8, .open_files = 64,
        .cpu_seconds = 20, .argc = 3, .envc = 1, .strings_length = (uint32_t)length + 1,
    };
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    REQUIRE(null >= 0 && !csb_request_set_bundle(&request, bundle_digest));
    const int descriptors[CSB_SPAWN_DESCRIPTORS] = {-1, null, null, frames};
    REQUIRE(!csb_client_spawn(spawner->socket, &request, strings, descriptors));
    close(null);
}

static struct csb_event next(const struct spawned *spawner) {
    static struct csb_event event;
    REQUIRE(event_next(spawner, &event));
    csb_close(&event.pidfd);
    csb_close(&event.cpu_fd);
    csb_close(&event.memory_fd);
    return event;
}

static struct spawned start_with_zygote(const char *broken) {
    struct csb_event event;
    struct spawned spawner = spawner_start(own_name("zygote"), &event);
    REQUIRE(event.kind == CSB_EVENT_READY);
    ask(&spawner, 1, CSB_ORIGIN_ZYGOTE, 0, broken, -1);
    event = next(&spawner);
    if (event.kind == CSB_EVENT_FAILED && event.error == ENOTSUP) skip("this machine has no zygotes");
    REQUIRE(event.kind == CSB_EVENT_SPAWNED && event.id == 1);
    event = next(&spawner);
    REQUIRE(event.kind == CSB_EVENT_PREPARED && event.id == 1);
    return spawner;
}

/// Forks an instance and returns our end of its frame socket.
static int fork_one(const struct spawned *spawner, uint64_t id) {
    int near, far;
    REQUIRE(!csb_stream_pair(&near, &far));
    ask(spawner, id, CSB_ORIGIN_FORK, 1, "none", far);
    close(far);
    return near;
}

static void forks(void) {
    struct spawned spawner = start_with_zygote("none");
    int frames[4];
    for (uint64_t i = 0; i < 4; i++) {
        frames[i] = fork_one(&spawner, 10 + i);
        struct csb_event event = next(&spawner);
        REQUIRE(event.kind == CSB_EVENT_SPAWNED && event.id == 10 + i && event.pid > 0);
        EXPECT(status_number(event.pid, "CapPrm", 16) == 0 && status_number(event.pid, "Threads", 10) == 1);
        EXPECT(status_number(event.pid, "Seccomp_filters", 10) == 3);
    }
    const uint8_t code = 42;
    REQUIRE(write(frames[0], &code, 1) == 1);
    struct csb_event event = next(&spawner);
    EXPECT(event.kind == CSB_EVENT_EXITED && event.id == 10 && event.exit_code == 42 && event.exit_signal == 0);
    EXPECT(event.cpu_nanoseconds > 0 && event.verdict == CSB_VERDICT_NONE);
    EXPECT(!csb_client_kill(spawner.socket, 11));
    event = next(&spawner);
    EXPECT(event.id == 11 && event.exit_signal == SIGKILL && event.verdict == CSB_VERDICT_KILLED);
    // The end of the zygote is that of all its forks, and all are told of.
    EXPECT(!csb_client_kill(spawner.socket, 1));
    unsigned seen = 0;
    for (int i = 0; i < 3; i++) {
        event = next(&spawner);
        EXPECT(event.kind == CSB_EVENT_EXITED && event.exit_signal == SIGKILL);
        seen |= event.id == 1 ? 1 : event.id == 12 ? 2 : event.id == 13 ? 4 : 8;
    }
    EXPECT(seen == 7);
    close(fork_one(&spawner, 20));
    event = next(&spawner);
    EXPECT(event.kind == CSB_EVENT_FAILED && event.step == CSB_STEP_ZYGOTE && event.error == ESRCH);
    EXPECT(spawner_end(&spawner, 3000) == 0);
}

/// As many as there is a /tmp for, and then no more.
static void forks_so_often(void) {
    struct spawned spawner = start_with_zygote("none");
    const uint8_t code = 1;
    for (uint64_t i = 0; i <= CSB_ZYGOTE_FORKS; i++) {
        int frames = fork_one(&spawner, 10 + i);
        struct csb_event event = next(&spawner);
        if (i == CSB_ZYGOTE_FORKS) {
            EXPECT(event.kind == CSB_EVENT_FAILED && event.step == CSB_STEP_ZYGOTE && event.error == ENOSPC);
        } else {
            REQUIRE(event.kind == CSB_EVENT_SPAWNED && write(frames, &code, 1) == 1);
            event = next(&spawner);
            EXPECT(event.kind == CSB_EVENT_EXITED && event.id == 10 + i && event.exit_code == 1);
        }
        close(frames);
    }
    EXPECT(spawner_end(&spawner, 3000) == 0);
}

/// Whatever a fork does not do, no instance comes of it, and its zygote is ended.
static void refuses(const char *broken) {
    struct spawned spawner = start_with_zygote(broken);
    int frames = fork_one(&spawner, 10);
    bool was_refused = false, has_ended = false;
    for (int i = 0; i < 2; i++) {
        struct csb_event event = next(&spawner);
        was_refused |= event.kind == CSB_EVENT_FAILED && event.id == 10 && event.step == CSB_STEP_ZYGOTE;
        has_ended |= event.kind == CSB_EVENT_EXITED && event.id == 1 && event.exit_signal == SIGKILL;
    }
    EXPECT(was_refused && has_ended);
    close(frames);
    EXPECT(spawner_end(&spawner, 3000) == 0);
}

static void refuses_capabilities(void) { refuses("capability"); }
static void refuses_no_filter(void) { refuses("filter"); }
static void refuses_silence(void) { refuses("silent"); }

static void bears_babble(void) {
    struct spawned spawner = start_with_zygote("babble");
    int frames = fork_one(&spawner, 10);
    struct csb_event event = next(&spawner);
    REQUIRE(event.kind == CSB_EVENT_SPAWNED);
    const uint8_t code = 3;
    REQUIRE(write(frames, &code, 1) == 1);
    unsigned seen = 0;
    for (int i = 0; i < 2; i++) {
        event = next(&spawner);
        EXPECT(event.kind == CSB_EVENT_EXITED);
        seen |= event.id == 1 ? 1 : event.id == 10 ? 2 : 4;
    }
    EXPECT(seen == 3);
    close(frames);
    EXPECT(spawner_end(&spawner, 3000) == 0);
}

/// A fork that presents itself and a request, both there when the spawner looks: each gets its reply.
static void replies_to_both(void) {
    struct spawned spawner = start_with_zygote("late");
    int frames = fork_one(&spawner, 10);
    // The zygote has been asked by then, and the fork has not come so far.
    usleep(20000);
    REQUIRE(!kill(spawner.pid, SIGSTOP));
    ask(&spawner, 1, CSB_ORIGIN_ZYGOTE, 0, "none", -1);
    usleep(300000);
    REQUIRE(!kill(spawner.pid, SIGCONT));
    bool has_started = false, was_refused = false;
    for (int i = 0; i < 2; i++) {
        struct csb_event event = next(&spawner);
        has_started |= event.kind == CSB_EVENT_SPAWNED && event.id == 10;
        was_refused |= event.kind == CSB_EVENT_FAILED && event.id == 1 && event.error == EEXIST;
    }
    EXPECT(has_started && was_refused);
    close(frames);
    EXPECT(spawner_end(&spawner, 3000) == 0);
}

static void become_ordinary(void) {
    if (!geteuid()) REQUIRE(!csb_drop_privileges(ORDINARY, ORDINARY));
}

static void forks_as_user(void) {
    become_ordinary();
    forks();
}

static void forks_as_root(void) {
    need_root();
    forks();
}

const struct check zygote_checks[] = {
    {"zygote: forks, as root", forks_as_root},
    {"zygote: forks, as an ordinary user", forks_as_user},
    {"zygote: is forked as often as it may be", forks_so_often},
    {"zygote: a fork that keeps a capability is none", refuses_capabilities},
    {"zygote: a fork without its filter is none", refuses_no_filter},
    {"zygote: a fork that does not present itself is none", refuses_silence},
    {"zygote: a fork and a request that come together both get their reply", replies_to_both},
    {"zygote: one that babbles is ended", bears_babble},
    {NULL, NULL},
};
