// The two roots: `static`, with nothing in it but mount points and /dev, and `system`, which adds the host's programs.
// They are built once, before the spawner leaves the host's root, and are read-only ever after. An instance gets a copy
// of the mounts, not of the files, so their number is what a start pays for: small files are copied, not bound.

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

struct build {
    const char *root;
    char path[PATH_MAX];
};

static const char *inside(struct build *build, const char *name) {
    snprintf(build->path, sizeof build->path, "%s/%s", build->root, name);
    return build->path;
}

static int make_device(struct build *build, const char *name, unsigned minor_number) {
    char host[64], inner[64];
    snprintf(host, sizeof host, "/dev/%s", name);
    snprintf(inner, sizeof inner, "dev/%s", name);
    const char *target = inside(build, inner);
    // A node of our own costs no mount; in a user namespace it is not allowed, or not usable, and the host's is bound.
    if (!mknod(target, S_IFCHR | 0666, makedev(1, minor_number))) {
        int probe = chmod(target, 0666) ? -1 : open(target, O_RDONLY | O_CLOEXEC);
        if (probe >= 0) {
            close(probe);
            return 0;
        }
        (void)unlink(target);
    }
    int file = open(target, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) return -errno;
    close(file);
    return mount(host, target, NULL, MS_BIND, NULL) ? -errno : 0;
}

static int make_devices(struct build *build) {
    static const struct {
        const char *name;
        unsigned minor_number;
    } devices[] = {{"null", 3}, {"zero", 5}, {"full", 7}, {"random", 8}, {"urandom", 9}};
    static const char *const links[][2] = {
        {"dev/fd", "/proc/self/fd"},
        {"dev/stdin", "/proc/self/fd/0"},
        {"dev/stdout", "/proc/self/fd/1"},
        {"dev/stderr", "/proc/self/fd/2"},
        // POSIX shared memory and semaphores then live within the limits of /tmp.
        {"dev/shm", "/tmp"},
    };
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        int result = make_device(build, devices[i].name, devices[i].minor_number);
        if (result) return result;
    }
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (symlink(links[i][1], inside(build, links[i][0]))) return -errno;
    return 0;
}

static int make_file(struct build *build, const char *name, const char *text) {
    int file = open(inside(build, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return -errno;
    ssize_t written = write(file, text, strlen(text));
    int result = written == (ssize_t)strlen(text) ? 0 : -EIO;
    if (!result && fchmod(file, 0644)) result = -errno;
    close(file);
    return result;
}

/// As much of /etc as programs need in order to load libraries and find out who they are, and nothing of the host's.
static int make_etc(struct build *build) {
    static const struct {
        const char *name, *text;
    } files[] = {
        {"etc/passwd", "function:x:1000:1000:function:/tmp:/bin/sh\nnobody:x:65534:65534:nobody:/tmp:/bin/false\n"},
        {"etc/group", "function:x:1000:\nnogroup:x:65534:\n"},
        {"etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\nservices: files\nprotocols: files\n"},
        {"etc/hosts", "127.0.0.1 localhost function\n::1 localhost function\n"},
        {"etc/hostname", "function\n"},
    };
    static const char *const copied[] = {"ld.so.cache", "ld.so.conf", "localtime", "mime.types"};
    static const char *const folders[] = {"ld.so.conf.d", "alternatives"};
    int result = csb_mkdir(inside(build, "etc"), 0755);
    for (size_t i = 0; !result && i < sizeof files / sizeof *files; i++)
        result = make_file(build, files[i].name, files[i].text);
    for (size_t i = 0; !result && i < sizeof copied / sizeof *copied; i++) {
        char host[64];
        snprintf(host, sizeof host, "/etc/%s", copied[i]);
        int copy = csb_copy_file(host, inside(build, host + 1), 16u << 20);
        // A stale or missing cache only makes the loader look into its default folders.
        if (copy && copy != -ENOENT && copy != -EACCES) result = copy;
    }
    for (size_t i = 0; !result && i < sizeof folders / sizeof *folders; i++) {
        char host[64];
        snprintf(host, sizeof host, "/etc/%s", folders[i]);
        int copy = csb_copy_tree(host, inside(build, host + 1));
        if (copy && copy != -ENOENT && copy != -EACCES) result = copy;
    }
    return result;
}

/// /usr, and /bin, /lib and so on as links or as folders of their own, however this host has them.
static int make_system(struct build *build, int runtime) {
    static const char *const folders[] = {"bin", "sbin", "lib", "lib32", "lib64", "libx32"};
    int result = csb_mkdir(inside(build, "usr"), 0755);
    if (!result) result = csb_bind(-1, "/usr", build->path, true);
    for (size_t i = 0; !result && i < sizeof folders / sizeof *folders; i++) {
        char host[16], link[PATH_MAX];
        struct stat status;
        snprintf(host, sizeof host, "/%s", folders[i]);
        if (lstat(host, &status)) continue;
        const char *target = inside(build, folders[i]);
        if (S_ISLNK(status.st_mode)) {
            ssize_t length = readlink(host, link, sizeof link - 1);
            if (length < 0) return -errno;
            link[length] = 0;
            result = symlink(link, target) ? -errno : 0;
        } else {
            result = csb_mkdir(target, 0755);
            if (!result) result = csb_bind(-1, host, target, true);
        }
    }
    if (!result) result = csb_mkdir(inside(build, "godwit"), 0755);
    if (!result && runtime >= 0) result = csb_bind(runtime, NULL, build->path, true);
    return result ? result : make_etc(build);
}

int csb_root_build(struct csb_root *root, bool system, int runtime) {
    static const char *const points[] = {"function", "tmp", "proc", "dev"};
    struct build build = {.root = root->path};
    // Device nodes must work here, so this mount alone is not nodev; no instance can make one.
    if (mount("tmpfs", root->path, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=32m,nr_inodes=8192")) return -errno;
    int result = 0;
    for (size_t i = 0; !result && i < sizeof points / sizeof *points; i++)
        result = csb_mkdir(inside(&build, points[i]), 0755);
    if (!result) result = make_devices(&build);
    if (!result && system) result = make_system(&build, runtime);
    if (result) return result;
    return mount(NULL, root->path, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NOEXEC, NULL) ? -errno : 0;
}

int csb_root_rules(struct csb_root *root, const char *prefix) {
    // Programs may be executed from the system's folders only under the exec filter; the others exec exactly once,
    // and what that needs is allowed per file in instance.c.
    static const struct {
        const char *path;
        uint64_t access;
    } wanted[] = {
        {"", CSB_ACCESS_LIST},
        {"/dev", CSB_ACCESS_READ | CSB_ACCESS_WRITE},
        {"/etc", CSB_ACCESS_READ},
        {"/godwit", CSB_ACCESS_READ},
        {"/usr", CSB_ACCESS_READ | CSB_ACCESS_EXECUTE},
        {"/bin", CSB_ACCESS_READ | CSB_ACCESS_EXECUTE},
        {"/sbin", CSB_ACCESS_READ | CSB_ACCESS_EXECUTE},
        {"/lib", CSB_ACCESS_READ | CSB_ACCESS_EXECUTE},
        {"/lib32", CSB_ACCESS_READ | CSB_ACCESS_EXECUTE},
        {"/lib64", CSB_ACCESS_READ | CSB_ACCESS_EXECUTE},
        {"/libx32", CSB_ACCESS_READ | CSB_ACCESS_EXECUTE},
    };
    root->rule_count = 0;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        char path[PATH_MAX];
        struct stat status;
        snprintf(path, sizeof path, "%s%s", prefix, wanted[i].path);
        if (!*path) strcpy(path, "/");
        // Links lead into /usr, which has its rule already.
        if (lstat(path, &status) || !S_ISDIR(status.st_mode)) continue;
        int descriptor = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (descriptor < 0) return -errno;
        root->rules[root->rule_count++] = (struct csb_path_rule){descriptor, wanted[i].access};
    }
    return 0;
}

// MARK: - The spawner's own root

/// In the spawner's /proc, makes read-only by what root could change the machine (a core_pattern is a program that the
/// kernel starts). Not for an ordinary user: to that the kernel refuses it anyway, and it would refuse instances their
/// own /proc as well once parts of this one are covered.
static int close_settings(const char *base) {
    static const char *const settings[] = {"sys", "sysrq-trigger", "irq", "bus", "fs", "acpi", "scsi"};
    int result = 0;
    for (size_t i = 0; !result && i < sizeof settings / sizeof *settings; i++) {
        char host[32], target[96];
        snprintf(host, sizeof host, "/proc/%s", settings[i]);
        snprintf(target, sizeof target, "%s%s", base, host);
        if (!access(host, F_OK)) result = csb_bind(-1, host, target, true);
    }
    return result;
}

int csb_root_move(struct csb_nursery *nursery, int runtime) {
    // Any folder will do: what is under it is hidden from us alone, and nobody sees its name afterwards.
    static const char *const candidates[] = {"/tmp", "/run", "/mnt"};
    const char *base = NULL;
    char path[64];
    int result = -ENOENT;
    for (size_t i = 0; !base && i < sizeof candidates / sizeof *candidates; i++) {
        if (!mount("tmpfs", candidates[i], "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=755,size=1m,nr_inodes=64"))
            base = candidates[i];
        else result = -errno;
    }
    if (!base) return result;
    static const char *const names[] = {"proc", "bundles", "static", "system"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", base, names[i]);
        if ((result = csb_mkdir(path, 0755))) return result;
    }
    // In a user namespace a new /proc may only be mounted where one can be seen whole: so it stays here, too.
    snprintf(path, sizeof path, "%s/proc", base);
    if ((result = csb_bind(-1, "/proc", path, false))) return result;
    if (nursery->root && (result = close_settings(base))) return result;
    snprintf(path, sizeof path, "%s/bundles", base);
    if ((result = csb_bind(nursery->bundles, NULL, path, true))) return result;
    for (int i = 0; i < CSB_ROOT_COUNT; i++) {
        snprintf(path, sizeof path, "%s/%s", base, names[2 + i]);
        struct csb_root root = {.path = path};
        if ((result = csb_root_build(&root, i == CSB_ROOT_SYSTEM, runtime))) return result;
    }
    const unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
    if (chdir(base) || mount(NULL, base, NULL, flags, NULL)) return -errno;
    if (syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/")) return -errno;
    close(nursery->bundles);
    nursery->bundles = open("/bundles", O_PATH | O_DIRECTORY | O_CLOEXEC);
    return nursery->bundles < 0 ? -errno : 0;
}
