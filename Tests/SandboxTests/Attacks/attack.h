// Attacks on the sandbox from within: each is a function that tries one thing and says what came of it.
//
// The programs are built by the tests, run in instances, and never shipped. An attack writes one line to standard output:
// "succeeded ...", "blocked ERRNO", or "limited ..." where only an amount could be reached. One that is killed says nothing.

#ifndef ATTACK_H
#define ATTACK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct attack {
    const char *name;
    void (*run)(void);
};

extern const struct attack file_attacks[], process_attacks[], mount_attacks[], network_attacks[], kernel_attacks[],
    identity_attacks[], limit_attacks[], own_attacks[];

/// The attack got what it wanted.
void succeeded(const char *format, ...) __attribute__((format(printf, 1, 2)));
/// It got as far as an amount.
void limited(const char *format, ...) __attribute__((format(printf, 1, 2)));
/// It was refused with this errno.
void blocked(int error);
/// What a system call returned.
void outcome(long result);
/// Says whether a file can be read.
void read_file(const char *path);
/// Says whether a file can be opened for writing.
void write_file(const char *path);

/// What the test tells of the world outside: a number, or a text; 0 and "" where it told nothing.
long told_number(const char *name);
const char *told(const char *name);

#endif
