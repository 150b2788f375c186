"""Disclosure: which parts of a record each reader may see, as the reply of the API, and who decides.

Attributions in the reply are for integrators and auditors; agents and customers read reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from explainer.decisions.deciding import RULE
from explainer.decisions.scoring import score
from explainer.explanations.wording import AGENT, CUSTOMER, RECOURSE, Sentence
from explainer.packs.definition import Pack
from explainer.record import DecisionRecord
from explainer.road import Explained

RULE_PERSON = "rule-person"  # a rule decided that a person decides

SEES_ATTRIBUTIONS = frozenset({"integrator", "auditor"})


def reply(record: DecisionRecord, locale: str, roles: frozenset[str], links: Mapping[str, str]) -> dict[str, Any]:
    """One decision as the API tells it.

    Args:
        locale: language of the reasons; one the pack has words in.
        roles: of the caller.
        links: name → address of the record's views.
    """
    said, decision = record.explained, record.explained.decision
    return {
        "id": record.id,
        "pack": record.pack,
        "release": record.release,
        "decided_at": record.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "outcome": decision.outcome,
        "score": None if decision.margin is None else score(decision.margin),
        "margin": decision.margin,
        "decisive": decision.decisive,
        "rules": [{"code": one.code, "outcome": one.outcome} for one in decision.fired],
        **({"attributions": _attributions(record)} if roles & SEES_ATTRIBUTIONS else {}),
        "reasons": {reader: [_reason(one) for one in sentences_of(record, reader, locale)] for reader in (AGENT, CUSTOMER)},
        "recourse": [_reason(one) for one in sentences_of(record, RECOURSE, locale)],
        **({"safeguard": said.safeguard} if said.safeguard else {}),
        "links": dict(links),
    }


def with_a_person(record: DecisionRecord, pack: Pack) -> bool:
    """Whether the case went to a person, so that nothing is decided yet."""
    return record.explained.decision.outcome == pack.person


def part_of_software(record: DecisionRecord, pack: Pack) -> str:
    """How far software took part, as the key of the words that say so: what was decisive, or a rule that asks for a person."""
    decisive = record.explained.decision.decisive
    return RULE_PERSON if decisive == RULE and with_a_person(record, pack) else decisive


def sentences_of(record: DecisionRecord, reader: str, locale: str) -> tuple[Sentence, ...]:
    """The recorded sentences for one reader, in a locale or its language."""
    return sentences_in(record.explained, reader, locale)


def sentences_in(explained: Explained, reader: str, locale: str) -> tuple[Sentence, ...]:
    """The same, of a decision that is not recorded."""
    texts = explained.texts or {}
    readers = texts.get(locale) or texts.get(locale.split("-")[0]) or {}
    return tuple(readers.get(reader, ()))


def _reason(sentence: Sentence) -> dict[str, str]:
    return {"code": sentence.code, "direction": sentence.direction, "strength": sentence.strength, "text": sentence.text}


def _attributions(record: DecisionRecord) -> dict[str, Any] | None:
    split = record.explained.attribution
    if split is None:
        return None
    return {
        "baseline": split.baseline,
        "values": dict(zip(split.features, map(float, split.phi), strict=True)),
        "method": split.method,
    }
