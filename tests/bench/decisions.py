"""Whole decisions: facts to explained and worded, one by one and in bulk, on a release of the refund pack."""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from explainer.bulkfile import Job, decide_file
from explainer.record import DecisionRecord, Permission
from explainer.road import travel
from explainer.service.decide import day_of
from explainer.service.inspect import Remembered, Wanted, compose
from explainer.service.releases import publish, sample_facts, train_candidate
from explainer.service.wiring import Services, open_services
from explainer.settings import Settings
from tests.bench.measuring import seconds

PACK = "refund_approval"
DRY, RECORDED = 400_000, 10_000  # cases of the bulk runs


@cache
def services() -> Services:
    """A home of its own, with the refund pack released."""
    settings = Settings(home=Path(tempfile.mkdtemp(prefix="bench-")))
    opened = open_services(settings)
    train_candidate(PACK, settings, None, lambda _done, _total: None)
    publish(PACK, opened, by="bench")
    return opened


def decision_seconds() -> float:
    """Facts to a decision explained and worded in every language of the pack: median over unseen cases."""
    serving = services().serving(PACK)
    facts = list(sample_facts(PACK, services().settings, None, 4000))
    day = day_of(datetime.now(UTC), serving.release)
    return statistics.median(seconds(lambda one=one: travel(one, serving.release, serving.kernel, day)) for one in facts)


def letter_figures() -> dict[str, float]:
    """Milliseconds from a decision to its letter as PDF, each letter of another case: median and 99th percentile."""
    serving, at = services().serving(PACK), datetime.now(UTC)
    day, taken = day_of(at, serving.release), []
    for number, facts in enumerate(sample_facts(PACK, services().settings, None, 500)):
        case, explained = f"R-{number}", travel(facts, serving.release, serving.kernel, day)
        record = DecisionRecord(
            case, at, PACK, "", customer=case, case=case, locale="en", permission=Permission(), explained=explained
        )
        taken.append(
            1e3 * seconds(lambda one=record: compose(Remembered(one, serving.release, "0000"), Wanted("pdf", "en"), services()))
        )
    return {"letter": statistics.median(taken), "letter_p99": float(np.quantile(taken, 0.99))}


def bulk_rows_a_second() -> dict[str, float]:
    """Rows a second of bulk runs from and to Parquet, start of the processes included."""
    return {"bulk_dry_run": _rate(DRY, recorded=False), "bulk_recorded": _rate(RECORDED, recorded=True)}


def _rate(cases: int, *, recorded: bool) -> float:
    home = services().settings.home
    source = home / f"cases-{cases}.parquet"
    samples = pd.DataFrame(list(sample_facts(PACK, services().settings, None, 15_000)))
    table = samples.iloc[np.arange(cases) % len(samples)]
    names = {"customer": [f"C-{row}" for row in range(cases)], "case": [f"R-{row}" for row in range(cases)]}
    (table.assign(**names) if recorded else table).to_parquet(source, index=False)
    before = time.perf_counter()
    job = Job(PACK, "en", recorded, source, home / "out.parquet", home / "rejects.ndjson")
    count = decide_file(job, services(), lambda _share: None)
    taken = time.perf_counter() - before
    assert (count.decided, count.rejected) == (cases, 0)
    return cases / taken
