"""Cases: facts of the shipped packs whose end is known, and a look into a home's database from outside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from explainer.attributions.kernel import Kernel
from explainer.packs.release import Release

DAY = date(2026, 5, 4)  # on which the tests' clock stands, and for which most examples of the packs are written

# Every way in which a case of a shipped pack can end, and what can be decisive for it.
ENDS = [
    *(("refund_approval", "approve", by) for by in ("rule", "score")),
    *(("refund_approval", "refer", by) for by in ("rule", "band", "permission", "safeguard")),
    *(("refund_approval", "decline", by) for by in ("rule", "score")),
    *(("priority_scoring", "P1", by) for by in ("rule", "score")),
    *(("priority_scoring", "P2", by) for by in ("rule", "score")),
    *(("priority_scoring", "P3", by) for by in ("score",)),
    *(("priority_scoring", "P4", by) for by in ("score",)),
    *(("priority_scoring", "refer", by) for by in ("permission", "safeguard")),
]


def ending(release: Release, outcome: str, decisive: str) -> dict[str, Any]:
    """Facts of the pack's first example of that day that ends like this; any facts do for what is decided without reading them."""
    of_the_day = [one for one in release.examples if one["on"] == DAY]
    if decisive in {"permission", "safeguard"}:
        return dict(of_the_day[0]["facts"])
    return next(dict(one["facts"]) for one in of_the_day if (one["outcome"], one["decisive"]) == (outcome, decisive))


def part(end: tuple[str, str, str]) -> str:
    """How far software took part in such a case; a rule may ask for a person."""
    _, outcome, decisive = end
    return "rule-person" if (outcome, decisive) == ("refer", "rule") else decisive


class Untouchable(Kernel):
    """A kernel that must not be asked."""

    def __init__(self) -> None:
        pass

    def explain(self, x: np.ndarray) -> tuple[float, np.ndarray]:
        raise AssertionError("the model was called")


class Crooked(Kernel):
    """A kernel whose attributions miss the margin by a little: a check of ours must refuse."""

    miss = 1e-6

    @classmethod
    def like(cls, kernel: Kernel, miss: float = miss) -> Crooked:
        """The same as a kernel, but for the fault."""
        crooked = cls(kernel.book, kernel.masks, kernel.tables)
        crooked.miss = miss
        return crooked

    def explain(self, x: np.ndarray) -> tuple[float, np.ndarray]:
        margin, phi = super().explain(x)
        phi[0] += self.miss
        return margin, phi


def rows(home: Path, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Ask the ledger's SQLite file through a connection of one's own: only what is committed is seen."""
    with closing(sqlite3.connect(home / "ledger.sqlite3")) as connection:
        return connection.execute(query, values).fetchall()


def entries(home: Path) -> int:
    """How many entries the ledger holds."""
    return int(rows(home, "SELECT count(*) FROM entries")[0][0])
