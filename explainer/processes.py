"""Processes: the same work for many items on every core, answers in the order of the items.

Ctrl-C is heard by the process that started the others and by none of them: it ends them
and then itself, in its own words.  However it ends, they end with it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from typing import Any, TypeVar

PR_SET_PDEATHSIG = 1  # of prctl(2)
WAITING = 2  # items in flight for each process: memory stays flat however many there are

Item = TypeVar("Item")
Done = TypeVar("Done")
Work = Callable[[Item], Done]


def in_order(work: Work[Item, Done], items: Iterable[Item], opening: Callable[..., None], given: tuple[Any, ...]) -> Iterator[Done]:
    """What becomes of each item, in their order; items are taken as they are needed.

    Args:
        opening: what each process does first, with what is `given`; of what is given nothing may be in use, such as a
            connection: a process may begin as a copy of this one.
    """
    processes = len(os.sched_getaffinity(0))
    waiting: deque[Future[Done]] = deque()
    before = {*active_children()}
    pool = ProcessPoolExecutor(processes, get_context(_start_method()), _begin, (os.getpid(), opening, given))
    try:
        for item in items:
            with _deaf():
                waiting.append(pool.submit(work, item))
            if len(waiting) > WAITING * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BaseException:  # nobody wants the rest: closed, interrupted or failed
        for one in {*active_children()} - before:
            one.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _start_method() -> str:
    """A copy has at once all that is loaded here; but it could wait for ever for what other threads held, LightGBM's among them."""
    alone = threading.active_count() == 1 and "lightgbm" not in sys.modules
    return "fork" if alone and sys.platform == "linux" else "spawn"


def _begin(parent: int, opening: Callable[..., None], given: tuple[Any, ...]) -> None:
    """Open a process that ends with its parent, even with one that was killed."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before it could be asked for
            os._exit(1)
    opening(*given)


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes started meanwhile never hear Ctrl-C; this one hears it afterwards, lest it leave one that is half started."""
    heard: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))  # for other threads hear it too
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler)
        for number in heard[:1]:
            signal.raise_signal(number)
