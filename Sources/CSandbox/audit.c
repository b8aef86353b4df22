// Which system call did a seccomp filter kill for? No wait status says so, but the kernel logs it, and root may read
// the log: "audit: type=1326 audit(...): auid=... pid=123 ... sig=31 arch=c000003e syscall=57 ...".

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int csb_audit_open(void) {
    int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (log >= 0) (void)lseek(log, 0, SEEK_END);
    return log;
}

/// A number that is all of a word; false unless it is between 0 and INT32_MAX.
static bool number_after(const char *text, const char *key, int32_t *number) {
    const char *at = strstr(text, key);
    char *end = NULL;
    if (!at) return false;
    at += strlen(key);
    if (*at < '0' || *at > '9') return false;
    errno = 0;
    long value = strtol(at, &end, 10);
    if (errno || value > INT32_MAX || (*end && *end != ' ' && *end != '\n')) return false;
    *number = (int32_t)value;
    return true;
}

bool csb_audit_parse(const char *record, int32_t *pid, int32_t *number) {
    // "priority,sequence,time,flags;text": the priority's upper bits are the facility, and the kernel's own is 0. What
    // programs write to the log has another one.
    char *end = NULL;
    if (*record < '0' || *record > '9') return false;
    unsigned long priority = strtoul(record, &end, 10);
    const char *text = strchr(record, ';');
    static const char head[] = "audit: type=1326 ";
    if (*end != ',' || priority >> 3 || !text || strncmp(text + 1, head, sizeof head - 1)) return false;
    // Names that an instance chose are in it too, but the kernel writes those with blanks or quotes in hexadecimal.
    return number_after(text, " pid=", pid) && number_after(text, " syscall=", number);
}

/// Records read while looking for another process. Several instances may be killed at once; the newest are kept.
static struct {
    int32_t pid, syscall;
} seen[64];
static size_t next_seen;

static void read_records(int kmsg) {
    char record[8192];
    // Each read gives one record. Bounded, so that a flood in the log cannot hold up the starting of instances.
    for (int i = 0; i < 4096; i++) {
        ssize_t length = read(kmsg, record, sizeof record - 1);
        // EPIPE: records were overwritten before we read them; reading goes on behind the gap.
        if (length < 0 && (errno == EPIPE || errno == EINTR)) continue;
        if (length <= 0) return;
        record[length] = 0;
        int32_t pid, number;
        if (!csb_audit_parse(record, &pid, &number)) continue;
        seen[next_seen].pid = pid;
        seen[next_seen].syscall = number;
        next_seen = (next_seen + 1) % (sizeof seen / sizeof *seen);
    }
}

int32_t csb_audit_syscall(int kmsg, int32_t pid) {
    if (kmsg < 0) return -1;
    read_records(kmsg);
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        if (seen[i].pid != pid) continue;
        // Forgotten at once: the number will be another process's one day.
        seen[i].pid = 0;
        return seen[i].syscall;
    }
    return -1;
}
