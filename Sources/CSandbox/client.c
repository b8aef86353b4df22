// The node's half: two requests, and the names of the steps for its messages.

#include "internal.h"

#include <errno.h>
#include <malloc.h>
#include <string.h>
#include <sys/socket.h>

int csb_client_spawn(int socket, const struct csb_spawn_request *request, const char *strings,
                     const int descriptors[CSB_SPAWN_DESCRIPTORS]) {
    struct csb_wire_header header = {CSB_WIRE_MAGIC, CSB_WIRE_SPAWN, 0, 0};
    int given[CSB_SPAWN_DESCRIPTORS];
    size_t count = 0;
    // Refused here already, because the spawner could only answer that it was not able to read it.
    if (sizeof header + sizeof *request + (size_t)request->strings_length > CSB_MESSAGE_MAX) return -E2BIG;
    for (uint32_t i = 0; i < CSB_SPAWN_DESCRIPTORS; i++) {
        if (descriptors[i] < 0) continue;
        header.descriptors |= 1u << i;
        given[count++] = descriptors[i];
    }
    const struct iovec parts[] = {
        {&header, sizeof header},
        {(void *)request, sizeof *request},
        {(void *)strings, request->strings_length},
    };
    return csb_send(socket, parts, 3, given, count, 0);
}

int csb_send_descriptor(int socket, const void *bytes, size_t length, int descriptor) {
    const struct iovec part = {(void *)bytes, length};
    return csb_send(socket, &part, 1, &descriptor, 1, 0);
}

int csb_request_set_bundle(struct csb_spawn_request *request, const char *digest) {
    if (!csb_is_digest(digest)) return -EINVAL;
    memcpy(request->bundle, digest, sizeof request->bundle);
    return 0;
}

int csb_client_kill(int socket, uint64_t id) {
    struct csb_wire_header header = {CSB_WIRE_MAGIC, CSB_WIRE_KILL, 0, 0};
    const struct iovec parts[] = {{&header, sizeof header}, {&id, sizeof id}};
    return csb_send(socket, parts, 2, NULL, 0, 0);
}

int csb_client_place(int socket, uint64_t id, int32_t processor) {
    const struct csb_wire_header header = {CSB_WIRE_MAGIC, CSB_WIRE_PLACE, 0, 0};
    const struct csb_place place = {.id = id, .processor = processor};
    const struct iovec parts[] = {{(void *)&header, sizeof header}, {(void *)&place, sizeof place}};
    return csb_send(socket, parts, 2, NULL, 0, MSG_DONTWAIT);
}

int csb_client_freeze(int socket, uint64_t id, int frozen) {
    const struct csb_wire_header header = {CSB_WIRE_MAGIC, CSB_WIRE_FREEZE, 0, 0};
    const struct csb_freeze freeze = {.id = id, .frozen = frozen != 0};
    const struct iovec parts[] = {{(void *)&header, sizeof header}, {(void *)&freeze, sizeof freeze}};
    return csb_send(socket, parts, 2, NULL, 0, 0);
}

const char *csb_step_name(uint32_t step) {
    static const char *const names[] = {
        [CSB_STEP_NONE] = "none",
        [CSB_STEP_REQUEST] = "request",
        [CSB_STEP_SLOT] = "slot",
        [CSB_STEP_CGROUP] = "cgroup",
        [CSB_STEP_CLONE] = "clone",
        [CSB_STEP_ROOT] = "root",
        [CSB_STEP_BUNDLE] = "bundle",
        [CSB_STEP_TMP] = "tmp",
        [CSB_STEP_PROC] = "proc",
        [CSB_STEP_PIVOT] = "pivot",
        [CSB_STEP_LIMITS] = "limits",
        [CSB_STEP_IDENTITY] = "identity",
        [CSB_STEP_USER_NAMESPACE] = "user namespace",
        [CSB_STEP_CAPABILITIES] = "capabilities",
        [CSB_STEP_DESCRIPTORS] = "descriptors",
        [CSB_STEP_LANDLOCK] = "landlock",
        [CSB_STEP_SECCOMP] = "seccomp",
        [CSB_STEP_EXEC] = "exec",
        [CSB_STEP_ZYGOTE] = "zygote",
    };
    return step < sizeof names / sizeof *names ? names[step] : "unknown";
}

void csb_bound_heap(void) {
    // The C library would raise both by itself to twice the largest block that was ever freed, up to 64 MiB, and what
    // lies free at the end of a thread's heap is not given back by malloc_trim().
    const int mapped_from = 8 << 20, free_at_end = 4 << 20, heaps = 2;
    (void)mallopt(M_MMAP_THRESHOLD, mapped_from);
    (void)mallopt(M_TRIM_THRESHOLD, free_at_end);
    // A heap for each of a dozen threads that do something once a second holds a dozen times what one of them needs at most.
    (void)mallopt(M_ARENA_MAX, heaps);
}

void csb_trim_heap(void) { (void)malloc_trim(0); }

int csb_event_has_call(const struct csb_event *event, int32_t number) {
    if (number < 0 || number >= CSB_CALLS_WORDS * 64) return 0;
    return event->calls[number / 64] >> (number % 64) & 1;
}
