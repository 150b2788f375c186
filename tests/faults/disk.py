"""The disk as a power cut may leave it: what was synced is there; of all else, each sector, size and name may be old or new.

A `Disk` is told the steps of a process in their order.  Everything on it is a register: a
sector of a file, the size of a file, a name in a folder.  Between two syncs a register takes
values one after the other, and whichever was the newest when the power went, the disk may
hold any of them: nothing orders two registers but a sync of their file or folder.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, Generic, TypeVar

from tests.faults.steps import Step

SECTOR, PAGE = 512, 4096  # bytes that a disk writes whole: at least, at most
ZEROS = bytes(SECTOR)

Value = TypeVar("Value")


class Register(Generic[Value]):
    """What one place held since the last sync, each value with the moment from which it did."""

    def __init__(self, value: Value) -> None:
        self._held = [(0, value)]

    @property
    def newest(self) -> Value:
        return self._held[-1][1]

    @property
    def moments(self) -> list[int]:
        """When it changed; the first is what is synced."""
        return [moment for moment, _ in self._held]

    def put(self, value: Value, now: int) -> None:
        self._held.append((now, value))

    def sync(self) -> None:
        self._held = [(0, self.newest)]

    def at(self, moment: int) -> Value:
        return next(value for since, value in reversed(self._held) if since <= moment)


@dataclass
class File:
    """Sectors and a size; a sector that was never written is None."""

    size: Register[int] = field(default_factory=lambda: Register(0))
    sectors: dict[int, Register[bytes | None]] = field(default_factory=dict)

    def write(self, at: int, data: bytes, now: int) -> None:
        for number in range(at // SECTOR, -(-(at + len(data)) // SECTOR)):
            start = number * SECTOR - at
            register = self.sectors.setdefault(number, Register(None))
            before, first = register.newest or ZEROS, max(0, -start)
            fresh = data[max(0, start) : start + SECTOR]
            register.put(before[:first] + fresh + before[first + len(fresh) :], now)
        if at + len(data) > self.size.newest:
            self.size.put(at + len(data), now)

    def cut(self, size: int, now: int) -> None:
        for number, register in self.sectors.items():
            kept = max(0, min(SECTOR, size - number * SECTOR))
            if kept < SECTOR and register.newest is not None:
                register.put(register.newest[:kept].ljust(SECTOR, b"\0"), now)
        self.size.put(size, now)

    def sync(self) -> None:
        for register in (self.size, *self.sectors.values()):
            register.sync()


@dataclass
class Folder:
    """Names, each of a file or folder; None: nothing of that name."""

    names: dict[str, Register[File | Folder | None]] = field(default_factory=dict)

    def put(self, name: str, what: File | Folder | None, now: int) -> None:
        self.names.setdefault(name, Register(None)).put(what, now)

    def sync(self) -> None:
        for register in self.names.values():
            register.sync()


@dataclass(frozen=True)
class Luck:
    """What becomes of all that was not synced: names and contents are each "old", "new", or either by chance."""

    names: str
    contents: str
    grain: int  # bytes that are old or new together
    chance: random.Random

    def anything(self) -> bytes:
        """A sector that belongs to a file now and was never written."""
        return self.chance.choice((ZEROS, self.chance.randbytes(SECTOR)))

    def moment(self, kept: str, registers: Iterable[Register[Any]]) -> int:
        """Up to which moment some registers have what was put there, all of them together."""
        moments = sorted({moment for one in registers for moment in one.moments})
        return self.chance.choice({"old": moments[:1], "new": moments[-1:]}.get(kept, moments))


class Disk:
    """A folder that a process works in, as far as its steps tell; before the first, empty but for some folders."""

    def __init__(self, area: Path, *folders: str) -> None:
        self._area = area
        self._root = Folder({name: Register(Folder()) for name in folders})
        self._now = 0

    def holds(self, step: Step) -> bool:
        """Whether a step is one in this folder."""
        return Path(step.path).is_relative_to(self._area)

    def take(self, step: Step) -> None:
        """Do a step in this folder."""
        self._now += 1
        there = self._find(step.path)
        if step.what == "open":
            if there is None and step.at & os.O_CREAT:
                self._name(step.path, File())
            elif there is not None and step.at & os.O_TRUNC:
                there.cut(0, self._now)
        elif step.what == "folder":
            self._name(step.path, there or Folder())
        elif step.what in ("link", "move", "remove"):
            self._name(step.path, self._find(step.other) if step.other else None)
            if step.what == "move":
                self._name(step.other, None)
        else:
            _CHANGING[step.what](there, step, self._now)

    def _find(self, path: str) -> Any:
        """The file or folder of a path, as the process sees it; None also for what was there before and stays as it is."""
        there: Any = self._root
        for name in Path(path).relative_to(self._area).parts:
            there = there.names[name].newest if there and name in there.names else None
        return there

    def _name(self, path: str, what: File | Folder | None) -> None:
        folder, name = os.path.split(path)
        self._find(folder).put(name, what, self._now)

    def left(self, luck: Luck) -> dict[str, bytes | None]:
        """What a power cut at this moment leaves: each path's bytes; None for a folder."""
        return dict(_folder_left(self._root, PurePath(), luck))


def lay_out(left: dict[str, bytes | None], area: Path) -> None:
    """Put what is left into a new folder."""
    area.mkdir()
    for path, content in left.items():
        if content is None:
            (area / path).mkdir()
        else:
            (area / path).touch(0o600)
            (area / path).write_bytes(content)


_CHANGING: dict[str, Callable[[Any, Step, int], None]] = {
    "write": lambda file, step, now: file.write(step.at, step.data, now),
    "cut": lambda file, step, now: file.cut(step.at, now),
    "sync": lambda there, _step, _now: there.sync(),
}


def _folder_left(folder: Folder, at: PurePath, luck: Luck) -> Iterator[tuple[str, bytes | None]]:
    for name, register in sorted(folder.names.items()):
        there = register.at(luck.moment(luck.names, [register]))
        if isinstance(there, Folder):
            yield str(at / name), None
            yield from _folder_left(there, at / name, luck)
        elif there:
            yield str(at / name), _file_left(there, luck)


def _file_left(file: File, luck: Luck) -> bytes:
    """Bytes up to the size that was kept; where there is room and nothing was kept, whatever lay there before."""
    size = file.size.at(luck.moment(luck.contents, [file.size]))
    content, together = bytearray(size), luck.grain // SECTOR
    for first in range(0, -(-size // SECTOR), together):
        some = {number: file.sectors[number] for number in range(first, first + together) if number in file.sectors}
        moment = luck.moment(luck.contents, some.values()) if some else 0
        for number, register in some.items():
            content[number * SECTOR : (number + 1) * SECTOR] = register.at(moment) or luck.anything()
    return bytes(content[:size])
