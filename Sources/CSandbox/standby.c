// Instances that are prepared before anybody asks for them: whatever was started by its program last is likely to be
// started again. A standby has its namespaces, its root, its groups, its user, its rules and its filter, and waits for
// the request that it becomes just before its descriptors and the exec. No code of a function has run in it.
//
// It is a process with memory of its own, unlike the child of a start that is asked for. What it has to tell (the step
// that failed) lies in memory that it shares with the spawner.
//
// Where the node says that a version's program knows how, and that there is memory for it, the standby runs the program
// already, with the arguments and the environment that it will have (GODWIT_STANDBY=1 besides): it is loaded, and waits
// before anything of the function is made. Its descriptors come in a packet. It is started like any other instance.

#include "internal.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

/// What one that runs its program may use of a processor until it waits, and how often that is looked at: whoever goes on
/// working there does it at nobody's expense.
#define PROGRAM_NANOSECONDS INT64_C(500000000)
#define PROGRAM_MILLISECONDS 10000
/// How often it is looked whether a standby has waited for too long.
#define REST_MILLISECONDS 600000
/// Standbys at once, each of another version; and how long one waits.
#define STANDBYS_MAX 8
#define STANDBY_NANOSECONDS UINT64_C(3600000000000)
/// Standbys that may end before they are asked for, until no more are made.
#define LOSSES_ALLOWED 8

/// Shared with the process, unless that runs its program. `start` comes first: the process knows only that.
struct csb_standby {
    struct csb_start start;
    struct csb_spawn_request request;
    size_t size;
    char *argv[2];
    bool runs_program;
    /// Its program; where that runs already, all its arguments and its environment.
    char strings[];
};

/// Whether a standby is what a request asks for: only what its process is told at the end may differ.
static bool suits(const struct csb_standby *standby, const struct csb_message *message, const int *descriptors) {
    struct csb_spawn_request one = standby->request, other = message->spawn;
    one.id = other.id = 0;
    one.ahead = other.ahead = 0;
    if (standby->runs_program) {
        if (one.strings_length != other.strings_length) return false;
        if (memcmp(standby->strings, message->argv[0], one.strings_length)) return false;
        for (int i = 1; descriptors && i < CSB_SPAWN_DESCRIPTORS; i++)
            if (descriptors[i] < 0) return false;
        if (descriptors && descriptors[0] >= 0) return false;
    } else {
        one.argc = other.argc = one.envc = other.envc = one.strings_length = other.strings_length = 0;
        if (strcmp(standby->strings, message->argv[0])) return false;
    }
    return !memcmp(&one, &other, offsetof(struct csb_spawn_request, bundle) + sizeof one.bundle);
}

static struct csb_slot *find(const struct csb_spawner *spawner, const struct csb_message *message,
                             const int *descriptors) {
    for (uint32_t i = 0; i < spawner->used_count; i++) {
        struct csb_slot *slot = &spawner->slots[spawner->used[i]];
        if (slot->state != CSB_SLOT_STANDBY || slot->kill_asked || slot->standby->start.error) continue;
        if (suits(slot->standby, message, descriptors)) return slot;
    }
    return NULL;
}

/// Ends the standbys of a bundle, of all where that is NULL; or of these only those that run their program.
static void end(struct csb_spawner *spawner, const char *bundle, bool programs_only) {
    for (uint32_t i = 0; i < spawner->used_count; i++) {
        struct csb_slot *slot = &spawner->slots[spawner->used[i]];
        if (slot->state != CSB_SLOT_STANDBY || (programs_only && !slot->standby->runs_program)) continue;
        if (!bundle || !strcmp(slot->standby->request.bundle, bundle)) csb_slots_kill(spawner, slot->id);
    }
}

void csb_standby_end_programs(struct csb_spawner *spawner) { end(spawner, NULL, true); }

/// Secrets may be among the strings.
static void forget_wish(struct csb_spawner *spawner) {
    spawner->has_wish = false;
    explicit_bzero(spawner->wish_bytes, spawner->wish.length);
    spawner->wish.length = 0;
}

void csb_standby_want(struct csb_spawner *spawner, const struct csb_message *message) {
    if (message->spawn.ahead == CSB_AHEAD_SHORT) csb_standby_end_programs(spawner);
    if (message->spawn.origin != CSB_ORIGIN_EXEC || message->spawn.calls_mode != CSB_CALLS_PROFILE) return;
    if (spawner->standby_losses >= LOSSES_ALLOWED || !spawner->nursery.isolated) return;
    if (find(spawner, message, NULL)) return;
    // What is told of another time: a secret that has changed must not stay where it was.
    end(spawner, message->spawn.bundle, true);
    forget_wish(spawner);
    memcpy(spawner->wish_bytes, message->bytes, message->length);
    spawner->has_wish = !csb_message_decode(spawner->wish_bytes, message->length, &spawner->wish);
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

int csb_standby_rest(struct csb_spawner *spawner) {
    bool programs = false;
    for (uint32_t i = 0; i < spawner->used_count; i++) {
        struct csb_slot *slot = &spawner->slots[spawner->used[i]];
        if (slot->state != CSB_SLOT_STANDBY || !slot->standby->runs_program || slot->kill_asked) continue;
        if (csb_process_cpu(slot->pid) > PROGRAM_NANOSECONDS) csb_slots_kill(spawner, slot->id);
        else programs = true;
    }
    if (!retire(spawner, UINT32_MAX)) return -1;
    return programs ? PROGRAM_MILLISECONDS : REST_MILLISECONDS;
}

void csb_standby_forget(struct csb_spawner *spawner, const char *bundle) {
    if (spawner->has_wish && !strcmp(spawner->wish.spawn.bundle, bundle)) forget_wish(spawner);
    end(spawner, bundle, false);
}

/// Starts the process that is to wait in slot `index`, with its end of the socket.
static int start_waiting(struct csb_spawner *spawner, uint32_t index, struct csb_standby *standby, int far) {
    const struct csb_nursery *nursery = &spawner->nursery;
    struct csb_slot *slot = &spawner->slots[index];
    standby->argv[0] = standby->strings;
    int result = csb_group_limit(&nursery->cgroups, index, &standby->request);
    if (result) return result;
    standby->start.argv = standby->argv;
    standby->start.envp = standby->argv + 1;
    standby->start.waits = true;
    standby->start.request_socket = far;
    result = csb_instance_start(&standby->start, &slot->pidfd);
    if (result < 0) return result;
    slot->pid = result;
    return 0;
}

/// The same for one that waits in its program.
static int start_program(struct csb_spawner *spawner, uint32_t index, struct csb_standby *standby, int far) {
    static char variable[] = CSB_STANDBY_VARIABLE;
    struct csb_message *wish = &spawner->wish;
    uint32_t step;
    if (wish->spawn.envc == CSB_ENVIRONMENT_MAX) return -E2BIG;
    wish->envp[wish->spawn.envc] = variable;
    wish->envp[wish->spawn.envc + 1] = NULL;
    standby->start.argv = wish->argv;
    standby->start.envp = wish->envp;
    standby->start.descriptors[3] = far;
    return csb_slot_start(spawner, index, &standby->start, &step, -1);
}

static int start_in(struct csb_spawner *spawner, uint32_t index) {
    const struct csb_nursery *nursery = &spawner->nursery;
    const struct csb_message *wish = &spawner->wish;
    struct csb_slot *slot = &spawner->slots[index];
    const bool runs = wish->spawn.ahead == CSB_AHEAD_PROGRAM;
    const size_t length = runs ? wish->spawn.strings_length : strlen(wish->argv[0]) + 1;
    const size_t size = sizeof(struct csb_standby) + length;
    int pair[2];
    struct csb_standby *standby = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (standby == MAP_FAILED) return -errno;
    slot->standby = standby;
    standby->size = size;
    standby->request = wish->spawn;
    standby->runs_program = runs;
    memcpy(standby->strings, wish->argv[0], length);
    standby->start = (struct csb_start){
        .nursery = nursery,
        .request = &standby->request,
        .group = &slot->group,
        .uid = nursery->own_uid ? nursery->uid_base + index : nursery->uid_base,
        .calls_socket = -1,
        .descriptors = {-1, -1, -1, -1},
    };
    int result = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) ? -errno : 0;
    if (!result) {
        result = runs ? start_program(spawner, index, standby, pair[1]) : start_waiting(spawner, index, standby, pair[1]);
        csb_close(&pair[1]);
        slot->request_socket = pair[0];
    }
    if (result) csb_standby_release(slot);
    return result;
}

static void prepare(struct csb_spawner *spawner) {
    uint32_t index = 0, step = CSB_STEP_SLOT;
    (void)retire(spawner, STANDBYS_MAX);
    // Never the last slots: they are for what is asked for.
    if (spawner->free_count + spawner->ready_count < spawner->options.slots / 4 + 2) return;
    if (csb_slot_take(spawner, &index, &step)) return;
    spawner->wish.spawn.id = csb_slot_own_id(spawner);
    struct csb_slot *slot = csb_slot_begin(spawner, index, &spawner->wish.spawn);
    slot->is_spare = true;
    if (start_in(spawner, index)) {
        if (spawner->wish.spawn.ahead != CSB_AHEAD_PROGRAM) spawner->standby_losses++;
        csb_slot_abandon(spawner, index);
        return;
    }
    slot->state = CSB_SLOT_STANDBY;
    spawner->used[spawner->used_count++] = index;
    if (slot->standby->runs_program) csb_slot_watch(spawner, slot);
}

void csb_standby_prepare(struct csb_spawner *spawner) {
    prepare(spawner);
    forget_wish(spawner);
}

bool csb_standby_take(struct csb_spawner *spawner, const struct csb_message *message, const int *descriptors) {
    if (message->spawn.origin != CSB_ORIGIN_EXEC || message->spawn.calls_mode != CSB_CALLS_PROFILE) return false;
    struct csb_slot *slot = find(spawner, message, descriptors);
    if (!slot) return false;
    int sent[CSB_SPAWN_DESCRIPTORS];
    size_t count = 0;
    for (int i = 0; i < CSB_SPAWN_DESCRIPTORS; i++)
        if (descriptors[i] >= 0) sent[count++] = descriptors[i];
    const uint64_t now = csb_now();
    const struct iovec go = {"", 1}, request = {message->bytes, message->length};
    if (csb_send(slot->request_socket, slot->standby->runs_program ? &go : &request, 1, sent, count, MSG_DONTWAIT)) {
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
    // What runs in a program is its author's affair, and must not cost others theirs.
    if (slot->state == CSB_SLOT_STANDBY && !slot->kill_asked && !slot->standby->runs_program) spawner->standby_losses++;
    csb_standby_release(slot);
    return step;
}

void csb_standby_release(struct csb_slot *slot) {
    csb_close(&slot->request_socket);
    if (!slot->standby) return;
    const size_t size = slot->standby->size;
    explicit_bzero(slot->standby->strings, size - sizeof *slot->standby);
    (void)munmap(slot->standby, size);
    slot->standby = NULL;
}
