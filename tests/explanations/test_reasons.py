"""Reasons: what was decisive first, and never one that points against its own number."""

import math
import re
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.attributions.attribution import by_group
from explainer.decisions.deciding import decide_case
from explainer.decisions.policy import RuleResult
from explainer.explanations.reasons import (
    CUSTOMER_LIMIT,
    MEDIUM,
    NEGLIGIBLE,
    STRONG,
    agent_reasons,
    customer_reasons,
    explaining_directions,
    strength_of,
)
from tests.little import FEATURES as DECLARED
from tests.little import PACK as HEAD
from tests.little import little_pack
from tests.support import SHIPPED

PACK = little_pack()
FEATURES = tuple(PACK.feature)  # amount: money, days: delivery, colour and size: item, gift: gift
PUSHES = st.lists(st.one_of(st.floats(-3, 3), st.sampled_from([0.0, 0.04, -0.04, 0.5, -0.5])), min_size=5, max_size=5)
RULES = st.lists(
    st.builds(
        RuleResult,
        st.sampled_from(["one", "two", "three"]),
        st.booleans(),
        st.sampled_from(["approve", "refer", "decline"]),
        st.booleans(),
    ),
    max_size=3,
    unique_by=lambda one: one.code,
)  # fmt: skip


@cache
def little_pack_of_one_group():
    return little_pack(features=re.sub(r"group: \w+", "group: all", DECLARED))


def explained(rules=(), **pushes):
    """Decision, the agent's reasons and the customer's, for pushes by feature (the others 0)."""
    phi = np.array([pushes.get(name, 0.0) for name in FEATURES])
    margin = math.fsum(phi)
    decision = decide_case(tuple(rules), margin, PACK)
    (moved,) = by_group(phi[np.newaxis], PACK.group_of)
    return decision, agent_reasons(decision, moved, PACK), customer_reasons(decision, moved, PACK)


def said(reasons):
    return [(one.code, one.direction) for one in reasons]


class TestSigns:
    def test_a_feature_that_helped_is_never_given_as_a_reason_against(self):
        _, _, customer = explained(amount=0.4, days=-0.9, gift=-0.9)
        assert said(customer) == [("delivery", "against"), ("gift", "against")]

    @settings(max_examples=300, deadline=None)
    @given(PUSHES, RULES)
    def test_no_reason_disagrees_in_sign_with_its_attribution(self, pushes, rules):
        _, agent, customer = explained(rules, **dict(zip(FEATURES, pushes, strict=True)))
        truth = {"money": pushes[0], "delivery": pushes[1], "item": pushes[2] + pushes[3], "gift": pushes[4]}
        for one in (*agent, *customer):
            if one.kind == "score":
                assert one.direction == ("for" if truth[one.code] > 0 else "against")
                assert one.push == pytest.approx(truth[one.code], abs=1e-12)

    @settings(max_examples=300, deadline=None)
    @given(PUSHES)
    def test_the_lead_feature_pushes_in_the_direction_of_its_reason_and_furthest(self, pushes):
        push_of = dict(zip(FEATURES, pushes, strict=True))
        _, agent, _ = explained(**push_of)
        for one in agent:
            sign = 1 if one.direction == "for" else -1
            members = [push for name, push in push_of.items() if PACK.group_of[name] == one.code]
            assert sign * push_of[one.lead] == max(sign * push for push in members)
            assert sign * push_of[one.lead] > 0

    @given(PUSHES)
    def test_the_lead_is_not_the_largest_push_when_that_points_the_other_way(self, pushes):
        """In a group of three, one large push can be outweighed by two smaller ones."""
        crowded, phi = little_pack_of_one_group(), np.array(pushes)
        decision = decide_case((), math.fsum(phi), crowded)
        for one in agent_reasons(decision, by_group(phi[np.newaxis], crowded.group_of)[0], crowded):
            sign = 1 if one.direction == "for" else -1
            assert sign * dict(zip(FEATURES, pushes, strict=True))[one.lead] == max(sign * push for push in pushes) > 0

    @pytest.mark.parametrize("pack", SHIPPED)
    def test_on_a_thousand_held_out_cases_signs_leads_and_sizes_agree(self, pack, travelled, releases):
        group_of = releases[pack][0].pack.group_of
        for case in travelled(pack):
            push_of = dict(zip(case.attribution.features, case.attribution.phi, strict=True))
            totals = {group: push for group, push, _ in by_group(case.attribution.phi[np.newaxis], group_of)[0]}
            for one in (*case.reasons["agent"], *case.reasons["customer"]):
                if one.kind == "score":
                    sign = 1 if one.direction == "for" else -1
                    assert sign * totals[one.code] > 0
                    assert sign * push_of[one.lead] > 0
                    assert group_of[one.lead] == one.code


class TestForTheAgent:
    def test_everything_for_and_against_is_there_strongest_first(self):
        _, agent, _ = explained(amount=0.4, days=-0.9, gift=0.1)
        assert said(agent) == [("delivery", "against"), ("money", "for"), ("gift", "for")]

    def test_what_hardly_moved_the_odds_is_no_reason(self):
        _, agent, _ = explained(amount=NEGLIGIBLE * 0.99, days=-NEGLIGIBLE * 0.99, gift=NEGLIGIBLE)
        assert said(agent) == [("gift", "for")]

    def test_rules_that_fired_come_before_the_score_and_the_decisive_one_first(self):
        rules = (
            RuleResult("floor", True, "refer", True),
            RuleResult("quiet", False, "decline", False),
            RuleResult("hard", True, "decline", False),
        )
        decision, agent, _ = explained(rules, amount=2.0)
        assert (decision.rule, said(agent)) == ("hard", [("hard", "against"), ("floor", "for"), ("money", "for")])

    @settings(max_examples=200, deadline=None)
    @given(PUSHES, RULES)
    def test_the_decisive_rule_is_always_the_first_reason(self, pushes, rules):
        decision, agent, customer = explained(rules, **dict(zip(FEATURES, pushes, strict=True)))
        if decision.decisive == "rule":
            assert agent[0].code == customer[0].code == decision.rule
        kinds = [one.kind for one in agent]
        assert kinds == sorted(kinds, key=lambda kind: kind != "rule")


class TestForTheCustomer:
    def test_when_a_rule_decided_that_rule_is_the_only_reason(self):
        _, _, customer = explained(
            (RuleResult("hard", True, "decline", False), RuleResult("other", True, "refer", False)), amount=2.0
        )
        assert said(customer) == [("hard", "against")]

    def test_a_rule_that_fired_and_did_not_decide_is_no_reason_for_the_customer(self):
        decision, _, customer = explained((RuleResult("floor", True, "refer", True),), amount=2.0)
        assert (decision.decisive, said(customer)) == ("score", [("money", "for")])

    def test_what_spoke_for_it_explains_the_best_outcome(self):
        decision, _, customer = explained(amount=2.0, days=-0.9)
        assert (decision.outcome, said(customer)) == ("approve", [("money", "for")])

    def test_what_spoke_against_it_explains_the_worst(self):
        decision, _, customer = explained(amount=1.0, days=-2.0)
        assert (decision.outcome, said(customer)) == ("decline", [("delivery", "against")])

    def test_both_explain_what_lies_between(self):
        decision, _, customer = explained(amount=1.0, days=-0.9)
        assert (decision.outcome, said(customer)) == ("refer", [("money", "for"), ("delivery", "against")])

    def test_weak_reasons_are_dropped_once_there_are_two(self):
        _, _, customer = explained(amount=2.0, days=0.2, size=0.15, gift=0.1)
        assert said(customer) == [("money", "for"), ("delivery", "for")]

    def test_none_that_an_agent_reads_as_more_than_slight_is_dropped(self):
        _, agent, customer = explained(amount=3.0, days=2.0, size=MEDIUM, gift=MEDIUM * 0.99)
        assert said(customer) == [("money", "for"), ("delivery", "for"), ("item", "for")]
        assert [one.strength for one in agent] == ["strong", "strong", "medium", "slight"]

    def test_there_may_be_four_when_all_of_them_count(self):
        _, _, customer = explained(amount=2.0, days=1.5, size=1.0, gift=0.9)
        assert len(customer) == 4

    @settings(max_examples=300, deadline=None)
    @given(PUSHES, RULES)
    def test_there_are_at_most_four_in_the_order_the_agent_sees_them(self, pushes, rules):
        decision, agent, customer = explained(rules, **dict(zip(FEATURES, pushes, strict=True)))
        assert len(customer) <= CUSTOMER_LIMIT == 4
        assert [one for one in agent if one in customer] == list(customer)
        if decision.decisive == "rule":
            assert [one.code for one in customer] == [decision.rule]
        else:
            assert {one.kind for one in customer} <= {"score"}
            assert {one.direction for one in customer} <= set(explaining_directions(decision.outcome, PACK))

    @pytest.mark.parametrize("pack", SHIPPED)
    def test_on_a_thousand_held_out_cases_they_are_few_and_decisive(self, pack, travelled, releases):
        declared = releases[pack][0].pack
        for case in travelled(pack):
            customer = case.reasons["customer"]
            assert len(customer) <= 4
            if case.decision.decisive == "rule":
                assert [one.code for one in customer] == [case.decision.rule]
            else:
                assert all(one.kind == "score" for one in customer)
                assert {one.direction for one in customer} <= set(explaining_directions(case.decision.outcome, declared))

    @pytest.mark.parametrize("pack", SHIPPED)
    def test_nearly_every_held_out_case_has_one(self, pack, travelled):
        assert np.mean([bool(case.reasons["customer"]) for case in travelled(pack)]) >= 0.98


class TestExplainingDirections:
    @pytest.mark.parametrize(
        ("outcome", "directions"), [("approve", ("for",)), ("decline", ("against",)), ("refer", ("for", "against"))]
    )
    def test_of_refunds(self, outcome, directions, releases):
        assert explaining_directions(outcome, releases["refund_approval"][0].pack) == directions

    @pytest.mark.parametrize(
        ("outcome", "directions"),
        [
            ("P1", ("for",)),
            ("P2", ("for", "against")),
            ("P3", ("for", "against")),
            ("P4", ("against",)),
            ("refer", ("for", "against")),
        ],
    )
    def test_of_priorities(self, outcome, directions, releases):
        assert explaining_directions(outcome, releases["priority_scoring"][0].pack) == directions

    def test_follow_the_bands_and_not_the_names(self):
        turned = little_pack(pack=HEAD.replace("approve", "grant").replace("decline", "deny"), policy="rules: []")
        assert [explaining_directions(one, turned) for one in ("grant", "refer", "deny")] == [
            ("for",),
            ("for", "against"),
            ("against",),
        ]


class TestStrength:
    @pytest.mark.parametrize(
        ("odds", "strength"),
        [
            (2.01, "strong"),
            (0.49, "strong"),
            (1.99, "medium"),
            (1.26, "medium"),
            (0.79, "medium"),
            (1.24, "slight"),
            (0.81, "slight"),
        ],
    )
    def test_is_said_in_terms_of_odds(self, odds, strength):
        assert strength_of(math.log(odds)) == strength

    def test_steps_lie_where_they_are_declared(self):
        assert [math.exp(step) for step in (STRONG, MEDIUM, NEGLIGIBLE)] == pytest.approx([2.0, 1.25, 1.05])
        assert [strength_of(edge) for edge in (STRONG, -STRONG, MEDIUM, -MEDIUM)] == ["strong", "strong", "medium", "medium"]

    @given(st.floats(-5, 5))
    def test_does_not_depend_on_the_direction(self, push):
        assert strength_of(push) == strength_of(-push)
