#include "bpf.h"

#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <errno.h>
#include <fcntl.h>

uint32_t bpf_run(const struct sock_fprog *program, const struct seccomp_data *call) {
    const uint32_t bad = 0xffffffff;
    uint32_t accumulator = 0;
    for (size_t at = 0; at < program->len; at++) {
        const struct sock_filter *step = &program->filter[at];
        size_t jump = 0;
        switch (step->code) {
        case BPF_LD | BPF_W | BPF_ABS:
            if (step->k % 4 || step->k + 4 > sizeof *call) return bad;
            memcpy(&accumulator, (const char *)call + step->k, 4);
            break;
        case BPF_ALU | BPF_AND | BPF_K: accumulator &= step->k; break;
        case BPF_JMP | BPF_JA: jump = step->k; break;
        case BPF_JMP | BPF_JEQ | BPF_K: jump = accumulator == step->k ? step->jt : step->jf; break;
        case BPF_JMP | BPF_JGT | BPF_K: jump = accumulator > step->k ? step->jt : step->jf; break;
        case BPF_JMP | BPF_JGE | BPF_K: jump = accumulator >= step->k ? step->jt : step->jf; break;
        case BPF_JMP | BPF_JSET | BPF_K: jump = accumulator & step->k ? step->jt : step->jf; break;
        case BPF_RET | BPF_K: return step->k;
        default: return bad;
        }
        at += jump;
    }
    return bad;
}

// MARK: - A second reading of the rules

struct rule {
    const char *name;
    int error, argument;
    uint64_t mask, value;
    int numbers[2];
};

#define EXEC_DESCRIPTOR UINT64_MAX
#define ALLOW(name) {#name, 0, -1, 0, 0, {0, 0}},
#define ALLOW_WHEN(name, argument, value) {#name, 0, argument, 0xffffffff, value, {0, 0}},
#define ALLOW_MASKED(name, argument, mask, value) {#name, 0, argument, mask, value, {0, 0}},
#define ALLOW_NULL(name, argument) {#name, 0, argument, UINT64_MAX, 0, {0, 0}},
#define ERRNO(name, error) {#name, error, -1, 0, 0, {0, 0}},
#define CLONE_FORBIDDEN                                                                                              \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET |     \
     CLONE_UNTRACED | CLONE_PTRACE)

static struct rule base[] = {
#include "filters/base.def"
};
static struct rule of_static[] = {
#include "filters/static.def"
};
static struct rule of_python[] = {
#include "filters/python.def"
};
static struct rule of_exec[] = {
#include "filters/exec.def"
};
static struct rule of_zygote[] = {
#include "filters/zygote.def"
};
static struct rule of_spawner[] = {
#include "filters/spawner.def"
};

#define COUNT(array) (sizeof array / sizeof *array)
static struct {
    struct rule *rules;
    size_t count;
} own[CSB_FILTER_COUNT] = {
    [CSB_PROFILE_STATIC] = {of_static, COUNT(of_static)},
    [CSB_PROFILE_PYTHON] = {of_python, COUNT(of_python)},
    [CSB_PROFILE_EXEC] = {of_exec, COUNT(of_exec)},
    [CSB_FILTER_SPAWNER] = {of_spawner, COUNT(of_spawner)},
    [CSB_FILTER_STATIC_ZYGOTE] = {of_static, COUNT(of_static)},
    [CSB_FILTER_PYTHON_ZYGOTE] = {of_python, COUNT(of_python)},
};

static bool is_zygotes(unsigned filter) {
    return filter == CSB_FILTER_STATIC_ZYGOTE || filter == CSB_FILTER_PYTHON_ZYGOTE;
}

/// Numbers for this machine and for aarch64; -1 for calls that one of the two does not have.
static void resolve(struct rule *rules, size_t count) {
    for (size_t i = 0; i < count; i++) {
        int native = seccomp_syscall_resolve_name(rules[i].name);
        rules[i].numbers[0] = native < 0 ? -1 : native;
        int there = seccomp_syscall_resolve_name_arch(SCMP_ARCH_AARCH64, rules[i].name);
        rules[i].numbers[1] = native < 0 || there < 0 ? -1 : there;
    }
}

static void look(const struct rule *rules, size_t count, size_t column, uint32_t exec_descriptor,
                 const struct seccomp_data *call, struct expected *found) {
    for (size_t i = 0; i < count; i++) {
        const struct rule *rule = &rules[i];
        if (rule->numbers[column] != call->nr || call->nr < 0) continue;
        found->named = true;
        bool holds = rule->argument < 0 || (call->args[rule->argument] & rule->mask) == rule->value;
        if (rule->value == EXEC_DESCRIPTOR) holds = call->args[0] == exec_descriptor && call->args[4] == AT_EMPTY_PATH;
        if (!holds) continue;
        if (rule->error) found->error = rule->error;
        else found->allowed = true;
    }
}

struct expected rules_expect(unsigned filter, uint32_t architecture, uint32_t exec_descriptor,
                             const struct seccomp_data *call) {
    static bool resolved = false;
    if (!resolved) {
        resolve(base, COUNT(base));
        resolve(of_zygote, COUNT(of_zygote));
        for (size_t i = 0; i < CSB_FILTER_COUNT; i++) resolve(own[i].rules, own[i].count);
        resolved = true;
    }
    struct expected found = {false, 0, false};
    if (call->arch != architecture) return found;
    size_t column = architecture == seccomp_arch_native() ? 0 : 1;
    if (filter != CSB_FILTER_SPAWNER) look(base, COUNT(base), column, exec_descriptor, call, &found);
    if (is_zygotes(filter)) look(of_zygote, COUNT(of_zygote), column, exec_descriptor, call, &found);
    look(own[filter].rules, own[filter].count, column, exec_descriptor, call, &found);
    return found;
}

static bool is_error(uint32_t answer) { return (answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO; }

const char *rules_check(unsigned filter, uint32_t architecture, uint32_t exec_descriptor,
                        const struct seccomp_data *call, uint32_t answer) {
    struct expected found = rules_expect(filter, architecture, exec_descriptor, call);
    if (answer != SECCOMP_RET_ALLOW && answer != SECCOMP_RET_KILL_PROCESS && !is_error(answer))
        return "an answer that no rule has";
    if (filter != CSB_FILTER_SPAWNER) {
        if (found.allowed && found.error) return "two rules contradict each other";
        if (found.allowed) return answer == SECCOMP_RET_ALLOW ? NULL : "it should be allowed";
        if (found.error)
            return answer == (SECCOMP_RET_ERRNO | (uint32_t)found.error) ? NULL : "it should be refused with its errno";
        return answer == SECCOMP_RET_KILL_PROCESS ? NULL : "it should be killed";
    }
    // Beneath the filters of all instances: never stricter than any of them.
    bool named = found.named;
    if (found.allowed && answer != SECCOMP_RET_ALLOW) return "the spawner needs it";
    for (unsigned other = 0; other < CSB_FILTER_COUNT; other++) {
        if (other == CSB_FILTER_SPAWNER) continue;
        struct expected theirs = rules_expect(other, architecture, exec_descriptor, call);
        named = named || theirs.named;
        if (theirs.allowed && answer != SECCOMP_RET_ALLOW) return "instances may call it";
        if (theirs.error && answer == SECCOMP_RET_KILL_PROCESS) return "instances may try it";
    }
    return named || answer == SECCOMP_RET_KILL_PROCESS ? NULL : "nobody needs it";
}
