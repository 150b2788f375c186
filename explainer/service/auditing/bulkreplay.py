"""Bulk replay: all decisions since a day, on every core."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from itertools import count

from explainer.service.auditing.replaying import TOGETHER, Asked, Replayer, Result, Tell, check_tree, remember
from explainer.service.decide import DECISION
from explainer.service.wiring import Services

FEW = 4 * TOGETHER  # up to here one process is quicker than starting others
SWEEP = 20  # batches from one look for garbage to the next: each leaves next to none, and looking takes a tenth of its time


def replay_all(asked: Asked, services: Services, tell: Tell) -> Result:
    """Replay every decision since a day, or all, and remember how it ended.

    Args:
        tell: hears of progress.

    Raises:
        Unavailable: the database did not answer.
    """
    replayer = Replayer(services, asked)
    ids = replayer.again.ids(DECISION, asked.since)
    result = Result()
    result.note("", check_tree(services))
    batches = [ids[start : start + TOGETHER] for start in range(0, len(ids), TOGETHER)]
    few = len(ids) <= FEW
    for one in map(replayer.replay, batches) if few else services.everywhere(_in_a_process, batches, _open, asked):
        result.join(one)
        tell(result.decisions, len(ids))
    remember(asked, result, services)
    return result


_replayer: Replayer | None = None  # of a process of the pool
_done = count(1)  # its batches


def _open(services: Services, asked: Asked) -> None:
    global _replayer
    _replayer = Replayer(services, asked)
    gc.freeze()  # what is open stays, and looking through it again and again takes time
    gc.disable()  # and so does looking through a batch that is not done


def _in_a_process(batch: Sequence[str]) -> Result:
    assert _replayer is not None  # the pool has opened it
    if next(_done) % SWEEP == 0:
        gc.collect()
    return _replayer.replay(batch)
