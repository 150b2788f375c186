"""A file call that fails, or is the last: what was acknowledged is there, and whoever was refused is told the truth."""

from __future__ import annotations

import errno
import itertools
import random
import shutil
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from tests.faults.calls import Call, NotWatchable, do_without
from tests.faults.forks import run
from tests.faults.proving import broken_promises
from tests.faults.steps import step_of
from tests.faults.writing import Task, Told, work

BEFORE, DURING = (tuple(f"{when}-{number}" for number in range(6)) for when in ("before", "during"))
KILL = -1
KINDS = (errno.EIO, errno.ENOSPC, KILL)
FULL_FOR = 30  # calls that find no room, before there is some again
NEEDS_ROOM = ("write", "open", "link", "folder", "sync")


@dataclass
class Fault:
    """What happens to the n-th call on the files of an area: an error once, no room for a while, or the end."""

    area: Path
    at: int = 0  # from 1; 0: never
    kind: int = 0  # of KINDS
    seen: list[str] = field(default_factory=list)  # what each call was to do

    def __call__(self, process: BaseProcess, call: Call) -> int:
        step = step_of(call)
        if not Path(step.path).is_relative_to(self.area):
            return 0
        self.seen.append(step.what)
        if self.kind == errno.ENOSPC:
            return self.kind if self.at <= len(self.seen) < self.at + FULL_FOR and step.what in NEEDS_ROOM else 0
        if len(self.seen) != self.at:
            return 0
        if self.kind == KILL:
            process.kill()
            process.join()
        return errno.EIO


@dataclass
class Homes:
    """Areas to write in: one without a home, and copies of one where entries were kept before."""

    folder: Path
    before: list[str]  # what was said there

    def area(self, made: bool) -> Path:
        area = self.folder / "area"
        if made:
            shutil.copytree(self.folder / "made", area)
        else:
            (area / "witness").mkdir(parents=True)
        return area

    def calls(self, made: bool) -> dict[str, list[int]]:
        """When none fails: what is done, and by which calls."""
        fault = Fault(area := self.area(made))
        run(work, Task(area, DURING), each=fault)
        shutil.rmtree(area)
        return {what: [at for at, one in enumerate(fault.seen, start=1) if one == what] for what in fault.seen}

    def suffer(self, made: bool, at: int, kind: int) -> list[str]:
        """Write under one fault; what is not as it was told."""
        area = self.area(made)
        told = Told.by(self.before * made + run(work, Task(area, DURING), each=Fault(area, at, kind)))
        broken = broken_promises(area, told) + [one for one in told.other if one.startswith(("foreign", "lied"))]
        shutil.rmtree(area)
        return broken


@pytest.fixture
def homes(in_memory: Path) -> Homes:
    (in_memory / "made" / "witness").mkdir(parents=True)
    try:
        return Homes(in_memory, run(work, Task(in_memory / "made", BEFORE)))
    except NotWatchable as reason:
        do_without(reason)


def faults(homes: Homes, count: int) -> None:
    """One kind after the other, in a first start and later, as often at what is done seldom as at what is done all the time."""
    chance, calls = random.Random(count), {made: homes.calls(made) for made in (False, True)}
    for kind, made in itertools.islice(itertools.cycle(itertools.product(KINDS, calls)), count):
        what = chance.choice(sorted(calls[made]))
        at = chance.choice(calls[made][what])
        assert homes.suffer(made, at, kind) == [], (made, kind, what, at)


@dataclass
class SyncFails:
    """The n-th sync of the ledger's own files fails, once."""

    area: Path
    at: int = 0  # from 1; 0: never
    seen: int = 0

    def __call__(self, _process: BaseProcess, call: Call) -> int:
        step = step_of(call)
        if step.what != "sync" or "ledger.sqlite3" not in step.path:
            return 0
        self.seen += 1
        return errno.EIO if self.seen == self.at else 0


@pytest.mark.slow
def test_after_a_sync_that_failed_in_a_commit_the_process_writes_nothing_any_more(homes):
    """A disk that failed may say the next time that all is well, without what it lost; whoever starts again looks first."""
    counted = SyncFails(area := homes.area(made=True))
    run(work, Task(area, DURING), each=counted)
    shutil.rmtree(area)
    stopped = 0
    for at in range(2, counted.seen, max(1, counted.seen // 8)):
        area = homes.area(made=True)
        said = run(work, Task(area, DURING), each=SyncFails(area, at))
        words = [line.split(" ")[0] for line in said]
        if "doubted" in words:
            stopped += 1
            assert "kept" not in words[words.index("doubted") :], said
        assert broken_promises(area, Told.by(homes.before + said)) == []
        shutil.rmtree(area)
    assert stopped >= 3


@pytest.mark.slow
def test_thirty_faults(homes):
    faults(homes, 30)


@pytest.mark.torture
def test_three_hundred_faults(homes):
    faults(homes, 300)
