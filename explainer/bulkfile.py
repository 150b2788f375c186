"""Bulk files: a file of cases to a file of answers, on every core where nothing is recorded and the file is long.

What is recorded is written by one process, batch by batch, each durable before its
answers stand in the file.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

from explainer.answers import Answers, answer_schema, answers_of, part_of
from explainer.errors import BadInput
from explainer.service import bulk
from explainer.service.bulk import Given, Rejected
from explainer.service.decide import day_of
from explainer.service.wiring import Services, Serving
from explainer.tabular import Chunk, cases_of, read_chunks

RECORDED_TOGETHER = 500  # cases of one transaction
FEW = 100  # cases after which a process has loaded what cases need
THAW = 50  # chunks after which a process looks for circles in all that it has kept

Progress = Callable[[float], None]  # share of the file done with this step
Told = tuple[Any, list[Rejected]]  # record batch of answers, and the rows that have none


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done with every case of a file."""

    pack: str
    language: str  # of the answers, and of cases that name none
    recorded: bool
    source: Path
    out: Path
    rejects: Path
    recourse: bool = False  # whether to tell what would have changed each outcome


@dataclass(frozen=True, slots=True)
class Run:
    """A job as every process does it: what is activated meanwhile, and midnight, change nothing of a rehearsal."""

    job: Job
    release: str  # digest of the one in use when it began; what is recorded is decided by the one in use then
    day: date  # on which it began


@dataclass(slots=True)
class Count:
    """How many cases were decided, and how many rejected."""

    decided: int = 0
    rejected: int = 0


def decide_file(job: Job, services: Services, progress: Progress) -> Count:
    """Decide every case of a file.

    Raises:
        BadInput: files that cannot be read or written, or columns that do not fit the pack.
        Unavailable: no room for the answers; what was recorded is remembered.
        UnknownPack, UnknownLanguage: nothing is decided.
    """
    parts = [part_of(one.parent.resolve() / one.name) for one in (job.out, job.rejects)]
    places = [*(one.resolve() for one in (job.source, job.out, job.rejects)), *parts]
    if len(set(places)) < len(places):
        raise BadInput("cases, answers and rejects need three different files, none of them the .part of another")
    release, count = services.registry.open(services.active_digest(job.pack)), Count()
    release.vocabulary.speak(job.language)
    run = Run(job, release.digest, day_of(services.clock(), release))
    chunks = read_chunks(job.source, release.pack, **({"rows": RECORDED_TOGETHER} if job.recorded else {}))
    steps = _here(run, chunks, services) if job.recorded else _rehearsed(run, chunks, services)
    schema = answer_schema(release.pack, job.language, recorded=job.recorded, recourse=job.recourse)
    with Answers(job.out, job.rejects, schema) as answers:
        for share, (told, rejected) in steps:
            answers.write(told, rejected)
            count.decided, count.rejected = count.decided + len(told), count.rejected + len(rejected)
            progress(share)
    return count


def _rehearsed(run: Run, chunks: Iterator[Chunk], services: Services) -> Iterator[tuple[float, Told]]:
    """As many processes as help: to start others takes longer than one chunk."""
    ahead = list(islice(chunks, 2))
    if len(ahead) < 2:
        return _here(run, ahead, services)
    return _everywhere(run, chain(ahead, chunks), services)


def _here(run: Run, chunks: Iterable[Chunk], services: Services) -> Iterator[tuple[float, Told]]:
    for chunk in chunks:
        yield chunk.share, _told(run, chunk, services)


def _everywhere(run: Run, chunks: Iterator[Chunk], services: Services) -> Iterator[tuple[float, Told]]:
    """Chunks in all processes at once, answers in their order; a few cases come first, and what they load is there in all."""
    few, rest = next(chunks).parted(FEW)
    yield from _here(run, [few], services)
    yield from services.everywhere(partial(_in_a_process, run), chain([rest], chunks), _open)


_services: Services | None = None  # of a process of the pool
_done = count(1)  # chunks


def _open(services: Services) -> None:
    global _services
    _services = services
    gc.freeze()
    gc.disable()  # looking for circles among millions of records would take a quarter of the time; see `_in_a_process`


def _in_a_process(run: Run, chunk: Chunk) -> tuple[float, Told]:
    assert _services is not None  # the pool has opened it
    told = _told(run, chunk, _services)
    if next(_done) % THAW == 0:
        gc.unfreeze()
    gc.collect()  # an error and its traceback are a circle
    gc.freeze()  # what is still here stays for a while, and is not looked at every time
    return chunk.share, told


def _told(run: Run, chunk: Chunk, services: Services) -> Told:
    job, release = run.job, services.registry.open(run.release)
    read = cases_of(chunk, release.pack, job.language)
    batch = [one for one in read if isinstance(one, Given)]
    if job.recorded:
        decided = bulk.decide_all(batch, job.pack, services)
    else:
        opted_out = bulk.opted_out_among(batch, services)
        serving = Serving(release, services.kernel(release))
        decided = bulk.rehearse(batch, serving, run.day, job.language, opted_out=opted_out, recourse=job.recourse)
    following = iter(decided)
    outcomes = [one if isinstance(one, Rejected) else next(following) for one in read]
    return answers_of(outcomes, release, job.language, recorded=job.recorded, recourse=job.recourse)
