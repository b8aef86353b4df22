// Changing what there is to see: mounts, roots, namespaces.

#include "attack.h"

#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

static void mount_tmpfs(void) { outcome(mount("tmpfs", "/tmp", "tmpfs", 0, NULL)); }
static void mount_proc(void) { outcome(mount("proc", "/tmp", "proc", 0, NULL)); }
static void mount_cgroup(void) { outcome(mount("none", "/tmp", "cgroup2", 0, NULL)); }
static void bind_mount(void) { outcome(mount("/function", "/tmp", NULL, MS_BIND, NULL)); }
static void remount_root_rw(void) { outcome(mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL)); }
static void umount_(void) { outcome(umount2("/tmp", MNT_DETACH)); }
static void umount_proc(void) { outcome(umount2("/proc", MNT_DETACH)); }
static void fsopen_(void) { outcome(syscall(SYS_fsopen, "tmpfs", 0)); }
static void open_tree_(void) { outcome(syscall(SYS_open_tree, AT_FDCWD, "/", 1)); }
static void move_mount_(void) { outcome(syscall(SYS_move_mount, AT_FDCWD, "/tmp", AT_FDCWD, "/function", 0)); }
static void mount_setattr_(void) {
    uint64_t attributes[4] = {0, 1, 0, 0};
    outcome(syscall(SYS_mount_setattr, AT_FDCWD, "/", 0, attributes, sizeof attributes));
}
static void pivot_root_(void) { outcome(syscall(SYS_pivot_root, "/", "/tmp")); }

static void chroot_escape(void) {
    (void)mkdir("/tmp/out", 0700);
    if (chroot("/tmp/out")) {
        blocked(errno);
        return;
    }
    for (int i = 0; i < 64; i++) (void)chdir("..");
    outcome(chroot("."));
}

static void mknod_blk(void) { outcome(mknod("/tmp/disk", S_IFBLK | 0600, makedev(254, 0))); }
static void mknod_null(void) { outcome(mknod("/tmp/null", S_IFCHR | 0600, makedev(1, 3))); }

static void open_by_handle_at_(void) {
    struct {
        unsigned bytes;
        int type;
        unsigned char handle[8];
    } root = {8, 1, {2}};
    outcome(syscall(SYS_open_by_handle_at, AT_FDCWD, &root, O_RDONLY));
}

static void unshare_user(void) { outcome(unshare(CLONE_NEWUSER)); }
static void unshare_net(void) { outcome(unshare(CLONE_NEWNET)); }
static void unshare_mount(void) { outcome(unshare(CLONE_NEWNS)); }

static long raw_clone(unsigned long flags) {
#ifdef __x86_64__
    return syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, 0UL);
#else
    return syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, 0UL, NULL);
#endif
}

static void finish_child(long child) {
    if (child == 0) _exit(0);
    outcome(child);
    if (child > 0) (void)waitpid((pid_t)child, NULL, 0);
}

static void clone_newuser(void) { finish_child(raw_clone(CLONE_NEWUSER)); }

/// The flags in the high half of the register, where a filter that compares 32 bits does not look.
static void clone_high_bits(void) { finish_child(raw_clone(CLONE_NEWUSER | 1UL << 40)); }

static void clone3_newuser(void) {
    uint64_t arguments[11] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD};
    finish_child(syscall(SYS_clone3, arguments, sizeof arguments));
}

static void setns_(void) {
    int space = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    outcome(space < 0 ? -1 : setns(space, CLONE_NEWNET));
}

const struct attack mount_attacks[] = {
    {"mount_tmpfs", mount_tmpfs},
    {"mount_proc", mount_proc},
    {"mount_cgroup", mount_cgroup},
    {"bind_mount", bind_mount},
    {"remount_root_rw", remount_root_rw},
    {"umount", umount_},
    {"umount_proc", umount_proc},
    {"fsopen", fsopen_},
    {"open_tree", open_tree_},
    {"move_mount", move_mount_},
    {"mount_setattr", mount_setattr_},
    {"pivot_root", pivot_root_},
    {"chroot_escape", chroot_escape},
    {"mknod_blk", mknod_blk},
    {"mknod_null", mknod_null},
    {"open_by_handle_at", open_by_handle_at_},
    {"unshare_user", unshare_user},
    {"unshare_net", unshare_net},
    {"unshare_mount", unshare_mount},
    {"clone_newuser", clone_newuser},
    {"clone_high_bits", clone_high_bits},
    {"clone3_newuser", clone3_newuser},
    {"setns", setns_},
    {NULL, NULL},
};
