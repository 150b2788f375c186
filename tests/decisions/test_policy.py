"""Policy: which rules are in force on a day, and which of them fire."""

import math
import random
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from explainer.decisions.features import MANY, FeatureRow, read_all
from explainer.decisions.policy import apply_policy, apply_policy_together, in_force, question
from explainer.packs.definition import Every, Rule, Some
from explainer.packs.definition import Test as Compare
from tests.little import little_pack

PACK = little_pack()
SUMMER = next(rule for rule in PACK.rules if rule.code == "summer")
FACTS = {"amount": 20.0, "days": 30, "colour": "green", "size": "large", "gift": False}


def fired(on=date(2026, 5, 4), **changed):
    return [one.code for one in apply_policy(FACTS | changed, PACK, on) if one.fired]


class TestComparing:
    @pytest.mark.parametrize(
        ("operator", "value", "fact", "expected"),
        [
            ("is", "red", "red", True),
            ("is", "red", "blue", False),
            ("is", True, True, True),
            ("is", True, False, False),
            ("is", 3, 3.0, True),
            ("in", ("red", "blue"), "blue", True),
            ("in", ("red", "blue"), "green", False),
            ("in", (1, 2), 2.0, True),
            ("below", 14, 13, True),
            ("below", 14, 14, False),
            ("below", 14, 13.999, True),
            ("at_least", 14, 14, True),
            ("at_least", 14, 13, False),
            ("at_least", 14, 14.001, True),
            ("missing", True, None, True),
            ("missing", True, 3, False),
            ("missing", False, 3, True),
            ("missing", False, None, False),
        ],
    )
    def test_each_comparison_means_what_it_says(self, operator, value, fact, expected):
        assert question(Compare("f", operator, value))({"f": fact}) is expected

    @pytest.mark.parametrize(
        ("operator", "value"), [("is", "red"), ("is", False), ("in", ("red",)), ("below", 10**9), ("at_least", -(10**9))]
    )
    def test_a_comparison_with_a_missing_value_is_false(self, operator, value):
        assert question(Compare("f", operator, value))({"f": None}) is False

    def test_zero_and_false_are_values_and_not_missing(self):
        assert not question(Compare("f", "missing", True))({"f": 0})
        assert not question(Compare("f", "missing", True))({"f": False})

    def test_all_needs_every_clause(self):
        both = Every((Compare("a", "below", 5), Compare("b", "below", 5)))
        assert [question(both)({"a": a, "b": b}) for a, b in ((1, 1), (1, 9), (9, 1), (9, 9))] == [True, False, False, False]

    def test_any_needs_one_clause(self):
        either = Some((Compare("a", "below", 5), Compare("b", "below", 5)))
        assert [question(either)({"a": a, "b": b}) for a, b in ((1, 1), (1, 9), (9, 1), (9, 9))] == [True, True, True, False]

    def test_clauses_nest(self):
        clause = Every((Compare("a", "is", True), Some((Compare("b", "missing", True), Every((Compare("c", "is", "x"),))))))
        assert question(clause)({"a": True, "b": 1, "c": "x"})
        assert not question(clause)({"a": True, "b": 1, "c": "y"})


class TestDays:
    @pytest.mark.parametrize(
        ("on", "expected"),
        [
            (date(2026, 5, 31), False),
            (date(2026, 6, 1), True),
            (date(2026, 7, 15), True),
            (date(2026, 8, 31), True),
            (date(2026, 9, 1), False),
        ],
    )
    def test_the_first_and_the_last_day_are_included(self, on, expected):
        assert in_force(SUMMER, on) is expected

    def test_a_rule_without_a_last_day_stays_in_force(self):
        assert in_force(PACK.rules[0], date.max)

    def test_a_rule_that_is_not_in_force_is_not_even_listed(self):
        listed = [one.code for one in apply_policy(FACTS, PACK, SUMMER.in_force_from - timedelta(days=1))]
        assert listed == ["never_came", "at_least_a_person", "dear"]

    def test_the_same_facts_meet_another_policy_on_another_day(self):
        assert (fired(colour="red"), fired(on=date(2026, 7, 1), colour="red")) == ([], ["summer"])


class TestResults:
    def test_every_rule_in_force_is_listed_in_the_order_of_the_policy(self):
        assert [one.code for one in apply_policy(FACTS, PACK, date(2026, 7, 1))] == [rule.code for rule in PACK.rules]

    def test_all_that_fire_are_told_not_only_the_first(self):
        assert fired(on=date(2026, 7, 1), days=1, amount=95.0, gift=True) == ["summer", "at_least_a_person", "dear"]

    def test_a_rule_that_lifts_is_told_from_one_that_decides(self):
        assert {one.code: one.floor for one in apply_policy(FACTS, PACK, date(2026, 7, 1))} == {
            "never_came": False,
            "summer": False,
            "at_least_a_person": True,
            "dear": False,
        }

    def test_a_rule_that_asks_for_missing_fires_only_then(self):
        assert (fired(days=None), fired(days=0)) == (["never_came"], ["at_least_a_person"])


def any_clause(rng, depth=2):
    """A clause as a policy may hold one, with every operator and every kind of feature."""
    if depth and rng.random() < 0.6:
        return rng.choice([Every, Some])(tuple(any_clause(rng, depth - 1) for _ in range(rng.randint(1, 3))))
    feature = rng.choice(PACK.features)
    if feature.missing and rng.random() < 0.3:
        return Compare(feature.name, "missing", rng.random() < 0.5)
    known = {
        "category": feature.levels,
        "boolean": (False, True),
        "integer": (*range(62), 3.0),
        "number": (0, 0.5, 20, 20.0, 34.9, 99.5),
    }
    values = known[feature.type]
    operator = rng.choice(["is", "in"] if feature.type in ("category", "boolean") else ["is", "in", "below", "at_least"])
    value = tuple(rng.sample(values, 2)) if operator == "in" else rng.choice(values)
    return Compare(feature.name, operator, value)


def any_facts(rng):
    return {
        "amount": rng.choice([0.5, 20, 20.0, 34.9, 99.5, 200.0]),
        "days": rng.choice([None, 0, 1, 3, 3.0, 30, 60]),
        "colour": rng.choice([None, "red", "green", "blue", "pink"]),
        "size": rng.choice(PACK.feature["size"].levels),
        "gift": rng.choice([False, True]),
    }


class TestManyCases:
    def test_meet_the_rules_that_each_meets_alone(self):
        rng, met = random.Random(5), set()
        for _ in range(60):
            rules = tuple(Rule(f"r{at}", any_clause(rng), date(2020, 1, 1), "test", then="decline") for at in range(11))
            pack = replace(PACK, rules=rules)
            rows = read_all([any_facts(rng) for _ in range(40)], pack)
            assert all(isinstance(one, FeatureRow) for one in rows)
            facts = [one.facts for one in rows]
            together = apply_policy_together(facts, np.array([one.x for one in rows]), pack, date(2026, 1, 1))
            assert together == [apply_policy(one, pack, date(2026, 1, 1)) for one in facts]
            met |= {one.fired for said in together for one in said}
        assert met == {True, False}

    @pytest.mark.parametrize("limit", [2**53 - 1, 2**53, 2**53 + 1, 1e300, math.inf])
    @pytest.mark.parametrize("operator", ["is", "below", "at_least"])
    def test_whole_numbers_that_floats_cannot_tell_apart_are_told_apart(self, limit, operator):
        feature = replace(PACK.feature["days"], low=None, high=None)
        rule = Rule("large", Compare("days", operator, limit), date(2020, 1, 1), "test", then="decline")
        pack = replace(PACK, features=tuple(feature if one.name == "days" else one for one in PACK.features), rules=(rule,))
        rows = read_all([FACTS | {"days": days} for days in (2**53 - 2, 2**53 - 1, 2**53, 2**53 + 1, 10**17) * 4], pack)
        facts = [one.facts for one in rows]
        together = apply_policy_together(facts, np.array([one.x for one in rows]), pack, date(2026, 1, 1))
        assert together == [apply_policy(one, pack, date(2026, 1, 1)) for one in facts]

    def test_share_a_result_where_the_same_rules_fire(self):
        large = float(PACK.feature["size"].levels.index("large"))
        x = np.array([[20.0, days, 1.0, large, 0.0] for days in (math.nan, 1.0, 30.0, 31.0) * MANY])
        arrived, soon, late, later, *_ = apply_policy_together([FACTS] * len(x), x, PACK, date(2026, 7, 1))
        assert late is later
        assert len({id(one) for one in (arrived, soon, late)}) == 3

    def test_without_a_rule_in_force_meet_none(self):
        assert apply_policy_together([FACTS] * 20, np.zeros((20, 5)), PACK, date(1999, 1, 1)) == [()] * 20
