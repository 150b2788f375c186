"""File calls of a process of ours, each seen before the kernel carries it out, so that it can be told to fail or to be the last.

Linux hands a process's calls to another that asks for them (seccomp's "user notification",
Linux 5.5 and newer); it needs no privilege, no compiler and no package.  A process asks to be
watched with `be_watched` and whoever started it sees its calls one by one with `watch`.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import re
import select
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

# Of each machine: its name in a filter, the number of seccomp, and the numbers of the calls that change files.
MACHINES = {
    "x86_64": (0xC000003E, 317, {
        "write": 1, "pwrite64": 18, "writev": 20, "pwritev": 296, "pwritev2": 328, "sendfile": 40, "copy_file_range": 326,
        "fsync": 74, "fdatasync": 75, "truncate": 76, "ftruncate": 77, "fallocate": 285, "open": 2, "creat": 85, "openat": 257,
        "openat2": 437, "rename": 82, "renameat": 264, "renameat2": 316, "link": 86, "linkat": 265, "unlink": 87, "unlinkat": 263,
        "mkdir": 83, "mkdirat": 258, "rmdir": 84, "symlink": 88, "symlinkat": 266,
    }),
    "aarch64": (0xC00000B7, 277, {
        "write": 64, "pwrite64": 68, "writev": 66, "pwritev": 70, "pwritev2": 287, "sendfile": 71, "copy_file_range": 285,
        "fsync": 82, "fdatasync": 83, "truncate": 45, "ftruncate": 46, "fallocate": 47, "openat": 56, "openat2": 437,
        "renameat": 38, "renameat2": 276, "linkat": 37, "unlinkat": 35, "mkdirat": 34, "symlinkat": 36,
    }),
}  # fmt: skip

_NO_NEW_PRIVILEGES, _SET_FILTER, _GIVE_LISTENER = 38, 1, 1 << 3
_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06  # instructions of a filter
_ALLOW, _ASK = 0x7FFF0000, 0x7FC00000
_RECEIVE, _ANSWER = 0xC0502100, 0xC0182101
_CARRY_OUT = 1
_NAMES = {number: name for name, number in MACHINES.get(platform.machine(), (0, 0, {}))[2].items()}
_NOTICE = struct.Struct("=QIIiIQ6Q")  # id, thread, flags, call, machine, where, arguments
_REPLY = struct.Struct("=QqiI")  # id, result, error, flags


class NotWatchable(Exception):
    """This system does not hand calls over; the message says why in one line."""


def do_without(reason: NotWatchable) -> NoReturn:
    """Skip what has to see calls; in CI (any value of the variable) fail instead, because there it must run."""
    if os.environ.get("CI"):
        pytest.fail(f"calls cannot be watched: {reason}", pytrace=False)
    pytest.skip(f"calls cannot be watched: {reason}")


@dataclass(frozen=True)
class Call:
    """One call that waits to be carried out, with all that it was given."""

    name: str
    thread: int
    given: tuple[int, ...]

    def file(self, which: int = 0) -> str:
        """The path of an open file; ` (deleted)` after it when it has none any more."""
        return str(Path(f"/proc/{self.thread}/fd/{self.given[which]}").readlink())

    def path(self, folder: int | None, which: int) -> str:
        """A path that was given, from the folder that was given with it, if any."""
        start = "cwd"
        if folder is not None and (number := ctypes.c_int(self.given[folder]).value) >= 0:
            start = f"fd/{number}"
        return os.path.normpath(Path(f"/proc/{self.thread}/{start}").readlink() / os.fsdecode(self.text(which)))

    def text(self, which: int) -> bytes:
        """What lies at an address up to the zero after it."""
        return self.memory(which, 4096).split(b"\0")[0]

    def memory(self, which: int, length: int) -> bytes:
        """What lies at an address, as far as there is memory."""
        with Path(f"/proc/{self.thread}/mem").open("rb", buffering=0) as memory:
            at, found = self.given[which], b""
            while len(found) < length:  # up to the end of a page at a time: the next may not be there
                size = min(length - len(found), 4096 - (at + len(found)) % 4096)
                try:
                    found += os.pread(memory.fileno(), size, at + len(found))
                except OSError:
                    break
        return found

    def place(self) -> int:
        """Where in an open file a plain `write` goes."""
        about = Path(f"/proc/{self.thread}/fdinfo/{self.given[0]}").read_text("ascii")
        if int(re.findall(r"flags:\s*(\d+)", about)[0], 8) & os.O_APPEND:
            return Path(f"/proc/{self.thread}/fd/{self.given[0]}").stat().st_size
        return int(re.findall(r"pos:\s*(\d+)", about)[0])


def be_watched(to: socket.socket) -> None:
    """From here on, hand every call of this process that changes files to whoever has the other end of a socket.

    Raises:
        NotWatchable: this kernel, or what this process runs in, does not allow it.
    """
    if platform.machine() not in MACHINES:
        raise NotWatchable(f"the numbers of the calls of {platform.machine()} are not known here")
    machine, seccomp, calls = MACHINES[platform.machine()]
    instructions = b"".join(_filter(machine, sorted(calls.values())))
    space = ctypes.create_string_buffer(instructions, len(instructions))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(instructions) // 8, ctypes.addressof(space)))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    listener = libc.syscall(seccomp, _SET_FILTER, _GIVE_LISTENER, program)
    if listener < 0:
        raise NotWatchable(f"seccomp: {os.strerror(ctypes.get_errno())}")
    socket.send_fds(to, [b"!"], [listener])
    os.close(listener)


def _filter(machine: int, calls: list[int]) -> Iterator[bytes]:
    """The instructions: the calls of this machine that are named are asked about, all others allowed."""
    step = struct.Struct("=HBBI")
    yield step.pack(_LOAD, 0, 0, 4)
    yield step.pack(_IF_EQUAL, 0, len(calls) + 1, machine)
    yield step.pack(_LOAD, 0, 0, 0)
    for left, number in zip(range(len(calls), 0, -1), calls, strict=True):
        yield step.pack(_IF_EQUAL, left, 0, number)
    yield step.pack(_RETURN, 0, 0, _ALLOW)
    yield step.pack(_RETURN, 0, 0, _ASK)


def watch(by: socket.socket, ended: int, each: Callable[[Call], int]) -> None:
    """See each call of a process that asks to be watched, until it ends.

    Args:
        by: the other end of the socket it was given.
        ended: becomes readable when the process has ended.
        each: told of each call; what it returns is the error that the call fails with, 0 to carry it out.

    Raises:
        NotWatchable: it could not be; what it sent instead says why.
    """
    with ExitStack() as stack:
        select.select([by, ended], [], [])
        reason, listeners, *_ = socket.recv_fds(by, 1_000, 1)
        if not listeners:
            raise NotWatchable(reason.decode() or "the process that was to be watched has ended")
        (listener,) = listeners
        stack.callback(os.close, listener)
        waiting = select.poll()
        waiting.register(listener, select.POLLIN)
        waiting.register(ended, select.POLLIN)
        while (listener, select.POLLIN) in waiting.poll():  # without anybody left to listen to, it is no longer POLLIN alone
            _attend(listener, each)


@contextmanager
def _unless_gone() -> Iterator[None]:
    """A thread that was ended meanwhile needs no answer."""
    try:
        yield
    except OSError as gone:
        if gone.errno not in (errno.ENOENT, errno.EINTR):
            raise


def _attend(listener: int, each: Callable[[Call], int]) -> None:
    """Take one call and answer it."""
    notice = bytearray(_NOTICE.size)
    with _unless_gone():
        fcntl.ioctl(listener, _RECEIVE, notice)
    serial, thread, _flags, number, _machine, _where, *given = _NOTICE.unpack(notice)
    if thread:
        error = each(Call(_NAMES[number], thread, tuple(given)))
        with _unless_gone():
            fcntl.ioctl(listener, _ANSWER, _REPLY.pack(serial, 0, -error, 0 if error else _CARRY_OUT))
