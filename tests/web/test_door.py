"""The door of a letter: its link and the case number open it, neither alone, and links that were revoked open nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from sqlalchemy import update

from explainer.ledger.engines import writing
from explainer.ledger.tables import door_tries
from explainer.service.doors.factor import IN_ALL
from explainer.settings import NO_FACTOR
from explainer.web.app import create_app
from tests.cases import ending
from tests.support import SHIPPED, enter

REFUND, CASE = SHIPPED[0], "Case-0815"
WRONG = {
    "en": "This case number does not fit this link.",
    "es": "Este número de caso no corresponde a este enlace.",
    "de": "Diese Fallnummer passt nicht zu diesem Link.",
    "fr": "Ce numéro de dossier ne correspond pas à ce lien.",
}
CLOSED = {
    "en": "Please try again later",
    "es": "Inténtelo más tarde",
    "de": "Bitte versuchen Sie es später noch einmal",
    "fr": "Merci de réessayer plus tard",
}
SHUT = {
    "en": "This link is closed for good",
    "es": "Este enlace queda cerrado",
    "de": "Dieser Link bleibt geschlossen",
    "fr": "Ce lien est définitivement fermé",
}
SOMEBODY = {
    "en": "Somebody typed a wrong case number here too often.",
    "es": "Alguien escribió aquí demasiadas veces un número de caso incorrecto.",
    "de": "Jemand hat hier zu oft eine falsche Fallnummer eingegeben.",
    "fr": "Quelqu’un a saisi ici trop souvent un mauvais numéro de dossier.",
}
REVOKED = {
    "en": "This link opens nothing any more",
    "es": "Este enlace ya no abre nada",
    "de": "Dieser Link öffnet nichts mehr",
    "fr": "Ce lien n’ouvre plus rien",
}


@pytest.fixture
def decided(shared, shared_services) -> dict:
    facts = ending(shared_services.serving(REFUND).release, "decline", "score")
    return shared.decide(REFUND, facts, case=CASE).json


@pytest.fixture
def browser(shared):
    return shared.client.application.test_client()


def path(link: str) -> str:
    return urlsplit(link).path


class TestTheCaseNumber:
    def test_opens_the_letter_together_with_the_link(self, browser, decided):
        assert CASE in enter(browser, decided["links"]["letter"], " case-0815 ").text

    def test_alone_opens_nothing(self, browser, decided):
        assert browser.post(path(decided["links"]["letter"]), data={"case": CASE}).status_code == 403

    @pytest.mark.parametrize("language", WRONG)
    def test_that_is_wrong_shows_the_door_again_and_says_so(self, browser, decided, language):
        answer = enter(browser, f"{decided['links']['letter']}&lang={language}", "Case-0816 <b>")
        assert (answer.status_code, WRONG[language] in answer.text, "Set-Cookie" in answer.headers) == (403, True, False)
        assert CASE not in answer.text
        assert "Case-0816" not in answer.text
        assert browser.get(path(decided["links"]["letter"])).status_code == 401

    @pytest.mark.parametrize("typed", [None, ""])
    def test_that_is_missing_opens_nothing(self, browser, decided, typed):
        assert enter(browser, decided["links"]["letter"], typed).status_code == 403

    def test_is_asked_for_by_a_company_that_gives_its_name(self, browser, decided):
        door = browser.get(decided["links"]["letter"]).text
        assert '<p class="eyebrow">Norte &amp; Vale</p>' in door
        assert CASE not in door

    @pytest.mark.parametrize("typed", [None, "R-1"], ids=["at the door", "after a wrong number"])
    def test_may_not_be_known_so_the_door_says_how_to_reach_the_company(self, browser, decided, typed):
        link = decided["links"]["letter"]
        door = browser.get(link) if typed is None else enter(browser, link, typed)
        assert ("tel:" in door.text, "mailto:" in door.text) == (True, True)

    def test_is_not_asked_for_at_an_agent_s_panel(self, browser, decided):
        assert 'name="case"' not in browser.get(decided["links"]["panel"]).text
        assert CASE in enter(browser, decided["links"]["panel"]).text

    def test_is_not_asked_for_where_the_portal_knows_who_comes(self, shared_services, decided):
        trusting = replace(shared_services, settings=replace(shared_services.settings, letter_factor=NO_FACTOR))
        browser = create_app(trusting).test_client()
        assert 'name="case"' not in browser.get(decided["links"]["letter"]).text
        assert CASE in enter(browser, decided["links"]["letter"]).text

    @pytest.mark.parametrize("language", CLOSED)
    def test_wrong_five_times_closes_the_link_in_plain_words(self, browser, decided, language):
        link = f"{decided['links']['letter']}&lang={language}"
        assert [enter(browser, link, f"R-{number}").status_code for number in range(6)] == [403] * 5 + [429]
        answer = enter(browser, link, CASE)
        assert (answer.status_code, f"<h1>{CLOSED[language]}</h1>" in answer.text, CASE in answer.text) == (429, True, False)
        assert answer.headers["Retry-After"] == "3600"
        assert browser.get(path(link)).status_code == 401

    @pytest.mark.parametrize("language", SHUT)
    def test_wrong_far_too_often_closes_the_link_for_good_and_says_how_to_get_the_letter(
        self, browser, decided, shared_services, language
    ):
        link = f"{decided['links']['letter']}&lang={language}"
        enter(browser, link, "R-1")
        with writing(shared_services.engine) as connection:
            connection.execute(update(door_tries).values(in_all=IN_ALL))
        answer = enter(browser, link, CASE)
        assert (answer.status_code, f"<h1>{SHUT[language]}</h1>" in answer.text, CASE in answer.text) == (403, True, False)
        assert SOMEBODY[language] in answer.text
        assert "mailto:" in answer.text
        assert browser.get(path(link)).status_code == 401

    def test_a_new_link_opens_where_the_old_one_is_closed_for_good(self, shared, shared_services, decided):
        def links():
            (found,) = [one for one in shared.get("/v1/decisions").json["decisions"] if one["id"] == decided["id"]]
            return shared.get(f"/v1/decisions/{decided['id']}").json["links"], found["links"]

        def tried(typed):
            return enter(shared.client.application.test_client(), old["letter"], typed)

        old = decided["links"]
        assert links() == (old, old)
        for _ in range(3):
            tried("R-1")
            with writing(shared_services.engine) as connection:
                connection.execute(update(door_tries).where(door_tries.c.decision == decided["id"]).values(in_all=IN_ALL))
            assert tried(CASE).status_code == 403
            new, found = links()
            assert (new == found, new["panel"]) == (True, old["panel"])
            old = new
            assert CASE in tried(CASE).text
        shared.call("POST", f"/v1/decisions/{decided['id']}/links/revocations", "supervisor", json={"view": "letter"})
        assert shared.client.application.test_client().get(old["letter"]).status_code == 403

    def test_a_link_given_out_after_the_old_ones_were_taken_back_begins_anew(self, shared, shared_services, browser, decided):
        enter(browser, decided["links"]["letter"], "R-1")
        with writing(shared_services.engine) as connection:
            connection.execute(update(door_tries).values(in_all=IN_ALL))
        shared.call("POST", f"/v1/decisions/{decided['id']}/links/revocations", "supervisor", json={"view": "letter"})
        fresh = shared.get(f"/v1/decisions/{decided['id']}").json["links"]["letter"]
        assert CASE in enter(browser, fresh, CASE).text

    def test_whatever_is_done_to_the_link_s_last_character_it_stays_closed(self, browser, decided):
        link = decided["links"]["letter"]
        for number in range(5):
            enter(browser, link, f"R-{number}")
        token = link.partition("?t=")[2]
        for last in "ABCDEFGHabcd0123-_":
            posted = browser.post(path(link), data={"token": token[:-1] + last, "case": CASE})
            assert posted.status_code in {403, 429}

    def test_a_key_needs_none(self, shared, decided):
        assert shared.get(path(decided["links"]["letter"]), "agent").status_code == 200


class TestRevocation:
    def revoke(self, api, decided, role="supervisor", view="all"):
        return api.call("POST", f"/v1/decisions/{decided['id']}/links/revocations", role, json={"view": view})

    @pytest.mark.parametrize("role", ["supervisor", "privacy_officer"])
    def test_takes_back_links_and_what_they_opened(self, shared, browser, decided, role):
        links = decided["links"]
        for view in ("panel", "letter"):
            enter(browser, links[view], CASE)
            assert browser.get(path(links[view])).status_code == 200
        answer = self.revoke(shared, decided, role)
        assert (answer.status_code, answer.json) == (201, {"id": decided["id"], "views": ["panel", "letter"]})
        for view in ("panel", "letter"):
            assert browser.get(path(links[view])).status_code == 401
            assert browser.get(links[view]).status_code == 403
            posted = browser.post(path(links[view]), data={"token": links[view].partition("?t=")[2], "case": CASE})
            assert (posted.status_code, "Set-Cookie" in posted.headers) == (403, False)

    @pytest.mark.parametrize("language", REVOKED)
    def test_is_said_in_plain_words(self, shared, browser, decided, language):
        self.revoke(shared, decided)
        answer = browser.get(f"{decided['links']['letter']}&lang={language}")
        assert f"<h1>{REVOKED[language]}</h1>" in answer.text

    def test_of_one_view_leaves_the_other(self, shared, browser, decided):
        assert self.revoke(shared, decided, view="letter").json["views"] == ["letter"]
        assert browser.get(decided["links"]["letter"]).status_code == 403
        assert browser.get(decided["links"]["panel"]).status_code == 200

    def test_of_the_panel_shuts_the_letter_that_it_leads_to_and_not_the_one_that_was_mailed(self, shared, browser, decided):
        panel = enter(browser, decided["links"]["panel"]).text
        (through,) = re.findall(r'href="(/letter/[^"]*)"', panel)
        through = through.replace("&amp;", "&")
        assert browser.get(through).status_code == 200
        self.revoke(shared, decided, view="panel")
        assert browser.get(through).status_code == 403
        assert browser.get(decided["links"]["letter"]).status_code == 200

    def test_links_that_are_given_out_afterwards_open(self, shared, shared_services, browser, decided):
        self.revoke(shared, decided)
        facts = ending(shared_services.serving(REFUND).release, "decline", "score")
        said = {"facts": facts, "case": "R-again", "customer": "C-again"}
        first = shared.decide(REFUND, key="again", **said)
        self.revoke(shared, first.json)
        again = shared.decide(REFUND, key="again", **said)
        assert again.headers["Idempotent-Replayed"] == "true"
        found = shared.get("/v1/decisions?limit=2").json["decisions"]
        for given in (shared.get(f"/v1/decisions/{decided['id']}").json, again.json, *found):
            assert browser.get(given["links"]["panel"]).status_code == 200
            assert browser.get(given["links"]["letter"]).status_code == 200

    def test_of_no_decision_is_not_found_and_of_no_view_a_mistake(self, shared, decided):
        assert self.revoke(shared, {"id": "019df289-a440-7ffa-8038-43d351fdcb86"}).status_code == 404
        answer = self.revoke(shared, decided, view="dossier")
        assert (answer.status_code, [one["field"] for one in answer.json["errors"]]) == (422, ["view"])
