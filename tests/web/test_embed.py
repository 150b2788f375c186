"""The embedded panel over HTTP: an empty page for listed desktops, filled once by a token."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from explainer.service.access import ROLES, create_key
from explainer.service.wiring import Services, open_services
from explainer.settings import Settings
from explainer.web.app import create_app
from tests.cases import ending
from tests.support import MODELS, SHIPPED, Api, Clock

REFUND = SHIPPED[0]
DESK, OTHER = "https://desk.example", "http://localhost:3000"
CASE = "Case-0815"
FRAME = "/embed/panel"


@pytest.fixture(scope="module")
def embedding(trained_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    home = Path(shutil.copytree(trained_home, tmp_path_factory.mktemp("embedding") / "home"))
    opened = open_services(Settings(home=home, models=MODELS, panel_origins=f"{DESK},{OTHER}"), Clock())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def desk(embedding: Services) -> Api:
    keys = {role: create_key(f"test {role}", (role,), None, embedding) for role in ROLES}
    app = create_app(embedding)
    app.testing = False
    return Api(app.test_client(), keys)


@pytest.fixture(scope="module")
def decided(desk, embedding) -> dict:
    return desk.decide(REFUND, ending(embedding.serving(REFUND).release, "decline", "score"), case=CASE).json


def asked(desk, decided, role="agent", **body):
    return desk.call("POST", f"/v1/decisions/{decided['id']}/panel-tokens", role, json=body or {"origin": DESK})


def filled(desk, token, origin=DESK, lang="en"):
    return desk.client.post(f"{FRAME}?lang={lang}", data={"token": token, "origin": origin})


def policy(answer) -> dict[str, str]:
    return dict(one.strip().split(" ", 1) for one in answer.headers["Content-Security-Policy"].split(";"))


class TestToken:
    def test_an_agent_gets_one_for_a_desktop_of_the_list(self, desk, decided):
        answer = asked(desk, decided)
        assert (answer.status_code, set(answer.json)) == (201, {"token", "expires_at"})
        assert answer.json["expires_at"] == "2026-05-04T10:32:00+00:00"
        assert answer.headers["Cache-Control"] == "no-store"

    def test_one_that_nobody_used_opens_nothing_once_links_to_the_panel_are_revoked(self, desk, decided):
        kept, spent = (asked(desk, decided).json["token"] for _ in range(2))
        revoke = f"/v1/decisions/{decided['id']}/links/revocations"
        assert desk.call("POST", revoke, "supervisor", json={"view": "letter"}).status_code == 201
        assert filled(desk, kept).status_code == 200
        assert desk.call("POST", revoke, "supervisor", json={"view": "panel"}).status_code == 201
        assert filled(desk, spent).status_code == 403
        assert filled(desk, asked(desk, decided).json["token"]).status_code == 200

    @pytest.mark.parametrize("origin", ["https://foreign.example", "*", "", f"{DESK}/"])
    def test_another_desktop_is_refused_by_field(self, desk, decided, origin):
        answer = asked(desk, decided, origin=origin)
        assert (answer.status_code, [one["field"] for one in answer.json["errors"]]) == (422, ["origin"])

    def test_a_body_without_origin_or_with_more_is_refused(self, desk, decided):
        said = {one["field"] for one in asked(desk, decided, origins=DESK).json["errors"]}
        assert said == {"origin", "origins"}

    def test_there_is_none_for_a_decision_that_does_not_exist(self, desk):
        assert asked(desk, {"id": "019df289-a440-7ffa-8038-43d351fdcb86"}).status_code == 404


class TestFrame:
    def test_the_empty_page_holds_nothing_about_a_case(self, desk, decided):
        page = desk.client.get(FRAME)
        assert page.status_code == 200
        for told in (CASE, "Not approved", "refund", decided["id"]):
            assert told not in page.text

    def test_exactly_the_listed_desktops_may_embed_it_and_nothing_inline_runs(self, desk):
        said = policy(desk.client.get(FRAME))
        assert said["frame-ancestors"] == f"{DESK} {OTHER}"
        assert (said["default-src"], said["script-src"], said["style-src"]) == ("'none'", "'self'", "'self'")

    def test_no_other_page_may_be_embedded_by_anybody(self, desk, decided):
        for path in ("/", "/docs", f"/panel/{decided['id']}", f"/letter/{decided['id']}", "/embed/", f"/cards/{REFUND}"):
            assert policy(desk.get(path, "agent"))["frame-ancestors"] == "'none'"

    def test_without_a_list_nobody_may(self, shared):
        assert policy(shared.client.get(FRAME))["frame-ancestors"] == "'none'"

    def test_its_words_follow_the_language_asked_for(self, desk):
        assert "Un momento" in desk.client.get(f"{FRAME}?lang=es").text


class TestFilling:
    def test_a_token_shows_the_panel_in_the_language_of_the_desktop(self, desk, decided):
        page = filled(desk, asked(desk, decided).json["token"], lang="es")
        assert (page.status_code, CASE in page.text, '<html lang="es">' in page.text) == (200, True, True)
        assert page.headers["Cache-Control"] == "no-store"

    def test_inside_a_desktop_the_letter_opens_beside_it_and_no_link_leads_away(self, desk, decided):
        page = filled(desk, asked(desk, decided).json["token"]).text
        assert page.count("<a ") == page.count('target="_blank" rel="noopener"') == 1
        assert "<nav" not in page

    def test_a_used_token_is_refused_in_plain_words(self, desk, decided):
        token = asked(desk, decided).json["token"]
        assert filled(desk, token).status_code == 200
        for lang, title in (("en", "Please open the panel again"), ("es", "Abra otra vez el panel")):
            again = filled(desk, token, lang=lang)
            assert (again.status_code, f"<h1>{title}</h1>" in again.text, CASE in again.text) == (403, True, False)

    def test_on_another_listed_desktop_it_is_refused_and_gone(self, desk, decided):
        token = asked(desk, decided).json["token"]
        assert filled(desk, token, origin=OTHER).status_code == 403
        assert filled(desk, token).status_code == 403

    def test_a_token_in_the_address_opens_nothing(self, desk, decided):
        token = asked(desk, decided).json["token"]
        assert CASE not in desk.client.get(f"{FRAME}?token={token}&origin={DESK}").text
        assert desk.client.post(f"{FRAME}?token={token}&origin={DESK}").status_code == 403
        assert filled(desk, token).status_code == 200

    @pytest.mark.parametrize("form", [{}, {"token": ""}, {"origin": DESK}, {"token": "x" * 10_000, "origin": DESK}])
    def test_without_a_token_it_stays_shut(self, desk, form):
        assert desk.client.post(FRAME, data=form).status_code == 403


class TestScripts:
    @pytest.mark.parametrize("name", ["why-panel.js", "embed.js"])
    def test_each_is_one_file_without_a_build_step(self, desk, name):
        with desk.client.get(f"/static/{name}") as answer:
            assert (answer.status_code, answer.mimetype) == (200, "text/javascript")
            assert len(answer.data) < 4_000
            assert b"import" not in answer.data
