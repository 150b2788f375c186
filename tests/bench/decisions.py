"""Whole decisions: facts to explained and worded, one by one and in bulk, on a release of the refund pack."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from explainer.attributions.attribution import Attribution, by_group
from explainer.bulkfile import Job, decide_file
from explainer.decisions.deciding import Decision, decide_case
from explainer.decisions.features import FeatureRow, read_facts
from explainer.decisions.policy import apply_policy
from explainer.explanations.changing.recourse import Recourse, find_recourse
from explainer.explanations.reasons import Reason, agent_reasons, customer_reasons
from explainer.explanations.wording import AGENT, CUSTOMER, RECOURSE, Sentence, word, word_recourse
from explainer.ledger.store import Receipt
from explainer.packs.definition import Pack
from explainer.packs.release import Release
from explainer.packs.words.phrases import Phrases
from explainer.record import DecisionRecord, Permission
from explainer.road import Explained, contradictions, travel, travel_together
from explainer.service.auditing.bulkreplay import replay_all
from explainer.service.auditing.replaying import Asked
from explainer.service.decide import day_of
from explainer.service.inspect import Remembered, Wanted, compose
from explainer.service.releases import publish, sample_facts, train_candidate
from explainer.service.wiring import Services, Serving, open_services
from explainer.settings import Settings
from tests.bench.measuring import seconds, timed

PACK = "refund_approval"
CASES = 4000  # of each figure of one decision
BEFORE = 2000  # cases that are decided first: of a service that has been up for a while, as most are
EXPLAINER = str(Path(sys.executable).with_name("explainer"))
DRY, RECORDED = 400_000, 10_000  # cases of the bulk runs


@cache
def services() -> Services:
    """A home of its own, with the refund pack released."""
    settings = Settings(home=Path(tempfile.mkdtemp(prefix="bench-")))
    opened = open_services(settings)
    train_candidate(PACK, settings, None, lambda _done, _total: None)
    publish(PACK, opened, by="bench")
    return opened


def decision_figures() -> dict[str, float]:
    """Microseconds from facts to a decision explained and worded, and of its parts: medians, each over cases not seen before."""
    serving, (*cases,) = services().serving(PACK), sample_facts(PACK, services().settings, None, BEFORE + 3 * CASES)
    day, two = day_of(datetime.now(UTC), serving.release), serving.release.vocabulary.every[:2]
    taken: dict[str, list[float]] = defaultdict(list)
    for languages in (two, None):
        travel_together(cases[:BEFORE], serving.release, serving.kernel, day, languages=languages)
    del cases[:BEFORE]
    for name, languages, some in (("decision", two, cases[:CASES]), ("decision_every", None, cases[CASES : 2 * CASES])):
        for facts in some:
            go = partial(travel_together, [facts], serving.release, serving.kernel, day, languages=languages)
            taken[name].append(seconds(go))
    for facts in cases[2 * CASES :]:
        for part, took in _parts(facts, serving, day, two):
            taken[f"decision_{part}"].append(took)
    return {name: 1e6 * statistics.median(times) for name, times in taken.items()}


def _parts(facts: dict[str, Any], serving: Serving, day: date, languages: tuple[Phrases, ...]) -> Iterator[tuple[str, float]]:
    """The steps of the road with how long each takes, in its order; recourse only where it is looked for."""
    pack, kernel = serving.release.pack, serving.kernel
    row, took = timed(lambda: read_facts(facts, pack))
    yield "facts", took
    (margin, phi), took = timed(lambda: kernel.explain(row.x))
    yield "kernel", took
    decision, took = timed(lambda: decide_case(apply_policy(row.facts, pack, day), margin, pack))
    yield "outcome", took
    split = Attribution(pack.names, phi, kernel.baseline, margin, kernel.method)
    reasons, took = timed(lambda: _reasons(phi, decision, pack))
    yield "reasons", took
    recourse, took = timed(lambda: find_recourse(row, decision, pack, kernel, on=day))
    if recourse is not None:
        yield "recourse", took
    texts, took = timed(lambda: _words(row, reasons, recourse, serving.release, languages))
    yield "words", took
    explained = Explained(row, decision, split, reasons, texts, recourse=recourse)
    found, took = timed(lambda: contradictions(explained, serving.release, languages, kernel=kernel))
    assert not found
    yield "gate", took
    record = partial(_record, explained, "R-1", serving)
    yield "record", timed(lambda: record().to_bytes())[1]


def _record(explained: Explained, case: str, serving: Serving) -> DecisionRecord:
    at, digest = datetime.now(UTC), serving.release.digest
    return DecisionRecord(
        case, at, PACK, digest, customer=case, case=case, locale="en", permission=Permission(), explained=explained
    )


def _reasons(phi: np.ndarray, decision: Decision, pack: Pack) -> dict[str, tuple[Reason, ...]]:
    (moved,) = by_group(phi[np.newaxis], pack.group_of)
    return {AGENT: agent_reasons(decision, moved, pack), CUSTOMER: customer_reasons(decision, moved, pack)}


def _words(
    row: FeatureRow,
    reasons: dict[str, tuple[Reason, ...]],
    recourse: Recourse | None,
    release: Release,
    spoken: tuple[Phrases, ...],
) -> dict[str, dict[str, tuple[Sentence, ...]]]:
    pack, middles = release.pack, release.middles
    say = partial(word, facts=row.facts, pack=pack, languages=spoken, adjusted=row.adjusted, middles=middles)
    said = {name: say(told, name) for name, told in reasons.items()}
    said[RECOURSE] = {one.locale: word_recourse(recourse, pack, one) for one in spoken}
    return {one.locale: {name: told[one.locale] for name, told in said.items()} for one in spoken}


def letter_figures() -> dict[str, float]:
    """Milliseconds from a decision to its letter as PDF, each letter of another case: median and 99th percentile."""
    serving, at = services().serving(PACK), datetime.now(UTC)
    day, taken = day_of(at, serving.release), []
    for number, facts in enumerate(sample_facts(PACK, services().settings, None, 500)):
        case, explained = f"R-{number}", travel(facts, serving.release, serving.kernel, day)
        found = Remembered(_record(explained, case, serving), serving.release, Receipt(case, 64 * "0", at), seal=None)
        taken.append(1e3 * seconds(lambda one=found: compose(one, Wanted("pdf", "en"), services())))
    return {"letter": statistics.median(taken), "letter_p99": float(np.quantile(taken, 0.99))}


def bulk_rows_a_second() -> dict[str, float]:
    """Rows a second from and to Parquet: of dry runs the median of three whole commands, of a recorded run within this process."""
    dry = statistics.median(_rehearsed_a_second() for _ in range(3))
    return {"bulk_dry_run": dry, "bulk_recorded": _recorded_a_second()}


def replays_a_second() -> dict[str, float]:
    """Decisions a second of a bulk replay of those that `bulk_rows_a_second` recorded, levels E0 to E2, once its processes run."""
    seen: list[tuple[float, int]] = []
    result = replay_all(Asked("bench"), services(), lambda done, _total: seen.append((time.perf_counter(), done)))
    assert not result.differs
    (began, first), (ended, last) = seen[0], seen[-1]
    return {"replay": (last - first) / (ended - began)}


def _cases(count: int) -> pd.DataFrame:
    samples = pd.DataFrame(list(sample_facts(PACK, services().settings, None, 15_000)))
    return samples.iloc[np.arange(count) % len(samples)]


def _rehearsed_a_second() -> float:
    """The command as it is typed: a process that is started from this one would load all that the bench has loaded."""
    home = services().settings.home
    if not (source := home / "rehearsed.parquet").exists():
        _cases(DRY).to_parquet(source, index=False)
    command = [EXPLAINER, "bulk", PACK, str(source), str(home / "out.parquet"), "--dry-run"]
    environment = os.environ | {"EXPLAINER_HOME": str(home)}
    ran, taken = timed(lambda: subprocess.run(command, env=environment, check=True, capture_output=True, text=True))
    assert ran.stdout.startswith(f"{DRY:,} decided, 0 rejected")
    return DRY / taken


def _recorded_a_second() -> float:
    home = services().settings.home
    source = home / "recorded.parquet"
    names = {"customer": [f"C-{row}" for row in range(RECORDED)], "case": [f"R-{row}" for row in range(RECORDED)]}
    _cases(RECORDED).assign(**names).to_parquet(source, index=False)
    job = Job(PACK, "en", True, source, home / "out.parquet", home / "rejects.ndjson")
    count, taken = timed(lambda: decide_file(job, services(), lambda _share: None))
    assert (count.decided, count.rejected) == (RECORDED, 0)
    return RECORDED / taken
