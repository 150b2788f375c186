"""Telling: whoever asks gets all of it, theirs alone, and that they got it is remembered."""

from __future__ import annotations

import json
import shutil
import stat
from contextlib import closing

import pytest
from click.testing import CliRunner

from explainer.cli import main
from explainer.ledger.canonical import digest
from explainer.record import read_record
from explainer.service.auditing.casefile import show_dossier
from explainer.service.decide import Case, decide
from explainer.service.doors.revoking import revoke_links
from explainer.service.inspect import (
    ACCESS,
    API,
    COMMAND,
    DESKTOP,
    REFERRAL,
    Recipient,
    Wanted,
    compose,
    find,
    send_letter,
    show_panel,
)
from explainer.service.oversee import set_preference
from explainer.service.privacy import telling
from explainer.service.privacy.erasing import erase
from explainer.service.privacy.holding import hold
from explainer.service.privacy.telling import everything, export
from explainer.service.wiring import open_services
from tests.support import MODELS

ME = Recipient(COMMAND, "test")


@pytest.fixture
def facts(sampled):
    return sampled("refund_approval", 2)


@pytest.fixture
def lived(services, facts, monkeypatch):
    """A customer with every kind of entry there is, and a neighbour."""
    record = decide(Case("refund_approval", "C-A", "R-A", "es", facts[0]), "k-a", services).record
    send_letter(find(record.id, services), Wanted("html", "es"), ME, services)
    set_preference("C-A", "opted_out", "test", services)
    decide(Case("refund_approval", "C-A", "R-B", "es", facts[0]), "k-b", services)
    hold("C-A", "lawsuit 7", "test", services)
    with monkeypatch.context() as patch:
        patch.setattr("explainer.service.decide.contradictions", lambda *_: ["planted"])
        find(record.id, services)
    revoke_links(record, find(record.id, services).release, "test", services, views=("letter",))
    export("C-A", "text", ME, services)
    decide(Case("refund_approval", "C-B", "R-C", "es", facts[1]), "k-c", services)
    return record


def kinds(services):
    """Every kind of entry in the ledger that is about somebody."""
    found, after = services.ledger.search(kind=None, limit=500)
    assert after is None
    return {one.kind for one in found} - {"release", "activation"}


class TestCompleteness:
    def test_every_kind_of_entry_about_anybody_appears_and_has_words(self, services, lived):
        told = {one["kind"] for one in everything("C-A", services)["entries"]}
        assert told == kinds(services) == set(telling.KINDS)

    def test_every_entry_that_the_customer_s_keys_seal_appears_once_in_order(self, services, lived):
        (keys,) = services.vault.key_ids(["C-A"]).values()
        found, _ = services.ledger.search(kind=None, customer="C-A", limit=500)
        told = [one["id"] for one in everything("C-A", services)["entries"]]
        assert told == sorted(one.id for one in found)
        assert len(keys) == 3  # of the refund's class, of what holds for ever, of what no pack says
        assert len(told) == 8

    def test_a_decision_is_told_whole_in_data_and_in_the_customer_s_language(self, services, lived):
        one = next(one for one in everything("C-A", services)["entries"] if one["id"] == lived.id)
        assert one["said"]["facts"] == lived.explained.row.facts
        assert one["said"]["decision"]["margin"] == lived.explained.decision.margin
        assert set(one["said"]["texts"]) == {"en", "es", "de", "fr"}
        assert one["letter"] == compose(find(lived.id, services), Wanted("text", "es"), services).decode()

    def test_what_is_in_force_is_said(self, services, lived):
        held = everything("C-A", services)
        assert held["automation"]["automation"] == "opted_out"
        assert held["hold"]["reason"] == "lawsuit 7"

    def test_nothing_about_the_neighbour_comes_in(self, services, lived):
        assert "R-C" not in json.dumps(everything("C-A", services))

    def test_a_number_that_is_missing_is_null(self, services, facts):
        record = decide(Case("refund_approval", "C-A", "R", "en", facts[0]), "k", services).record
        body = services.ledger.entry(record.id).body
        said = json.loads(export("C-A", "json", ME, services), parse_constant=pytest.fail)["entries"][0]["said"]
        stored = read_record(body).explained.row.x
        assert said["row"] == [None if value != value else value for value in stored]


class TestRemembering:
    def test_who_got_it_and_what_it_was_is_remembered_first(self, services, lived):
        sent = export("C-A", "json", Recipient(API, "officer"), services)
        (*_, last) = everything("C-A", services)["entries"]
        assert (last["kind"], last["said"]["by"], last["said"]["sha256"]) == (ACCESS, "officer", digest(sent))

    @pytest.mark.parametrize("form", telling.FORMS)
    def test_of_somebody_unknown_or_erased_there_is_nothing_and_no_key_is_made(self, services, facts, form):
        decide(Case("refund_approval", "C-A", "R", "en", facts[0]), "k", services)
        erase("C-A", "test", services)
        said = [export(customer, form, ME, services).decode().replace(customer, "") for customer in ("C-A", "C-never")]
        assert said[0] == said[1]
        assert services.vault.key_ids(["C-A", "C-never"]) == {"C-A": [], "C-never": []}


class TestInWords:
    def test_it_is_in_the_language_of_the_last_case_and_holds_the_letters(self, services, lived):
        said = export("C-A", "text", ME, services).decode()
        assert said.startswith("Lo que guardamos sobre usted")
        assert compose(find(lived.id, services), Wanted("text", "es"), services).decode() in said
        assert "reason: lawsuit 7" in said
        assert said.index("lo que anotaron nuestros programas") < said.index("reason: lawsuit 7")

    def test_what_stands_above_a_letter_is_true_of_a_case_that_is_still_open(self, services, facts):
        set_preference("C-A", "opted_out", "test", services)
        decide(Case("refund_approval", "C-A", "R-A", "en", facts[0]), "k", services)
        said = export("C-A", "text", ME, services).decode()
        assert "Nothing is decided yet" in said
        assert "You brought us a case. This is the letter about it." in said
        assert "We decided" not in said

    def test_who_looked_at_a_case_is_not_told_as_a_letter_that_left(self, services, lived):
        found = find(lived.id, services)
        show_panel(found, "es", f"/letter/{lived.id}", Recipient(DESKTOP, "https://desk.example"), services=services)
        show_dossier(found, "es", ME, services)
        said = export("C-A", "text", ME, services).decode()
        assert said.count("Entregamos una carta") == 1
        assert said.count("Alguien de nuestro equipo consultó su caso.") == said.count("Alguien que revisa nuestro trabajo") == 1

    def test_a_letter_whose_release_is_not_here_is_told_as_data(self, settings, clock, home, lived):
        shutil.rmtree(home / "releases" / lived.release)
        with closing(open_services(settings, clock)) as again:
            entries = everything("C-A", again)["entries"]
        told = next(one for one in entries if one["id"] == lived.id)
        assert told["letter"] is None
        assert told["said"]["facts"] == lived.explained.row.facts


class TestByCommandAndApi:
    def test_the_api_refuses_a_form_that_it_does_not_have(self, api, services, lived):
        before = len(everything("C-A", services)["entries"])
        answer = api.get("/v1/customers/C-A/data?format=text", "privacy_officer")
        assert (answer.status_code, [one["field"] for one in answer.json["errors"]]) == (422, ["format"])
        assert len(everything("C-A", services)["entries"]) == before

    def run(self, home, *words):
        environment = {"EXPLAINER_HOME": str(home), "EXPLAINER_MODELS": str(MODELS)}
        return CliRunner().invoke(main, ["customers", "export", *words], env=environment)

    def test_the_file_belongs_to_its_owner_alone_and_is_never_written_over(self, home, services, lived, tmp_path):
        out = tmp_path / "held.json"
        assert self.run(home, "C-A", "--out", str(out)).exit_code == 0
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        assert json.loads(out.read_bytes())["customer"] == "C-A"
        before = len(everything("C-A", services)["entries"])
        assert "cannot be written" in self.run(home, "C-A", "--out", str(out)).output
        assert len(everything("C-A", services)["entries"]) == before

    def test_the_api_gives_it_to_a_privacy_officer_alone(self, api, services, lived):
        answer = api.get("/v1/customers/C-A/data", "privacy_officer")
        assert (answer.status_code, answer.json["customer"]) == (200, "C-A")
        assert REFERRAL in {one["kind"] for one in answer.json["entries"]}
        for role in ("integrator", "agent", "supervisor", "auditor", "operator"):
            assert api.get("/v1/customers/C-A/data", role).status_code == 403
