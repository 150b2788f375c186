"""Declaring: what a pack decides by, as JSON that the standard library reads.

A release holds it beside the YAML it was made from, so that whoever trusts no code of ours
can evaluate the same rules and bands, and find them under the same digest.
"""

from __future__ import annotations

import json
from typing import Any

from explainer.packs.definition import Clause, Every, Feature, Organisation, Pack, Rule, Test

FILE = "declarations.json"


def declare(pack: Pack, organisation: Organisation) -> dict[str, Any]:
    """Features, outcomes, bands and rules of a pack, and by whose clock its days are counted."""
    return {
        "version": 1,
        "pack": pack.name,
        "time_zone": organisation.time_zone,
        "features": [_feature(one) for one in pack.features],
        "outcomes": [one.code for one in pack.outcomes],
        "person": pack.person,
        "bands": [{"outcome": one.outcome, "at_least": one.at_least} for one in pack.bands],
        "rules": [_rule(one) for one in pack.rules],
    }


def declarations(pack: Pack, organisation: Organisation) -> bytes:
    """The same as the bytes of a release's file; numbers come back to the bit."""
    return json.dumps(declare(pack, organisation), indent=1, sort_keys=True).encode()


def _feature(feature: Feature) -> dict[str, Any]:
    return {"name": feature.name, "type": feature.type, "levels": list(feature.levels)}


def _rule(rule: Rule) -> dict[str, Any]:
    last = rule.in_force_to
    return {
        "code": rule.code,
        "when": _clause(rule.when),
        "then": rule.then,
        "at_least": rule.at_least,
        "from": rule.in_force_from.isoformat(),
        "to": last and last.isoformat(),
        "source": rule.source,
    }


def _clause(clause: Clause) -> dict[str, Any]:
    if isinstance(clause, Test):
        value = list(clause.value) if isinstance(clause.value, tuple) else clause.value
        return {"feature": clause.feature, clause.operator: value}
    return {"all" if isinstance(clause, Every) else "any": [_clause(one) for one in clause.clauses]}
