"""What a call does to files, told so that it can be done again without the process: a step."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.calls import Call

SOCKET = "socket:"  # what a process says aloud is written to one


@dataclass(frozen=True)
class Step:
    """One change, or a sync; `path` is absolute, or names what is no file."""

    what: str  # open · write · cut · sync · link · move · remove · folder, or a call's own name for what is done nowhere yet
    path: str
    data: bytes = b""
    at: int = 0  # place in the file, size, or flags of an open
    other: str = ""  # the name that a link gives another name to, or that a move takes away


def step_of(call: Call) -> Step:
    """Read a waiting call."""
    for readers in (_READERS, _STRANGERS):
        if call.name in readers:
            return readers[call.name](call)
    raise LookupError(f"a file call that nobody has described: {call.name}")


def _written(call: Call) -> Step:
    at = call.given[3] if call.name == "pwrite64" else call.place()
    return Step("write", call.file(), call.memory(1, call.given[2]), at)


_READERS: dict[str, Callable[[Call], Step]] = {
    "write": _written,
    "pwrite64": _written,
    "open": lambda call: Step("open", call.path(None, 0), at=call.given[1]),
    "openat": lambda call: Step("open", call.path(0, 1), at=call.given[2]),
    "creat": lambda call: Step("open", call.path(None, 0), at=os.O_CREAT | os.O_TRUNC),
    "ftruncate": lambda call: Step("cut", call.file(), at=call.given[1]),
    "fsync": lambda call: Step("sync", call.file()),
    "fdatasync": lambda call: Step("sync", call.file()),
    "link": lambda call: Step("link", call.path(None, 1), other=call.path(None, 0)),
    "linkat": lambda call: Step("link", call.path(2, 3), other=call.path(0, 1)),
    "rename": lambda call: Step("move", call.path(None, 1), other=call.path(None, 0)),
    "renameat": lambda call: Step("move", call.path(2, 3), other=call.path(0, 1)),
    "renameat2": lambda call: Step("move", call.path(2, 3), other=call.path(0, 1)),
    "unlink": lambda call: Step("remove", call.path(None, 0)),
    "unlinkat": lambda call: Step("remove", call.path(0, 1)),
    "mkdir": lambda call: Step("folder", call.path(None, 0)),
    "mkdirat": lambda call: Step("folder", call.path(0, 1)),
}

# Calls that nobody makes here today: named by what they change, so that the first one is not overlooked.
_STRANGERS: dict[str, Callable[[Call], Step]] = {
    **dict.fromkeys(("writev", "pwritev", "pwritev2", "fallocate", "sendfile"), lambda call: Step(call.name, call.file())),
    **dict.fromkeys(("truncate", "rmdir"), lambda call: Step(call.name, call.path(None, 0))),
    "openat2": lambda call: Step(call.name, call.path(0, 1)),
    "symlink": lambda call: Step(call.name, call.path(None, 1)),
    "copy_file_range": lambda call: Step(call.name, call.file(2)),
    "symlinkat": lambda call: Step(call.name, call.path(1, 2)),
}
