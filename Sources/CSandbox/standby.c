// Instances that are prepared before anybody asks for them: whatever was started by its program last is likely to be
// started again. A standby has its namespaces, its root, its groups, its user, its rules and its filter, and waits for
// the request that it becomes just before its descriptors and the exec. No code of a function has run in it.
//
// It is a process with memory of its own, unlike the child of a start that is asked for. What it has to tell (the step
// that failed) lies in memory that it shares with the spawner.

#include "internal.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

/// Standbys at once, each of another version; and how long one waits.
#define STANDBYS_MAX 8
#define STANDBY_NANOSECONDS UINT64_C(3600000000000)
/// Standbys that may end before they are asked for, until no more are made.
#define LOSSES_ALLOWED 8

/// Shared with the process. `start` comes first: the process knows only that.
struct csb_standby {
    struct csb_start start;
    struct csb_spawn_request request;
    char program[CSB_PROGRAM_MAX];
    char *argv[2];
};

/// Whether what is prepared for `wish` is what a request asks for: only what its process is told at the end may differ.
static bool suits(const struct csb_spawn_request *wish, const char *program, const struct csb_message *message) {
    struct csb_spawn_request one = *wish, other = message->spawn;
    one.id = other.id = 0;
    one.argc = other.argc = one.envc = other.envc = one.strings_length = other.strings_length = 0;
    return !memcmp(&one, &other, offsetof(struct csb_spawn_request, bundle) + sizeof one.bundle) &&
           !strcmp(program, message->argv[0]);
}

static struct csb_slot *find(const struct csb_spawner *spawner, const struct csb_message *message) {
    for (uint32_t i = 0; i < spawner->used_count; i++) {
        struct csb_slot *slot = &spawner->slots[spawner->used[i]];
        if (slot->state != CSB_SLOT_STANDBY || slot->kill_asked || slot->standby->start.error) continue;
        if (suits(&slot->standby->request, slot->standby->program, message)) return slot;
    }
    return NULL;
}

void csb_standby_want(struct csb_spawner *spawner, const struct csb_message *message) {
    if (message->spawn.origin != CSB_ORIGIN_EXEC || message->spawn.calls_mode != CSB_CALLS_PROFILE) return;
    if (spawner->standby_losses >= LOSSES_ALLOWED || !spawner->nursery.isolated) return;
    if (strlen(message->argv[0]) >= CSB_PROGRAM_MAX || find(spawner, message)) return;
    spawner->wish = message->spawn;
    strcpy(spawner->wish_program, message->argv[0]);
    spawner->has_wish = true;
}

/// Ends the standby that waits longest, if there are `limit` or if it is too old; whether one is left.
static bool retire(struct csb_spawner *spawner, uint32_t limit) {
    struct csb_slot *oldest = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < spawner->used_count; i++) {
        struct csb_slot *slot = &spawner->slots[spawner->used[i]];
        if (slot->state != CSB_SLOT_STANDBY || slot->kill_asked) continue;
        count++;
        if (!oldest || slot->asked < oldest->asked) oldest = slot;
    }
    if (oldest && (count >= limit || csb_now() - oldest->asked > STANDBY_NANOSECONDS))
        csb_slots_kill(spawner, oldest->id);
    return count > 0;
}

bool csb_standby_rest(struct csb_spawner *spawner) { return retire(spawner, UINT32_MAX); }

void csb_standby_forget(struct csb_spawner *spawner, const char *bundle) {
    if (spawner->has_wish && !strcmp(spawner->wish.bundle, bundle)) spawner->has_wish = false;
    for (uint32_t i = 0; i < spawner->used_count; i++) {
        struct csb_slot *slot = &spawner->slots[spawner->used[i]];
        if (slot->state == CSB_SLOT_STANDBY && !strcmp(slot->standby->request.bundle, bundle))
            csb_slots_kill(spawner, slot->id);
    }
}

/// Starts the process that is to wait in slot `index`.
static int start_in(struct csb_spawner *spawner, uint32_t index) {
    const struct csb_nursery *nursery = &spawner->nursery;
    struct csb_slot *slot = &spawner->slots[index];
    int pair[2] = {-1, -1};
    struct csb_standby *standby =
        mmap(NULL, sizeof *standby, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (standby == MAP_FAILED) return -errno;
    slot->standby = standby;
    standby->request = spawner->wish;
    strcpy(standby->program, spawner->wish_program);
    standby->argv[0] = standby->program;
    int result = csb_group_limit(&nursery->cgroups, index, &standby->request);
    if (!result && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) result = -errno;
    if (!result) {
        standby->start = (struct csb_start){
            .nursery = nursery,
            .request = &standby->request,
            .argv = standby->argv,
            .envp = standby->argv + 1,
            .group = &slot->group,
            .uid = nursery->own_uid ? nursery->uid_base + index : nursery->uid_base,
            .calls_socket = -1,
            .waits = true,
            .request_socket = pair[1],
        };
        result = csb_instance_start(&standby->start, &slot->pidfd);
    }
    csb_close(&pair[1]);
    slot->request_socket = pair[0];
    if (result < 0) {
        csb_standby_release(slot);
        return result;
    }
    slot->pid = result;
    return 0;
}

void csb_standby_prepare(struct csb_spawner *spawner) {
    uint32_t index = 0, step = CSB_STEP_SLOT;
    spawner->has_wish = false;
    (void)retire(spawner, STANDBYS_MAX);
    // Never the last slots: they are for what is asked for.
    if (spawner->free_count + spawner->ready_count < spawner->options.slots / 4 + 2) return;
    if (csb_slot_take(spawner, &index, &step)) return;
    spawner->wish.id = csb_slot_own_id(spawner);
    struct csb_slot *slot = csb_slot_begin(spawner, index, &spawner->wish);
    slot->is_spare = true;
    if (start_in(spawner, index)) {
        spawner->standby_losses++;
        csb_slot_abandon(spawner, index);
        return;
    }
    slot->state = CSB_SLOT_STANDBY;
    spawner->used[spawner->used_count++] = index;
}

bool csb_standby_take(struct csb_spawner *spawner, const struct csb_message *message, const int *descriptors) {
    if (message->spawn.origin != CSB_ORIGIN_EXEC || message->spawn.calls_mode != CSB_CALLS_PROFILE) return false;
    struct csb_slot *slot = find(spawner, message);
    if (!slot) return false;
    int sent[CSB_SPAWN_DESCRIPTORS];
    size_t count = 0;
    for (int i = 0; i < CSB_SPAWN_DESCRIPTORS; i++)
        if (descriptors[i] >= 0) sent[count++] = descriptors[i];
    const uint64_t now = csb_now();
    const struct iovec part = {message->bytes, message->length};
    if (csb_send(slot->request_socket, &part, 1, sent, count, MSG_DONTWAIT)) {
        csb_slots_kill(spawner, slot->id);
        return false;
    }
    csb_close(&slot->request_socket);
    spawner->standby_losses = 0;
    slot->asked = now;
    slot->id = message->id;
    slot->is_spare = false;
    csb_slot_lives(spawner, csb_slot_index(spawner, slot));
    return true;
}

uint32_t csb_standby_ended(struct csb_spawner *spawner, struct csb_slot *slot, int *error) {
    const uint32_t step = slot->standby->start.step;
    *error = slot->standby->start.error;
    if (slot->state == CSB_SLOT_STANDBY && !slot->kill_asked) spawner->standby_losses++;
    csb_standby_release(slot);
    return step;
}

void csb_standby_release(struct csb_slot *slot) {
    csb_close(&slot->request_socket);
    if (slot->standby) (void)munmap(slot->standby, sizeof *slot->standby);
    slot->standby = NULL;
}
