"""What a Python process does that has initialised and serves no call: it waits to be forked (CSandbox/zygote.c).

`wait()` returns in each fork, once it is an instance: then descriptor 3 is the socket to the node.
"""

import _socket
import ctypes
import gc
import os
import struct
import sys

CONTROL = 3
FORK, REAP, READY, ENDED = 1, 2, b"\1", 2
MOUNT_NAMESPACE = 0x20000  # CLONE_NEWNS
SET_SECCOMP, FILTER = 22, 2  # of prctl
RESTRICT_SELF = 446  # Landlock's, on every architecture
libc = ctypes.CDLL(None, use_errno=True)


class Program(ctypes.Structure):
    """A filter: `struct sock_fprog`."""

    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def obstacle():
    """Why forks of this process would not be what an instance of its own is; None where they are."""
    if len(os.listdir("/proc/self/task")) > 1:
        return "it has started threads"
    # The listing itself takes a number, which is closed again by now.
    held = [fd for fd in map(int, os.listdir("/proc/self/fd")) if fd > CONTROL and is_open(fd)]
    if held:
        return "it holds open " + ", ".join(os.readlink(f"/proc/self/fd/{fd}") for fd in held[:4])
    if os.listdir("/tmp"):
        return "it has left files in /tmp"
    return None


def is_open(fd):
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def must(result):
    """Raises what a function of the C library has left in errno."""
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def wait(rehearse):
    """Answers the spawner until this is a fork, which rehearses what an instance does before anybody asks for it."""
    reason = obstacle()
    if reason:
        print(f"its instances are started one by one, for after initialising {reason}")
        sys.stdout.flush()
        os._exit(3)
    control = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET, 0, fileno=os.dup(CONTROL))
    gc.collect()
    gc.freeze()  # What is there is shared by all forks: a collection must not touch it.
    control.send(READY)
    while True:
        message, descriptors = receive(control)
        if not message:
            os._exit(0)
        if message[0] == FORK:
            # Where there are as many threads as may be, this one does not come about; the others must not end for that.
            try:
                pid = os.fork()
            except OSError:
                pid = -1
            if pid == 0:
                control.close()
                return become_instance(message, descriptors, rehearse)
            for fd in descriptors:
                os.close(fd)
        elif message[0] == REAP:
            pid = struct.unpack_from("<i", message, 4)[0]
            _, status, usage = os.wait4(pid, 0)
            code, signal = (os.WEXITSTATUS(status), 0) if os.WIFEXITED(status) else (-1, os.WTERMSIG(status))
            cpu = int((usage.ru_utime + usage.ru_stime) * 1e9)
            control.send(struct.pack("<B3xiiiQ", ENDED, pid, code, signal, cpu))


def receive(control):
    message, control_messages, _, _ = control.recvmsg(4096, _socket.CMSG_SPACE(16 * 4))
    return message, [fd for *_, data in control_messages for (fd,) in struct.iter_unpack("i", data)]


def become_instance(message, descriptors, rehearse):
    """Gives up what an instance has not, presents itself to the spawner, and takes its descriptors."""
    try:
        presented, rules, *groups = descriptors
        for group in groups:
            os.write(group, b"0")
        _, _, pid_at, count = struct.unpack_from("<BBHI", message)
        instructions = bytearray(message[8 : 8 + 8 * count])
        struct.pack_into("<I", instructions, 8 * pid_at + 4, os.getpid())
        must(libc.unshare(MOUNT_NAMESPACE))
        must(libc.capset(struct.pack("<Ii", 0x20080522, 0), bytes(24)))
        mounts = os.open("/proc/self/ns/mnt", os.O_RDONLY)
        must(libc.syscall(RESTRICT_SELF, rules, 0))
        must(libc.prctl(SET_SECCOMP, FILTER, ctypes.byref(Program(count, bytes(instructions))), 0, 0))
        spawner = _socket.socket(_socket.AF_UNIX, _socket.SOCK_SEQPACKET, 0, fileno=presented)
        spawner.sendmsg([b"\0"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, struct.pack("i", mounts))])
        # Nobody waits for it yet, as a rule.
        rehearse()
        go, given = receive(spawner)
        if not go:
            os._exit(0)
        spawner.close()
        output, errors, frames = given
        for source, target in ((output, 1), (errors, 2), (frames, CONTROL)):
            os.dup2(source, target, False)
        for fd in {output, errors, frames, rules, mounts, *groups}:
            os.close(fd)
    except BaseException as error:
        print(f"a fork could not become an instance: {error}", file=sys.stderr, flush=True)
        os._exit(4)
