"""The record: to bytes and back bit for bit, and every record ever written stays readable."""

import math
import struct
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainer.attributions.attribution import Attribution
from explainer.decisions.deciding import Decision
from explainer.decisions.features import FeatureRow
from explainer.decisions.policy import RuleResult
from explainer.errors import Contradiction
from explainer.explanations.changing.recourse import Change, Line, NoRecourse
from explainer.explanations.reasons import Reason
from explainer.explanations.wording import Sentence
from explainer.ledger.canonical import decode, encode_floats
from explainer.record import DecisionRecord, Permission, body_of, lively, numbers_of, read_record
from explainer.road import Explained, travel, without_model
from tests.support import SHIPPED

OLDEST = Path(__file__).parent / "golden" / "record_v1.json"  # written once by version 1; never written again
GOLDEN = Path(__file__).parent / "golden" / "record_v2.json"  # written once by version 2; never written again
AT = datetime(2026, 5, 4, 10, 30, 0, 123456, tzinfo=UTC)
FLOATS = st.floats(allow_nan=True, allow_infinity=True)


LINE = Line((Change("count", 3, 1, True), Change("gift", False, 0, False)), {"days": None}, 2.5, "approve", "score", 0.75, 0.25)


def hand_made(recourse=(LINE,)):
    """A record of small values made by hand: what the golden files say."""
    row = FeatureRow(
        np.array([34.9, math.nan, 2.0, 1.0, -0.0]),
        {"amount": 34.9, "days": None, "colour": "größer 漢字", "gift": True, "count": 0},
        {"days": "unknown", "amount": "clipped"},
    )
    rules = (RuleResult("quiet", False, "approve", False), RuleResult("floor", True, "refer", True))
    decision = Decision("refer", "rule", "floor", -0.75, 0.25, rules)
    attribution = Attribution(
        ("amount", "days", "colour", "gift", "count"), np.array([-0.5, -0.25, 0.125, 0.0, -0.0]), -0.125, -0.75, "by hand"
    )
    reasons = (Reason("floor", "rule", "for", "strong"), Reason("money", "score", "against", "medium", -0.5, "amount"))
    sentences = (Sentence("floor", "for", "strong", "A person decides."), Sentence("money", "against", "medium", "Pidió 34,90 €."))
    if recourse is not None:  # version 2 says what sentences assert too
        first = sentences[0]._replace(key="rule-floor.agent", rank=1, outcome="refer")
        sentences = (first, sentences[1]._replace(key="reason-amount.against", rank=2, facts=(("amount", 34.9),)))
    texts = {"en": {"agent": sentences, "customer": sentences[:1]}, "es": {"agent": sentences, "customer": sentences[:1]}}
    explained = Explained(row, decision, attribution, {"agent": reasons, "customer": reasons[:1]}, texts, recourse=recourse)
    permission = Permission("allowed", "0196-entry", "2026-05-01T00:00:00.000000Z")
    return DecisionRecord("0197-id", AT, "little", "ab" * 32, "C-1 ☺", "R-1", "en-GB", permission, explained)


def same_bits(one, other):
    return np.asarray(one, dtype=np.float64).tobytes() == np.asarray(other, dtype=np.float64).tobytes()


@pytest.mark.parametrize(("golden", "recourse"), [(OLDEST, None), (GOLDEN, (LINE,))], ids=["v1", "v2"])
class TestEveryGoldenRecord:
    def test_is_still_read(self, golden, recourse):
        found, wanted = read_record(golden.read_bytes()), hand_made(recourse)
        assert (found.id, found.at, found.pack, found.release, found.customer, found.case, found.locale, found.permission) == (
            wanted.id, wanted.at, wanted.pack, wanted.release, wanted.customer, wanted.case, wanted.locale, wanted.permission,
        )  # fmt: skip
        assert (found.explained.row.facts, found.explained.row.adjusted) == (
            wanted.explained.row.facts,
            wanted.explained.row.adjusted,
        )
        assert (found.explained.decision, found.explained.reasons, found.explained.texts) == (
            wanted.explained.decision, wanted.explained.reasons, wanted.explained.texts,
        )  # fmt: skip
        assert found.explained.recourse == recourse

    def test_still_holds_the_very_numbers(self, golden, recourse):
        found, wanted = read_record(golden.read_bytes()).explained, hand_made(recourse).explained
        assert same_bits(found.row.x, wanted.row.x)
        assert same_bits(found.attribution.phi, wanted.attribution.phi)
        assert (found.attribution.baseline, found.attribution.margin, found.attribution.gap) == (-0.125, -0.75, 0.0)

    def test_gives_the_same_numbers_without_its_words(self, golden, recourse):
        data = golden.read_bytes()
        assert written(numbers_of(data)) == written(body_of(data) | NO_WORDS)


class TestNumbersAlone:
    @pytest.mark.parametrize("names", [("texts",), ("release", "row", "safeguard", "texts", "v"), ("v",)])
    def test_are_the_record_s_own_whatever_its_facts_are_called(self, names):
        record = hand_made()
        said = record.explained._replace(row=record.explained.row._replace(facts=dict.fromkeys(names, 0.5)))
        data = replace(record, explained=said).to_bytes()
        assert written(numbers_of(data)) == written(body_of(data) | NO_WORDS)


NO_WORDS = {"reasons": None, "texts": None, "recourse": None}


def written(body):
    """A record's fields as text, by name: every float to its last digit."""
    return repr(sorted(body.items()))


class TestTheNewestGoldenRecord:
    def test_is_still_written_in_the_same_bytes(self):
        assert hand_made().to_bytes() == GOLDEN.read_bytes()

    def test_is_read_and_written_again_unchanged(self):
        assert read_record(GOLDEN.read_bytes()).to_bytes() == GOLDEN.read_bytes()


@pytest.mark.parametrize("pack", SHIPPED)
class TestRoundTrip:
    def test_a_real_record_comes_back_bit_for_bit(self, pack, releases, sampled):
        release, model = releases[pack]
        for facts in sampled(pack, 40):
            said = travel(facts, release, model, date(2026, 5, 4))
            record = DecisionRecord("an-id", AT, pack, release.digest, "C-1", "R-1", "en", Permission(), said)
            found = read_record(record.to_bytes())
            assert found.to_bytes() == record.to_bytes()
            assert same_bits(found.explained.row.x, said.row.x)
            assert same_bits(found.explained.attribution.phi, said.attribution.phi)
            assert (found.explained.decision, found.explained.reasons, found.explained.texts) == (
                said.decision,
                said.reasons,
                said.texts,
            )
            assert found.explained.recourse == said.recourse
            assert found.explained.row.facts == said.row.facts

    def test_a_record_without_the_model_comes_back_with_its_nulls(self, pack, releases, sampled):
        said = without_model(sampled(pack, 1)[0], releases[pack][0])
        record = DecisionRecord("an-id", AT, pack, "ab" * 32, "C-1", "R-1", "es", Permission("opted_out", "e", "t"), said)
        found = read_record(record.to_bytes())
        assert (found.explained.decision.margin, found.explained.attribution, found.explained.reasons, found.explained.texts) == (
            None,
        ) * 4
        assert found.permission == Permission("opted_out", "e", "t")

    def test_whole_numbers_stay_whole_and_floats_stay_floats(self, pack, releases, sampled):
        release, model = releases[pack]
        said = travel(sampled(pack, 1)[0], release, model, date(2026, 5, 4))
        found = read_record(DecisionRecord("i", AT, pack, "a", "C", "R", "en", Permission(), said).to_bytes())
        assert {name: type(fact) for name, fact in found.explained.row.facts.items()} == {
            n: type(f) for n, f in said.row.facts.items()
        }


class TestNumbers:
    @given(st.lists(FLOATS, min_size=1, max_size=6))
    def test_every_float64_of_a_row_comes_back_bit_for_bit(self, values):
        said = Explained(FeatureRow(np.array(values), {}, {}), Decision("refer", "permission"))
        found = read_record(DecisionRecord("i", AT, "p", "r", "C", "R", "en", Permission(), said).to_bytes())
        assert found.explained.row.x.tobytes() == np.array(values, dtype=np.float64).tobytes()

    @given(FLOATS)
    def test_a_margin_comes_back_bit_for_bit(self, margin):
        said = Explained(FeatureRow(np.array([0.0]), {}, {}), Decision("refer", "score", None, margin, margin))
        found = read_record(DecisionRecord("i", AT, "p", "r", "C", "R", "en", Permission(), said).to_bytes())
        assert struct.pack(">d", found.explained.decision.margin) == struct.pack(">d", margin)

    def test_no_float_is_ever_written_as_decimal_digits(self):
        assert b"34.9" not in hand_made().to_bytes()

    @settings(max_examples=50, deadline=None)
    @given(
        st.recursive(
            st.one_of(
                st.none(), st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), st.floats(allow_nan=False), st.text(max_size=5)
            ),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
            max_leaves=6,
        )
    )
    def test_what_was_written_comes_back_with_live_floats(self, value):
        assert lively(decode(encode_floats(value))) == value


class TestTimes:
    def test_are_kept_to_the_microsecond(self):
        assert read_record(hand_made().to_bytes()).at == AT

    def test_of_another_zone_are_the_same_instant_and_the_same_bytes(self):
        record, there = hand_made(), AT.astimezone(timezone(timedelta(hours=5)))
        moved = DecisionRecord(
            record.id,
            there,
            *(getattr(record, name) for name in ("pack", "release", "customer", "case", "locale", "permission", "explained")),
        )
        assert moved.to_bytes() == record.to_bytes()


class TestBrokenBytes:
    @pytest.mark.parametrize(
        "change", [lambda b: b[:-1], lambda b: b + b" ", lambda b: b.replace(b'"id":', b'"id": '), lambda b: b"", lambda b: b"{"]
    )
    def test_what_is_not_canonical_is_refused(self, change):
        with pytest.raises(Contradiction):
            read_record(change(GOLDEN.read_bytes()))

    def test_attributions_that_no_longer_add_up_are_refused(self):
        whole = GOLDEN.read_bytes()
        changed = whole.replace(b"bfe0000000000000", b"3fe0000000000000", 1)
        assert changed != whole
        with pytest.raises(Contradiction):
            read_record(changed)

    def test_a_record_of_a_version_nobody_wrote_is_refused(self):
        with pytest.raises(Contradiction, match="version 3"):
            read_record(GOLDEN.read_bytes().replace(b'"v":2}', b'"v":3}'))

    @pytest.mark.parametrize("recourse", [None, NoRecourse("rule"), (LINE, LINE)])
    def test_recourse_comes_back_as_it_was(self, recourse):
        assert read_record(hand_made(recourse).to_bytes()).explained.recourse == recourse
