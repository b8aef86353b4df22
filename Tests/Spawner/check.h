// A small harness for checks of CSandbox that need its inside: each runs in a process of its own, within a time.

#ifndef GODWIT_CHECK_H
#define GODWIT_CHECK_H

#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct check {
    const char *name;
    void (*run)(void);
};

/// Each ends with an entry without a name.
extern const struct check audit_checks[], filter_checks[], group_checks[], life_checks[], name_checks[], path_checks[], standby_checks[],
    zygote_checks[];

/// Paths of the spawner to check (a folder), and of the program that instances run.
extern const char *spawner_program, *bundle_folder;
extern const char bundle_digest[];
/// The number of the ordinary user that checks become.
#define ORDINARY 65534

/// Says why this check means nothing here, and ends it.
_Noreturn void skip(const char *reason);
void failed(const char *file, int line, const char *what);
void need_root(void);
/// A name of groups that nobody else has.
const char *own_name(const char *suffix);

#define EXPECT(condition) ((condition) ? (void)0 : failed(__FILE__, __LINE__, #condition))
#define REQUIRE(condition) ((condition) ? (void)0 : (failed(__FILE__, __LINE__, #condition), exit(1)))

// MARK: - A spawner and its instances (spawned.c)

struct spawned {
    int socket;
    pid_t pid;
};

/// Added to the arguments of spawners that are started, unless it is NULL.
extern const char *more_argument;
/// Starts a spawner and leaves its first message in `first`.
struct spawned spawner_start(const char *name, struct csb_event *first);
/// Closes the socket and waits for the end; the wait status, or -1 when it has not ended within the time.
int spawner_end(struct spawned *spawner, int milliseconds);
/// Waits for the next event; false when none came within ten seconds.
bool event_next(const struct spawned *spawner, struct csb_event *event);
/// Starts an instance of the guest program with one argument, and receives the first answer.
void instance_start(const struct spawned *spawner, uint64_t id, uint32_t profile, const char *argument,
                    struct csb_event *event);
/// The wait status of `pid`, or -1 when it has not ended within the time.
int await_exit(pid_t pid, int milliseconds);
/// The number after `key` in /proc/PID/status, in that base; -1 when there is none.
int64_t status_number(pid_t pid, const char *key, int base);

#endif
