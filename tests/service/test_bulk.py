"""Bulk: what one by one would give, for many; the bad ones are told why and the rest goes on."""

import json
from datetime import date

import pytest

from explainer.road import travel
from explainer.service.bulk import Given, Rejected, as_line, decide_all, opted_out_among, read_line, rehearse
from explainer.service.decide import Case, decide
from explainer.service.inspect import find, signed_receipt
from explainer.service.oversee import set_preference
from tests.cases import Untouchable, entries
from tests.support import SHIPPED

REFUND = "refund_approval"
DAY = date(2026, 5, 4)


def given(facts, row=1, **more):
    return Given(row, facts, **({"customer": f"C-{row}", "case": f"R-{row}"} | more))


def told(explained, *readers):
    """Everything a result says to some readers (none: to all), ids and times aside."""
    split = explained.attribution
    reasons = explained.reasons and {one: explained.reasons[one] for one in readers or explained.reasons}
    return (
        explained.row.x.tobytes(),
        explained.row.facts,
        explained.decision,
        split and (split.phi.tobytes(), split.baseline),
        reasons,
    )


@pytest.mark.parametrize("pack", SHIPPED)
class TestTheSameAsOneByOne:
    def test_rehearsed(self, pack, releases, sampled, services):
        release, kernel = releases[pack]
        cases = sampled(pack, 60)
        together = rehearse([given(facts, row) for row, facts in enumerate(cases, 1)], services.serving(pack), DAY, "es")
        for facts, one in zip(cases, together, strict=True):
            alone = travel(facts, release, kernel, DAY)
            assert told(one.explained) == told(alone, "customer")
            assert one.explained.texts == {"es": {"customer": alone.texts["es"]["customer"]}}
            assert (one.id, one.explained.recourse) == (None, None)

    def test_rehearsed_with_what_would_have_changed_it(self, pack, releases, sampled, services):
        release, kernel = releases[pack]
        cases = sampled(pack, 60)
        batch = [given(facts, row) for row, facts in enumerate(cases, 1)]
        together = rehearse(batch, services.serving(pack), DAY, "es", recourse=True)
        for facts, one in zip(cases, together, strict=True):
            alone = travel(facts, release, kernel, DAY)
            assert one.explained.recourse == alone.recourse
            assert one.explained.texts == {"es": {reader: alone.texts["es"][reader] for reader in ("customer", "recourse")}}
            line = as_line(one, release, "es", recourse=True)
            assert line["recourse_es"] == [one.text for one in alone.texts["es"]["recourse"]]

    def test_recorded(self, pack, sampled, services):
        cases = sampled(pack, 40)
        together = decide_all([given(facts, row) for row, facts in enumerate(cases, 1)], pack, services)
        for row, (facts, one) in enumerate(zip(cases, together, strict=True), 1):
            alone = decide(Case(pack, f"D-{row}", f"R-{row}", "en", facts), f"alone-{row}", services).record.explained
            assert told(one.explained) == told(alone)
            assert one.explained.texts == alone.texts
            assert told(find(one.id, services).record.explained) == told(alone)


class TestRecording:
    @pytest.fixture
    def facts(self, sampled):
        return sampled(REFUND, 1)[0]

    def test_bad_cases_name_every_mistake_and_the_rest_goes_on(self, facts, services):
        before = entries(services.settings.home)
        batch = [
            given(facts, 1),
            given(facts | {"photos": "many", "weight": 3}, 2),
            given(facts, 3, customer="A/1", case=""),
            given(facts, 4, locale="tlh"),
            given(facts, 5),
        ]
        good, facts_wrong, names_wrong, locale_wrong, last = decide_all(batch, REFUND, services)
        assert facts_wrong.mistakes == {"facts": {"photos": "must be a whole number", "weight": "no such fact"}}
        assert set(names_wrong.mistakes) == {"customer", "case"}
        assert set(locale_wrong.mistakes) == {"locale"}
        assert good.id
        assert last.id
        assert entries(services.settings.home) == before + 2

    @pytest.mark.parametrize("recorded", [True, False])
    @pytest.mark.parametrize(
        ("more", "wrong"),
        [
            ({"customer": "A/1"}, {"customer"}),
            ({"locale": "tlh"}, {"locale"}),
            ({"customer": "A/1", "case": "\u202e", "locale": "tlh"}, {"customer", "case", "locale"}),
            ({"customer": 5, "colour": "red"}, {"customer", "colour"}),
        ],
    )
    def test_every_mistake_of_a_case_is_named_recorded_or_not(self, facts, services, recorded, more, wrong):
        line = {"customer": "C-1", "case": "R-1", "facts": facts | {"photos": "many", "weight": 3}} | more
        batch = [read_line(1, json.dumps(line).encode(), "en")]
        (said,) = decide_all(batch, REFUND, services) if recorded else rehearse(batch, services.serving(REFUND), DAY, "en")
        assert set(said.mistakes) == wrong | {"facts"}
        assert said.mistakes["facts"] == {"photos": "must be a whole number", "weight": "no such fact"}

    def test_a_case_twice_in_a_batch_does_not_hide_the_mistakes_of_others(self, facts, services):
        batch = [given(facts), given(facts, 2, customer="C-1", case="R-1"), given({}, 3, customer="A/1", locale="tlh")]
        assert set(decide_all(batch, REFUND, services)[2].mistakes) == {"customer", "locale", "facts"}

    def test_a_case_sent_again_is_not_decided_twice(self, facts, services):
        (first,) = decide_all([given(facts)], REFUND, services)
        before = entries(services.settings.home)
        (again,) = decide_all([given(facts, 9, customer="C-1", case="R-1")], REFUND, services)
        assert (again.id, again.row) == (first.id, 9)
        assert entries(services.settings.home) == before

    def test_a_case_twice_in_a_batch_is_decided_once(self, facts, services):
        before = entries(services.settings.home)
        batch = [given(facts), given(facts, 2, customer="C-1", case="R-1"), given(facts, 3)]
        one, other, third = decide_all(batch, REFUND, services)
        assert one.id == other.id != third.id
        assert entries(services.settings.home) == before + 2

    def test_each_has_the_receipt_of_its_entry_also_when_it_is_sent_again(self, facts, services):
        batch = [given(facts), given(facts, 2), given(facts | {"photos": "many"}, 3)]
        one, two, refused = decide_all(batch, REFUND, services)
        assert one.receipt["note"] != two.receipt["note"]
        kept = [find(said.id, services).receipt for said in (one, two)]
        assert [one.receipt, two.receipt] == [signed_receipt(receipt, services) for receipt in kept]
        again = decide_all([*batch[:2], given(facts, 4), given(facts, 5, customer="C-4", case="R-4")], REFUND, services)
        assert [said.receipt for said in again[:2]] == [one.receipt, two.receipt]
        assert again[2].receipt == again[3].receipt
        assert as_line(one, services.serving(REFUND).release, "en")["receipt"] == one.receipt
        assert "receipt" not in as_line(refused, services.serving(REFUND).release, "en")

    def test_a_case_sent_with_other_facts_is_refused(self, facts, services):
        decide_all([given(facts)], REFUND, services)
        (said,) = decide_all([given(facts | {"photos": 3})], REFUND, services)
        assert said == Rejected(1, {"case": "was decided before with other facts; give it another number"})

    def test_permission_comes_first(self, facts, services, monkeypatch):
        set_preference("C-1", "opted_out", "test", services)
        monkeypatch.setattr(type(services), "kernel", lambda _self, _release: Untouchable())
        (said,) = decide_all([given(facts)], REFUND, services)
        assert (said.explained.decision.outcome, said.explained.decision.decisive) == ("refer", "permission")

    def test_permission_comes_first_in_a_rehearsal_too(self, facts, services):
        set_preference("C-2", "opted_out", "test", services)
        batch = [given(facts, 1), given(facts, 2), given(facts | {"photos": "x"}, 3, customer="C-2")]
        opted_out = opted_out_among(batch, services)
        assert opted_out == {"C-2"}
        free, person, wrong = rehearse(batch, services.serving(REFUND), DAY, "en", opted_out=opted_out)
        assert (free.explained.decision.decisive, person.explained.decision.decisive) == ("score", "permission")
        assert isinstance(wrong, Rejected)

    def test_a_rehearsal_records_nothing(self, facts, services):
        before = entries(services.settings.home)
        rehearse([given(facts)], services.serving(REFUND), DAY, "en")
        assert entries(services.settings.home) == before

    def test_nothing_in_nothing_out(self, services):
        assert decide_all([], REFUND, services) == []
        assert rehearse([], services.serving(REFUND), DAY, "en") == []


class TestLines:
    def test_a_case_as_the_api_takes_it(self):
        line = json.dumps({"customer": "C", "case": "R", "locale": "es", "facts": {"a": 1}}).encode()
        assert read_line(7, line, "en") == Given(7, {"a": 1}, "C", "R", "es")

    def test_facts_alone_with_and_without_names(self):
        assert read_line(1, b'{"a": 1}', "es") == Given(1, {"a": 1}, locale="es")
        assert read_line(1, b'{"a": 1, "customer": "C"}', "en") == Given(1, {"a": 1}, "C")

    @pytest.mark.parametrize(
        ("line", "where"),
        [
            (b"{", "line"),
            (b"[1]", "line"),
            (b"\xff\xfe", "line"),
            (b'{"a": NaN}', "a"),
            (b'{"a": 1, "a": 2}', "a"),
        ],
    )
    def test_what_is_no_case_says_where(self, line, where):
        said = read_line(3, line, "en")
        assert isinstance(said, Rejected)
        assert (said.row, where in " ".join(said.mistakes)) == (3, True)

    @pytest.mark.parametrize(
        ("line", "mistakes"),
        [
            (b'{"facts": 3}', {"facts": "must be an object"}),
            (b'{"facts": {}, "colour": 1, "customer": 5}', {"colour": "no such field", "customer": "must be text"}),
        ],
    )
    def test_mistakes_beside_the_facts_are_kept_until_the_facts_are_read(self, line, mistakes):
        assert read_line(3, line, "en") == Given(3, {}, mistakes=mistakes)

    @pytest.mark.parametrize("recorded", [True, False])
    def test_facts_that_are_no_object_are_one_mistake(self, services, recorded):
        batch = [read_line(3, b'{"facts": 3, "customer": "C", "case": "R"}', "en")]
        (said,) = decide_all(batch, REFUND, services) if recorded else rehearse(batch, services.serving(REFUND), DAY, "en")
        assert said == Rejected(3, {"facts": "must be an object"})

    def test_what_a_list_or_an_object_holds_is_not_kept(self):
        assert read_line(1, b'{"facts": {"a": [1, 2], "b": {"c": 3}, "d": 4}}', "en").facts == {"a": [], "b": [], "d": 4}

    def test_an_answer_has_every_column(self, releases, sampled, services):
        release = releases[REFUND][0]
        (one,) = rehearse([given(sampled(REFUND, 1)[0])], services.serving(REFUND), DAY, "en")
        line = as_line(one, release, "en")
        phi = [f"phi_{name}" for name in release.pack.feature]
        assert list(line) == ["row", "outcome", "score", "margin", "decisive", *phi, "reasons", "text_en"]
        assert sum(line[name] for name in phi) + one.explained.attribution.baseline == pytest.approx(line["margin"], abs=1e-9)
        assert len(line["reasons"]) == len(line["text_en"]) > 0
