"""The road: facts to an explained decision, the same for deciding, checking examples and replay.

Pure: what a case needs is passed in, and the same facts, release and day give the
same bytes.  When one of our own checks refuses, the case goes to a person and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from explainer.attributions.attribution import Attribution, Moved, by_group
from explainer.attributions.kernel import Kernel
from explainer.decisions.deciding import PERMISSION, SAFEGUARD, Decision, decide_together
from explainer.decisions.features import FeatureRow, read_all, read_back, read_facts, stacked
from explainer.decisions.policy import RuleResult, apply_policy, apply_policy_together
from explainer.errors import BadFacts, Contradiction, Unfaithful
from explainer.explanations.changing.checking import wrong_lines
from explainer.explanations.changing.recourse import Recourse, find_recourse
from explainer.explanations.faithfulness import (
    wrong_decisions,
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
    rows, pack = read_all(cases, release.pack), release.pack
    good = [one for one in rows if isinstance(one, FeatureRow)]
    x = stacked([one.x for one in good], len(pack.names))
    rules = apply_policy_together([one.facts for one in good], x, pack, on)
    spoken = release.vocabulary.every if languages is None else languages
    arrived = iter(_travel(good, x, rules, _Way(release, kernel, on, readers, spoken)))
    return [one if isinstance(one, BadFacts) else next(arrived) for one in rows]


def travel_rows(
    rows: Sequence[FeatureRow], release: Release, kernel: Kernel, on: date, *,
    readers: tuple[str, ...] = (AGENT, CUSTOMER, RECOURSE), languages: tuple[Phrases, ...] | None = None,
) -> list[Explained]:  # fmt: skip
    """Decide and explain rows that were read years ago, whose facts need not be their columns; arguments as `travel_together`."""
    x = stacked([one.x for one in rows], len(release.pack.names))
    rules = [apply_policy(one.facts, release.pack, on) for one in rows]
    spoken = release.vocabulary.every if languages is None else languages
    return _travel(rows, x, rules, _Way(release, kernel, on, readers, spoken))


@dataclass(frozen=True, slots=True)
class _Way:
    """What all cases of one journey share."""

    release: Release
    kernel: Kernel
    on: date
    readers: tuple[str, ...]
    languages: tuple[Phrases, ...]


def _travel(rows: Sequence[FeatureRow], x: np.ndarray, rules: Sequence[tuple[RuleResult, ...]], way: _Way) -> list[Explained]:
    if not rows:
        return []
    pack, (margins, pushes) = way.release.pack, way.kernel.explain_many(x)
    decisions = decide_together(rules, margins.tolist(), pack)
    splits = zip(margins.tolist(), pushes, by_group(pushes, pack.group_of), strict=True)
    arrived = [_arrive(row, decision, split, way) for row, decision, split in zip(rows, decisions, splits, strict=True)]
    found = contradictions_in(arrived, way.release, way.languages, kernel=way.kernel)
    return [referred(one.row, one.decision, pack, Unfaithful.code) if why else one for one, why in zip(arrived, found, strict=True)]


def _arrive(row: FeatureRow, decision: Decision, split: tuple[float, np.ndarray, Sequence[Moved]], way: _Way) -> Explained:
    pack, kernel, (margin, phi, moved) = way.release.pack, way.kernel, split
    try:
        attribution = Attribution(pack.names, phi, kernel.baseline, margin, kernel.method)
        reasons = {reader: _REASONS[reader](decision, moved, pack) for reader in way.readers if reader in _REASONS}
        recourse = find_recourse(row, decision, pack, kernel, on=way.on) if RECOURSE in way.readers else None
        return Explained(row, decision, attribution, reasons, _words(row, reasons, recourse, way), recourse=recourse)
    except Contradiction as refusal:
        return referred(row, decision, pack, refusal.code)


_REASONS = {AGENT: agent_reasons, CUSTOMER: customer_reasons}


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


def contradictions(
    explained: Explained, release: Release, languages: Sequence[Phrases], *, kernel: Kernel | None = None
) -> list[str]:
    """What any of its texts says that the decision does not: one line for each finding, none when all is well.

    Args:
        languages: those it was worded in.
        kernel: of the release, to score lines of recourse once more; None: their margins are taken as they are.
    """
    (found,) = contradictions_in([explained], release, languages, kernel=kernel)
    return found


def contradictions_in(
    every: Sequence[Explained], release: Release, languages: Sequence[Phrases], *, kernel: Kernel | None = None
) -> list[list[str]]:
    """The same of many decisions, for each its findings; what numbers can tell is looked at for all of them at once."""
    whole = [_whole(one) for one in every]
    told = [one for one in whole if one]
    words = [_wrong_words(one, release, tuple(languages), kernel=kernel) for one in told]
    found = map(list.__add__, _wrong_numbers(told, release.pack), words)
    return [next(found) if here else _wrong_silence(one, release.pack) for one, here in zip(every, whole, strict=True)]


class _Told(NamedTuple):
    """A decision with all that explains one."""

    row: FeatureRow
    decision: Decision
    attribution: Attribution
    reasons: Mapping[str, tuple[Reason, ...]]
    texts: Mapping[str, Mapping[str, tuple[Sentence, ...]]]
    recourse: Recourse | None


def _whole(one: Explained) -> _Told | None:
    if one.attribution is None or one.reasons is None or one.texts is None:
        return None
    return _Told(one.row, one.decision, one.attribution, one.reasons, one.texts, one.recourse)


def _wrong_silence(explained: Explained, pack: Pack) -> list[str]:
    """What is wrong with a decision that is not explained, or not whole."""
    untold = explained.decision.outcome == pack.person and explained.decision.decisive in {PERMISSION, SAFEGUARD}
    without = not (explained.reasons or explained.attribution or explained.texts or explained.recourse)
    return [] if untold and without else ["words without what they rest on, or a decision without words"]


def _wrong_numbers(told: Sequence[_Told], pack: Pack) -> list[list[str]]:
    """What is wrong with the facts, the outcome and the reasons of each decision."""
    if not told:
        return []
    rows, decisions, splits, reasons, *_ = zip(*told, strict=True)
    found, width = wrong_decisions(decisions, [one.margin for one in splits], rows, pack), len(pack.names)
    phi = stacked([one.phi if len(one.phi) == width else np.full(width, np.nan) for one in splits], width)
    ill_chosen = wrong_reasons(reasons, decisions, phi, pack)
    for here, row, good, split, why in zip(found, rows, read_back(rows, pack), splits, ill_chosen, strict=True):
        here.extend(why if good else [*wrong_facts(row, pack), *why])
        if len(split.phi) != width:
            here.append("attributions of other features than the pack has")
    return found


def _wrong_words(told: _Told, release: Release, languages: tuple[Phrases, ...], *, kernel: Kernel | None) -> list[str]:
    """What is wrong with the words of a decision."""
    row, decision, _, reasons, texts, recourse = told
    found, pack, every = list[str](), release.pack, [texts.get(phrases.locale, {}) for phrases in languages]
    if texts.keys() != {phrases.locale for phrases in languages}:
        found.append("worded in other languages than the pack speaks")
    for phrases, said in zip(languages, every, strict=True):
        lines = said.get(RECOURSE)
        others = said.keys() if lines is None else said.keys() - {RECOURSE}
        if others != reasons.keys() or (lines is None and recourse is not None):
            found.append(f"{phrases.locale}: words for other readers than there are")
        if lines or (lines is not None and recourse is not None):
            wrong = wrong_recourse(lines, recourse, pack=pack, phrases=phrases)
            found += [f"{phrases.locale}, {RECOURSE}: {why}" for why in wrong]
    if any(RECOURSE in readers for readers in texts.values()):
        fits = len(row.x) == len(pack.names)  # otherwise it was found already, and no kernel takes it
        found += wrong_lines(recourse, decision, row, pack, kernel=kernel if fits else None)
    for reader, chosen in reasons.items():
        sentences = [said.get(reader, ()) for said in every]
        found += wrong_sentences(sentences, chosen, reader, row, pack=pack, languages=languages, middles=release.middles)
    return found
