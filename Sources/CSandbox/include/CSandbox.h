// CSandbox: creates processes inside their sandboxes.
//
// Two halves share this header. The *spawner* (csb_spawner_main) is a single-threaded C process that owns the
// privileges, prepares the namespaces once, and starts every instance. The *client* (csb_client_*) is what the node
// process calls to talk to it, over one SOCK_SEQPACKET socket. All encoding and decoding of that protocol lives in
// protocol.c, so that neither side can misread the other and one fuzzer covers both.
//
// Every function returns 0 or a negative errno unless it says otherwise; nothing here aborts on data from outside.

#ifndef GODWIT_CSANDBOX_H
#define GODWIT_CSANDBOX_H

#include <stddef.h>
#include <stdint.h>

/// Bytes that one protocol message may hold: struct, strings and padding.
#define CSB_MESSAGE_MAX 65536
/// Characters of a SHA-256 digest in hexadecimal, without the terminator.
#define CSB_DIGEST_LENGTH 64
/// Number of descriptors a spawn request carries: standard input, output, error, and the frame socket (3 inside).
#define CSB_SPAWN_DESCRIPTORS 4
/// Bytes of text in a ready event (the layer report, JSON).
#define CSB_REPORT_MAX 8192

/// How a bundle is run: decides the root file system, the seccomp filter and what Landlock allows.
enum csb_profile {
    /// A static executable from the bundle; the root holds nothing but the bundle, /tmp, /dev and /proc.
    CSB_PROFILE_STATIC = 0,
    /// The system's python3 with the node's harness; adds the system's /usr, read-only. No fork, threads allowed.
    CSB_PROFILE_PYTHON = 1,
    /// Any executable; adds the system's /usr, read-only. May fork and exec within its own pid namespace.
    CSB_PROFILE_EXEC = 2,
    CSB_PROFILE_COUNT = 3,
};

/// Words of a set of system calls, a bit for each number.
#define CSB_CALLS_WORDS 8

/// Which system calls an instance may make; never more than its profile allows.
enum csb_calls_mode {
    /// All that its profile allows.
    CSB_CALLS_PROFILE = 0,
    /// Of these only the listed ones, and those of filters/always.def; another one is its end.
    CSB_CALLS_LISTED = 1,
    /// All of these, and EXITED tells which it made. The spawner has to be started with --learn.
    CSB_CALLS_LEARNED = 2,
    CSB_CALLS_MODES = 3,
};

/// Where the memory of an instance comes from.
enum csb_origin {
    /// Its program is executed.
    CSB_ORIGIN_EXEC = 0,
    /// The same, but it serves no call: it is a zygote, which initialises once and is then forked. PREPARED tells when.
    CSB_ORIGIN_ZYGOTE = 1,
    /// It is forked from a zygote, and has what that one has: version, arguments, environment.
    CSB_ORIGIN_FORK = 2,
    CSB_ORIGINS = 3,
};

/// Instances that are forked from one zygote, at most: each needs a /tmp of its own that was made before it.
#define CSB_ZYGOTE_FORKS 64

/// What a profile says of a system call, whatever its arguments.
enum csb_call_rule {
    /// It is not named: it kills.
    CSB_CALL_FORBIDDEN = 0,
    /// It is answered with an errno.
    CSB_CALL_REFUSED = 1,
    /// It is allowed, perhaps under a condition.
    CSB_CALL_ALLOWED = 2,
    /// It is allowed, and no list has to name it.
    CSB_CALL_ALWAYS = 3,
};

/// What the node asks the spawner to start. `argc` + `envc` NUL-terminated strings follow on the wire.
struct csb_spawn_request {
    /// Chosen by the node, unique among live instances, never 0, below 2 to the 61st.
    uint64_t id;
    /// For CSB_ORIGIN_FORK the id of the zygote, which has to be prepared; otherwise 0.
    uint64_t zygote;
    /// Limit of the instance's memory, in bytes; 0 means none.
    uint64_t memory_bytes;
    /// Size of the private /tmp, in bytes.
    uint64_t tmp_bytes;
    /// Largest file the instance may write, in bytes.
    uint64_t file_bytes;
    /// One of `enum csb_profile`.
    uint32_t profile;
    /// One of `enum csb_origin`; zygotes are for the static and the python profile, without a list of calls.
    uint32_t origin;
    /// CPU quota in thousandths of one core; 0 means none.
    uint32_t cpu_milli;
    /// Processes and threads at once.
    uint32_t pids;
    /// Inodes in the private /tmp.
    uint32_t tmp_inodes;
    /// Open descriptors.
    uint32_t open_files;
    /// CPU seconds after which the kernel kills the instance; 0 means none.
    uint32_t cpu_seconds;
    /// Number of argument strings, at least 1; argv[0] is the path executed, inside the new root.
    uint32_t argc;
    /// Number of environment strings.
    uint32_t envc;
    /// Bytes of all strings together, terminators included.
    uint32_t strings_length;
    /// One of `enum csb_calls_mode`, and the calls that are listed.
    uint32_t calls_mode;
    /// One of `enum csb_ahead`.
    uint32_t ahead;
    uint64_t calls[CSB_CALLS_WORDS];
    /// SHA-256 of the bundle in lower-case hexadecimal: the name of its folder under the spawner's bundle folder.
    char bundle[CSB_DIGEST_LENGTH + 1];
};

/// What may be prepared for the next start like this one.
enum csb_ahead {
    /// A process that waits before it runs the program.
    CSB_AHEAD_PROCESS,
    /// The program itself, started with CSB_STANDBY_VARIABLE: it waits for a packet on descriptor 3, with three descriptors
    /// which it puts at 1, 2 and 3. Not for what execs by itself, and without a list of calls.
    CSB_AHEAD_PROGRAM,
    /// As the first; and there is no memory for programs that wait, which are ended.
    CSB_AHEAD_SHORT,
    CSB_AHEADS,
};
#define CSB_STANDBY_VARIABLE "GODWIT_STANDBY=1"

/// The steps of a start; a failure names the one it happened in.
enum csb_step {
    CSB_STEP_NONE = 0,
    CSB_STEP_REQUEST,
    CSB_STEP_SLOT,
    CSB_STEP_CGROUP,
    CSB_STEP_CLONE,
    CSB_STEP_ROOT,
    CSB_STEP_BUNDLE,
    CSB_STEP_TMP,
    CSB_STEP_PROC,
    CSB_STEP_PIVOT,
    CSB_STEP_LIMITS,
    CSB_STEP_IDENTITY,
    CSB_STEP_USER_NAMESPACE,
    CSB_STEP_CAPABILITIES,
    CSB_STEP_DESCRIPTORS,
    CSB_STEP_LANDLOCK,
    CSB_STEP_SECCOMP,
    CSB_STEP_EXEC,
    /// Forking from a zygote; the instance can still be started by executing its program.
    CSB_STEP_ZYGOTE,
};

enum csb_event_kind {
    /// The spawner is prepared; `report` holds its layers as JSON.
    CSB_EVENT_READY = 1,
    /// An instance was started; descriptors are in `pidfd`, `cpu_fd`, `memory_fd` and belong to the receiver.
    CSB_EVENT_SPAWNED = 2,
    /// An instance could not be started: `step` and `error` say why.
    CSB_EVENT_FAILED = 3,
    /// An instance ended and left nothing behind.
    CSB_EVENT_EXITED = 4,
    /// A zygote has initialised; CSB_ZYGOTE_FORKS instances can be forked from it.
    CSB_EVENT_PREPARED = 5,
};

/// Why the spawner itself ended an instance, beside what its exit status says.
enum csb_verdict {
    CSB_VERDICT_NONE = 0,
    /// The kernel's memory cgroup or the spawner's own watch found it above its memory limit.
    CSB_VERDICT_MEMORY = 1,
    /// It tried to have more processes or threads than it may.
    CSB_VERDICT_PIDS = 2,
    /// A system call outside its seccomp filter (it died by SIGSYS).
    CSB_VERDICT_SECCOMP = 3,
    /// It used up its CPU seconds.
    CSB_VERDICT_CPU = 4,
    /// The node asked for its end.
    CSB_VERDICT_KILLED = 5,
};

/// One message from the spawner.
struct csb_event {
    uint32_t kind;
    /// `enum csb_step`, for FAILED.
    uint32_t step;
    uint64_t id;
    /// errno of the failed step, for FAILED; 0 otherwise.
    int32_t error;
    /// Process id in the node's pid namespace, for SPAWNED.
    int32_t pid;
    /// For EXITED: the exit code, or -1 when a signal ended it.
    int32_t exit_code;
    /// For EXITED: the signal that ended it, or 0.
    int32_t exit_signal;
    /// `enum csb_verdict`, for EXITED.
    uint32_t verdict;
    /// For EXITED: number of the system call refused by seccomp, or -1 when the kernel does not tell.
    int32_t syscall;
    /// For EXITED: the calls an instance made whose calls were to be learned, but for those of filters/always.def.
    uint64_t calls[CSB_CALLS_WORDS];
    /// For EXITED: CPU time of all its processes, in nanoseconds.
    uint64_t cpu_nanoseconds;
    /// For EXITED: highest memory use, in bytes.
    uint64_t memory_peak_bytes;
    /// For SPAWNED: nanoseconds from reading the request to the exec, and of these until the clone returned.
    uint64_t start_nanoseconds;
    uint64_t clone_nanoseconds;
    /// For SPAWNED: when that was, by CLOCK_MONOTONIC: who hears of it late still knows.
    uint64_t spawned_at;
    /// For SPAWNED, -1 where the kernel offers none: pidfd; a file of accumulated CPU time; a file of peak memory.
    int32_t pidfd;
    int32_t cpu_fd;
    int32_t memory_fd;
    /// Units of the two files: cpu_fd holds nanoseconds as one number (1) or a v2 `cpu.stat` (2); 0 = none.
    uint32_t cpu_format;
    uint32_t report_length;
    char report[CSB_REPORT_MAX];
};

/// The report of an event, for languages that cannot import the array; `report_length` bytes are meant.
static inline const char *csb_event_report(const struct csb_event *event) { return event->report; }

// MARK: - Client, called by the node

/// Asks for an instance. `strings` holds argc + envc NUL-terminated strings of `strings_length` bytes;
/// a descriptor of -1 means /dev/null (0 to 2) or none (3). The descriptors stay the caller's.
int csb_client_spawn(int socket, const struct csb_spawn_request *request, const char *strings,
                     const int descriptors[CSB_SPAWN_DESCRIPTORS]);

/// Writes the digest into the request: -EINVAL unless it is one. (Swift sees the field only as a tuple.)
int csb_request_set_bundle(struct csb_spawn_request *request, const char *digest);

/// Adds a system call to the listed ones; one that this machine does not have is left out.
void csb_request_list_call(struct csb_spawn_request *request, const char *name);
/// Whether the event tells that the system call of that number was made.
int csb_event_has_call(const struct csb_event *event, int32_t number);

/// Asks for the end of an instance; an unknown id is ignored.
int csb_client_kill(int socket, uint64_t id);

/// Asks that all threads of an instance run on one processor, or, if it is negative, wherever they may. Only a wish.
int csb_client_place(int socket, uint64_t id, int32_t processor);

/// Asks that an instance which serves no call gets no processor until it is to go on; an unknown id is ignored.
int csb_client_freeze(int socket, uint64_t id, int frozen);

/// Waits for the next message. Returns 1 with `event` filled, 0 when the spawner closed its end, or a negative errno.
int csb_client_receive(int socket, struct csb_event *event);

// MARK: - Spawner

/// Runs the spawner until its socket closes; returns the process's exit code.
/// Arguments: --socket FD --bundles DIR --runtime DIR --name NAME [--uid-base N] [--slots N] [--allow-degraded] [--learn].
int csb_spawner_main(int argc, char **argv);

// MARK: - Probing, for `godwit doctor`

/// Writes what this machine offers this user as a JSON array of {"layer","state","detail","remedy"} into `buffer`;
/// state is "present", "degraded" or "absent". Returns the length, or a negative errno. Forks; call it from a
/// process without threads or through `godwit-spawner --probe`.
int csb_probe(char *buffer, size_t size);

/// The name of a step, for messages: "clone", "seccomp", ... never NULL.
const char *csb_step_name(uint32_t step);

/// Writes the name of a system call of this machine, or its number where it has none, into `buffer`; returns its length.
size_t csb_syscall_name(int32_t number, char *buffer, size_t size);

/// What the filter of `profile` (one of `enum csb_profile`) says of the system call `name`: `enum csb_call_rule`.
int csb_profile_rule(uint32_t profile, const char *name);

/// Decodes `length` bytes exactly as the spawner does, without acting on them; always 0. The entry of the fuzzer.
int csb_fuzz_message(const uint8_t *bytes, size_t length);

// MARK: - Small system calls the node needs and the C library does not wrap in a way Swift can use

/// A connected pair of stream sockets, close-on-exec; `near` is non-blocking, `far` blocking.
int csb_stream_pair(int *near, int *far);
/// A connected pair of sequenced-packet sockets, close-on-exec.
int csb_packet_pair(int *near, int *far);
/// A pipe, close-on-exec; `near` (the read end if `near_reads`) is non-blocking.
int csb_pipe(int near_reads, int *near, int *far);
/// Memory of that size, as a descriptor, close-on-exec; nobody can change its size. Returns it or -errno.
int csb_sealed_page(size_t size);
/// Sends bytes and a descriptor with them, all or nothing; the caller's own copy stays open.
int csb_send_descriptor(int socket, const void *bytes, size_t length, int descriptor);
/// CPU time used so far by all threads of `pid`, in nanoseconds, or a negative errno.
int64_t csb_process_cpu(int32_t pid);
/// Starts `path` with descriptor `socket` inherited as 3 and everything else closed, by vfork and exec, in its own
/// session so that a terminal's Ctrl-C does not reach it. argv and its strings as for exec. Returns the pid or -errno.
int csb_start_spawner(const char *path, char *const argv[], int socket);
/// Remembers the processors that this process may use; call it before there are threads.
void csb_processors_remember(void);
/// Keeps this thread on the processor where it is; returns its number, or -ENOTSUP where there is only one to use. Threads
/// that it starts are kept there too, until csb_processor_free_others().
int csb_processor_hold(void);
/// How many processors a process may use, or -errno.
int csb_processor_count(int32_t pid);
/// Lets this thread run wherever this process may.
void csb_processor_let_go(void);
/// Lets all other threads of this process run wherever it may.
void csb_processor_free_others(void);
/// Bounds the free memory that the heap keeps at its ends; call it before there are threads.
void csb_bound_heap(void);
/// Gives what the heap does not use at present back to the kernel.
void csb_trim_heap(void);
/// Gives up root for good: groups, gid, uid, capabilities; fails if root could be had back.
int csb_drop_privileges(uint32_t uid, uint32_t gid);

// MARK: - The egress broker (egress.c)

/// The life of the broker's keeper: for every socket that comes over `control` it ends the broker there was and starts
/// this program again with `argv` and that socket as descriptor 3, as `user` where this process is root, without any
/// privilege. Returns 0 at the end of `control`, when the broker is gone.
int csb_egress_keep(int control, uint32_t user, char *const argv[]);
/// Confines this process, which has one thread: no file but those below `paths` (ends with NULL), no system call but
/// the broker's. Tells the version of Landlock, 0 for none, and whether there is a filter.
int csb_egress_confine(const char *const paths[], int *landlock_abi, int *has_filter);

#endif
