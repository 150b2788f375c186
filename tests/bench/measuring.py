"""Measuring: two programs in turns, round by round, so that a machine that speeds up or slows down does so for both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Ratio:
    """How long one program took, as a share of another."""

    median: float
    low: float
    high: float
    ours: float  # median seconds
    theirs: float


def timed(program: Callable[[], T]) -> tuple[T, float]:
    """What one call returns, and how many seconds it takes."""
    before = time.perf_counter()
    found = program()
    return found, time.perf_counter() - before


def seconds(program: Callable[[], object]) -> float:
    """How long one call takes."""
    return timed(program)[1]


def in_turns(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> Ratio:
    """Run two programs A B A B …, after one call each that does not count; ratios are taken pair by pair."""
    ours()
    theirs()
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    ratios = sorted(mine / other for mine, other in pairs)
    mine, other = (statistics.median(one) for one in zip(*pairs, strict=True))
    return Ratio(statistics.median(ratios), ratios[0], ratios[-1], mine, other)
