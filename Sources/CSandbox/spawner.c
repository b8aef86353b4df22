// The spawner's main loop: one socket, one signal, one timer, one thread.
//
// It lives exactly as long as the node holds the other end of the socket. Signals do not end it, since a terminal's
// Ctrl-C must not take the instances away from a node that is still finishing calls: they are blocked, not ignored,
// because an ignored signal would be ignored by every instance as well.

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#define TICK_NANOSECONDS 20000000
/// How long nothing has to happen until a fork is made ahead.
#define SPARE_MILLISECONDS 1
/// The same for a standby, whose making takes as long as a start does: the one that took the last goes first.
#define STANDBY_DELAY_MILLISECONDS 2
/// How often standbys are looked at on a busy machine.
#define STANDBY_LOOK_NANOSECONDS UINT64_C(1000000000)
/// Requests taken in one round, so that reaping is not starved by a busy node.
#define BATCH 16

static _Alignas(16) uint8_t buffer[CSB_MESSAGE_MAX];
static struct csb_message message;
static struct csb_spawner spawner;

static bool parse_number(const char *text, unsigned long long max, unsigned long long *value) {
    char *end = NULL;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return !errno && end != text && !*end && *text != '-' && *value <= max;
}

static bool is_name(const char *text) {
    size_t length = strlen(text);
    const char *allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    return length >= 1 && length <= 64 && strspn(text, allowed) == length;
}

static bool parse_options(int argc, char **argv, struct csb_options *options) {
    static const struct option known[] = {
        {"socket", required_argument, NULL, 's'},   {"bundles", required_argument, NULL, 'b'},
        {"runtime", required_argument, NULL, 'r'},  {"name", required_argument, NULL, 'n'},
        {"uid-base", required_argument, NULL, 'u'}, {"slots", required_argument, NULL, 'c'},
        {"allow-degraded", no_argument, NULL, 'd'}, {"learn", no_argument, NULL, 'l'},
#ifdef CSB_LAB
        {"without", required_argument, NULL, 'w'},
#endif
        {NULL, 0, NULL, 0},
    };
    unsigned long long number = 0;
    // The default uids lie where no distribution and no container tool gives any out.
    *options = (struct csb_options){.socket = -1, .uid_base = 1879048192, .slots = 4096};
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (option) {
        case 's':
            if (!parse_number(optarg, 1 << 20, &number)) return false;
            options->socket = (int)number;
            break;
        case 'b': options->bundles = optarg; break;
        case 'r': options->runtime = optarg; break;
        case 'n': options->name = optarg; break;
        case 'u':
            if (!parse_number(optarg, UINT32_MAX - 1, &number) || number == 0) return false;
            options->uid_base = (uint32_t)number;
            break;
        case 'c':
            if (!parse_number(optarg, 65536, &number) || number == 0) return false;
            options->slots = (uint32_t)number;
            break;
        case 'd': options->allow_degraded = true; break;
        case 'l': options->learns = true; break;
#ifdef CSB_LAB
        case 'w':
            if (!csb_lab_leave_out(optarg)) return false;
            break;
#endif
        default: return false;
        }
    }
    if (options->uid_base > UINT32_MAX - options->slots - 1) return false;
    return optind == argc && options->socket >= 0 && options->bundles && options->name && is_name(options->name);
}

/// Puts the socket at 3 and something harmless at 0 to 2, and closes the rest. Instances rely on it: no descriptor they
/// are given can then lie at one of the four places where it is to go.
static int arrange_descriptors(struct csb_options *options) {
    for (int i = 0; i < 3; i++) {
        if (fcntl(i, F_GETFD) >= 0) continue;
        int null = open("/dev/null", O_RDWR);
        if (null < 0) return -errno;
        if (null != i && dup2(null, i) < 0) return -errno;
        if (null > 3) close(null);
    }
    if (options->socket < 3) return -EINVAL;
    if (options->socket != 3 && dup2(options->socket, 3) < 0) return -errno;
    options->socket = 3;
    if (fcntl(3, F_SETFD, FD_CLOEXEC)) return -errno;
    // Before Linux 5.9 the starter's word has to do, that all else was close-on-exec.
    (void)syscall(SYS_close_range, 4, ~0u, 0);
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(3, SOL_SOCKET, SO_TYPE, &type, &size)) return -errno;
    return type == SOCK_SEQPACKET ? 0 : -EPROTOTYPE;
}

/// Default dispositions (which the exec of an instance keeps), everything blocked, SIGCHLD by descriptor.
static int open_signals(void) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    for (int signal = 1; signal < 65; signal++) (void)sigaction(signal, &standard, NULL);
    sigset_t all, child;
    sigfillset(&all);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    if (sigprocmask(SIG_SETMASK, &all, NULL)) return -errno;
    int signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    return signals < 0 ? -errno : signals;
}

/// Armed only while somebody has to be looked after: a node at rest is not woken fifty times a second.
static void set_timer(int timer, bool wanted) {
    static bool armed = false;
    if (wanted == armed) return;
    struct timespec tick = {0, wanted ? TICK_NANOSECONDS : 0};
    const struct itimerspec time = {tick, tick};
    if (!timerfd_settime(timer, 0, &time, NULL)) armed = wanted;
}

// MARK: - Requests

/// Reads one request and acts on it. Returns 1 when there was one, 0 when there is none, -1 when the node is gone.
static int take_request(void) {
    int received[CSB_SPAWN_DESCRIPTORS], descriptors[CSB_SPAWN_DESCRIPTORS] = {-1, -1, -1, -1};
    size_t count = 0, taken = 0;
    const struct iovec part = {buffer, sizeof buffer};
    ssize_t length =
        csb_receive(spawner.options.socket, &part, 1, received, CSB_SPAWN_DESCRIPTORS, &count, MSG_DONTWAIT);
    if (length == -EAGAIN || length == -EWOULDBLOCK) return 0;
    // Too long, or too many descriptors: there is no id to answer to.
    if (length == -EPROTO) return 1;
    if (length <= 0) return -1;
    int result = csb_message_decode(buffer, (size_t)length, &message);
    if (!result && (size_t)__builtin_popcount(message.descriptors) != count) result = -EINVAL;
    for (uint32_t i = 0; !result && i < CSB_SPAWN_DESCRIPTORS; i++)
        if (message.descriptors >> i & 1) descriptors[i] = received[taken++];
    if (result == -EINVAL && message.kind == CSB_WIRE_SPAWN && message.id) {
        struct csb_event *event = &spawner.reply;
        memset(event, 0, offsetof(struct csb_event, report));
        event->kind = CSB_EVENT_FAILED;
        event->step = CSB_STEP_REQUEST;
        event->id = message.id;
        event->error = EINVAL;
        event->pidfd = event->cpu_fd = event->memory_fd = event->syscall = -1;
        spawner.reply_waits = true;
    }
    if (!result && message.kind == CSB_WIRE_SPAWN) csb_slots_spawn(&spawner, &message, descriptors);
    if (!result && message.kind == CSB_WIRE_KILL) csb_slots_kill(&spawner, message.id);
    if (!result && message.kind == CSB_WIRE_FREEZE) csb_slots_freeze(&spawner, message.id, message.frozen);
    if (!result && message.kind == CSB_WIRE_PLACE) csb_slots_place(&spawner, message.id, message.processor);
    for (size_t i = 0; i < count; i++) close(received[i]);
    return 1;
}

static void serve(int signals, int timer) {
    bool more = true;
    int standbys = -1;
    uint64_t looked = 0;
    for (;;) {
        bool writable = csb_slots_flush(&spawner);
        // At most once a second, and once there is nothing else to do.
        if (!more && csb_now() - looked > STANDBY_LOOK_NANOSECONDS) {
            standbys = csb_standby_rest(&spawner);
            looked = csb_now();
        }
        set_timer(timer, spawner.watched || spawner.leaving || spawner.pending);
        struct pollfd watched[] = {
            // While the node does not read, it is not read from: so no more than one reply ever waits.
            {.fd = spawner.options.socket, .events = writable ? POLLIN : POLLOUT},
            {.fd = signals, .events = POLLIN},
            {.fd = timer, .events = POLLIN},
            {.fd = spawner.watches, .events = writable ? POLLIN : 0},
        };
        int patience = more                    ? 0
                       : spawner.spares_wanted ? SPARE_MILLISECONDS
                       : spawner.has_wish      ? STANDBY_DELAY_MILLISECONDS
                                               : standbys;
        int ready = poll(watched, sizeof watched / sizeof *watched, patience);
        if (ready < 0 && errno != EINTR) return;
        if (ready == 0) {
            // Nothing to do: the time to prepare a group for a start to come; and a fork, if that lasts.
            if (!more && spawner.spares_wanted) {
                csb_zygote_prepare_spare(&spawner);
            } else if (!more && spawner.has_wish) {
                csb_standby_prepare(&spawner);
                looked = 0;
            }
            more = csb_slots_refill(&spawner);
            continue;
        }
        if (watched[1].revents) {
            struct signalfd_siginfo info;
            while (read(signals, &info, sizeof info) == sizeof info) continue;
            csb_slots_reap(&spawner);
            more = true;
        }
        if (watched[2].revents) {
            uint64_t ticks;
            if (read(timer, &ticks, sizeof ticks) == sizeof ticks) csb_slots_tick(&spawner);
        }
        if (watched[3].revents) csb_slots_attend(&spawner);
        // A fork that was let in has made the one reply there is room for: it goes before a request makes another.
        writable = writable && csb_slots_flush(&spawner);
        for (int i = 0; writable && watched[0].revents & POLLIN && i < BATCH; i++) {
            int taken = take_request();
            if (taken < 0) return;
            if (taken == 0) break;
            more = true;
            writable = csb_slots_flush(&spawner);
        }
        if (watched[0].revents & (POLLHUP | POLLERR) && !(watched[0].revents & POLLIN)) return;
    }
}

// MARK: - Beginning and end

/// Ends all instances and waits for them and their groups, but not for ever: what still is then cannot be ended by
/// anybody. The node waits for three seconds, of which half a one is left for the groups that resisted.
static void end_all(void) {
    const uint64_t until = csb_now() + UINT64_C(2000000000);
    uint64_t next_tick = csb_now() + TICK_NANOSECONDS;
    csb_cgroups_leave(&spawner.nursery.cgroups);
    for (bool first = true;; first = false) {
        csb_slots_reap(&spawner);
        bool left = spawner.leaving > 0;
        for (uint32_t i = 0; i < spawner.used_count; i++) {
            const struct csb_slot *slot = &spawner.slots[spawner.used[i]];
            if (slot->state != CSB_SLOT_LIVE && slot->state != CSB_SLOT_STANDBY) continue;
            left = true;
            if (first) csb_slots_kill(&spawner, slot->id);
        }
        uint64_t now = csb_now();
        if (!left || now >= until) break;
        (void)nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
        if (now < next_tick) continue;
        csb_slots_tick(&spawner);
        next_tick = now + TICK_NANOSECONDS;
    }
    for (uint32_t i = 0; i < spawner.ready_count; i++) csb_group_release(&spawner.slots[spawner.ready[i]].group);
}

static void announce(const struct csb_refusal *refusal) {
    struct csb_event *event = &spawner.reply;
    memset(event, 0, sizeof *event);
    event->kind = refusal ? CSB_EVENT_FAILED : CSB_EVENT_READY;
    event->pidfd = event->cpu_fd = event->memory_fd = event->syscall = -1;
    if (refusal) {
        event->step = refusal->step;
        event->error = refusal->error;
        snprintf(event->report, sizeof event->report, "%s", refusal->text);
        event->report_length = (uint32_t)strlen(event->report);
    } else {
        event->report_length = (uint32_t)csb_layers_write(&spawner.nursery, false, event->report, sizeof event->report);
    }
    // The first message on a new socket always fits.
    (void)csb_event_send(spawner.options.socket, event, MSG_DONTWAIT);
}

int csb_spawner_main(int argc, char **argv) {
    struct csb_refusal refusal = {0, 0, ""};
    if (!parse_options(argc, argv, &spawner.options)) {
        fprintf(stderr, "usage: godwit-spawner --socket FD --bundles DIR --name NAME [--runtime DIR] [--uid-base N] "
                        "[--slots N] [--allow-degraded] [--learn] | --probe\n");
        return 2;
    }
    (void)umask(022);
    csb_processors_remember();
    int result = arrange_descriptors(&spawner.options);
    int signals = result ? result : open_signals();
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (signals < 0 || timer < 0) {
        fprintf(stderr, "godwit-spawner: socket, signals or timer: %s\n", strerror(signals < 0 ? -signals : errno));
        return 1;
    }
    result = csb_nursery_open(&spawner.nursery, &spawner.options, &refusal);
    if (!result) result = csb_nursery_confine(&spawner.nursery, spawner.options.allow_degraded, &refusal);
    if (!result) result = csb_nursery_try(&spawner.nursery, spawner.options.allow_degraded, &refusal);
    if (!result && (result = csb_slots_open(&spawner))) {
        refusal = (struct csb_refusal){CSB_STEP_SLOT, -result, "no memory for the table of instances"};
        if (result == -EMFILE)
            snprintf(refusal.text, sizeof refusal.text,
                     "the limit of open files is %llu, too few for a single instance; raise it to 1024 or more "
                     "(ulimit -n, LimitNOFILE=)",
                     (unsigned long long)spawner.nursery.open_files);
    }
    if (result) {
        fprintf(stderr, "godwit-spawner: %s\n", refusal.text);
        announce(&refusal);
        csb_nursery_close(&spawner.nursery);
        return 1;
    }
    announce(NULL);
    serve(signals, timer);
    end_all();
    csb_nursery_close(&spawner.nursery);
    csb_slots_close(&spawner);
    return 0;
}
