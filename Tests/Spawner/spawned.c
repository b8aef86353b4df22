#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>

const char *more_argument;

struct spawned spawner_start(const char *name, struct csb_event *first) {
    int near, far;
    REQUIRE(!csb_packet_pair(&near, &far));
    char *arguments[] = {"godwit-spawner", "--socket", "3", "--bundles", (char *)bundle_folder, "--name", (char *)name,
                         "--slots", "32", (char *)more_argument, NULL};
    int pid = csb_start_spawner(spawner_program, arguments, far);
    close(far);
    REQUIRE(pid > 0);
    struct spawned spawner = {near, pid};
    if (first) REQUIRE(event_next(&spawner, first));
    return spawner;
}

int await_exit(pid_t pid, int milliseconds) {
    const uint64_t until = csb_now() + (uint64_t)milliseconds * 1000000;
    for (;;) {
        int status = 0;
        if (waitpid(pid, &status, WNOHANG) == pid) return status;
        if (csb_now() >= until) return -1;
        usleep(1000);
    }
}

int spawner_end(struct spawned *spawner, int milliseconds) {
    csb_close(&spawner->socket);
    return await_exit(spawner->pid, milliseconds);
}

bool event_next(const struct spawned *spawner, struct csb_event *event) {
    struct pollfd socket = {.fd = spawner->socket, .events = POLLIN};
    return poll(&socket, 1, 10000) == 1 && csb_client_receive(spawner->socket, event) == 1;
}

void instance_start(const struct spawned *spawner, uint64_t id, uint32_t profile, const char *argument,
                    struct csb_event *event) {
    char strings[128];
    int length = snprintf(strings, sizeof strings, "/function/guest%c%s%cTZ=UTC", 0, argument, 0);
    struct csb_spawn_request request = {
        .id = id, .memory_bytes = 256u << 20, .tmp_bytes = 1u << 20, .tmp_inodes = 16, .file_bytes = 1u << 20,
        .profile = profile, .pids = 8, .open_files = 64, .cpu_seconds = 20, .argc = 2, .envc = 1,
        .strings_length = (uint32_t)length + 1,
    };
    REQUIRE(!csb_request_set_bundle(&request, bundle_digest));
    const int descriptors[CSB_SPAWN_DESCRIPTORS] = {-1, -1, -1, -1};
    REQUIRE(!csb_client_spawn(spawner->socket, &request, strings, descriptors));
    REQUIRE(event_next(spawner, event));
}

int64_t status_number(pid_t pid, const char *key, int base) {
    char path[64], text[8192];
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    if (csb_read_at(AT_FDCWD, path, text, sizeof text) <= 0) return -1;
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        size_t length = strlen(key);
        if (!strncmp(line, key, length) && line[length] == ':') return strtoll(line + length + 1, NULL, base);
    }
    return -1;
}
