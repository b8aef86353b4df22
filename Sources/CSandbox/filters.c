// Turning the rules of filters/*.def into programs for the kernel's seccomp, once, when the spawner starts.
//
// What a filter does not name kills the process: an instance that leaves the known paths is either attacked or in need
// of a new rule, and both should be seen. What harmless programs are known to try, and to do without, is refused with
// an errno instead. Names are resolved at run time, so that a rule for a call this machine does not have is no error.

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

struct rule {
    const char *name;
    /// 0 allows; anything else is the errno to answer with.
    int error;
    /// Argument to look at, or -1: the rule holds if (argument & mask) == value.
    int argument;
    uint64_t mask, value;
};

/// Stands in `value` for the descriptor that is only known at run time.
#define EXEC_DESCRIPTOR UINT64_MAX
#define LOW 0xffffffffu

#define ALLOW(name) {#name, 0, -1, 0, 0},
#define ALLOW_WHEN(name, argument, value) {#name, 0, argument, LOW, value},
#define ALLOW_MASKED(name, argument, mask, value) {#name, 0, argument, mask, value},
#define ALLOW_NULL(name, argument) {#name, 0, argument, UINT64_MAX, 0},
#define ERRNO(name, error) {#name, error, -1, 0, 0},
#define ERRNO_WHEN(name, argument, value, error) {#name, error, argument, LOW, value},

// Every flag of clone that makes a namespace, and the one that would let a thread escape its tracing.
#define CLONE_FORBIDDEN                                                                                              \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET |     \
     CLONE_UNTRACED | CLONE_PTRACE)

static const struct rule static_rules[] = {
#include "filters/base.def"
#include "filters/static.def"
};
static const struct rule python_rules[] = {
#include "filters/base.def"
#include "filters/python.def"
};
static const struct rule exec_rules[] = {
#include "filters/base.def"
#include "filters/exec.def"
};
static const struct rule static_zygote_rules[] = {
#include "filters/base.def"
#include "filters/static.def"
#include "filters/zygote.def"
};
static const struct rule python_zygote_rules[] = {
#include "filters/base.def"
#include "filters/python.def"
#include "filters/zygote.def"
};
static const struct rule egress_rules[] = {
#include "filters/egress.def"
};

// A filter is inherited, so that of the spawner lies beneath those of all instances: it has its own calls and theirs.
static const struct rule spawner_rules[] = {
#include "filters/base.def"
#include "filters/exec.def"
#include "filters/python.def"
#include "filters/spawner.def"
#include "filters/static.def"
#include "filters/zygote.def"
};

static const struct {
    const struct rule *rules;
    size_t count;
} tables[CSB_FILTER_COUNT + 1] = {
    [CSB_PROFILE_STATIC] = {static_rules, sizeof static_rules / sizeof *static_rules},
    [CSB_PROFILE_PYTHON] = {python_rules, sizeof python_rules / sizeof *python_rules},
    [CSB_PROFILE_EXEC] = {exec_rules, sizeof exec_rules / sizeof *exec_rules},
    [CSB_FILTER_STATIC_ZYGOTE] = {static_zygote_rules, sizeof static_zygote_rules / sizeof *static_zygote_rules},
    [CSB_FILTER_PYTHON_ZYGOTE] = {python_zygote_rules, sizeof python_zygote_rules / sizeof *python_zygote_rules},
    [CSB_FILTER_SPAWNER] = {spawner_rules, sizeof spawner_rules / sizeof *spawner_rules},
    [CSB_FILTER_EGRESS] = {egress_rules, sizeof egress_rules / sizeof *egress_rules},
};

static int add(scmp_filter_ctx context, const struct rule *rule, uint32_t exec_descriptor) {
    int number = seccomp_syscall_resolve_name(rule->name);
    // Not a call of this architecture (open on aarch64), or newer than the library: nothing to allow or refuse.
    if (number < 0) return 0;
    uint32_t action = rule->error ? SCMP_ACT_ERRNO((uint32_t)rule->error) : SCMP_ACT_ALLOW;
    if (rule->argument < 0) return seccomp_rule_add(context, action, number, 0);
    if (rule->value == EXEC_DESCRIPTOR) {
        const struct scmp_arg_cmp once[] = {{0, SCMP_CMP_EQ, exec_descriptor, 0}, {4, SCMP_CMP_EQ, AT_EMPTY_PATH, 0}};
        return seccomp_rule_add_array(context, action, number, 2, once);
    }
    struct scmp_arg_cmp comparison = {(unsigned)rule->argument, SCMP_CMP_MASKED_EQ, rule->mask, rule->value};
    return seccomp_rule_add_array(context, action, number, 1, &comparison);
}

/// Takes the program out of the library, which (before 2.6) can only write it to a descriptor.
static int export(scmp_filter_ctx context, struct sock_fprog *program) {
    int file = memfd_create("filter", MFD_CLOEXEC);
    if (file < 0) return -errno;
    int result = seccomp_export_bpf(context, file);
    struct stat status;
    if (!result && fstat(file, &status)) result = -errno;
    if (!result) {
        size_t size = (size_t)status.st_size;
        program->filter = malloc(size);
        if (!program->filter) result = -ENOMEM;
        else if (pread(file, program->filter, size, 0) != (ssize_t)size) result = -EIO;
        program->len = (unsigned short)(size / sizeof *program->filter);
    }
    close(file);
    return result;
}

/// What rules of several tables together say of one call, which the library takes for contradictions.
enum { ALWAYS = 1, SOMETIMES = 2, REFUSED = 4 };

/// Adds the rules of a table that is put together from several. What one of them allows is allowed; a call that one
/// allows under a condition and another refuses is allowed, so that nobody is killed for what it may try.
static int add_all(scmp_filter_ctx context, const struct rule *rules, size_t count, uint32_t exec_descriptor) {
    uint8_t said[1024] = {0};
    int result = 0;
    for (size_t i = 0; i < count; i++) {
        int number = seccomp_syscall_resolve_name(rules[i].name);
        if (number < 0) continue;
        if ((size_t)number >= sizeof said) return -E2BIG;
        said[number] |= rules[i].error ? REFUSED : rules[i].argument < 0 ? ALWAYS : SOMETIMES;
    }
    for (size_t i = 0; !result && i < count; i++) {
        int number = seccomp_syscall_resolve_name(rules[i].name);
        if (number < 0) continue;
        uint8_t both = said[number];
        // Nothing: it has been added already.
        if (!both) continue;
        if (both == SOMETIMES) {
            result = add(context, &rules[i], exec_descriptor);
            // The same condition is in two tables.
            if (result == -EEXIST) result = 0;
            continue;
        }
        struct rule rule = rules[i];
        if (both != REFUSED) rule = (struct rule){rule.name, 0, -1, 0, 0};
        result = add(context, &rule, exec_descriptor);
        said[number] = 0;
    }
    return result;
}

int csb_filter_build(unsigned filter, uint32_t architecture, uint32_t exec_descriptor, struct sock_fprog *program) {
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!context) return -ENOMEM;
    int result = 0;
    if (architecture && architecture != seccomp_arch_native()) {
        result = seccomp_arch_add(context, architecture);
        if (!result) result = seccomp_arch_remove(context, seccomp_arch_native());
    }
    // 32-bit calls on a 64-bit kernel (int 0x80, x32) have other numbers: they end the process as well.
    if (!result) result = seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    // A binary search by number; older versions of the library do not have it and search in sequence.
    (void)seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    const struct rule *rules = tables[filter].rules;
    if (!result && filter == CSB_FILTER_SPAWNER)
        result = add_all(context, rules, tables[filter].count, exec_descriptor);
    for (size_t i = 0; !result && filter != CSB_FILTER_SPAWNER && i < tables[filter].count; i++)
        result = add(context, &rules[i], exec_descriptor);
    if (!result) result = export(context, program);
    seccomp_release(context);
    return result;
}

// MARK: - For a version's own list

static const char *const always[] = {
#define ALWAYS(name) #name,
#include "filters/always.def"
};

static bool needs_no_listing(const char *name) {
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        if (!strcmp(always[i], name)) return true;
    return false;
}

int csb_profile_rule(uint32_t profile, const char *name) {
    int rule = CSB_CALL_FORBIDDEN;
    if (profile >= CSB_PROFILE_COUNT) return rule;
    for (size_t i = 0; i < tables[profile].count; i++) {
        if (strcmp(tables[profile].rules[i].name, name)) continue;
        if (!tables[profile].rules[i].error) return needs_no_listing(name) ? CSB_CALL_ALWAYS : CSB_CALL_ALLOWED;
        rule = CSB_CALL_REFUSED;
    }
    return rule;
}

static void add_call(uint64_t calls[CSB_CALLS_WORDS], const char *name) {
    int number = seccomp_syscall_resolve_name(name);
    if (number >= 0 && number < CSB_CALLS_WORDS * 64) calls[number / 64] |= UINT64_C(1) << (number % 64);
}

void csb_filter_add_passing(unsigned profile, uint64_t calls[CSB_CALLS_WORDS]) {
    for (size_t i = 0; i < sizeof always / sizeof *always; i++) add_call(calls, always[i]);
    for (size_t i = 0; i < tables[profile].count; i++) {
        const char *name = tables[profile].rules[i].name;
        if (csb_profile_rule(profile, name) == CSB_CALL_REFUSED) add_call(calls, name);
    }
}

void csb_request_list_call(struct csb_spawn_request *request, const char *name) { add_call(request->calls, name); }

int csb_filter_load(const struct sock_fprog *program) {
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, program) ? -errno : 0;
}

size_t csb_syscall_name(int32_t number, char *buffer, size_t size) {
    char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
    int length = name ? snprintf(buffer, size, "%s", name) : snprintf(buffer, size, "%d", number);
    free(name);
    return length < 0 ? 0 : (size_t)length < size ? (size_t)length : size - 1;
}
