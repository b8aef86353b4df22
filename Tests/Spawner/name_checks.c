// The name of a node, which two of them cannot have at once.

#include "check.h"

#include <sys/resource.h>

static struct csb_cgroups held;

static uint64_t milliseconds_since(uint64_t began) {
    return (csb_now() - began) / 1000000;
}

/// Takes the name as another spawner would.
static void hold(const char *name) {
    EXPECT(!csb_cgroups_open(&held, name, true));
    if (!held.count) skip("no control groups to write to");
}

static void refuses_a_taken_name(void) {
    need_root();
    struct csb_event event;
    hold(own_name("taken"));
    const uint64_t began = csb_now();
    struct spawned spawner = spawner_start(held.name + strlen("godwit-"), &event);
    EXPECT(event.kind == CSB_EVENT_FAILED && event.step == CSB_STEP_CGROUP && event.error == EADDRINUSE);
    EXPECT(strstr(event.report, "another spawner named check-"));
    EXPECT(milliseconds_since(began) >= 900 && milliseconds_since(began) < 3000);
    EXPECT(await_exit(spawner.pid, 2000) > 0);
    csb_cgroups_close(&held);
}

static void waits_no_longer_than_its_node(void) {
    need_root();
    hold(own_name("orphan"));
    struct spawned spawner = spawner_start(held.name + strlen("godwit-"), NULL);
    usleep(100000);
    EXPECT(await_exit(spawner.pid, 0) == -1);
    const uint64_t began = csb_now();
    EXPECT(spawner_end(&spawner, 5000) > 0);
    EXPECT(milliseconds_since(began) < 500);
    csb_cgroups_close(&held);
}

static void waits_for_a_predecessor(void) {
    need_root();
    struct csb_event event;
    hold(own_name("dying"));
    // Its node is gone, and it takes longer than anybody would wait for a living one.
    csb_cgroups_leave(&held);
    struct spawned spawner = spawner_start(held.name + strlen("godwit-"), NULL);
    usleep(1500000);
    EXPECT(await_exit(spawner.pid, 0) == -1);
    csb_cgroups_close(&held);
    REQUIRE(event_next(&spawner, &event));
    EXPECT(event.kind == CSB_EVENT_READY);
    EXPECT(spawner_end(&spawner, 3000) == 0);
}

static void follows_itself(void) {
    need_root();
    struct csb_event event;
    char name[64];
    snprintf(name, sizeof name, "%s", own_name("again"));
    for (int round = 0; round < 3; round++) {
        struct spawned first = spawner_start(name, &event);
        REQUIRE(event.kind == CSB_EVENT_READY);
        for (uint64_t id = 1; id <= 8; id++) {
            instance_start(&first, id, CSB_PROFILE_EXEC, "fork", &event);
            EXPECT(event.kind == CSB_EVENT_SPAWNED);
        }
        // A node that is killed: its socket closes, and its successor is started at once.
        csb_close(&first.socket);
        struct spawned second = spawner_start(name, &event);
        EXPECT(event.kind == CSB_EVENT_READY);
        EXPECT(await_exit(first.pid, 3000) == 0);
        EXPECT(spawner_end(&second, 3000) == 0);
    }
}

static void says_what_limit_is_too_low(void) {
    struct csb_event event;
    const struct rlimit few = {100, 100};
    REQUIRE(!setrlimit(RLIMIT_NOFILE, &few));
    struct spawned spawner = spawner_start(own_name("few"), &event);
    EXPECT(event.kind == CSB_EVENT_FAILED && event.step == CSB_STEP_SLOT && event.error == EMFILE);
    EXPECT(strstr(event.report, "the limit of open files is 100"));
    EXPECT(await_exit(spawner.pid, 3000) > 0);
}

const struct check name_checks[] = {
    {"name: that of a living node is refused within a second", refuses_a_taken_name},
    {"name: the wait for it ends with the node that wants it", waits_no_longer_than_its_node},
    {"name: that of a spawner which is ending is waited for", waits_for_a_predecessor},
    {"name: a node that is killed can be started again at once", follows_itself},
    {"slots: the limit of open files is named when it is too low", says_what_limit_is_too_low},
    {NULL, NULL},
};
