"""Random packs: actions, rules, outcomes and bands around a random model, for whoever searches them."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np

from explainer.packs import definition
from explainer.packs.definition import Action, Band, Every, Feature, Outcome, Rule, Some
from tests.forests import kernel_of, trained
from tests.little import little_pack

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
    margins = kernel_of(text, x[:3]).explain_many(x[:60])[0]
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
