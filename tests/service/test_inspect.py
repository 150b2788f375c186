"""Inspecting: a decision is found by what one may ask for, and the ledger's file names nobody."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from explainer.errors import BadQuery, Unavailable, Unfaithful, UnknownDecision
from explainer.explanations.wording import CUSTOMER as CUSTOMER_READS
from explainer.ledger.canonical import decode
from explainer.packs.registry import read_models
from explainer.packs.release import shared_words
from explainer.packs.words.phrases import Vocabulary
from explainer.service.decide import Case, Prepared, decide, prepare
from explainer.service.inspect import (
    API,
    COMMAND,
    DESKTOP,
    FORMS,
    PAGE,
    Recipient,
    Wanted,
    compose,
    find,
    rebuild_index,
    search,
    send_letter,
    show_panel,
    views_of,
)
from explainer.service.oversee import set_preference
from explainer.service.releases import activate
from explainer.service.wiring import Services, open_services
from explainer.settings import Settings
from explainer.views.panel import as_page
from tests.cases import ending, entries, rows
from tests.support import MODELS, Clock

REFUND, PRIORITY = "refund_approval", "priority_scoring"
CUSTOMER, CASE = "Ana-Belen Ruiz 4711", "CASE/2026/0815"
DESK = Recipient(DESKTOP, "https://desk.example")
TOLD = [  # pack, outcome, what was decisive: one decision an hour
    (REFUND, "approve", "rule"),
    (REFUND, "decline", "score"),
    (PRIORITY, "P1", "rule"),
    (REFUND, "decline", "rule"),
    (PRIORITY, "P4", "score"),
    (REFUND, "approve", "score"),
    (PRIORITY, "P1", "score"),
]


@pytest.fixture
def told(services: Services) -> list[str]:
    """Ids of the decisions of TOLD, oldest first; the fourth is about CUSTOMER and CASE."""
    return tell(services)


@pytest.fixture(scope="module")
def searched(trained_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, list[str]]]:
    """The same, made once for all that only search."""
    home = Path(shutil.copytree(trained_home, tmp_path_factory.mktemp("searched") / "home"))
    opened = open_services(Settings(home=home, models=MODELS), Clock())
    yield opened, tell(opened)
    opened.close()


def tell(services: Services) -> list[str]:
    ids = []
    for number, (pack, outcome, decisive) in enumerate(TOLD):
        who = {"customer": CUSTOMER, "case": CASE} if number == 3 else {"customer": f"C-{number % 2}", "case": f"R-{number}"}
        case = Case(pack, locale="en", facts=ending(services.serving(pack).release, outcome, decisive), **who)
        ids.append(decide(case, f"key-{number}", services).record.id)
        cast(Clock, services.clock).move(hours=1)
    return ids


def found(services: Services, **wanted: Any) -> list[str]:
    lines, following = search(services, **wanted)
    assert following is None
    return [one.id for one in lines]


def some(told: list[str], *numbers: int) -> list[str]:
    return [told[number] for number in sorted(numbers, reverse=True)]


class TestSearch:
    @pytest.fixture
    def services(self, searched):
        return searched[0]

    @pytest.fixture
    def told(self, searched):
        return searched[1]

    def test_everything_newest_first(self, services, told):
        assert found(services) == told[::-1]

    def test_by_pack(self, services, told):
        assert found(services, pack=PRIORITY) == some(told, 2, 4, 6)

    def test_by_outcome(self, services, told):
        assert found(services, outcome="decline") == some(told, 1, 3)

    def test_by_rule_that_fired(self, services, told):
        assert found(services, rule="final_sale") == some(told, 3)

    def test_by_a_rule_that_fired_but_did_not_decide(self, services, told):
        lines, _ = search(services, rule="legal_guarantee")
        assert [(one.id, one.decisive) for one in lines] == [(told[5], "score")]

    def test_by_time_from_included_to_not_included(self, services, told):
        at = find(told[2], services).record.at
        assert found(services, since=at, until=at + timedelta(hours=2)) == some(told, 2, 3)

    def test_by_customer(self, services, told):
        assert found(services, customer=CUSTOMER) == some(told, 3)
        assert found(services, customer="C-0") == some(told, 0, 2, 4, 6)

    def test_by_case(self, services, told):
        assert found(services, case=CASE) == some(told, 3)

    def test_a_customer_is_not_found_as_a_case(self, services, told):
        assert (found(services, case=CUSTOMER), found(services, customer=CASE)) == ([], [])

    def test_by_release(self, services, told):
        digests = {pack: services.serving(pack).release.digest for pack in (REFUND, PRIORITY)}
        assert found(services, release=digests[PRIORITY]) == some(told, 2, 4, 6)
        assert found(services, release="0" * 64) == []

    def test_by_several_at_once(self, services, told):
        assert found(services, pack=REFUND, outcome="approve", customer="C-1") == some(told, 5)

    def test_what_nobody_was_told_is_not_found(self, services, told):
        assert found(services, outcome="P3") == []

    @pytest.mark.parametrize("wanted", [{"after": "x"}, {"limit": 0}, {"limit": 501}, {"outcome": "\x00"}])
    def test_a_search_that_makes_no_sense_is_refused(self, services, wanted):
        with pytest.raises(BadQuery):
            search(services, **wanted)


class TestCursor:
    @pytest.fixture
    def services(self, searched):
        return searched[0]

    @pytest.fixture
    def told(self, searched):
        return searched[1]

    @pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 8])
    def test_it_walks_all_pages_without_a_gap_or_a_repeat(self, services, told, limit):
        walked, cursor = [], None
        while True:
            lines, cursor = search(services, after=cursor, limit=limit)
            assert 0 < len(lines) <= limit
            walked += [one.id for one in lines]
            if cursor is None:
                break
        assert walked == told[::-1]


class TestWhatComesMeanwhile:
    def test_a_decision_made_while_somebody_walks_does_not_move_the_pages(self, services, told):
        first, cursor = search(services, limit=4)
        facts = ending(services.serving(REFUND).release, "approve", "rule")
        decide(Case(REFUND, "C-9", "R-9", "en", facts), "key-9", services)
        second, _ = search(services, after=cursor, limit=4)
        assert [one.id for one in (*first, *second)] == told[::-1]

    def test_activations_and_consents_are_no_decisions(self, services, told):
        set_preference(CUSTOMER, "opted_out", "test", services)
        activate(REFUND, services.serving(REFUND).release.digest, services, by="test")
        assert found(services) == told[::-1]
        assert found(services, customer=CUSTOMER) == some(told, 3)


class TestIndex:
    def test_rebuilt_it_equals_the_original(self, services, home, told):
        set_preference(CUSTOMER, "opted_out", "test", services)
        send_letter(find(told[3], services), Wanted("text", "en"), Recipient(API, "test"), services)
        before = [rows(home, f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("entry_index", "rule_index")]
        with services.engine.begin() as connection:
            for table in ("rule_index", "entry_index"):
                connection.exec_driver_sql(f"DELETE FROM {table}")
        assert found(services) == []
        assert rebuild_index(services) == len(before[0])
        assert [rows(home, f"SELECT * FROM {table} ORDER BY 1, 2") for table in ("entry_index", "rule_index")] == before
        assert found(services) == told[::-1]

    def test_neither_the_ledger_nor_the_vault_names_a_customer_a_case_or_a_fact_in_clear(self, services, home, told):
        set_preference(CUSTOMER, "opted_out", "test", services)
        services.close()  # everything is in the files now
        stored = b"".join(path.read_bytes() for path in home.glob("*.sqlite3*"))
        assert told[3].encode() in stored
        for secret in (CUSTOMER, CASE, "wrong_size", "opted_out"):
            assert secret.encode() not in stored


class TestFinding:
    def test_a_decision_with_the_release_that_made_it(self, services, told):
        remembered = find(told[0], services)
        assert (remembered.record.id, remembered.release.digest) == (told[0], remembered.record.release)

    def test_the_verification_code_is_the_beginning_of_the_leaf_hash(self, services, home, told):
        (stored,) = rows(home, "SELECT leaf_hash FROM entries WHERE id = ?", told[0])
        digits = find(told[0], services).code.replace("-", "").lower()
        assert (len(digits), stored[0].hex().startswith(digits)) == (16, True)

    def test_two_decisions_have_two_codes(self, services, told):
        assert len({find(one, services).code for one in told}) == len(told)

    @pytest.mark.parametrize("unknown", ["", "x", "0" * 36, "019df289-a440-7ffa-8038-43d351fdcb86", "\x00"])
    def test_an_id_that_no_decision_has(self, services, unknown):
        with pytest.raises(UnknownDecision):
            find(unknown, services)

    def test_an_entry_that_is_no_decision_is_not_shown_as_one(self, services):
        said = set_preference(CUSTOMER, "opted_out", "test", services)
        with pytest.raises(UnknownDecision):
            find(said.entry or "", services)


class TestSendingALetter:
    def views(self, services, home):
        """Every view entry, from the database's own rows."""
        ids = [one for (one,) in rows(home, "SELECT id FROM entries WHERE kind = 'view' ORDER BY id")]
        return [services.ledger.entry(one) for one in ids]

    @pytest.mark.parametrize("form", FORMS)
    def test_what_was_sent_to_whom_is_an_entry_about_the_decision(self, services, home, told, form):
        remembered = find(told[3], services)
        sent = send_letter(remembered, Wanted(form, "es"), Recipient(API, "desk"), services)
        (view,) = self.views(services, home)
        said = decode(view.body)
        assert view.leaf["refs"] == [told[3]] == [said["about"]]
        assert said["sha256"] == hashlib.sha256(sent).hexdigest()
        assert {name: said[name] for name in ("customer", "view", "form", "locale", "channel", "by")} == {
            "customer": CUSTOMER, "view": "letter", "form": form, "locale": "es", "channel": "api", "by": "desk"
        }  # fmt: skip

    def test_it_is_not_shown_when_it_cannot_be_remembered(self, services, told):
        remembered = find(told[0], services)
        with services.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE entry_index RENAME TO gone")
        with pytest.raises(Unavailable):
            send_letter(remembered, Wanted("text", "en"), Recipient(PAGE), services)

    def test_seen_again_on_the_same_day_it_is_one_entry_and_on_the_next_another(self, services, home, told, clock):
        remembered = find(told[0], services)
        for _ in range(3):
            send_letter(remembered, Wanted("html", "en"), Recipient(PAGE), services)
        assert len(self.views(services, home)) == 1
        clock.move(days=1)
        send_letter(remembered, Wanted("html", "en"), Recipient(PAGE), services)
        assert len(self.views(services, home)) == 2

    def test_another_reader_form_or_language_is_another_entry(self, services, home, told):
        remembered = find(told[0], services)
        for wanted, to in [
            (Wanted("html", "en"), Recipient(PAGE)),
            (Wanted("html", "en"), Recipient(PAGE, "desk")),
            (Wanted("html", "en"), Recipient(API, "desk")),
            (Wanted("html", "es"), Recipient(PAGE)),
            (Wanted("pdf", "en"), Recipient(PAGE)),
        ]:
            send_letter(remembered, wanted, to, services)
        assert len(self.views(services, home)) == 5

    def test_written_again_by_what_the_entry_says_it_has_the_digest_that_was_remembered(self, services, told):
        remembered = find(told[3], services)
        for wanted in (Wanted("html", "en", "?lang=en&format=pdf"), Wanted("text", "es"), Wanted("pdf", "en")):
            send_letter(remembered, wanted, Recipient(PAGE), services)
        for view in views_of(remembered, services):
            again = compose(find(told[3], services), Wanted(view["form"], view["locale"], view["pdf"]), services)
            assert hashlib.sha256(again).hexdigest() == view["sha256"]

    def test_many_at_once_are_one_entry(self, services, home, told):
        remembered = find(told[0], services)
        with ThreadPoolExecutor(8) as pool:
            sent = set(pool.map(lambda _: send_letter(remembered, Wanted("text", "en"), Recipient(PAGE), services), range(16)))
        assert (len(sent), len(self.views(services, home))) == (1, 1)

    def test_views_of_a_decision_are_its_own(self, services, told):
        for decision in (told[3], told[0]):
            send_letter(find(decision, services), Wanted("text", "en"), Recipient(COMMAND, "ana"), services)
        (view,) = views_of(find(told[3], services), services)
        assert (view["about"], view["by"], view["at"]) == (told[3], "ana", services.clock())

    def test_no_search_for_decisions_finds_them(self, services, told):
        send_letter(find(told[3], services), Wanted("text", "en"), Recipient(PAGE), services)
        assert found(services) == told[::-1]


class TestOpeningAPanel:
    def opened(self, services, decision, to=DESK, locale="en"):
        return show_panel(find(decision, services), locale, "/letter", to, services=services)

    def test_who_opened_it_is_an_entry_once_a_day(self, services, told, clock):
        for _ in range(3):
            self.opened(services, told[3])
        (view,) = views_of(find(told[3], services), services)
        assert {name: view[name] for name in ("view", "locale", "channel", "by", "customer", "about")} == {
            "view": "panel", "locale": "en", "channel": "desktop", "by": DESK.by, "customer": CUSTOMER, "about": told[3]
        }  # fmt: skip
        clock.move(days=1)
        self.opened(services, told[3])
        assert len(views_of(find(told[3], services), services)) == 2

    def test_another_reader_or_language_is_another_entry(self, services, told):
        self.opened(services, told[3])
        self.opened(services, told[3], Recipient(PAGE, "ana"))
        self.opened(services, told[3], locale="es")
        assert len(views_of(find(told[3], services), services)) == 3

    def test_it_is_not_shown_when_that_cannot_be_remembered(self, services, told):
        with services.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE entry_index RENAME TO gone")
        with pytest.raises(Unavailable):
            self.opened(services, told[0])

    @pytest.mark.parametrize("locale", ["en", "es", "de", "fr"])
    def test_its_history_tells_what_happened_afterwards_in_order(self, services, told, clock, locale):
        for to in (Recipient(API, "crm"), Recipient(PAGE)):
            clock.move(hours=1)
            send_letter(find(told[3], services), Wanted("text", "en"), to, services)
        send_letter(find(told[0], services), Wanted("text", "en"), Recipient(PAGE), services)
        say = find(told[3], services).release.vocabulary.speak(locale).say
        _, *after = self.opened(services, told[3], locale=locale).history
        assert [what for _, what in after] == [say("history-api"), say("history-page")]
        assert re.search(r"\b19:30$", after[0][0])  # half past six UTC on Dublin's clock


class TestALetterWhoseTableMisprints:
    """Words that lose a number no reason says: the check of a decision hears its reasons, that of a letter its table."""

    @pytest.fixture
    def misprinted(self, services, told):
        found = find(told[1], services)
        files = read_models(MODELS, REFUND)
        shared = shared_words(files)
        shared["en"] = shared["en"].replace("{ $n } orders", "some orders")
        return replace(found, release=replace(found.release, vocabulary=Vocabulary(found.release.pack, files, shared)))

    @pytest.mark.parametrize("form", FORMS)
    def test_does_not_leave_in_any_form_and_a_person_is_asked(self, services, misprinted, form):
        with pytest.raises(Unfaithful, match="orders_12_months"):
            send_letter(misprinted, Wanted(form, "en"), Recipient(PAGE), services)
        assert views_of(misprinted, services) == []
        (entry,) = services.ledger.of_customer(misprinted.record.customer, "referral")
        assert decode(entry.body)["findings"] == ["table: its words do not say the case's orders_12_months"]

    def test_leaves_in_a_language_whose_words_are_right(self, services, misprinted):
        assert send_letter(misprinted, Wanted("text", "es"), Recipient(PAGE), services)


class TestATextThatDisagreesWithItsRecord:
    """As a broken version could have written it: no reader of any door sees a word of it."""

    @pytest.fixture
    def broken(self, services: Services) -> str:
        facts = ending(services.serving(REFUND).release, "decline", "score")
        step = prepare(Case(REFUND, CUSTOMER, CASE, "en", facts), "key", services)
        assert isinstance(step, Prepared)
        said = step.record.explained
        first, *others = said.texts["en"][CUSTOMER_READS]
        lying = replace(first, text=first.text.replace("spoke against", "spoke for"))
        assert lying != first
        texts = {**said.texts, "en": {**said.texts["en"], CUSTOMER_READS: (lying, *others)}}
        record = replace(step.record, explained=replace(said, texts=texts))
        services.ledger.append(replace(step.draft, body=record.to_bytes()))
        return record.id

    @pytest.mark.parametrize("form", ["html", "text"])
    def test_is_in_no_letter_and_the_customer_is_told_that_a_person_decides(self, services, broken, form):
        found = find(broken, services)
        sent = send_letter(found, Wanted(form, "en"), Recipient(PAGE), services).decode()
        assert found.record.explained.decision.decisive == "safeguard"
        assert found.release.vocabulary.speak("en").say("outcome-refer") in sent
        assert "spoke for" not in sent

    def test_is_on_no_panel(self, services, broken):
        shown = as_page(show_panel(find(broken, services), "en", "/letter", DESK, services=services))
        assert "spoke for" not in shown
        assert "unfaithful" in shown

    def test_the_case_is_referred_once_and_that_is_remembered(self, services, broken):
        for _ in range(3):
            find(broken, services)
        (entry,) = services.ledger.of_customer(CUSTOMER, "referral")
        said = decode(entry.body)
        assert (said["about"], said["check"]) == (broken, "unfaithful")
        assert said["findings"] == ["en, customer: sentence 1: its words are not those of reason-refunds_12_months.against"]
        assert entry.leaf["refs"] == [broken]

    def test_no_retry_with_its_key_is_told_it_either(self, services, broken):
        """And the retry alone refers the case, before anybody looked."""
        facts = ending(services.serving(REFUND).release, "decline", "score")
        again = decide(Case(REFUND, CUSTOMER, CASE, "en", facts), "key", services)
        assert (again.replayed, again.record.id, again.record.explained.texts) == (True, broken, None)
        assert (again.record.explained.decision.outcome, again.record.explained.safeguard) == ("refer", "unfaithful")
        assert len(services.ledger.of_customer(CUSTOMER, "referral")) == 1

    def test_the_panel_s_history_says_so(self, services, broken):
        shown = show_panel(find(broken, services), "en", "/letter", DESK, services=services)
        assert shown.history[1][1] == "Texts did not match the record; handed to a person"

    def test_the_index_can_be_made_again(self, services, broken):
        find(broken, services)
        assert rebuild_index(services) == entries(services.settings.home)
