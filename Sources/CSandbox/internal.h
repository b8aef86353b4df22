// What the files of CSandbox share with each other and with nobody else. Include it first: it sets _GNU_SOURCE.

#ifndef GODWIT_CSANDBOX_INTERNAL_H
#define GODWIT_CSANDBOX_INTERNAL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "CSandbox.h"

/// The user and group that every instance sees itself as.
#define CSB_INNER_ID "1000"

// MARK: - Leaving layers out (lab.c)

/// Layers that a spawner built with CSB_LAB can leave out, so that the tests see what each of them is good for. The one
/// that is shipped is built without, and has no way to leave anything out.
enum csb_lab_layer {
    CSB_LAB_SECCOMP = 1 << 0,
    CSB_LAB_LANDLOCK = 1 << 1,
    CSB_LAB_USER = 1 << 2,
    CSB_LAB_ISOLATION = 1 << 3,
    CSB_LAB_NETWORK = 1 << 4,
    CSB_LAB_IPC = 1 << 5,
    CSB_LAB_UTS = 1 << 6,
    CSB_LAB_CGROUPS = 1 << 7,
    CSB_LAB_UID = 1 << 8,
    CSB_LAB_CAPABILITIES = 1 << 9,
    CSB_LAB_RLIMITS = 1 << 10,
    CSB_LAB_PROC = 1 << 11,
    CSB_LAB_NOEXEC = 1 << 12,
    CSB_LAB_CGROUP_NAMESPACE = 1 << 13,
};
#ifdef CSB_LAB
extern unsigned csb_lab_without;
/// Takes a list of layers with commas; false when there is an unknown one.
bool csb_lab_leave_out(const char *list);
#define CSB_HAS(layer) (!(csb_lab_without & (layer)))
#else
#define CSB_HAS(layer) true
#endif

// MARK: - Protocol (protocol.c)

#define CSB_ARGUMENTS_MAX 64
#define CSB_ENVIRONMENT_MAX 256
#define CSB_WIRE_MAGIC 0x47577431u

enum csb_wire_kind {
    CSB_WIRE_SPAWN = 1,
    CSB_WIRE_KILL = 2,
    CSB_WIRE_EVENT = 3,
    CSB_WIRE_PLACE = 4,
    CSB_WIRE_FREEZE = 5,
};

/// Where the threads of an instance may run; a negative processor stands for all.
struct csb_place {
    uint64_t id;
    int32_t processor, reserved;
};

/// Whether an instance is to be stopped (1) or to go on (0).
struct csb_freeze {
    uint64_t id;
    uint32_t frozen, reserved;
};

/// Every message starts with it. `descriptors` is a bit mask of the positions whose descriptors travel with it.
struct csb_wire_header {
    uint32_t magic, kind, descriptors, reserved;
};

/// A request as the spawner understood it; the pointers lead into the bytes it was decoded from.
struct csb_message {
    uint32_t kind, descriptors;
    uint64_t id;
    int32_t processor;
    bool frozen;
    struct csb_spawn_request spawn;
    char *argv[CSB_ARGUMENTS_MAX + 1];
    char *envp[CSB_ENVIRONMENT_MAX + 1];
    /// The message itself.
    uint8_t *bytes;
    size_t length;
};

/// Returns 0, -ENOMSG for a message to ignore, or -EINVAL; `message->id` is then what could be read of it, or 0.
int csb_message_decode(uint8_t *bytes, size_t length, struct csb_message *message);
int csb_send(int socket, const struct iovec *parts, size_t count, const int *descriptors, size_t descriptor_count,
             int flags);
/// Receives one message and at most `capacity` descriptors; more, or a message too long, is -EPROTO and all closed.
ssize_t csb_receive(int socket, const struct iovec *parts, size_t count, int *descriptors, size_t capacity,
                    size_t *descriptor_count, int flags);
/// Whether `text` is exactly 64 lower-case hexadecimal digits.
bool csb_is_digest(const char *text);
int csb_event_send(int socket, const struct csb_event *event, int flags);

// MARK: - Small helpers (system.c)

uint64_t csb_now(void);
/// Writes a short text to a kernel file; 0 or -errno.
int csb_write_at(int directory, const char *path, const char *text);
/// Reads a kernel file into `buffer` and terminates it; the length or -errno.
ssize_t csb_read_at(int directory, const char *path, char *buffer, size_t size);
/// The number at the start of a file, or after `key` and a space; -errno when there is none.
int64_t csb_number_at(int directory, const char *path, const char *key);
/// The same of a text that has been read.
int64_t csb_number_in(const char *text, const char *key);
/// Reads /proc/PID/FILE, as whoever opened that /proc sees it; 0 or -errno.
int csb_process_read(int host_proc, int pid, const char *file, char *text, size_t size);
/// The number behind `key` ("\nThreads:") in the text of a /proc/PID/status, or -1.
int64_t csb_status_number(const char *status, const char *key, int base);
int csb_mkdir(const char *path, mode_t mode);
void csb_close(int *descriptor);

// MARK: - Creating the process (clone.c)

/// As `struct clone_args` of Linux 5.7, which not every C library's headers have.
struct csb_clone_args {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

/// clone3 with a stack of its own; `entry` must not return. With `shares` the child shares our memory, and we wait until
/// it has left it. Returns the pid or -errno. `*cgroup_done`, which has to be in memory that both see, tells whether
/// CLONE_INTO_CGROUP could be honoured.
int csb_clone(uint64_t flags, bool shares, int cgroup, int *pidfd, void (*entry)(void *), void *argument,
              bool *cgroup_done);

// MARK: - Control groups (cgroup.c, group.c)

enum { CSB_MEMORY = 1, CSB_PIDS = 2, CSB_CPU = 4, CSB_CPUACCT = 8 };
#define CSB_TREES_MAX 4

/// One mounted hierarchy in which we have a folder `godwit-NAME`; version 2 has exactly one.
struct csb_tree {
    unsigned controllers;
    /// The group we were started in, our folder there, and the lock that says that we have a node.
    int parent, base, alive;
};

struct csb_cgroups {
    int version;
    unsigned controllers;
    size_t count;
    struct csb_tree trees[CSB_TREES_MAX];
    char name[96];
    /// When to give up on what an earlier run left behind, on the clock of csb_now.
    uint64_t sweep_until;
    /// Why there is less than there could be, for the layer report.
    char detail[160];
};

/// The descriptors of one instance's groups, open only between its preparation and its start.
struct csb_group {
    int join[CSB_TREES_MAX];
    int directory, cpu, memory;
};

/// What the groups say of an instance that has ended.
struct csb_usage {
    uint64_t cpu_nanoseconds, memory_peak;
    bool memory_killed, pids_refused;
};

/// One hierarchy as /proc/self/mountinfo shows it.
struct csb_mounted {
    int version;
    unsigned controllers;
    char root[512], point[512];
};

/// Reads a line of mountinfo, which it cuts; false unless it is that of a hierarchy of groups.
bool csb_mount_parse(char *line, struct csb_mounted *mounted);
/// Where our own group of that hierarchy is, by `groups` (the text of /proc/self/cgroup); -EXDEV when it lies outside
/// of what is mounted there, -ENAMETOOLONG when it does not fit.
int csb_group_path(const struct csb_mounted *mounted, const char *groups, char *path, size_t size);
/// -EADDRINUSE while another spawner has this name, -EAGAIN while one has it that is about to end.
int csb_cgroups_open(struct csb_cgroups *cgroups, const char *name, bool root);
/// Tells whoever waits for the name that its end is near.
void csb_cgroups_leave(struct csb_cgroups *cgroups);
void csb_cgroups_close(struct csb_cgroups *cgroups);
int csb_group_prepare(const struct csb_cgroups *cgroups, uint32_t slot, struct csb_group *group);
void csb_group_release(struct csb_group *group);
/// Moves a process into the groups, which still have to be open. Whoever can writes 0 to `join` by itself instead.
int csb_group_take_in(const struct csb_cgroups *cgroups, const struct csb_group *group, pid_t pid);
/// Whether a process is in the slot's groups, by the text of its /proc/PID/cgroup.
bool csb_group_has(const struct csb_cgroups *cgroups, uint32_t slot, const char *list);
int csb_group_limit(const struct csb_cgroups *cgroups, uint32_t slot, const struct csb_spawn_request *request);
void csb_group_usage(const struct csb_cgroups *cgroups, uint32_t slot, struct csb_usage *usage);
/// Kills what is in the group at once; in version 1, where that takes a walk, only if `thorough`.
void csb_group_kill(const struct csb_cgroups *cgroups, uint32_t slot, bool thorough);
/// Takes numbers from a list of processes, one a line, and moves on behind them. The last line counts only if it is
/// whole: the list may have been cut in the middle of a number, and what is left of it is another process's.
size_t csb_group_members(const char **list, pid_t *members, size_t capacity);
int csb_group_remove(const struct csb_cgroups *cgroups, uint32_t slot);
/// Kills and removes all groups below `base`, however deep and whoever made them; -EBUSY if something resisted until
/// then (on the clock of csb_now).
int csb_group_sweep(int base, uint64_t until);

// MARK: - Root file systems (root.c, mounts.c)

enum { CSB_ROOT_STATIC = 0, CSB_ROOT_SYSTEM = 1, CSB_ROOT_COUNT = 2 };
#define CSB_RULES_MAX 12

struct csb_nursery;

/// What Landlock shall allow beneath an inode that is the same for all instances.
struct csb_path_rule {
    int descriptor;
    uint64_t access;
};

/// A read-only root from which instances get theirs by a copy of the mount namespace.
struct csb_root {
    const char *path;
    size_t rule_count;
    struct csb_path_rule rules[CSB_RULES_MAX];
};

int csb_mount_readonly(const char *target);
int csb_bind(int source, const char *path, const char *target, bool readonly);
int csb_copy_file(const char *from, const char *to, size_t limit);
int csb_copy_tree(const char *from, const char *to);
/// Fills `root` at `root->path` (an existing folder) from the host's files, which must still be visible.
int csb_root_build(struct csb_root *root, bool system, int runtime);
int csb_root_rules(struct csb_root *root, const char *prefix);
/// Makes a small root of the spawner's own from all this and moves there; `nursery->bundles` then leads into it.
int csb_root_move(struct csb_nursery *nursery, int runtime);

// MARK: - Filters and Landlock (filters.c, landlock.c)

/// The filters: one for each profile, by its number; the spawner's own; those of zygotes. Apart from them, that of the egress broker,
/// which has the network and nothing else.
enum {
    CSB_FILTER_SPAWNER = CSB_PROFILE_COUNT,
    CSB_FILTER_STATIC_ZYGOTE,
    CSB_FILTER_PYTHON_ZYGOTE,
    CSB_FILTER_COUNT,
    CSB_FILTER_EGRESS = CSB_FILTER_COUNT,
};
/// `architecture` is the library's name for one (SCMP_ARCH_AARCH64), or 0 for this machine's.
int csb_filter_build(unsigned filter, uint32_t architecture, uint32_t exec_descriptor, struct sock_fprog *program);
int csb_filter_load(const struct sock_fprog *program);

/// Adds to the set what needs no listing: the calls of filters/always.def, and those that the profile answers with an
/// errno, which is its answer for everybody.
void csb_filter_add_passing(unsigned profile, uint64_t calls[CSB_CALLS_WORDS]);

#define CSB_ACCESS_READ 1u
#define CSB_ACCESS_WRITE 2u
#define CSB_ACCESS_EXECUTE 4u
#define CSB_ACCESS_LIST 8u
#define CSB_ACCESS_FILE 16u

/// The version of Landlock this kernel has, or 0.
int csb_landlock_abi(void);
/// A new rule set for that version, or -errno.
int csb_landlock_create(int abi);
/// The same, which handles these rights of the network: bit 0 is binding to a TCP port, bit 1 connecting to one.
int csb_landlock_create_with(int abi, uint64_t network);
/// Rules that allow what they find allowed, and only make a domain: processes in others cannot be traced or signalled.
int csb_landlock_create_domain(int abi);
int csb_landlock_allow(int rules, int abi, int descriptor, uint64_t access);
int csb_landlock_enter(int rules);

// MARK: - The nursery (nursery.c, privileges.c)

/// The prepared place in which instances are created, and what it turned out to offer.
struct csb_nursery {
    bool root;
    /// Each instance gets mount, pid and ipc namespaces of its own; false only with --allow-degraded.
    bool isolated, ipc_namespace, cgroup_namespace, user_namespace, seccomp;
    /// One empty network namespace and one host name, shared by all instances.
    bool net_namespace, uts_namespace;
    /// Instances run under another uid than the spawner; `own_uid` if each has its own.
    bool changes_uid, own_uid;
    int landlock_abi;
    /// errno of what had to be left out, by the step that failed in a trial; for the report.
    int errors[CSB_STEP_EXEC + 1], error_net, error_uts, error_isolation;
    /// Options of the private /proc, or NULL when the kernel refuses one.
    const char *proc_options;
    int host_proc, bundles, null, self, kmsg;
    /// Whether instances can be forked from zygotes; then our own mount namespace, and the rules of a fork's domain.
    bool zygotes;
    int own_mounts, fork_rules;
    /// The descriptor number that the static and python filters let execveat use, once.
    uint32_t exec_descriptor;
    uint32_t uid_base;
    rlim_t open_files;
    struct csb_root roots[CSB_ROOT_COUNT];
    struct sock_fprog filters[CSB_FILTER_COUNT];
    /// Calls that pass the list of any version, by profile; and whether the kernel can ask us about the others.
    uint64_t passing[CSB_PROFILE_COUNT][CSB_CALLS_WORDS];
    bool asks;
    struct csb_cgroups cgroups;
};

struct csb_options {
    int socket;
    const char *bundles, *runtime, *name;
    uint32_t uid_base, slots;
    bool allow_degraded, learns;
};

/// What went wrong while preparing, for a FAILED event with id 0.
struct csb_refusal {
    uint32_t step;
    int error;
    char text[256];
};

int csb_nursery_open(struct csb_nursery *nursery, const struct csb_options *options, struct csb_refusal *refusal);
/// Takes from the spawner what it needs no more: standard input and output, being looked into, and most system calls.
int csb_nursery_confine(struct csb_nursery *nursery, bool allow_degraded, struct csb_refusal *refusal);
void csb_nursery_close(struct csb_nursery *nursery);
/// Starts trial instances that stop just before exec, and notes which layers have to be left out.
int csb_nursery_try(struct csb_nursery *nursery, bool allow_degraded, struct csb_refusal *refusal);
int csb_enter_user_namespace(void);
int csb_keep_capabilities(uint64_t keep);
int csb_drop_bounding(uint64_t keep);
bool csb_has_capability(int capability);

// MARK: - Instances (instance.c)

/// Everything one start needs. It lies in memory which the child shares until it execs.
struct csb_start {
    /// Waits for the request it becomes, over this socket, before it execs (standby.c).
    bool waits;
    int request_socket;
    const struct csb_nursery *nursery;
    const struct csb_spawn_request *request;
    char *const *argv;
    char *const *envp;
    /// The bundle's folder; opened by the child, and meaningful only to it.
    int bundle;
    int descriptors[CSB_SPAWN_DESCRIPTORS];
    struct csb_group *group;
    uint32_t uid;
    /// What is made for a zygote, or NULL for an instance.
    const struct csb_zygote *zygote;
    /// The filter of its version's own list, none if empty; and the socket that its listener is sent over, or -1.
    struct sock_fprog calls;
    int calls_socket;
    /// Stops just before exec: used to find out what the machine offers.
    bool trial;
    char tmp_options[96], uid_map[48];
    bool in_cgroup;
    volatile uint32_t step;
    volatile int32_t error;
    volatile uint64_t entered;
};

/// Starts an instance; returns its pid (also when `start->error` says that it failed and has to be reaped) or -errno.
int csb_instance_start(struct csb_start *start, int *pidfd);

// MARK: - A version's own calls (calls.c)

/// Instructions of the longest filter: a comparison or two and an answer for each run of numbers.
#define CSB_CALLS_PROGRAM_MAX (3 * 32 * CSB_CALLS_WORDS + 2)

enum csb_calls_answer { CSB_CALLS_ANSWERED, CSB_CALLS_REFUSED, CSB_CALLS_GONE };

struct csb_slot;

/// Writes the filter that lets `listed` and `passing` through, and asks about or kills for all others; its length.
size_t csb_calls_program(const uint64_t *listed, const uint64_t *passing, bool asks, struct sock_filter *program);
/// Whether this kernel has user notifications.
bool csb_calls_can_ask(void);
/// Enters the filter and sends its listener over the socket, if that is not -1; to be called in the child.
int csb_calls_enter(const struct sock_fprog *program, int asks_over);
/// Takes the listener that the child has sent, and watches it in the set `watches`.
int csb_calls_listen(int watches, struct csb_slot *slot, int near);
/// Takes the question there is and answers it, or puts its number into `slot->refused`.
enum csb_calls_answer csb_calls_answer(struct csb_slot *slot);

// MARK: - Zygotes (zygote.c, fork.c)

#define CSB_FORK_PROGRAM_MAX 32

struct csb_spawner;

/// What belongs to a slot whose process is a zygote.
struct csb_zygote {
    /// Our end of the socket at its descriptor 3; -1 once it cannot be talked to any more.
    int control;
    /// A file system for the /tmp of each fork to come, and how many have been given out.
    int tmps[CSB_ZYGOTE_FORKS];
    uint32_t used;
    /// How many filters it is under.
    int64_t filters;
    /// It has initialised; the node has still to be told; a fork is to be made ahead.
    bool is_ready, is_news, wants_spare;
    /// What was asked for: its forks have the same limits.
    struct csb_spawn_request request;
};

/// Whether this kernel can make the /tmp of a fork ahead of it (Linux 5.2).
bool csb_zygotes_possible(void);
/// Makes what a zygote needs, and `*far`, its end of the socket; NULL with `*error` if that fails.
struct csb_zygote *csb_zygote_make(struct csb_spawner *spawner, const struct csb_spawn_request *request, int *far,
                                   int *error);
void csb_zygote_free(struct csb_spawner *spawner, struct csb_zygote *zygote);
/// Asks the zygote `id` for a fork in slot `index`, whose groups are ready; it is then FORKING. `descriptors` as of a
/// request; NULL for a fork that is to wait.
int csb_zygote_fork(struct csb_spawner *spawner, uint32_t index, uint64_t id, const int *descriptors);
/// Has a fork made ahead, a moment later: the call that took the last one goes first. `parent` may be NULL.
void csb_zygote_want_spare(struct csb_spawner *spawner, struct csb_slot *parent);
/// Makes one of the forks that are to be made ahead.
void csb_zygote_prepare_spare(struct csb_spawner *spawner);
/// Lets the fork that waits go as the instance that is asked for; false when none waits.
bool csb_zygote_take_spare(struct csb_spawner *spawner, const struct csb_spawn_request *request,
                           const int *descriptors);
/// A fork presents itself: it becomes an instance, or is ended.
void csb_zygote_admit(struct csb_spawner *spawner, struct csb_slot *slot);
void csb_zygote_fork_failed(struct csb_spawner *spawner, struct csb_slot *slot, int error);
/// Takes what a zygote says.
void csb_zygote_hear(struct csb_spawner *spawner, struct csb_slot *parent);
/// An instance that was forked is no more: how it ended, its zygote has to say.
void csb_zygote_fork_ended(struct csb_spawner *spawner, struct csb_slot *slot);
/// Time passes for a slot that is FORKING or REAPING.
void csb_zygote_tick(struct csb_spawner *spawner, struct csb_slot *slot);
/// A zygote has been waited for: so have all its forks.
void csb_zygote_ended(struct csb_spawner *spawner, struct csb_slot *parent);

// MARK: - Standbys (standby.c)

struct csb_standby;

/// Has a standby made for the next start like this one, a moment later.
void csb_standby_want(struct csb_spawner *spawner, const struct csb_message *message);
/// Makes the one that is wanted.
void csb_standby_prepare(struct csb_spawner *spawner);
/// Lets the standby that suits a request become the instance that is asked for; false when there is none.
bool csb_standby_take(struct csb_spawner *spawner, const struct csb_message *message, const int *descriptors);
/// No more starts of that bundle are expected.
void csb_standby_forget(struct csb_spawner *spawner, const char *bundle);
/// Ends a standby that has waited for too long, and those that work instead; in how many milliseconds they are to be looked
/// at again, or -1 when there is none.
int csb_standby_rest(struct csb_spawner *spawner);
/// Memory is short: ends those that run their program.
void csb_standby_end_programs(struct csb_spawner *spawner);
/// The process of a slot that has been a standby is no more: the step in which it failed, or CSB_STEP_NONE.
uint32_t csb_standby_ended(struct csb_spawner *spawner, struct csb_slot *slot, int *error);
void csb_standby_release(struct csb_slot *slot);

// MARK: - The spawner's table (slots.c, telling.c) and its report (layers.c, audit.c)

enum csb_slot_state {
    CSB_SLOT_FREE = 0,
    /// Asked of a zygote, and not there yet.
    CSB_SLOT_FORKING,
    /// Forked ahead; nobody has asked for it yet, and the node does not know it.
    CSB_SLOT_SPARE,
    /// Prepared up to its exec, or waiting in its program; nobody has asked for it yet, and the node does not know it.
    CSB_SLOT_STANDBY,
    CSB_SLOT_LIVE,
    /// Its process, a fork, has ended; its zygote is asked how.
    CSB_SLOT_REAPING,
    CSB_SLOT_LEAVING,
    CSB_SLOT_OWED,
};

/// What of a slot is watched in `csb_spawner.watches`; it goes with the slot's id, which is below 2 to the 62nd.
#define CSB_ID_BITS 61
enum csb_watch { CSB_WATCH_CALLS = 0, CSB_WATCH_CONTROL, CSB_WATCH_FORK, CSB_WATCH_END };
#define CSB_WATCH_SHIFT 62
#define CSB_WATCH(watch, id) ((uint64_t)(watch) << CSB_WATCH_SHIFT | (id))

struct csb_slot {
    uint8_t state, kill_asked, memory_exceeded, pids_exceeded, watched, tries;
    int32_t pid, pidfd;
    uint64_t id, memory_bytes;
    uint32_t cpu_seconds;
    struct csb_group group;
    /// How it ended, kept here until the node has been told.
    int32_t exit_code, exit_signal, syscall;
    uint32_t verdict;
    uint64_t cpu_nanoseconds, memory_peak;
    /// Of an instance with a list, or whose calls are learned: who is asked, the call that ended it or -1, and those made.
    int32_t listener, refused;
    bool learns;
    /// Of a zygote.
    struct csb_zygote *zygote;
    /// Of a fork: its zygote's id; while it is FORKING, its socket and its /tmp; its number in its own pid namespace.
    uint64_t zygote_id;
    int32_t fork_socket, tmp, inner_pid;
    /// Its output, error output and frame socket, until it gets them.
    int32_t given[3];
    bool is_spare;
    /// Of what is or was a standby; and the socket over which it is told what it becomes, until then.
    struct csb_standby *standby;
    int32_t request_socket;
    /// When it was asked for; and why it could not be forked, of a slot that is OWED.
    uint64_t asked;
    uint32_t failed_step;
    int32_t failed_error;
    uint32_t pids;
    uint64_t calls[CSB_CALLS_WORDS];
};

struct csb_spawner {
    struct csb_nursery nursery;
    struct csb_options options;
    struct csb_slot *slots;
    /// Indices of slots that are not free, in no order; and a ring of those that are, so that uids rest before reuse.
    uint32_t *used, *free;
    uint32_t used_count, free_head, free_count;
    uint32_t ready[8], ready_count;
    uint32_t watched, leaving, owed;
    /// Slots that are FORKING or REAPING; zygotes of which the node has still to be told that they are ready.
    uint32_t pending, news;
    /// Zygotes of which a fork is to be made ahead; a number for the next one.
    uint32_t spares_wanted;
    uint64_t next_spare;
    /// The standby that is to be made next; standbys that ended before they were asked for, one after another.
    bool has_wish;
    struct csb_message wish;
    uint8_t wish_bytes[CSB_MESSAGE_MAX];
    uint32_t standby_losses;
    /// Descriptors that zygotes hold.
    rlim_t zygote_descriptors;
    /// The set of all that is watched for slots: `enum csb_watch`.
    int watches;
    /// The one reply that could not be sent yet; while there is one, no request is read.
    struct csb_event reply;
    bool reply_waits;
};

/// Descriptors that the spawner needs beside those of its instances, at most.
#define CSB_DESCRIPTORS_BESIDES 96
/// -EMFILE when the limit of open files leaves no room for a single instance.
int csb_slots_open(struct csb_spawner *spawner);
void csb_slots_close(struct csb_spawner *spawner);
void csb_slots_spawn(struct csb_spawner *spawner, const struct csb_message *message, const int *descriptors);
void csb_slots_kill(struct csb_spawner *spawner, uint64_t id);
/// Lets an instance run on one processor, or on all (processors.c).
void csb_slots_place(struct csb_spawner *spawner, uint64_t id, int32_t processor);
/// Stops an instance, or lets it go on (processors.c).
void csb_slots_freeze(struct csb_spawner *spawner, uint64_t id, bool frozen);
void csb_slots_reap(struct csb_spawner *spawner);
void csb_slots_tick(struct csb_spawner *spawner);
/// Looks after what happened in `watches`: one event each.
void csb_slots_attend(struct csb_spawner *spawner);
/// The slot of an id that is in use, or NULL.
struct csb_slot *csb_slot_find(const struct csb_spawner *spawner, uint64_t id);
uint32_t csb_slot_index(const struct csb_spawner *spawner, const struct csb_slot *slot);
/// A slot with its groups, prepared earlier or now.
int csb_slot_take(struct csb_spawner *spawner, uint32_t *index, uint32_t *step);
/// Starts in slot `index`; the slot's process then lives, or its failure is described in `*step` and returned. `near`: our
/// end of the socket over which the listener of its calls comes, or -1.
int csb_slot_start(struct csb_spawner *spawner, uint32_t index, struct csb_start *start, uint32_t *step, int near);
/// Makes an empty slot of a request for it; abandoned, it is empty again, and free.
struct csb_slot *csb_slot_begin(struct csb_spawner *spawner, uint32_t index, const struct csb_spawn_request *request);
void csb_slot_abandon(struct csb_spawner *spawner, uint32_t index);
/// Has the memory and threads of a slot's process looked at where no group limits them.
void csb_slot_watch(struct csb_spawner *spawner, struct csb_slot *slot);
/// An id for what nobody has asked for yet; the node's are below.
uint64_t csb_slot_own_id(struct csb_spawner *spawner);
/// Makes a slot free.
void csb_slot_give_back(struct csb_spawner *spawner, uint32_t index);
/// Forks an instance that nobody has asked for yet, if there is room for it.
void csb_slots_fork_ahead(struct csb_spawner *spawner, const struct csb_spawn_request *request);
/// The process of a slot is an instance or a zygote from now on: the node is told.
void csb_slot_lives(struct csb_spawner *spawner, uint32_t index);
/// A start that was promised does not come: the node is told.
void csb_slot_failed(struct csb_spawner *spawner, uint32_t index, uint32_t step, int error);
/// The process of a slot has ended; `memory_peak` is what is known without groups.
void csb_slot_ended(struct csb_spawner *spawner, uint32_t index, int code, int signal, uint64_t cpu_nanoseconds,
                    uint64_t memory_peak);
/// Sends what is owed; true when the socket took everything.
bool csb_slots_flush(struct csb_spawner *spawner);
/// Prepares one group ahead of time; true while more could be prepared.
bool csb_slots_refill(struct csb_spawner *spawner);

/// Bytes resident in `pid`, and its descendants if wanted, through the host's /proc; the watch used without a memory group.
int64_t csb_resident(int host_proc, int32_t pid, bool with_descendants);

/// Threads of `pid`.
int64_t csb_threads(int host_proc, int32_t pid);

/// Writes the report; `with_machine` adds what only `godwit doctor` wants. Returns the length.
size_t csb_layers_write(const struct csb_nursery *nursery, bool with_machine, char *buffer, size_t size);

int csb_audit_open(void);
/// Reads one record of the kernel's log; true if it says which system call a process was killed for.
bool csb_audit_parse(const char *record, int32_t *pid, int32_t *number);
/// The system call for which the kernel's log says that `pid` was killed, or -1.
int32_t csb_audit_syscall(int kmsg, int32_t pid);

#endif
