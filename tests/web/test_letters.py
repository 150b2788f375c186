"""Letters over HTTP: by the API and by a link, in every form, each remembered before it is sent."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from explainer.service.inspect import find, views_of
from tests.cases import ending
from tests.support import SHIPPED, enter

REFUND, CASE = SHIPPED[0], "Case-0815"
KINDS = {"html": "text/html; charset=utf-8", "text": "text/plain; charset=utf-8", "pdf": "application/pdf"}


@pytest.fixture
def decided(shared, shared_services) -> dict:
    facts = ending(shared_services.serving(REFUND).release, "decline", "score")
    return shared.decide(REFUND, facts, case=CASE).json


@pytest.fixture
def address(decided) -> str:
    return f"/v1/decisions/{decided['id']}/letter"


@pytest.fixture
def views(shared_services, decided):
    """What is remembered about letters of the decision: form, language, channel and by whom."""

    def remembered():
        found = views_of(find(decided["id"], shared_services), shared_services)
        return [(one["form"], one["locale"], one["channel"], one["by"]) for one in found]

    return remembered


class TestByTheApi:
    @pytest.mark.parametrize("form", KINDS)
    @pytest.mark.parametrize(("language", "word"), [("en", "Case number"), ("es", "Número de caso")])
    def test_it_comes_in_each_form_and_language_and_is_remembered(self, shared, address, views, form, language, word):
        answer = shared.get(address, "agent", query_string={"format": form, "lang": language})
        assert (answer.status_code, answer.content_type) == (200, KINDS[form])
        assert form == "pdf" or (word in answer.text and CASE in answer.text)
        assert answer.data.startswith(b"%PDF-1.7") == (form == "pdf")
        assert views() == [(form, language, "api", "test agent")]

    @pytest.mark.parametrize(
        ("accepts", "form"),
        [
            ("application/pdf", "pdf"),
            ("text/plain;q=0.9, application/pdf;q=0.5", "text"),
            ("*/*", "html"),
            ("application/json", "html"),
            ("text/html,application/xhtml+xml,*/*;q=0.8", "html"),
        ],
    )
    def test_the_accept_header_chooses_and_the_parameter_chooses_before_it(self, shared, address, accepts, form):
        assert shared.get(address, headers={"Accept": accepts}).content_type == KINDS[form]
        assert shared.get(f"{address}?format=text", headers={"Accept": accepts}).content_type == KINDS["text"]

    def test_it_is_html_in_the_language_of_the_case_unless_said_otherwise(self, shared, shared_services):
        facts = ending(shared_services.serving(REFUND).release, "decline", "score")
        decided = shared.decide(REFUND, facts, locale="es").json
        answer = shared.get(f"/v1/decisions/{decided['id']}/letter")
        assert answer.mimetype == "text/html"
        assert re.search(r'<html lang="es">', answer.text)

    @pytest.mark.parametrize("query", ["lang=nl", "lang=x", "format=docx", "font=9"])
    def test_what_cannot_be_written_is_refused_by_name_and_not_remembered(self, shared, address, views, query):
        answer = shared.get(f"{address}?{query}")
        assert (answer.status_code, [one["field"] for one in answer.json["errors"]]) == (422, [query.partition("=")[0]])
        assert views() == []

    def test_there_is_no_letter_about_what_was_not_decided(self, shared):
        assert shared.get("/v1/decisions/019df289-a440-7ffa-8038-43d351fdcb86/letter").status_code == 404


class TestByALink:
    @pytest.fixture
    def browser(self, shared):
        return shared.client.application.test_client()

    def test_the_door_is_no_view_and_the_page_is_one(self, browser, decided, views):
        browser.get(decided["links"]["letter"])
        assert views() == []
        enter(browser, decided["links"]["letter"], CASE)
        assert views() == [("html", "en", "page", "link")]

    def test_the_page_leads_to_its_pdf_in_its_language(self, browser, decided, views):
        page = enter(browser, decided["links"]["letter"] + "&lang=es", CASE)
        (link,) = re.findall(r'class="save"><a href="([^"]*)"', page.text)
        answer = browser.get(urlsplit(decided["links"]["letter"]).path + link.replace("&amp;", "&"))
        assert (answer.content_type, answer.data[:5]) == ("application/pdf", b"%PDF-")
        assert answer.headers["Content-Disposition"] == f"attachment; filename=letter-{decided['id']}.pdf"
        assert views() == [("html", "es", "page", "link"), ("pdf", "es", "page", "link")]

    def test_a_link_to_the_pdf_goes_through_the_same_door(self, browser, decided):
        assert enter(browser, decided["links"]["letter"] + "&format=pdf", CASE).mimetype == "application/pdf"

    def test_it_is_the_pdf_of_the_api(self, shared, browser, decided, address):
        by_link = enter(browser, decided["links"]["letter"] + "&format=pdf", CASE).data
        assert by_link == shared.get(f"{address}?format=pdf").data

    def test_without_a_token_there_is_none(self, browser, decided):
        assert browser.get(urlsplit(decided["links"]["letter"]).path + "?format=pdf").status_code == 401

    def test_a_key_opens_it_by_its_own_name(self, shared, decided, views):
        shared.get(urlsplit(decided["links"]["letter"]).path, "supervisor")
        assert views() == [("html", "en", "page", "test supervisor")]
