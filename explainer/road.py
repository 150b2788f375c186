"""The road: facts to an explained decision, the same for deciding, checking examples and replay.

Pure: what a case needs is passed in, and the same facts, release and day give the
same bytes.  When one of our own checks refuses, the case goes to a person and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from explainer.attributions.attribution import Attribution
from explainer.attributions.kernel import Kernel
from explainer.decisions.deciding import PERMISSION, SAFEGUARD, Decision, decide_case
from explainer.decisions.features import FeatureRow, read_facts
from explainer.decisions.policy import apply_policy
from explainer.errors import BadFacts, Contradiction
from explainer.explanations.reasons import Reason, agent_reasons, customer_reasons
from explainer.explanations.recourse import Recourse, find_recourse
from explainer.explanations.wording import AGENT, CUSTOMER, RECOURSE, Sentence, word, word_recourse
from explainer.packs.phrases import Phrases
from explainer.packs.release import Release


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """A decision with everything that explains it."""

    row: FeatureRow
    decision: Decision
    attribution: Attribution | None = None  # None: the model was not called, or a check refused
    reasons: Mapping[str, tuple[Reason, ...]] | None = None  # reader → reasons
    texts: Mapping[str, Mapping[str, tuple[Sentence, ...]]] | None = None  # language → reader → sentences
    safeguard: str | None = None  # code of the check that refused
    recourse: Recourse | None = None  # None: the best outcome, or a person decides, or nobody asked for it


def travel(facts: Mapping[str, Any], release: Release, kernel: Kernel, on: date) -> Explained:
    """Decide and explain one case.

    Args:
        facts: feature name → value, as the caller said them.
        on: the day of the decision in the organisation's time zone.

    Raises:
        BadFacts: with every mistake.
    """
    row = read_facts(facts, release.pack)
    return _arrive(row, *kernel.explain(row.x), _Way(release, kernel, on, release.vocabulary.every))


def travel_together(
    cases: Sequence[Mapping[str, Any]], release: Release, kernel: Kernel, on: date, *, readers: tuple[str, ...], language: Phrases
) -> list[Explained | BadFacts]:
    """Decide and explain many cases, each as `travel` does, but worded for some readers and in one language only.

    Returns:
        For each case its decision, or the mistakes in its facts.
    """
    rows = [_row(facts, release) for facts in cases]
    good = [one for one in rows if isinstance(one, FeatureRow)]
    if not good:
        return [one for one in rows if isinstance(one, BadFacts)]
    margins, pushes = kernel.explain_many(np.stack([one.x for one in good]))
    way = _Way(release, kernel, on, (language,), readers)
    arrived = map(_arrive, good, margins.tolist(), pushes, [way] * len(good))
    return [one if isinstance(one, BadFacts) else next(arrived) for one in rows]


@dataclass(frozen=True, slots=True)
class _Way:
    """What all cases of one journey share."""

    release: Release
    kernel: Kernel
    on: date
    languages: tuple[Phrases, ...]
    readers: tuple[str, ...] = (AGENT, CUSTOMER, RECOURSE)


def _row(facts: Mapping[str, Any], release: Release) -> FeatureRow | BadFacts:
    try:
        return read_facts(facts, release.pack)
    except BadFacts as mistakes:
        return mistakes


def _arrive(row: FeatureRow, margin: float, phi: np.ndarray, way: _Way) -> Explained:
    pack = way.release.pack
    decision = decide_case(apply_policy(row.facts, pack, way.on), margin, pack)
    try:
        attribution = Attribution(tuple(pack.feature), phi, way.kernel.baseline, margin, way.kernel.method)
        return _explain(row, decision, attribution, way)
    except Contradiction as refusal:
        referred = replace(decision, outcome=pack.person, decisive=SAFEGUARD, rule=None)
        return Explained(row, referred, safeguard=refusal.code)


def without_model(facts: Mapping[str, Any], release: Release) -> Explained:
    """Hand a case to people because the customer does not want software to decide; no model is called."""
    row = read_facts(facts, release.pack)
    return Explained(row, Decision(release.pack.person, PERMISSION))


def _explain(row: FeatureRow, decision: Decision, attribution: Attribution, way: _Way) -> Explained:
    pack = way.release.pack
    for_agent = agent_reasons(decision, attribution, pack)
    reasons = {AGENT: for_agent, CUSTOMER: customer_reasons(decision, for_agent, pack)}
    recourse = find_recourse(row, decision, pack, way.kernel, on=way.on) if RECOURSE in way.readers else None
    texts = {phrases.locale: _words(row, reasons, recourse, way, phrases=phrases) for phrases in way.languages}
    return Explained(row, decision, attribution, reasons, texts, recourse=recourse)


def _words(
    row: FeatureRow, reasons: Mapping[str, tuple[Reason, ...]], recourse: Recourse | None, way: _Way, *, phrases: Phrases
) -> dict[str, tuple[Sentence, ...]]:
    """Reader → sentences in one language."""
    pack = way.release.pack
    said = {
        reader: word(found, reader, row.facts, pack=pack, phrases=phrases, adjusted=row.adjusted)
        for reader, found in reasons.items()
        if reader in way.readers
    }
    return said if RECOURSE not in way.readers else said | {RECOURSE: word_recourse(recourse, pack, phrases)}
