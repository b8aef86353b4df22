// Reading and writing what is not the function's, and executing what it brought along.

#include "attack.h"

#include <dirent.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

extern char **environ;

static void count_entries(const char *path, int only_numbers) {
    DIR *folder = opendir(path);
    if (!folder) {
        blocked(errno);
        return;
    }
    int count = 0;
    for (struct dirent *entry; (entry = readdir(folder));)
        if (!only_numbers || (entry->d_name[0] >= '0' && entry->d_name[0] <= '9')) count++;
    closedir(folder);
    limited("%d entries", count);
}

static void proc_of_spawner(const char *file) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/%s", told_number("SPAWNER"), file);
    read_file(path);
}

static void read_shadow(void) { read_file("/etc/shadow"); }
static void read_host_passwd(void) {
    char text[4096];
    int file = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (length < 0) {
        blocked(errno);
        return;
    }
    text[length] = 0;
    if (strstr(text, "root:")) succeeded("the host's accounts");
    else limited("a file that names nobody but the function");
}
static void read_host_file(void) { read_file(told("HOST_FILE")); }
static void read_other_bundle(void) { read_file(told("OTHER_BUNDLE")); }

static void read_via_dotdot(void) {
    char path[512];
    snprintf(path, sizeof path, "../../../../../../..%s", told("HOST_FILE"));
    read_file(path);
}

static void list_root(void) { count_entries("/", 0); }
static void list_other_tmp(void) { count_entries(told("HOST_FOLDER"), 0); }

static void proc_1_mem(void) {
    int file = open("/proc/1/mem", O_RDWR | O_CLOEXEC);
    outcome(file);
}

static void proc_parent_environ(void) { proc_of_spawner("environ"); }
static void proc_parent_cmdline(void) { proc_of_spawner("cmdline"); }
static void proc_root_escape(void) { proc_of_spawner("root/etc/passwd"); }
static void proc_sys(void) { read_file("/proc/sys/kernel/hostname"); }
static void proc_kcore(void) { read_file("/proc/kcore"); }
static void proc_kallsyms(void) { read_file("/proc/kallsyms"); }
static void proc_sysrq(void) { write_file("/proc/sysrq-trigger"); }
static void proc_core_pattern(void) { write_file("/proc/sys/kernel/core_pattern"); }
static void count_procs(void) { count_entries("/proc", 1); }
static void sys_fs(void) { read_file("/sys/kernel/mm/transparent_hugepage/enabled"); }
static void sys_uevent_helper(void) { write_file("/sys/kernel/uevent_helper"); }
static void dev_mem(void) { read_file("/dev/mem"); }
static void dev_vda(void) { read_file("/dev/vda"); }
static void dev_kmsg(void) { read_file("/dev/kmsg"); }
static void dev_tty(void) { read_file("/dev/tty"); }
static void write_root(void) { write_file("/attack"); }
static void write_fn_binary(void) { write_file("/function/attacks"); }
static void write_fn_dir(void) { write_file("/function/new"); }
static void chmod_fn_binary(void) { outcome(chmod("/function/attacks", 0777)); }
static void unlink_fn_binary(void) { outcome(unlink("/function/attacks")); }

static void oom_score_adj(void) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    outcome(file < 0 ? -1 : write(file, "-1000", 5));
}

static void proc_self_ns(void) { outcome(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)); }

/// Whether something that the host calls its own can be seen in a file about this process.
static void look_for_host(const char *path) {
    char text[16384];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        blocked(errno);
        return;
    }
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    text[length < 0 ? 0 : length] = 0;
    if (strstr(text, told("HOST_FOLDER")) || strstr(text, told("NODE"))) succeeded("it names the host's folders");
    else limited("%zd bytes, nothing of the host", length);
}

static void proc_mounts_leak(void) { look_for_host("/proc/self/mountinfo"); }
static void proc_cgroup_leak(void) { look_for_host("/proc/self/cgroup"); }

// MARK: - Executing

static int copy_self(const char *path) {
    char bytes[65536];
    int from = open("/function/attacks", O_RDONLY | O_CLOEXEC), to = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    if (from < 0 || to < 0) return -1;
    for (ssize_t length; (length = read(from, bytes, sizeof bytes)) > 0;)
        if (write(to, bytes, (size_t)length) != length) return -1;
    close(from);
    return close(to);
}

static void exec_from_tmp(void) {
    if (copy_self("/tmp/copy")) {
        blocked(errno);
        return;
    }
    char *const arguments[] = {"/tmp/copy", "proof_of_exec", NULL};
    outcome(execve(arguments[0], arguments, environ));
}

static void proof_of_exec(void) { succeeded("another program runs"); }

static void map_exec_from_tmp(void) {
    int file = copy_self("/tmp/copy") ? -1 : open("/tmp/copy", O_RDONLY | O_CLOEXEC);
    void *code = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
    if (code == MAP_FAILED) blocked(errno);
    else succeeded("mapped");
}

static void exec_shell(void) {
    pid_t child = fork();
    if (child < 0) {
        blocked(errno);
        return;
    }
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", "echo succeeded the shell ran", NULL);
        blocked(errno);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void exec_shell_nofork(void) {
    execl("/bin/sh", "sh", "-c", "echo succeeded the shell ran", NULL);
    blocked(errno);
}

static void exec_again(void) {
    execl("/function/attacks", "attacks", "proof_of_exec", NULL);
    blocked(errno);
}

static int memory_file(void) {
    int file = memfd_create("code", 0);
    if (file < 0) return -1;
    char bytes[65536];
    int from = open("/function/attacks", O_RDONLY | O_CLOEXEC);
    for (ssize_t length; (length = read(from, bytes, sizeof bytes)) > 0;)
        if (write(file, bytes, (size_t)length) != length) return -1;
    return file;
}

static void memfd_exec(void) {
    int file = memory_file();
    if (file < 0) {
        blocked(errno);
        return;
    }
    char *const arguments[] = {"copy", "proof_of_exec", NULL};
    outcome(syscall(SYS_execveat, file, "", arguments, environ, AT_EMPTY_PATH));
}

static void memfd_exec_via_proc(void) {
    int file = memory_file();
    if (file < 0) {
        blocked(errno);
        return;
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    char *const arguments[] = {"copy", "proof_of_exec", NULL};
    outcome(execve(path, arguments, environ));
}

/// The one exec that the filter lets through goes by a descriptor number: is there still something at it?
static void exec_descriptor_again(void) {
    char *const arguments[] = {"attacks", "proof_of_exec", NULL};
    long result = -1;
    for (int descriptor = 4; descriptor < 1100 && result < 0; descriptor++)
        if (fcntl(descriptor, F_GETFD) >= 0 || descriptor == 1023)
            result = syscall(SYS_execveat, descriptor, "", arguments, environ, AT_EMPTY_PATH);
    outcome(result);
}

static void suid_exec(void) {
    execl("/bin/su", "su", "-c", "true", NULL);
    blocked(errno);
}

static void make_suid(void) {
    if (copy_self("/tmp/copy")) {
        blocked(errno);
        return;
    }
    struct stat status;
    if (chmod("/tmp/copy", 04755) || stat("/tmp/copy", &status)) blocked(errno);
    else limited("mode %o on a file system that is nosuid and noexec", status.st_mode & 07777);
}

const struct attack file_attacks[] = {
    {"read_shadow", read_shadow},
    {"read_host_passwd", read_host_passwd},
    {"read_host_file", read_host_file},
    {"read_other_bundle", read_other_bundle},
    {"read_via_dotdot", read_via_dotdot},
    {"list_root", list_root},
    {"list_other_tmp", list_other_tmp},
    {"proc_1_mem", proc_1_mem},
    {"proc_parent_environ", proc_parent_environ},
    {"proc_parent_cmdline", proc_parent_cmdline},
    {"proc_root_escape", proc_root_escape},
    {"proc_sys", proc_sys},
    {"proc_kcore", proc_kcore},
    {"proc_kallsyms", proc_kallsyms},
    {"proc_sysrq", proc_sysrq},
    {"proc_core_pattern", proc_core_pattern},
    {"count_procs", count_procs},
    {"sys_fs", sys_fs},
    {"sys_uevent_helper", sys_uevent_helper},
    {"dev_mem", dev_mem},
    {"dev_vda", dev_vda},
    {"dev_kmsg", dev_kmsg},
    {"dev_tty", dev_tty},
    {"write_root", write_root},
    {"write_fn_binary", write_fn_binary},
    {"write_fn_dir", write_fn_dir},
    {"chmod_fn_binary", chmod_fn_binary},
    {"unlink_fn_binary", unlink_fn_binary},
    {"oom_score_adj", oom_score_adj},
    {"proc_self_ns", proc_self_ns},
    {"proc_mounts_leak", proc_mounts_leak},
    {"proc_cgroup_leak", proc_cgroup_leak},
    {"exec_from_tmp", exec_from_tmp},
    {"map_exec_from_tmp", map_exec_from_tmp},
    {"proof_of_exec", proof_of_exec},
    {"exec_shell", exec_shell},
    {"exec_shell_nofork", exec_shell_nofork},
    {"exec_again", exec_again},
    {"memfd_exec", memfd_exec},
    {"memfd_exec_via_proc", memfd_exec_via_proc},
    {"exec_descriptor_again", exec_descriptor_again},
    {"suid_exec", suid_exec},
    {"make_suid", make_suid},
    {NULL, NULL},
};
