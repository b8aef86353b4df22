// Mounting and copying, for the building of the roots.

#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

// Names of our own: not every C library declares these, and those that do clash with the kernel's header.
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
struct mount_attributes {
    uint64_t set, clear, propagation, userns;
};
enum { ATTRIBUTE_READONLY = 1, ATTRIBUTE_NOSUID = 2, ATTRIBUTE_NODEV = 4 };
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

int csb_mount_readonly(const char *target) {
    struct mount_attributes attributes = {.set = ATTRIBUTE_READONLY | ATTRIBUTE_NOSUID | ATTRIBUTE_NODEV};
    if (!syscall(SYS_mount_setattr, AT_FDCWD, target, AT_RECURSIVE, &attributes, sizeof attributes)) return 0;
    if (errno != ENOSYS) return -errno;
    // Before Linux 5.12: only this one mount, and in a user namespace every flag it has must be named again.
    struct statvfs status;
    if (statvfs(target, &status)) return -errno;
    unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV;
    if (status.f_flag & ST_NOEXEC) flags |= MS_NOEXEC;
    if (status.f_flag & ST_NOATIME) flags |= MS_NOATIME;
    if (status.f_flag & ST_NODIRATIME) flags |= MS_NODIRATIME;
    if (status.f_flag & ST_RELATIME) flags |= MS_RELATIME;
    return mount(NULL, target, NULL, flags, NULL) ? -errno : 0;
}

int csb_bind(int source, const char *path, const char *target, bool readonly) {
    // A descriptor is bound through the working directory, so that no path to it has to be visible any more.
    if (source >= 0 && fchdir(source)) return -errno;
    int result = mount(source >= 0 ? "." : path, target, NULL, MS_BIND | MS_REC, NULL) ? -errno : 0;
    if (source >= 0 && chdir("/") && !result) result = -errno;
    return result || !readonly ? result : csb_mount_readonly(target);
}

int csb_copy_file(const char *from, const char *to, size_t limit) {
    char buffer[16384];
    int result = 0, source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0) return -errno;
    int target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (target < 0) {
        result = -errno;
        close(source);
        return result;
    }
    for (size_t copied = 0; !result;) {
        ssize_t got = read(source, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) result = -errno;
        if (got <= 0) break;
        copied += (size_t)got;
        if (copied > limit) result = -EFBIG;
        else if (write(target, buffer, (size_t)got) != got) result = errno ? -errno : -EIO;
    }
    if (!result && fchmod(target, 0644)) result = -errno;
    close(source);
    close(target);
    if (result) (void)unlink(to);
    return result;
}

/// Copies the regular files and symbolic links of one folder, not the folders in it.
int csb_copy_tree(const char *from, const char *to) {
    DIR *folder = opendir(from);
    if (!folder) return -errno;
    int result = csb_mkdir(to, 0755);
    for (struct dirent *entry; !result && (entry = readdir(folder));) {
        char source[PATH_MAX], target[PATH_MAX], link[PATH_MAX];
        if (snprintf(source, sizeof source, "%s/%s", from, entry->d_name) >= (int)sizeof source ||
            snprintf(target, sizeof target, "%s/%s", to, entry->d_name) >= (int)sizeof target) continue;
        struct stat status;
        if (lstat(source, &status)) continue;
        if (S_ISLNK(status.st_mode)) {
            ssize_t length = readlink(source, link, sizeof link - 1);
            if (length < 0) continue;
            link[length] = 0;
            if (symlink(link, target)) result = -errno;
        } else if (S_ISREG(status.st_mode)) {
            result = csb_copy_file(source, target, 1u << 20);
            if (result == -EACCES) result = 0;
        }
    }
    closedir(folder);
    return result;
}
