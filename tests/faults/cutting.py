"""Cutting the power: the steps of a process, and states that the disk may be in had they ended at some moment."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.calls import NotWatchable, do_without
from tests.faults.disk import PAGE, SECTOR, Disk, Luck
from tests.faults.forks import run
from tests.faults.steps import SOCKET, Step, step_of

FATES = tuple(itertools.product(("old", "new", "any"), ("old", "new", "any"), (SECTOR, PAGE)))


@dataclass(frozen=True)
class Cut:
    """What was said before the power went, and what the disk holds after it."""

    before: Step | None  # what was next
    luck: Luck
    said: tuple[str, ...]
    left: dict[str, bytes | None]


def steps_of(work: Callable[..., None], *given: Any) -> tuple[list[Step], list[str]]:
    """Every step of a process that works, what it says among them; and that by itself."""
    steps: list[Step] = []
    try:
        said = run(work, *given, each=lambda _process, call: steps.append(step_of(call)) or 0)
    except NotWatchable as reason:
        do_without(reason)
    return steps, said


def cuts(disk: Disk, steps: Sequence[Step], states: int) -> Iterator[Cut]:
    """So many different states, fewer if there are not so many, at moments by chance, in their order, and all at the end.

    The same disk after something more was said is another state: it has to hold that too.

    Args:
        disk: as it was before the first step.
    """
    chance, seen, said, owed = random.Random(states), set[int](), (), 0
    steps = [step for step in steps if disk.holds(step) or step.path.startswith(SOCKET)]
    moments = Counter([*chance.choices(range(len(steps)), k=states), *[len(steps)] * len(FATES)])
    for at, step in enumerate([*steps, None]):
        owed += moments[at]
        for luck in (Luck(*fate, chance) for fate in chance.sample(FATES, len(FATES))):
            if owed and (state := hash((said, *(left := disk.left(luck)).items()))) not in seen:
                seen.add(state)
                owed -= 1
                yield Cut(step, luck, said, left)
        if step and disk.holds(step):
            disk.take(step)
        elif step:
            said += tuple(step.data.decode().splitlines())
