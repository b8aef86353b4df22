// The report: which layers of the sandbox this machine gives, as JSON. A layer is "present", "degraded" (something
// weaker stands in for it) or "absent", and what is not present says what an operator could do about it.

#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/// Text that is cut off at the end of its buffer instead of overflowing it.
struct text {
    char *bytes;
    size_t length, size;
    bool first;
};

static void append(struct text *text, const char *piece) {
    while (*piece && text->length + 1 < text->size) text->bytes[text->length++] = *piece++;
    text->bytes[text->length] = 0;
}

static void append_string(struct text *text, const char *value) {
    append(text, "\"");
    for (; *value; value++) {
        char piece[8] = {*value, 0};
        if (*value == '"' || *value == '\\') snprintf(piece, sizeof piece, "\\%c", *value);
        else if ((unsigned char)*value < 0x20) snprintf(piece, sizeof piece, "\\u%04x", (unsigned)*value);
        append(text, piece);
    }
    append(text, "\"");
}

static const char present[] = "present", degraded[] = "degraded", absent[] = "absent";

static void layer(struct text *text, const char *name, const char *state, const char *detail, const char *remedy) {
    append(text, text->first ? "{\"layer\":" : ",{\"layer\":");
    text->first = false;
    append_string(text, name);
    append(text, ",\"state\":");
    append_string(text, state);
    append(text, ",\"detail\":");
    append_string(text, detail);
    append(text, ",\"remedy\":");
    append_string(text, state == present ? "" : remedy);
    append(text, "}");
}

/// A layer that is there or not, with the kernel's reason.
static void either(struct text *text, const char *name, bool there, const char *detail, int error, const char *remedy) {
    layer(text, name, there ? present : absent, there ? detail : error ? strerror(error) : "not available", remedy);
}

static void write_namespaces(const struct csb_nursery *nursery, struct text *text) {
    const char *kernel = "a kernel with this namespace, and CAP_SYS_ADMIN or unprivileged user namespaces";
    bool there = nursery->isolated;
    either(text, "user namespace", nursery->user_namespace,
           nursery->root ? "each instance, entered last" : "one for the spawner, one for each instance in it",
           nursery->errors[CSB_STEP_USER_NAMESPACE],
           "allow unprivileged user namespaces: sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone=1, "
           "kernel.apparmor_restrict_unprivileged_userns=0");
    either(text, "mount namespace", there, "each instance", nursery->error_isolation, kernel);
    either(text, "pid namespace", there, "each instance; its end is the end of all its processes",
           nursery->error_isolation, kernel);
    either(text, "network namespace", nursery->net_namespace, "empty, shared by all instances", nursery->error_net,
           kernel);
    either(text, "ipc namespace", nursery->ipc_namespace, "each instance", nursery->errors[CSB_STEP_CLONE], kernel);
    either(text, "uts namespace", nursery->uts_namespace, "host name \"function\"", nursery->error_uts, kernel);
    either(text, "cgroup namespace", nursery->cgroup_namespace, "each instance", nursery->errors[CSB_STEP_CGROUP],
           kernel);
    either(text, "read-only root", there, "bundle, private /tmp and /proc; nothing of the host's own files",
           nursery->error_isolation, kernel);
    either(text, "private /tmp", there, "each instance: bounded in bytes and inodes, nosuid, nodev, noexec",
           nursery->error_isolation, kernel);
    bool subset = nursery->proc_options && strstr(nursery->proc_options, "subset=pid");
    layer(text, "private /proc", !nursery->proc_options ? absent : subset ? present : degraded,
          subset ? "own processes only, read-only"
                 : nursery->proc_options ? "own processes, but also the system's files, read-only"
                                         : strerror(nursery->errors[CSB_STEP_PROC]),
          "Linux 5.8, and a /proc that is not partly covered (in a container: unmask it)");
}

static void write_kernel(const struct csb_nursery *nursery, struct text *text) {
    char detail[160];
    layer(text, "no capabilities", present, "all sets empty, security bits locked", "");
    layer(text, "no_new_privs", present, "set before the function's first instruction", "");
    layer(text, "rlimits", present, "open files, file size, stack, processes; no core files", "");
    either(text, "seccomp", nursery->seccomp, "allow-lists; anything else ends the instance",
           nursery->errors[CSB_STEP_SECCOMP], "a kernel with CONFIG_SECCOMP_FILTER");
    snprintf(detail, sizeof detail, "ABI %d%s", nursery->landlock_abi,
             nursery->landlock_abi >= 6 ? ": files, TCP, signals and abstract sockets"
             : nursery->landlock_abi >= 4 ? ": files, TCP" : ": files");
    layer(text, "landlock", nursery->landlock_abi >= 6 ? present : nursery->landlock_abi ? degraded : absent,
          nursery->landlock_abi ? detail : "not available", "Linux 6.12 with landlock among the active LSMs (lsm=)");
    if (nursery->own_uid) {
        snprintf(detail, sizeof detail, "from %u on", nursery->uid_base);
        layer(text, "own uid per instance", present, detail, "");
    } else {
        layer(text, "own uid per instance", absent,
              nursery->root ? "the uid range is not mapped here; all instances share one uid"
                            : "all instances are the spawner's user, in user namespaces of their own",
              nursery->root ? "map the range, or choose one with --uid-base" : "start the node as root");
    }
}

static void write_zygotes(const struct csb_nursery *nursery, struct text *text) {
    layer(text, "zygotes", nursery->zygotes ? present : absent,
          nursery->zygotes ? "functions that have initialised are forked, into a mount namespace and a domain each"
                           : "every instance starts by executing its program",
          "Linux 5.13, and user namespace, private /proc, seccomp and landlock of the above");
}

static void write_groups(const struct csb_nursery *nursery, struct text *text) {
    static const struct {
        const char *name;
        unsigned bit;
        const char *state, *fallback;
    } rows[] = {
        {"cgroup memory", CSB_MEMORY, degraded, "a watch of resident memory each 20 ms, and RLIMIT_DATA"},
        {"cgroup cpu", CSB_CPU, absent, "no quota; CPU seconds are limited by RLIMIT_CPU"},
        {"cgroup pids", CSB_PIDS, degraded, "RLIMIT_NPROC"},
    };
    const struct csb_cgroups *groups = &nursery->cgroups;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char detail[300];
        bool there = groups->controllers & rows[i].bit;
        if (there) snprintf(detail, sizeof detail, "version %d", groups->version);
        else snprintf(detail, sizeof detail, "%s%s%s%s", rows[i].fallback, *groups->detail ? " (" : "", groups->detail,
                      *groups->detail ? ")" : "");
        layer(text, rows[i].name, there ? present : rows[i].state, detail,
              "start as root, or give the node's unit Delegate=yes with the controllers memory, cpu and pids");
    }
}

// MARK: - What only the doctor asks

static bool subordinate_ids(void) {
    char text[8192];
    const struct passwd *user = getpwuid(getuid());
    if (!user || csb_read_at(AT_FDCWD, "/etc/subuid", text, sizeof text) <= 0) return false;
    size_t length = strlen(user->pw_name);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        if (*line == '\n') line++;
        if (!strncmp(line, user->pw_name, length) && line[length] == ':') return true;
    }
    return false;
}

static void write_machine(struct text *text) {
    static const char *const switches[] = {"/proc/sys/user/max_user_namespaces",
                                           "/proc/sys/kernel/unprivileged_userns_clone",
                                           "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"};
    char detail[300] = "";
    bool open_to_all = true;
    for (size_t i = 0; i < 3; i++) {
        int64_t value = csb_number_at(AT_FDCWD, switches[i], NULL);
        if (value < 0) continue;
        size_t length = strlen(detail);
        snprintf(detail + length, sizeof detail - length, "%s%s=%lld", length ? ", " : "",
                 strrchr(switches[i], '/') + 1, (long long)value);
        // The first two must not be 0, the last must be.
        if ((value == 0) == (i < 2)) open_to_all = false;
    }
    layer(text, "unprivileged user namespaces", open_to_all ? present : absent, detail,
          "set these, or start the node as root");
    layer(text, "subordinate uids", subordinate_ids() ? present : absent, "/etc/subuid (not used by the spawner)",
          "usermod --add-subuids");
    int meters = 0, readable = 0;
    DIR *zones = opendir("/sys/class/powercap");
    for (struct dirent *zone; zones && (zone = readdir(zones));) {
        char path[320];
        snprintf(path, sizeof path, "/sys/class/powercap/%s/energy_uj", zone->d_name);
        if (access(path, F_OK)) continue;
        meters++;
        if (!access(path, R_OK)) readable++;
    }
    if (zones) closedir(zones);
    snprintf(detail, sizeof detail, "%d zones with energy_uj, %d readable", meters, readable);
    layer(text, "powercap energy meter", readable ? present : absent, detail,
          meters ? "make energy_uj readable for the node's user" : "none: use a power curve or an external meter");
}

size_t csb_layers_write(const struct csb_nursery *nursery, bool with_machine, char *buffer, size_t size) {
    struct text text = {.bytes = buffer, .size = size, .first = true};
    const char *head = nursery->root ? "{\"mode\":\"root\",\"layers\":" : "{\"mode\":\"user\",\"layers\":";
    if (!with_machine) append(&text, head);
    append(&text, "[");
    write_namespaces(nursery, &text);
    write_kernel(nursery, &text);
    write_groups(nursery, &text);
    if (with_machine) write_zygotes(nursery, &text);
    if (with_machine) write_machine(&text);
    append(&text, with_machine ? "]" : "]}");
    return text.length;
}
