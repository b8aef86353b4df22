// The filters seen from outside: what a compiled program answers, and what the rules say that it should.

#ifndef GODWIT_BPF_H
#define GODWIT_BPF_H

#include "internal.h"

#include <linux/seccomp.h>

/// Runs the program as the kernel would; 0xffffffff for one that the kernel would not take.
uint32_t bpf_run(const struct sock_fprog *program, const struct seccomp_data *call);

/// What the rules say of a call.
struct expected {
    /// A rule allows it; under a condition that holds, or without.
    bool allowed;
    /// A rule answers it with this errno; 0 when none does.
    int error;
    /// The call is named at all.
    bool named;
};

/// By the rules of one profile, or of spawner.def alone for CSB_FILTER_SPAWNER.
struct expected rules_expect(unsigned filter, uint32_t architecture, uint32_t exec_descriptor,
                             const struct seccomp_data *call);
/// NULL if the answer of filter `filter` is right, else why it is not.
const char *rules_check(unsigned filter, uint32_t architecture, uint32_t exec_descriptor,
                        const struct seccomp_data *call, uint32_t answer);

#endif
