// What the node is told of its instances: the reply to a request, that a zygote is ready, and each end, once there is room
// for it on the socket. Nothing is told twice and nothing forgotten: what is owed stays in its slot until it is sent.

#include "internal.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static int send_exited(struct csb_spawner *spawner, const struct csb_slot *slot) {
    struct csb_event event;
    memset(&event, 0, offsetof(struct csb_event, report));
    event.kind = slot->failed_step ? CSB_EVENT_FAILED : CSB_EVENT_EXITED;
    event.id = slot->id;
    event.step = slot->failed_step;
    event.error = slot->failed_error;
    event.exit_code = slot->exit_code;
    event.exit_signal = slot->exit_signal;
    event.verdict = slot->verdict;
    event.syscall = slot->syscall;
    memcpy(event.calls, slot->calls, sizeof event.calls);
    event.cpu_nanoseconds = slot->cpu_nanoseconds;
    event.memory_peak_bytes = slot->memory_peak;
    event.pidfd = event.cpu_fd = event.memory_fd = -1;
    return csb_event_send(spawner->options.socket, &event, MSG_DONTWAIT);
}

static bool would_block(int result) {
    return result == -EAGAIN || result == -EWOULDBLOCK || result == -ENOBUFS || result == -ENOMEM;
}

static bool flush_reply(struct csb_spawner *spawner) {
    if (!spawner->reply_waits) return true;
    struct csb_event *event = &spawner->reply;
    if (would_block(csb_event_send(spawner->options.socket, event, MSG_DONTWAIT))) return false;
    // Any other error means that the node is gone, which the loop sees at the next read.
    spawner->reply_waits = false;
    if (event->kind != CSB_EVENT_SPAWNED) return true;
    csb_close(&event->cpu_fd);
    csb_close(&event->memory_fd);
    for (uint32_t i = 0; i < spawner->used_count; i++)
        if (spawner->slots[spawner->used[i]].pidfd == event->pidfd) return true;
    // Its instance ended in the meantime, and this was the last copy.
    csb_close(&event->pidfd);
    return true;
}

static bool flush_prepared(struct csb_spawner *spawner) {
    for (uint32_t i = 0; i < spawner->used_count; i++) {
        const struct csb_slot *slot = &spawner->slots[spawner->used[i]];
        if (!slot->zygote || !slot->zygote->is_news) continue;
        struct csb_event event;
        memset(&event, 0, offsetof(struct csb_event, report));
        event.kind = CSB_EVENT_PREPARED;
        event.id = slot->id;
        event.pidfd = event.cpu_fd = event.memory_fd = event.syscall = -1;
        if (would_block(csb_event_send(spawner->options.socket, &event, MSG_DONTWAIT))) return false;
        slot->zygote->is_news = false;
        spawner->news--;
    }
    return true;
}

bool csb_slots_flush(struct csb_spawner *spawner) {
    // SPAWNED goes first: it may be that of an instance whose EXITED waits behind it.
    if (!flush_reply(spawner) || (spawner->news && !flush_prepared(spawner))) return false;
    for (uint32_t i = 0; spawner->owed && i < spawner->used_count;) {
        uint32_t index = spawner->used[i];
        struct csb_slot *slot = &spawner->slots[index];
        if (slot->state != CSB_SLOT_OWED) {
            i++;
            continue;
        }
        if (!slot->is_spare && would_block(send_exited(spawner, slot))) return false;
        slot->state = CSB_SLOT_FREE;
        slot->id = 0;
        spawner->owed--;
        spawner->used[i] = spawner->used[--spawner->used_count];
        csb_slot_give_back(spawner, index);
    }
    return true;
}
