"""A power cut at any moment: rebuilt from the calls of a process that kept entries, sector by sector and name by name.

kill -9 cannot see a sync that is missing, because the kernel still writes what it was given;
here only what was synced is sure to be there.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from explainer.ledger.engines import durability
from tests.faults.cutting import Cut, cuts, steps_of
from tests.faults.disk import SECTOR, Disk, Luck, lay_out
from tests.faults.proving import broken_promises
from tests.faults.steps import Step
from tests.faults.writing import Task, Told, work

FEW, MORE = (tuple(f"key-{number}" for number in range(keys)) for keys in (6, 15))
SOUND = (durability((3, 40, 1)), durability((3, 51, 3)))  # both of the product's ways, whichever SQLite is here
LOSING = (("DELETE", "FULL"), ("WAL", "NORMAL"))


def steps_of_a_writer(area: Path, keys: tuple[str, ...], journal: tuple[str, str]) -> list[Step]:
    """Every step of a process that makes a home and keeps entries there, and all that it said."""
    (area / "witness").mkdir(parents=True)
    steps, said = steps_of(work, Task(area, keys, journal))
    told = Told.by(said)
    assert (told.kept.keys(), told.witnessed, told.other) == (set(keys), len(keys), [])
    disk = Disk(area, "witness")
    for step in filter(disk.holds, steps):
        disk.take(step)
    assert disk.left(Luck("new", "new", SECTOR, random.Random(0))) == _found(area)  # the model is the disk
    return steps


def _found(area: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(area)): path.read_bytes() if path.is_file() else None for path in area.rglob("*")}


def broken_by(cut: Cut, area: Path) -> list[str]:
    """Lay a state out in a new area and open it as whoever starts the machine again; what is not as it was told."""
    lay_out(cut.left, area)
    broken = broken_promises(area, Told.by(cut.said))
    shutil.rmtree(area)
    return broken


def nothing_is_lost(folder: Path, keys: tuple[str, ...], journal: tuple[str, str], *, states: int) -> None:
    steps, tried = steps_of_a_writer(folder / "before", keys, journal), 0
    for cut in cuts(Disk(folder / "before", "witness"), steps, states):
        broken, tried = broken_by(cut, folder / "after"), tried + 1
        assert not broken, (journal, cut.before, cut.luck, broken)
    assert tried >= 0.9 * states  # at some moments there is but one


@pytest.mark.slow
@pytest.mark.parametrize("journal", SOUND, ids=" ".join)
def test_a_hundred_states(in_memory, journal):
    nothing_is_lost(in_memory, FEW, journal, states=120)


@pytest.mark.torture
@pytest.mark.parametrize("journal", SOUND, ids=" ".join)
def test_a_thousand_states(in_memory, journal):
    nothing_is_lost(in_memory, MORE, journal, states=1_100)


@pytest.mark.slow
@pytest.mark.parametrize("journal", LOSING, ids=" ".join)
def test_what_the_product_refuses_would_lose_an_entry(in_memory, journal):
    """So a sync that is missing would be seen above."""
    steps = steps_of_a_writer(in_memory / "before", FEW, journal)
    broken = (one for cut in cuts(Disk(in_memory / "before", "witness"), steps, 120) for one in broken_by(cut, in_memory / "after"))
    assert any("was acknowledged and is gone" in one for one in broken)
