"""What leaves: a letter or a panel is remembered before anybody sees it, and nothing leaves that its record does not say."""

from __future__ import annotations

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from explainer.errors import Unavailable, Unfaithful
from explainer.explanations.wording import CUSTOMER as CUSTOMER_READS
from explainer.ledger.canonical import decode
from explainer.ledger.tree.verifying import read_head
from explainer.packs.registry import read_models
from explainer.packs.release import shared_words
from explainer.packs.words.phrases import Vocabulary
from explainer.service.auditing.casefile import show_dossier
from explainer.service.decide import Case, Prepared, decide, prepare
from explainer.service.inspect import (
    API,
    COMMAND,
    FORMS,
    PAGE,
    Recipient,
    Wanted,
    compose,
    find,
    rebuild_index,
    send_letter,
    show_panel,
    verifier,
    views_of,
)
from explainer.service.wiring import Services
from explainer.views.panel import as_page
from tests.cases import ending, entries, rows
from tests.service.telling import CASE, CUSTOMER, DESK, REFUND, found, tell
from tests.support import MODELS


@pytest.fixture
def told(services: Services) -> list[str]:
    """Ids of the decisions of TOLD, oldest first; the fourth is about CUSTOMER and CASE."""
    return tell(services)


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


class TestASealedLetter:
    """Its footer carries the first sealed tree over its case: by it, a customer convicts whoever rewrites the ledger."""

    @pytest.mark.parametrize("form", ["text", "html"])
    def test_it_carries_tree_size_and_the_first_digits_of_the_root(self, services, told, form):
        services.sealer().seal()
        seal = services.proofs().newest().checkpoint.short
        for language in ("en", "es", "de", "fr"):
            assert seal in compose(find(told[0], services), Wanted(form, language), services).decode()

    def test_it_stays_the_same_however_far_the_tree_has_grown(self, services, told):
        services.sealer().seal()
        sent = compose(find(told[0], services), Wanted("text", "en"), services)
        send_letter(find(told[0], services), Wanted("text", "en"), Recipient(PAGE), services)
        services.sealer().seal()
        assert compose(find(told[0], services), Wanted("text", "en"), services) == sent

    def test_before_it_is_sealed_it_says_nothing_of_it(self, services, told):
        assert find(told[0], services).seal is None
        assert b"seal" not in compose(find(told[0], services), Wanted("text", "en"), services)

    def test_it_is_a_head_that_the_verifier_takes(self, services, told):
        services.sealer().seal()
        found = find(told[0], services)
        assert verifier(services).verify([read_head(found.seal)]).findings == []


class TestOpeningAPanel:
    def opened(self, services, decision, to=DESK, locale="en"):
        return show_panel(find(decision, services), locale, f"/letter/{decision}", to, services=services)

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
        assert [what.partition(" (")[0] for _, what in after] == [say("history-api"), say("history-page")]
        assert all(say("history-form-text") in what for _, what in after)
        assert re.search(r"\b19:30$", after[0][0])  # half past six UTC on Dublin's clock


def reworded(found, old, new):
    """A remembered decision whose release says something else in the shared English words."""
    files = read_models(MODELS, REFUND)
    shared = shared_words(files)
    shared["en"] = shared["en"].replace(old, new)
    return replace(found, release=replace(found.release, vocabulary=Vocabulary(found.release.pack, files, shared)))


class TestALetterWhoseTableMisprints:
    """Words that lose a number no reason says: the check of a decision hears its reasons, that of a letter its table."""

    @pytest.fixture
    def misprinted(self, services, told):
        return reworded(find(told[1], services), "{ $n } orders", "some orders")

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
        lying = first._replace(text=first.text.replace("spoke against", "spoke for"))
        assert lying != first
        texts = {**said.texts, "en": {**said.texts["en"], CUSTOMER_READS: (lying, *others)}}
        record = replace(step.record, explained=said._replace(texts=texts))
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
        shown = as_page(show_panel(find(broken, services), "en", f"/letter/{broken}", DESK, services=services))
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
        shown = show_panel(find(broken, services), "en", f"/letter/{broken}", DESK, services=services)
        assert shown.history[1][1] == "Texts did not match the record; handed to a person"

    def test_the_index_can_be_made_again(self, services, broken):
        find(broken, services)
        assert rebuild_index(services) == entries(services.settings.home)


class TestAPanelThatMisprints:
    """Words of the score, which only a panel says: the check of a decision hears none of them."""

    @pytest.fixture
    def misprinted(self, services, told):
        return reworded(find(told[1], services), "From { $score } up", "From 50% up")

    def test_does_not_leave_and_a_person_is_asked(self, services, misprinted):
        with pytest.raises(Unfaithful, match="nearest threshold"):
            show_panel(misprinted, "en", "", Recipient(PAGE), services=services)
        assert views_of(misprinted, services) == []
        (entry,) = services.ledger.of_customer(misprinted.record.customer, "referral")
        assert decode(entry.body)["findings"] == ["panel in en: its words do not say the nearest threshold"]

    def test_nor_does_a_dossier_that_shows_it(self, services, misprinted):
        with pytest.raises(Unfaithful, match="nearest threshold"):
            show_dossier(misprinted, "en", Recipient(PAGE, "ana"), services)
        assert views_of(misprinted, services) == []

    def test_leaves_in_a_language_whose_words_are_right(self, services, misprinted):
        assert show_panel(misprinted, "es", "", Recipient(PAGE), services=services).language == "es"
