"""Processes of our own whose file calls are watched, forked from a server that has imported everything: hundreds cost little."""

from __future__ import annotations

import multiprocessing
import os
import socket
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

from explainer.errors import ExplainerError
from tests.faults.calls import Call, NotWatchable, be_watched, watch

Say = Callable[[str], None]

_forks = multiprocessing.get_context("forkserver")
# Alembic is what a first start imports late.
_forks.set_forkserver_preload(
    ["tests.faults.writing", "alembic.command", "alembic.autogenerate.api", "alembic.runtime.environment"]
)


def run(work: Callable[..., None], *given: Any, each: Callable[[BaseProcess, Call], int] = lambda _process, _call: 0) -> list[str]:
    """Let a process work, be told of each of its calls (as `watch`), and return what it said.

    Args:
        work: called there with what is given and, last, with what says a line aloud.
    """
    here, there = socket.socketpair()
    with here, there:
        process = _forks.Process(target=_live, args=(work, given, there))
        process.start()
        there.close()
        said = b""
        try:
            watch(here, process.sentinel, lambda call: each(process, call))
            while some := here.recv(1 << 16):
                said += some
        finally:
            process.kill()
            process.join()
    return said.decode().splitlines()


def _live(work: Callable[..., None], given: tuple[Any, ...], to: socket.socket) -> None:
    """The whole life of the process."""

    def say(line: str) -> None:
        os.write(to.fileno(), f"{line}\n".encode())

    try:
        be_watched(to)
        work(*given, say)
    except NotWatchable as reason:
        to.sendall(str(reason).encode())
    except ExplainerError as error:
        say(f"stopped {type(error).__name__} {error}")
    except Exception as error:  # none of the house's: whoever started the process has to know
        say(f"foreign {type(error).__name__} {error!r}")
