"""Rescoring: a case with other facts, as rules and model see it; for whoever checks what a search said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from explainer.attributions.kernel import Kernel
from explainer.decisions.codes import encode
from explainer.decisions.deciding import Decision, decide_case
from explainer.decisions.features import FeatureRow
from explainer.decisions.policy import Question, RuleResult, question
from explainer.decisions.scoring import add_margins
from explainer.packs.definition import Fact, Feature, Pack, tests_in


def rules_after(facts: Mapping[str, Fact], decision: Decision, pack: Pack) -> tuple[RuleResult, ...]:
    """What the rules that were in force for a decision say of other facts."""
    asks = _questions(pack)
    return tuple([RuleResult(one.code, asks[one.code](facts), one.outcome, one.floor) for one in decision.rules])


def are_known(decision: Decision, pack: Pack) -> bool:
    """Whether a pack has all rules on which a decision rests."""
    return all(one.code in pack.rule for one in decision.rules)


def margins_after(changes: Sequence[Mapping[str, Fact]], row: FeatureRow, pack: Pack, kernel: Kernel) -> list[float]:
    """The margin of a case after each of some changes, put into the columns that the case was scored by."""
    x, places, margins = np.repeat(row.x[np.newaxis, :], len(changes), axis=0), _places(pack), np.zeros(len(changes))
    for at, changed in enumerate(changes):
        for name, fact in changed.items():
            x[at, places[name]] = _column(fact, pack.feature[name])
    add_margins(encode(x, kernel.book).ravel(), x.shape[1], kernel.masks, margins)
    found: list[float] = margins.tolist()
    return found


def ends_of(rules: tuple[RuleResult, ...], pack: Pack) -> tuple[str, ...]:
    """The outcome in each band of the pack, after some rules."""
    edges = pack.thresholds
    inside = [*edges, edges[-1] - 1.0 if edges else 0.0]
    return tuple([decide_case(rules, margin, pack).outcome for margin in inside])


def near(margin: float, past: float, pack: Pack) -> slice:
    """The bands that lie less than so far from a margin, its own among them."""
    edges = pack.thresholds
    first = next((place for place, edge in enumerate(edges) if margin + past >= edge), len(edges))
    last = next((place for place, edge in enumerate(edges) if margin - past >= edge), len(edges))
    return slice(first, last + 1)


@lru_cache(64)
def asked(pack: Pack) -> frozenset[str]:
    """The features that any rule of a pack asks for."""
    return frozenset(test.feature for rule in pack.rules for test in tests_in(rule.when))


@lru_cache(64)
def _questions(pack: Pack) -> dict[str, Question]:
    """Rule by code, as a question about facts."""
    return {one.code: question(one.when) for one in pack.rules}


@lru_cache(64)
def _places(pack: Pack) -> dict[str, int]:
    """Column by feature."""
    return {name: place for place, name in enumerate(pack.names)}


def _column(fact: Fact, feature: Feature) -> Any:
    """A fact as the model sees it."""
    return np.nan if fact is None else feature.levels.index(fact) if isinstance(fact, str) else fact
