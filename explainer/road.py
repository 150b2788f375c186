"""The road: facts to an explained decision, the same for deciding, checking examples and replay.

Pure: what a case needs is passed in, and the same facts, release and day give the
same bytes.  When one of our own checks refuses, the case goes to a person and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from explainer.attributions.attribution import Attribution, Moved, by_group
from explainer.attributions.kernel import Kernel
from explainer.decisions.deciding import PERMISSION, SAFEGUARD, Decision, decide_case
from explainer.decisions.features import FeatureRow, read_all, read_back, read_facts, stacked
from explainer.decisions.policy import apply_policy
from explainer.errors import BadFacts, Contradiction, Unfaithful
from explainer.explanations.changing.checking import wrong_lines
from explainer.explanations.changing.recourse import Recourse, find_recourse
from explainer.explanations.faithfulness import (
    wrong_decision,
    wrong_facts,
    wrong_reasons,
    wrong_recourse,
    wrong_sentences,
)
from explainer.explanations.reasons import Reason, agent_reasons, customer_reasons
from explainer.explanations.wording import AGENT, CUSTOMER, RECOURSE, Sentence, word, word_recourse
from explainer.packs.definition import Pack
from explainer.packs.release import Release
from explainer.packs.words.phrases import Phrases


class Explained(NamedTuple):
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
    (arrived,) = travel_together([facts], release, kernel, on)
    if isinstance(arrived, BadFacts):
        raise arrived
    return arrived


def travel_together(
    cases: Sequence[Mapping[str, Any]], release: Release, kernel: Kernel, on: date, *,
    readers: tuple[str, ...] = (AGENT, CUSTOMER, RECOURSE), languages: tuple[Phrases, ...] | None = None,
) -> list[Explained | BadFacts]:  # fmt: skip
    """Decide and explain many cases; one by one or together, the results are the same.

    Args:
        readers: who is given reasons and words.
        languages: in which they are worded; None: every one of the pack.

    Returns:
        For each case its decision, or the mistakes in its facts.
    """
    rows = read_all(cases, release.pack)
    good = [one for one in rows if isinstance(one, FeatureRow)]
    arrived = iter(travel_rows(good, release, kernel, on, readers=readers, languages=languages))
    return [one if isinstance(one, BadFacts) else next(arrived) for one in rows]


def travel_rows(
    rows: Sequence[FeatureRow], release: Release, kernel: Kernel, on: date, *,
    readers: tuple[str, ...] = (AGENT, CUSTOMER, RECOURSE), languages: tuple[Phrases, ...] | None = None,
) -> list[Explained]:  # fmt: skip
    """Decide and explain rows that were read already, now or years ago; arguments as `travel_together`."""
    if not rows:
        return []
    margins, pushes = kernel.explain_many(stacked([one.x for one in rows], len(release.pack.names)))
    spoken = release.vocabulary.every if languages is None else languages
    way = _Way(release, kernel, on, spoken, readers)
    splits = zip(pushes, by_group(pushes, release.pack.group_of), strict=True)
    arrived = [_arrive(row, margin, split, way) for row, margin, split in zip(rows, margins.tolist(), splits, strict=True)]
    return [_let_go(one, found, way) for one, found in zip(arrived, _found_together(arrived, release.pack), strict=True)]


@dataclass(frozen=True, slots=True)
class _Way:
    """What all cases of one journey share."""

    release: Release
    kernel: Kernel
    on: date
    languages: tuple[Phrases, ...]
    readers: tuple[str, ...]


def _arrive(row: FeatureRow, margin: float, split: tuple[np.ndarray, Sequence[Moved]], way: _Way) -> Explained:
    pack, (phi, moved) = way.release.pack, split
    decision = decide_case(apply_policy(row.facts, pack, way.on), margin, pack)
    try:
        attribution = Attribution(pack.names, phi, way.kernel.baseline, margin, way.kernel.method)
        return _explain(row, decision, (attribution, moved), way)
    except Contradiction as refusal:
        return referred(row, decision, pack, refusal.code)


def _let_go(explained: Explained, found: Sequence[str], way: _Way) -> Explained:
    """The same, or what is left of it when its words and numbers contradict each other."""
    if contradictions(explained, way.release, way.languages, before=found, kernel=way.kernel):
        return referred(explained.row, explained.decision, way.release.pack, Unfaithful.code)
    return explained


def _found_together(every: Sequence[Explained], pack: Pack) -> list[list[str]]:
    """What is wrong with the facts and the reasons of each case, found for all of them at once."""
    read = read_back([one.row for one in every], pack)
    found = [[] if good else [*wrong_facts(one.row, pack)] for one, good in zip(every, read, strict=True)]
    told = [(at, one.reasons, one.decision, one.attribution.phi) for at, one in enumerate(every) if one.attribution and one.reasons]
    if told:
        places, reasons, decisions, phi = zip(*told, strict=True)
        wrong = wrong_reasons(reasons, decisions, stacked(phi, len(pack.names)), pack)
        for at, why in zip(places, wrong, strict=True):
            found[at] += why
    return found


def referred(row: FeatureRow, decision: Decision, pack: Pack, check: str) -> Explained:
    """What is left of a decision when one of our own checks refuses: a person decides, and nothing is explained.

    Args:
        check: code of the check.
    """
    to_a_person = decision._replace(outcome=pack.person, decisive=SAFEGUARD, rule=None)
    return Explained(row, to_a_person, safeguard=check)


def without_model(facts: Mapping[str, Any], release: Release) -> Explained:
    """Hand a case to people because the customer does not want software to decide; no model is called."""
    row = read_facts(facts, release.pack)
    return Explained(row, Decision(release.pack.person, PERMISSION))


_REASONS = {AGENT: agent_reasons, CUSTOMER: customer_reasons}


def _explain(row: FeatureRow, decision: Decision, split: tuple[Attribution, Sequence[Moved]], way: _Way) -> Explained:
    pack, (attribution, moved) = way.release.pack, split
    reasons = {reader: _REASONS[reader](decision, moved, pack) for reader in way.readers if reader in _REASONS}
    recourse = find_recourse(row, decision, pack, way.kernel, on=way.on) if RECOURSE in way.readers else None
    return Explained(row, decision, attribution, reasons, _words(row, reasons, recourse, way), recourse=recourse)


def _words(
    row: FeatureRow, reasons: Mapping[str, tuple[Reason, ...]], recourse: Recourse | None, way: _Way
) -> dict[str, dict[str, tuple[Sentence, ...]]]:
    """Language → reader → sentences."""
    pack, languages, middles = way.release.pack, way.languages, way.release.middles
    texts: dict[str, dict[str, tuple[Sentence, ...]]] = {phrases.locale: {} for phrases in languages}
    for reader, told in reasons.items():
        said = word(told, reader, row.facts, pack=pack, languages=languages, adjusted=row.adjusted, middles=middles)
        for locale, sentences in said.items():
            texts[locale][reader] = sentences
    if RECOURSE in way.readers:
        for phrases in languages:
            texts[phrases.locale][RECOURSE] = word_recourse(recourse, pack, phrases)
    return texts


def contradictions(
    explained: Explained, release: Release, languages: Sequence[Phrases], *,
    before: Sequence[str] | None = None, kernel: Kernel | None = None,
) -> list[str]:  # fmt: skip
    """What any of its texts says that the decision does not: one line for each finding, none when all is well.

    Args:
        languages: those it was worded in.
        before: what was found wrong with its facts and reasons, together with others; None: nobody has looked yet.
        kernel: of the release, to score lines of recourse once more; None: their margins are taken as they are.
    """
    pack = release.pack
    if explained.reasons is None or explained.attribution is None or explained.texts is None:
        untold = explained.decision.outcome == pack.person and explained.decision.decisive in {PERMISSION, SAFEGUARD}
        without = not (explained.reasons or explained.attribution or explained.texts or explained.recourse)
        return [] if untold and without else ["words without what they rest on, or a decision without words"]
    decision, row, attribution = explained.decision, explained.row, explained.attribution
    found = [*(_found_together([explained], pack)[0] if before is None else before)]
    found += wrong_decision(decision, attribution, row, pack)
    if any(RECOURSE in readers for readers in explained.texts.values()):
        found += wrong_lines(explained.recourse, decision, row, pack, kernel=kernel)
    if explained.texts.keys() != {one.locale for one in languages}:
        found.append("worded in other languages than the pack speaks")
    return [*found, *_misworded(explained, release, tuple(languages))]


def _misworded(explained: Explained, release: Release, languages: tuple[Phrases, ...]) -> Iterator[str]:
    """What is wrong with the words."""
    reasons, texts, pack = explained.reasons or {}, explained.texts or {}, release.pack
    for phrases in languages:
        said = texts.get(phrases.locale, {})
        if said.keys() - {RECOURSE} != reasons.keys() or (explained.recourse is not None and RECOURSE not in said):
            yield f"{phrases.locale}: words for other readers than there are"
        if RECOURSE in said and (said[RECOURSE] or explained.recourse is not None):
            wrong = wrong_recourse(said[RECOURSE], explained.recourse, pack=pack, phrases=phrases)
            yield from [f"{phrases.locale}, {RECOURSE}: {why}" for why in wrong]
    for reader, told in reasons.items():
        every = [texts.get(phrases.locale, {}).get(reader, ()) for phrases in languages]
        yield from wrong_sentences(every, told, reader, explained.row, pack=pack, languages=languages, middles=release.middles)
