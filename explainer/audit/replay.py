"""Replay: a recorded decision over the same road again, and what came out otherwise.

Levels: E0 what is stored (`service` compares it), E1 row, margin, rules and outcome to the
bit, by our kernel and by the independent reader, E2 attributions, E3 recourse and words to
the byte.  A disagreement is a finding and never an exception; no finding says what the
facts were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from explainer.attributions.attribution import LOCAL_ACCURACY, Attribution
from explainer.attributions.kernel import Kernel
from explainer.audit.columns import come_out_again
from explainer.decisions.deciding import PERMISSION, Decision
from explainer.decisions.features import FeatureRow, read_all
from explainer.explanations.wording import AGENT, CUSTOMER, RECOURSE, Sentence
from explainer.packs.declaring import declare
from explainer.packs.release import Release
from explainer.record import DecisionRecord, record_of
from explainer.road import Explained, travel_rows
from explainer.verify import ABSTAINED, DIFFERS, SAME, Finding, Published, bits, order_of

KERNEL, LIGHTGBM = "kernel", "LightGBM"
EVERYTHING = (AGENT, CUSTOMER, RECOURSE)


@dataclass(frozen=True, slots=True)
class Means:
    """What the decisions of one release are replayed with."""

    release: Release
    kernel: Kernel
    reader: Published
    booster: Any = None  # the same model as LightGBM opened it, where it was asked for

    @classmethod
    def of(cls, release: Release, kernel: Kernel, booster: Any = None) -> Means:
        """The means of a release; its declarations are read from its YAML, so that every release has them."""
        declared = declare(release.pack, release.organisation)
        return cls(release, kernel, Published(release.model_text, declared, release.reference.T.tolist()), booster)


@dataclass(frozen=True)
class Case:
    """One recorded decision: its fields as they were written, and what is read from them where they are not enough."""

    body: Mapping[str, Any]
    read: DecisionRecord | None = None

    @cached_property
    def record(self) -> DecisionRecord:
        """The record; raises as `record_of`."""
        return self.read or record_of(self.body)


def replay(cases: Sequence[Case], day: date, means: Means, *, full: bool) -> list[list[Finding]]:
    """Replay decisions of one release and one day.

    Args:
        day: in the organisation's time zone.
        full: whether to look for recourse and to word every sentence again.

    Returns:
        For each case its findings, E1 to E3.
    """
    bodies, kernel = [one.body for one in cases], means.kernel
    one_by_one = full or means.booster is not None
    equal = [False] * len(cases) if one_by_one else come_out_again(bodies, day, means.release.pack, kernel)
    doubted = iter(_replay([one for one, same in zip(cases, equal, strict=True) if not same], day, means, full=full))
    return [[*_EQUAL, *means.reader.numbers(body)] if same else next(doubted) for body, same in zip(bodies, equal, strict=True)]


def _replay(cases: Sequence[Case], day: date, means: Means, *, full: bool) -> list[list[Finding]]:
    """The same over the whole road, one finding for each comparison."""
    called = [one.record.explained.row for one in cases if one.record.explained.decision.decisive != PERMISSION]
    wanted: dict[str, Any] = {} if full else {"readers": (), "languages": ()}
    again = iter(travel_rows(called, means.release, means.kernel, day, **wanted))
    asked = _boosted(called, means)
    read = read_all([one.record.explained.row.facts for one in cases], means.release.pack)
    found = []
    for case, row in zip(cases, read, strict=True):
        by_us = isinstance(row, FeatureRow) and row.x.tobytes() == case.record.explained.row.x.tobytes()
        findings = [_said("row", by_us), *means.reader.numbers(case.body)]
        if case.record.explained.decision.decisive == PERMISSION:
            findings += _numbers(case.record, _uncalled(case.record, means))
        else:
            said = next(again)
            findings += [*next(asked, ()), *_numbers(case.record, said), *_attributions(case.record, said)]
            findings += _words(case.record, said) if full else ()
        found.append(findings)
    return found


def _said(part: str, equal: bool, why: Callable[[], str] = str, *, level: str = "E1", by: str = KERNEL) -> Finding:
    return _same(level, part, by) if equal else Finding(level, part, DIFFERS, why(), by)


@lru_cache(256)
def _same(level: str, part: str, by: str) -> Finding:
    return Finding(level, part, SAME, "", by)


def _uncalled(record: DecisionRecord, means: Means) -> Explained:
    """What becomes of a case that software may not decide."""
    return Explained(record.explained.row, Decision(means.release.pack.person, PERMISSION))


_EQUAL = [_same("E1", part, KERNEL) for part in ("row", "margin", "rules", "outcome")] + [_same("E2", "attributions", KERNEL)]


# E1 -----------------------------------------------------------------------------------------------


def _boosted(rows: Sequence[FeatureRow], means: Means) -> Iterator[list[Finding]]:
    """LightGBM's own margins against those of the kernel, which are compared with the recorded ones."""
    if means.booster is None or not rows:
        return
    import numpy as np

    x = np.array([one.x for one in rows])
    theirs = means.booster.predict(x, raw_score=True, num_threads=1)
    for one, other in zip(theirs.tolist(), means.kernel.explain_many(x)[0].tolist(), strict=True):
        yield [_said("margin", bits(one) == bits(other), lambda: "not the kernel's bits", by=LIGHTGBM)]


def _numbers(record: DecisionRecord, again: Explained) -> Iterator[Finding]:
    then, now = record.explained.decision, again.decision
    yield _said("margin", bits(then.margin) == bits(now.margin), lambda: _apart(then.margin, now.margin))
    yield _said("rules", then.rules == now.rules, lambda: "in force or fired otherwise")
    if record.explained.safeguard != again.safeguard:
        why = f"then refused by {record.explained.safeguard or 'no check'}, now by {again.safeguard or 'none that was run'}"
        yield Finding("E1", "outcome", ABSTAINED if again.texts == {} else DIFFERS, why, KERNEL)
        return
    ends = [(one.outcome, one.decisive, one.rule, bits(one.distance)) for one in (then, now)]
    yield _said("outcome", ends[0] == ends[1], lambda: f"{then.outcome} by {then.decisive} became {now.outcome} by {now.decisive}")


def _apart(then: float | None, now: float | None) -> str:
    return f"{abs(then - now):.1e} apart" if then is not None and now is not None else "one of the two has none"


# E2 -----------------------------------------------------------------------------------------------


def _attributions(record: DecisionRecord, again: Explained) -> Iterator[Finding]:
    """The same engine must give the same bits; another one the same values to 1e-9, in the same order."""
    then, now = record.explained.attribution, again.attribution
    if then is None or now is None:
        if record.explained.safeguard == again.safeguard:
            yield _said("attributions", then is now, lambda: "one of the two has none", level="E2")
        return
    if (then.features, then.phi.shape) != (now.features, now.phi.shape):
        yield _said("attributions", False, lambda: "of other features than the model's", level="E2")
        return
    if then.method == now.method:
        equal = then.phi.tobytes() == now.phi.tobytes() and bits(then.baseline) == bits(now.baseline)
        yield _said("attributions", equal, lambda: f"{_gap(then, now):.1e} apart at most", level="E2")
        return
    yield _said("attributions", _gap(then, now) <= LOCAL_ACCURACY, lambda: f"{_gap(then, now):.1e} apart at most", level="E2")
    yield _said("order", order_of(then.phi.tolist()) == order_of(now.phi.tolist()), lambda: "another order", level="E2")


def _gap(then: Attribution, now: Attribution) -> float:
    return max(float(abs(then.phi - now.phi).max()), abs(then.baseline - now.baseline))


# E3 -----------------------------------------------------------------------------------------------


def _words(record: DecisionRecord, again: Explained) -> Iterator[Finding]:
    """Reasons, recourse and every recorded sentence; a record of version 1 had neither recourse nor keys."""
    then, now = record.explained, again
    if then.safeguard or now.safeguard:
        return
    yield _said("reasons", then.reasons == now.reasons, lambda: "others, or in another order", level="E3")
    if then.recourse is not None or RECOURSE in next(iter((then.texts or {}).values()), {}):
        yield _said("recourse", then.recourse == now.recourse, lambda: "another way, or none", level="E3")
    for language, readers in sorted((then.texts or {}).items()):
        for reader, said in readers.items():
            told = (now.texts or {}).get(language, {}).get(reader, ())
            equal = [one.text for one in said] == [one.text for one in told] and _asserting(said) in ((), _asserting(told))
            yield _said(f"text {language} {reader}", equal, lambda: "other words", level="E3")


def _asserting(said: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """What the sentences assert; nothing where the record is too old to hold it."""
    return tuple(said) if all(one.key for one in said) else ()
