"""The refund rules against the law they cite: whatever the score says, no request ends worse than it may.

Derived from the articles, not from policy.yaml: 2011/83/EU, Articles 9, 14(2) and 16; 2019/771, Articles 5 to 10.
"""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from explainer.decisions.deciding import decide_case
from explainer.decisions.policy import apply_policy
from explainer.packs.definition import Pack
from tests.support import MODELS, declared

DAY = date(2026, 5, 4)
MARGINS = (-5.0, 0.0, 5.0)  # declined, between, approved by the score alone
LEFT_OUT = {"beauty", "food", "custom_made"}  # Article 16 has something to say about these
CONDITIONS = ("unopened", "opened", "used", "damaged", "faulty", "incomplete", None)
NOT_CONFORMING = {"damaged", "defective", "wrong_item", "parts_missing", "not_as_described"}
ORDINARY = {
    "amount": 89.9, "return_status": "not_sent", "delivery_delay_days": 0, "tracking_status": "delivered", "channel": "web",
    "photos": 0, "orders_12_months": 11, "refunds_12_months": 8, "tenure_months": 30, "payment_method": "card",
    "contact_weekday": "monday", "gift": False,
}  # fmt: skip


@pytest.fixture(scope="module")
def pack() -> Pack:
    return declared("refund_approval")


@pytest.fixture(scope="module")
def outcomes(pack):
    """Every outcome that any score leads to, over all reasons, conditions and kinds of sale, for some categories and days."""
    reasons = pack.feature["reason"].levels

    def reach(categories, days, reasons=reasons, conditions=CONDITIONS):
        asked = product(categories, days, reasons, conditions, (False, True), MARGINS)
        for category, day, reason, condition, final, margin in asked:
            facts = {"product_category": category, "days_since_delivery": day, "reason": reason, "item_condition": condition}
            facts |= {"final_sale": final, **ORDINARY}
            yield decide_case(apply_policy(facts, pack, DAY), margin, pack).outcome

    return reach


@pytest.fixture(scope="module")
def goods(pack):
    return [one for one in pack.feature["product_category"].levels if one not in LEFT_OUT]


class TestWithdrawal:
    def test_as_new_goods_can_go_back_for_fourteen_days(self, outcomes, goods):
        assert set(outcomes(goods, (0, 14), conditions=("unopened", "opened"))) == {"approve"}

    def test_used_or_undescribed_goods_are_never_declined_by_software(self, outcomes, goods):
        assert "decline" not in set(outcomes(goods, (0, 14)))

    def test_sealed_hygiene_goods_can_go_back_and_undescribed_ones_are_not_declined(self, outcomes):
        assert set(outcomes(["beauty"], (0, 14), conditions=("unopened",))) == {"approve"}
        assert "decline" not in set(outcomes(["beauty"], (0, 14), conditions=(None,)))

    def test_unopened_food_is_looked_at_by_a_person(self, outcomes):
        assert set(outcomes(["food"], (0, 14), conditions=("unopened", None))) == {"refer"}

    def test_opened_hygiene_goods_and_goods_made_to_order_have_no_such_right(self, outcomes):
        assert "decline" in set(outcomes(["beauty"], (0, 14), conditions=("opened",)))
        assert "decline" in set(outcomes(["custom_made"], (0, 14)))

    def test_it_ends_after_fourteen_days(self, outcomes, goods):
        assert "decline" in set(outcomes(goods, (15,), reasons=["changed_mind"]))


class TestGuarantee:
    def test_what_does_not_conform_is_never_declined_by_software(self, outcomes, pack):
        categories = pack.feature["product_category"].levels
        assert "decline" not in set(outcomes(categories, (0, 15, 729, 730, None), reasons=sorted(NOT_CONFORMING)))


class TestWords:
    """A sentence that says `by law` says nothing that only the shop promises."""

    @pytest.mark.parametrize(("language", "by_law", "own"), [("en", "By law", "our own rule"), ("es", "Por ley", "norma nuestra")])
    def test_only_the_guarantee_speaks_of_the_law_and_it_says_what_is_policy(self, language, by_law, own):
        text = (MODELS / "refund_approval" / "phrases" / f"{language}.ftl").read_text("utf-8")
        rules = text[text.index("rule-") :].split("\nrule-")
        assert [one.split(" ")[0] for one in rules if by_law.lower() in one.lower()] == ["legal_guarantee"]
        assert own in rules[-1]

    def test_every_source_that_is_policy_says_so(self, pack):
        sources = {rule.code: rule.source for rule in pack.rules}
        assert "Returns policy" in sources["not_delivered"]
        assert "18(2)" in sources["not_delivered"]
        assert "returns policy" in sources["withdrawal_right"]
        assert "shop's own rule" in sources["legal_guarantee"]
