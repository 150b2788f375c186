"""A power cut while the master key is changed or a customer is erased: all others stay readable, and who is erased stays so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from explainer.errors import ExplainerError
from explainer.ledger.canonical import encode
from explainer.service.privacy.erasing import erase
from explainer.service.privacy.renewing import rotate
from explainer.service.wiring import Services
from tests.faults.cutting import Cut, cuts, steps_of
from tests.faults.disk import Disk, lay_out
from tests.faults.forks import Say
from tests.faults.proving import verified
from tests.faults.steps import SOCKET
from tests.faults.writing import keep, opened, said_of

KEYS = tuple(f"key-{number}" for number in range(6))
GONE = said_of(KEYS[0])["customer"]
READY, ROTATED, ASKED, ERASED = "ready", "rotated", "asked", "erased"


def keep_change_and_erase(area: Path, say: Say) -> None:
    """Entries of some customers; then another master key, one customer less, and another master key once more."""
    with closing(opened(area)) as services:
        for key in KEYS:
            say(f"kept {key} {keep(key, services)[0]}")
        say(READY)
        for _ in range(2):
            rotate("test", services)
            say(ROTATED)
            say(ASKED)
            erase(GONE, "test", services)
            say(ERASED)


def broken_by(cut: Cut, kept: dict[str, str], area: Path) -> list[str]:
    """What is not as it was told after a cut, and after both are asked for again."""
    lay_out(cut.left, area)
    try:
        with closing(opened(area)) as services:
            broken = [*_unreadable(kept, cut.said, services)]
            rotate("test", services)
            broken += _unreadable(kept, cut.said, services)
            erase(GONE, "test", services)
        with closing(opened(area)) as services:
            broken += [*_unreadable(kept, (ASKED, ERASED), services), *verified(services)]
    except ExplainerError as error:
        broken = [f"{type(error).__name__}: {error}"]
    shutil.rmtree(area)
    return broken


def _unreadable(kept: dict[str, str], said: tuple[str, ...], services: Services) -> Iterator[str]:
    ends = set()
    for key, entry_id in kept.items():
        entry = services.ledger.entry(entry_id)
        if entry is None or entry.body not in (None, encode(said_of(key))):
            yield f"{key} is gone or another"
        elif said_of(key)["customer"] == GONE:
            ends.add(entry.body is None)
        elif entry.body is None:
            yield f"{key} cannot be read, and nobody erased its customer"
    if len(ends) > 1:
        yield "a customer is erased in part"
    if True in ends and ASKED not in said:
        yield "a customer is erased whom nobody asked to erase"
    if False in ends and ERASED in said:
        yield "a customer came back"


def nothing_is_lost_and_nobody_comes_back(folder: Path, states: int) -> None:
    area = folder / "before"
    (area / "witness").mkdir(parents=True)
    steps, said = steps_of(keep_change_and_erase, area)
    assert said[len(KEYS) :] == [READY, *2 * [ROTATED, ASKED, ERASED]]
    kept = {key: entry_id for _, key, entry_id in (line.split(" ") for line in said[: len(KEYS)])}
    ready = next(at for at, step in enumerate(steps) if step.path.startswith(SOCKET) and READY in step.data.decode())
    disk, tried = Disk(area, "witness"), 0
    for step in filter(disk.holds, steps[:ready]):
        disk.take(step)
    for cut in cuts(disk, steps[ready:], states):
        broken, tried = broken_by(cut, kept, folder / "after"), tried + 1
        assert not broken, (cut.before, cut.luck, cut.said, broken)
    assert tried >= 0.9 * states


@pytest.mark.slow
def test_fifty_states(in_memory):
    nothing_is_lost_and_nobody_comes_back(in_memory, 50)


@pytest.mark.torture
def test_a_thousand_states(in_memory):
    nothing_is_lost_and_nobody_comes_back(in_memory, 1_000)
