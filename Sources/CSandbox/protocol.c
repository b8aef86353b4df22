// The protocol between node and spawner: one message per SOCK_SEQPACKET packet, fixed structs of this header, strings
// after them, descriptors beside them. Both ends are the same build on the same machine, so structs travel as they lie
// in memory. Everything that comes in is checked here and nowhere else; csb_fuzz_message runs exactly these checks.

#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/// No limit larger than this many bytes is meant seriously, and none overflows when it is doubled.
static const uint64_t bytes_max = UINT64_C(1) << 46;

bool csb_is_digest(const char *text) {
    for (size_t i = 0; i < CSB_DIGEST_LENGTH; i++) {
        bool digit = text[i] >= '0' && text[i] <= '9', letter = text[i] >= 'a' && text[i] <= 'f';
        if (!digit && !letter) return false;
    }
    return text[CSB_DIGEST_LENGTH] == 0;
}

static bool limits_are_sane(const struct csb_spawn_request *request) {
    // Below a mebibyte not even the exec fits, and the instance would die without having run.
    if (request->memory_bytes && request->memory_bytes < (1u << 20)) return false;
    if (request->memory_bytes > bytes_max) return false;
    if (request->tmp_bytes > bytes_max || request->file_bytes > bytes_max) return false;
    // The kernel's smallest quota is 1 ms in each period of 100 ms.
    if (request->cpu_milli && (request->cpu_milli < 10 || request->cpu_milli > 1024000)) return false;
    if (request->pids < 1 || request->pids > (1u << 22) || request->tmp_inodes > (1u << 30)) return false;
    if (request->open_files < CSB_SPAWN_DESCRIPTORS || request->open_files > (1u << 20)) return false;
    return request->cpu_seconds <= (1u << 30);
}

/// What execs by itself has nothing to be forked for, and who asks about calls would be asked by a whole family.
static bool origin_is_sane(const struct csb_spawn_request *request) {
    if (request->ahead >= CSB_AHEADS) return false;
    if (request->ahead == CSB_AHEAD_PROGRAM && (request->origin != CSB_ORIGIN_EXEC || request->profile == CSB_PROFILE_EXEC ||
                                                request->calls_mode != CSB_CALLS_PROFILE))
        return false;
    if (request->origin >= CSB_ORIGINS || (request->origin == CSB_ORIGIN_FORK) != (request->zygote != 0)) return false;
    if (request->origin == CSB_ORIGIN_EXEC) return true;
    return request->profile != CSB_PROFILE_EXEC && request->calls_mode == CSB_CALLS_PROFILE;
}

/// Cuts `length` bytes into exactly `count` NUL-terminated strings.
static bool split(char **cursor, const char *end, uint32_t count, char **strings) {
    for (uint32_t i = 0; i < count; i++) {
        if (*cursor >= end) return false;
        char *terminator = memchr(*cursor, 0, (size_t)(end - *cursor));
        if (!terminator) return false;
        strings[i] = *cursor;
        *cursor = terminator + 1;
    }
    strings[count] = NULL;
    return true;
}

static int decode_spawn(uint8_t *bytes, size_t length, struct csb_message *message) {
    struct csb_spawn_request *request = &message->spawn;
    if (length < sizeof *request) return -EINVAL;
    memcpy(request, bytes, sizeof *request);
    message->id = request->id;
    if (!request->id || request->id >> CSB_ID_BITS || request->profile >= CSB_PROFILE_COUNT || !csb_is_digest(request->bundle)) return -EINVAL;
    if (!limits_are_sane(request) || request->calls_mode >= CSB_CALLS_MODES) return -EINVAL;
    if (!origin_is_sane(request)) return -EINVAL;
    if (request->argc < 1 || request->argc > CSB_ARGUMENTS_MAX || request->envc > CSB_ENVIRONMENT_MAX) return -EINVAL;
    if (request->strings_length != length - sizeof *request) return -EINVAL;
    char *cursor = (char *)bytes + sizeof *request;
    const char *end = cursor + request->strings_length;
    if (!split(&cursor, end, request->argc, message->argv)) return -EINVAL;
    if (!split(&cursor, end, request->envc, message->envp) || cursor != end) return -EINVAL;
    if (message->argv[0][0] != '/') return -EINVAL;
    for (uint32_t i = 0; i < request->envc; i++) {
        const char *equals = strchr(message->envp[i], '=');
        if (!equals || equals == message->envp[i]) return -EINVAL;
    }
    return 0;
}

int csb_message_decode(uint8_t *bytes, size_t length, struct csb_message *message) {
    struct csb_wire_header header;
    message->id = 0;
    message->kind = 0;
    message->descriptors = 0;
    message->bytes = bytes;
    message->length = length;
    if (length < sizeof header) return -EINVAL;
    memcpy(&header, bytes, sizeof header);
    if (header.magic != CSB_WIRE_MAGIC) return -EINVAL;
    message->kind = header.kind;
    message->descriptors = header.descriptors;
    bytes += sizeof header;
    length -= sizeof header;
    switch (header.kind) {
    case CSB_WIRE_SPAWN: {
        int result = decode_spawn(bytes, length, message);
        if (result) return result;
        return header.descriptors >> CSB_SPAWN_DESCRIPTORS ? -EINVAL : 0;
    }
    case CSB_WIRE_KILL:
        if (length != sizeof message->id || header.descriptors) return -EINVAL;
        memcpy(&message->id, bytes, sizeof message->id);
        return 0;
    case CSB_WIRE_PLACE: {
        struct csb_place place;
        if (length != sizeof place || header.descriptors) return -EINVAL;
        memcpy(&place, bytes, sizeof place);
        message->id = place.id;
        message->processor = place.processor;
        return 0;
    }
    case CSB_WIRE_FREEZE: {
        struct csb_freeze freeze;
        if (length != sizeof freeze || header.descriptors) return -EINVAL;
        memcpy(&freeze, bytes, sizeof freeze);
        if (freeze.frozen > 1) return -EINVAL;
        message->id = freeze.id;
        message->frozen = freeze.frozen;
        return 0;
    }
    default:
        // A kind from a newer node: not an error, but nothing we know how to do.
        return -ENOMSG;
    }
}

int csb_fuzz_message(const uint8_t *bytes, size_t length) {
    if (length > CSB_MESSAGE_MAX) return 0;
    // A copy of exactly this size, so that the sanitizer sees a read past its end.
    uint8_t *copy = malloc(length ? length : 1);
    struct csb_message *message = malloc(sizeof *message);
    if (copy && message) {
        if (length) memcpy(copy, bytes, length);
        (void)csb_message_decode(copy, length, message);
    }
    free(copy);
    free(message);
    return 0;
}

// MARK: - Packets

/// Room for more descriptors than any message of ours carries, so that a flood of them is seen and closed.
#define CONTROL_DESCRIPTORS 16

int csb_send(int socket, const struct iovec *parts, size_t count, const int *descriptors, size_t descriptor_count,
             int flags) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * CONTROL_DESCRIPTORS)];
    } control;
    struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = count};
    if (descriptor_count > CONTROL_DESCRIPTORS) return -EINVAL;
    if (descriptor_count) {
        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * descriptor_count);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * descriptor_count);
        memcpy(CMSG_DATA(header), descriptors, sizeof(int) * descriptor_count);
    }
    ssize_t sent;
    do {
        sent = sendmsg(socket, &message, flags | MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : 0;
}

ssize_t csb_receive(int socket, const struct iovec *parts, size_t count, int *descriptors, size_t capacity,
                    size_t *descriptor_count, int flags) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * CONTROL_DESCRIPTORS)];
    } control;
    struct msghdr message = {
        .msg_iov = (struct iovec *)parts,
        .msg_iovlen = count,
        .msg_control = &control,
        .msg_controllen = sizeof control,
    };
    *descriptor_count = 0;
    ssize_t length;
    do {
        length = recvmsg(socket, &message, flags | MSG_CMSG_CLOEXEC);
    } while (length < 0 && errno == EINTR);
    if (length < 0) return -errno;
    bool bad = message.msg_flags & (MSG_TRUNC | MSG_CTRUNC);
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t received = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < received; i++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(header) + i * sizeof(int), sizeof descriptor);
            if (*descriptor_count < capacity) {
                descriptors[(*descriptor_count)++] = descriptor;
            } else {
                close(descriptor);
                bad = true;
            }
        }
    }
    if (!bad) return length;
    for (size_t i = 0; i < *descriptor_count; i++) close(descriptors[i]);
    *descriptor_count = 0;
    return -EPROTO;
}

// MARK: - Events

int csb_event_send(int socket, const struct csb_event *event, int flags) {
    struct csb_wire_header header = {CSB_WIRE_MAGIC, CSB_WIRE_EVENT, 0, 0};
    const int offered[] = {event->pidfd, event->cpu_fd, event->memory_fd};
    int descriptors[3];
    size_t count = 0;
    for (uint32_t i = 0; event->kind == CSB_EVENT_SPAWNED && i < 3; i++) {
        if (offered[i] < 0) continue;
        header.descriptors |= 1u << i;
        descriptors[count++] = offered[i];
    }
    size_t report = event->report_length;
    const struct iovec parts[] = {
        {&header, sizeof header},
        {(void *)event, offsetof(struct csb_event, report)},
        {(void *)event->report, report},
    };
    return csb_send(socket, parts, 3, descriptors, count, flags);
}

int csb_client_receive(int socket, struct csb_event *event) {
    struct csb_wire_header header;
    const struct iovec parts[] = {
        {&header, sizeof header},
        {event, offsetof(struct csb_event, report)},
        {event->report, CSB_REPORT_MAX},
    };
    int descriptors[3];
    size_t count, taken = 0;
    ssize_t length = csb_receive(socket, parts, 3, descriptors, 3, &count, 0);
    if (length < 0) return (int)length;
    if (length == 0) return 0;
    event->pidfd = event->cpu_fd = event->memory_fd = -1;
    const size_t fixed = sizeof header + offsetof(struct csb_event, report);
    bool good = (size_t)length >= fixed && event->report_length < CSB_REPORT_MAX && header.magic == CSB_WIRE_MAGIC &&
                header.kind == CSB_WIRE_EVENT &&
                event->report_length == (size_t)length - fixed && header.descriptors < 8 &&
                (size_t)__builtin_popcount(header.descriptors) == count;
    if (!good) {
        for (size_t i = 0; i < count; i++) close(descriptors[i]);
        return -EPROTO;
    }
    if (header.descriptors & 1) event->pidfd = descriptors[taken++];
    if (header.descriptors & 2) event->cpu_fd = descriptors[taken++];
    if (header.descriptors & 4) event->memory_fd = descriptors[taken++];
    event->report[event->report_length] = 0;
    return 1;
}
