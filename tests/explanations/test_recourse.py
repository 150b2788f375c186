"""Recourse: the cheapest changes by the full grid, allowed, checked, the same every time, and said in plain words."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pytest

from explainer.decisions.deciding import decide_case
from explainer.decisions.features import read_facts
from explainer.decisions.policy import apply_policy
from explainer.decisions.scoring import margin_of
from explainer.explanations.changing.recourse import PAST, NoRecourse, find_recourse
from explainer.packs import definition
from explainer.packs.definition import Action, Band, Every, Feature, Outcome, Rule, Some
from tests.forests import kernel_of, trained
from tests.little import little_pack
from tests.naive import recourse as naive

DAY = date(2026, 5, 4)
KINDS = ("nan", "none", "zero", "deep", "monotone", "onehot")
SEEDS = range(5)
LITTLE = little_pack()


def random_feature(rng, f, *, missing):
    """A feature of the models in tests/forests: every third one is a category."""
    said = "not known" if missing else None
    acts = rng.random() < 0.75
    if f % 3 == 1:
        levels = tuple(f"l{level}" for level in range(4 + 5 * f))
        to = tuple(rng.choice(levels, rng.integers(1, 4), replace=False).tolist())
        action = Action(to=to, effort=float(rng.choice([0.5, 1.0, 2.0]))) if acts else None
        return Feature(f"f{f}", "category", "test", f"g{f}", levels=levels, missing=said, action=action)
    least, most = (float(one) for one in np.sort(rng.choice(np.arange(-3, 3.5, 0.5), 2, replace=False)))
    way, step = str(rng.choice(["up", "down", "free"])), float(rng.choice([0.1, 0.25, 0.5]))
    action = Action(way, step, least, most, effort=float(rng.choice([0.1, 0.3, 1.0]))) if acts else None
    return Feature(f"f{f}", "number", "test", f"g{f}", low=-3.0, high=3.0, missing=said, action=action)


def random_test(rng, feature):
    if feature.missing and rng.random() < 0.15:
        return definition.Test(feature.name, "missing", bool(rng.random() < 0.5))
    if feature.type == "category":
        levels = rng.choice(feature.levels, len(feature.levels) // 2, replace=False).tolist()
        return definition.Test(feature.name, "in", tuple(levels))
    return definition.Test(feature.name, str(rng.choice(["below", "at_least"])), round(float(rng.normal()), 2))


def random_rule(rng, number, features, outcomes):
    tests = tuple(random_test(rng, features[f]) for f in rng.choice(len(features), rng.integers(1, 3), replace=False))
    when = Every(tests) if rng.random() < 0.7 else Some(tests)
    ends = {str(rng.choice(["then", "at_least"])): str(rng.choice(outcomes))}
    return Rule(f"r{number}", when, date(2020, 1, 1), "test", **ends)


def random_pack(rng, text, x, *, missing):
    """Random actions, rules, outcomes and bands around the margins of a model."""
    features = [random_feature(rng, f, missing=missing) for f in range(x.shape[1])]
    bringer, brought = (int(one) for one in rng.choice(len(features), 2, replace=False))
    if features[bringer].action and rng.random() < 0.6:
        other = features[brought]
        value = other.levels[0] if other.levels else 0.5
        features[bringer] = replace(features[bringer], action=replace(features[bringer].action, together=((other.name, value),)))
    codes = [["good", "fair", "refer", "bad"], ["good", "refer", "bad"], ["good", "fair", "bad", "refer"]][rng.integers(3)]
    outcomes = [Outcome(code, person=code == "refer") for code in codes]
    margins = [kernel_of(text, x[:3]).explain(row)[0] for row in x[:60]]
    ends = [code for code in codes if code != "refer" or rng.random() < 0.6]
    edges = sorted(np.quantile(margins, rng.uniform(0.3, 0.98, len(ends) - 1)).tolist(), reverse=True)
    bands = [Band(code, edge) for code, edge in zip(ends, [*edges, None], strict=True)]
    rules = [random_rule(rng, number, features, codes) for number in range(rng.integers(0, 4))]
    return replace(
        LITTLE, features=tuple(features), outcomes=tuple(outcomes), bands=tuple(bands), rules=tuple(rules), languages=("en",)
    )


def as_fact(value, feature):
    if np.isnan(value):
        return None
    return feature.levels[int(value)] if feature.levels else float(np.clip(value, -3, 3))


@cache
def random_case(seed, kind):
    """A pack around a random model, and facts of some of its rows."""
    text, x = trained(kind, seed % 5, rounds=5, rows=400)
    rng = np.random.default_rng(seed)
    pack = random_pack(rng, text, x, missing=kind != "none")
    rows = x[rng.choice(len(x), 5, replace=False)]
    facts = [{one.name: as_fact(value, one) for one, value in zip(pack.features, row, strict=True)} for row in rows]
    return pack, text, kernel_of(text, x[:5]), facts


def decided(facts, pack, kernel, day=DAY):
    row = read_facts(facts, pack)
    return row, decide_case(apply_policy(row.facts, pack, day), margin_of(row.x, kernel.book, kernel.masks), pack)


def followed(line, row, pack):
    """The facts once a line was followed."""
    return {**row.facts, **line.along, **{one.feature: one.to for one in line.changes}}


def wanted_of(decision, pack):
    """What is wanted first and second."""
    better = {one.code for one in pack.outcomes[: pack.favour(decision.outcome)]}
    return [one for one in (better - {pack.person}, better & {pack.person}) if one]


@pytest.mark.parametrize("kind", KINDS)
class TestTheFullGrid:
    def test_finds_the_same_cheapest_changes_of_one_and_two_features(self, kind):
        compared = 0
        for seed in SEEDS:
            pack, text, kernel, cases = random_case(seed, kind)
            for facts in cases:
                row, decision = decided(facts, pack, kernel)
                found = find_recourse(row, decision, pack, kernel, on=DAY)
                if found is not None:
                    compared += 1
                    self.compare(found, row, wanted_of(decision, pack), pack, text)
        assert compared >= 8

    def compare(self, found, row, wishes, pack, text):
        for wanted in wishes:
            expected = naive.lines(naive.cheapest_sets(row.facts, wanted, pack, text, DAY, PAST))
            three = isinstance(found, tuple) and len(found[0].changes) == 3
            if expected or (not isinstance(found, NoRecourse) and found[0].outcome in wanted):
                assert expected or three
                if expected:
                    said = [
                        (line.effort, tuple(one.feature for one in line.changes), {one.feature: one.to for one in line.changes})
                        for line in found
                    ]
                    assert said == [(effort, names, {name: changed[name] for name in names}) for effort, names, changed in expected]
                return
        assert isinstance(found, NoRecourse)


@pytest.mark.parametrize("kind", KINDS)
class TestEveryLine:
    def test_holds_when_followed_and_a_hair_to_either_side(self, kind):
        for seed in SEEDS:
            pack, _, kernel, cases = random_case(seed, kind)
            for facts in cases:
                row, decision = decided(facts, pack, kernel)
                found = find_recourse(row, decision, pack, kernel, on=DAY)
                for line in found if isinstance(found, tuple) else ():
                    then, reached = decided(followed(line, row, pack), pack, kernel)
                    assert (reached.outcome, reached.decisive, reached.margin) == (line.outcome, line.decisive, line.margin)
                    assert pack.favour(reached.outcome) < pack.favour(decision.outcome)
                    for by in (-PAST, PAST):
                        near = decide_case(apply_policy(then.facts, pack, DAY), reached.margin + by, pack)
                        assert pack.favour(near.outcome) < pack.favour(decision.outcome)

    def test_changes_only_what_is_allowed_and_by_how_much(self, kind):
        for seed in SEEDS:
            pack, _, kernel, cases = random_case(seed, kind)
            for facts in cases:
                row, decision = decided(facts, pack, kernel)
                found = find_recourse(row, decision, pack, kernel, on=DAY)
                for line in found if isinstance(found, tuple) else ():
                    assert 1 <= len(line.changes) <= 3
                    for change in line.changes:
                        assert change.to in allowed_values(change, line, row, pack)

    def test_differs_from_the_others_in_its_features(self, kind):
        for seed in SEEDS:
            pack, _, kernel, cases = random_case(seed, kind)
            for facts in cases:
                found = find_recourse(*decided(facts, pack, kernel), pack, kernel, on=DAY)
                if isinstance(found, tuple):
                    sets = [frozenset(one.feature for one in line.changes) for line in found]
                    assert len(set(sets)) == len(sets) <= 3
                    assert [line.effort for line in found] == sorted(line.effort for line in found)

    def test_says_at_least_only_where_every_value_beyond_would_do(self, kind):
        for seed in SEEDS:
            pack, _, kernel, cases = random_case(seed, kind)
            for facts in cases:
                row, decision = decided(facts, pack, kernel)
                found = find_recourse(row, decision, pack, kernel, on=DAY)
                for line in found if isinstance(found, tuple) else ():
                    for change in line.changes:
                        if change.farther:
                            self.try_beyond(change, line, row, decision, pack=pack, kernel=kernel)

    def try_beyond(self, change, line, row, decision, *, pack, kernel):
        then = followed(line, row, pack)
        for value in allowed_values(change, line, row, pack):
            if (value - change.to) * change.side > 0:
                reached = decided({**then, change.feature: value}, pack, kernel)[1]
                assert pack.favour(reached.outcome) < pack.favour(decision.outcome)


def allowed_values(change, line, row, pack):
    """What a feature of a line could have become: from where another change brings it, if one does."""
    brought = {name: fact for one in line.changes for name, fact in pack.feature[one.feature].action.together}
    start = {**row.facts, **brought} if change.feature in brought else row.facts
    return [value for _, value in naive.grid(pack.feature[change.feature], start)]
