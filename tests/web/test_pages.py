"""Pages: a link shows a door, the door gives a cookie, and the cookie opens that one page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from explainer.service.doors import links as signed
from explainer.service.wiring import open_services
from explainer.settings import Settings
from explainer.web.app import create_app
from tests.browser import open_browser, serving
from tests.cases import ending
from tests.support import MODELS, SHIPPED, enter

REFUND = SHIPPED[0]
VIEWS = ("panel", "letter")
CUSTOMER, CASE = "Ana Ruiz 4711", "Case-0815"


@pytest.fixture(scope="module")
def decided(shared, shared_services) -> dict:
    facts = ending(shared_services.serving(REFUND).release, "decline", "score")
    return shared.decide(REFUND, facts, customer=CUSTOMER, case=CASE).json


@pytest.fixture(scope="module")
def another(shared, shared_services) -> dict:
    facts = ending(shared_services.serving(REFUND).release, "approve", "score")
    return shared.decide(REFUND, facts, case="Case-9999").json


@pytest.fixture
def browser(shared) -> FlaskClient:
    """A browser nobody has used yet."""
    return shared.client.application.test_client()


def opened(browser: FlaskClient, link: str):
    """What somebody sees who follows a link about CASE, knows it, and presses the button."""
    return enter(browser, link, CASE)


def cookie_of(browser: FlaskClient, link: str) -> str:
    """What the door of a link gives a browser."""
    posted = browser.post(path(link), data={"token": link.partition("?t=")[2], "case": CASE})
    (found,) = re.findall(r"explainer_[a-z]+=([^;]+)", posted.headers["Set-Cookie"])
    return found


def path(link: str) -> str:
    return urlsplit(link).path


class TestLink:
    @pytest.mark.parametrize("view", VIEWS)
    def test_it_shows_a_door_without_any_data(self, browser, decided, view):
        door = browser.get(decided["links"][view])
        assert door.status_code == 200
        assert "<form" in door.text
        assert "Set-Cookie" not in door.headers
        for told in (CUSTOMER, CASE, "89.90", "Not approved", "refund", "change of mind"):
            assert told not in door.text

    @pytest.mark.parametrize("view", VIEWS)
    def test_following_it_twice_still_shows_only_the_door(self, browser, decided, view):
        browser.get(decided["links"][view])
        assert CASE not in browser.get(decided["links"][view]).text

    @pytest.mark.parametrize("view", VIEWS)
    def test_the_door_leads_to_the_page(self, browser, decided, view):
        page = opened(browser, decided["links"][view])
        assert (page.status_code, CASE in page.text) == (200, True)
        assert browser.get(path(decided["links"][view])).text == page.text

    @pytest.mark.parametrize(("view", "word"), [("panel", "Motivo de la solicitud"), ("letter", "Número de caso")])
    def test_the_language_asked_for_goes_through_the_door(self, browser, decided, view, word):
        asked = {"panel": "Pulse el botón", "letter": "Escriba su número de caso"}[view]
        assert asked in browser.get(decided["links"][view] + "&lang=es").text
        assert word in opened(browser, decided["links"][view] + "&lang=es").text

    def test_the_panel_can_be_switched_to_another_language_of_the_pack(self, browser, decided):
        page = opened(browser, decided["links"]["panel"])
        links = re.findall(r'href="(\?lang=[^"]*)"', page.text)
        assert links == ["?lang=es", "?lang=de", "?lang=fr"]
        switched = browser.get(path(decided["links"]["panel"]) + links[0])
        assert '<html lang="es">' in switched.text
        assert "Motivo de la solicitud" in switched.text
        assert 'href="?lang=en"' in switched.text

    def test_an_unknown_language_gives_the_case_s_own(self, browser, decided):
        assert "Case number" in opened(browser, decided["links"]["letter"] + "&lang=xx").text

    def test_the_panel_leads_to_the_letter(self, browser, decided):
        (link,) = re.findall(r'href="(/letter/[^"]*)"', opened(browser, decided["links"]["panel"]).text)
        assert CASE in opened(browser, link.replace("&amp;", "&")).text

    @pytest.mark.parametrize("view", VIEWS)
    def test_without_a_link_the_page_stays_shut(self, browser, decided, view):
        shut = browser.get(path(decided["links"][view]))
        assert (shut.status_code, CASE in shut.text) == (401, False)

    @pytest.mark.parametrize("view", VIEWS)
    def test_a_link_that_was_changed_stays_shut(self, browser, decided, view):
        link = decided["links"][view]
        changed = link[:-10] + ("A" if link[-10] != "A" else "B") + link[-9:]
        assert browser.get(changed).status_code == 403
        assert browser.post(path(link), data={"token": changed.partition("t=")[2]}).status_code == 403
        assert browser.post(path(link)).status_code == 403

    def test_the_link_of_one_page_opens_no_other(self, browser, decided, another):
        token = decided["links"]["panel"].partition("?t=")[2]
        for other in (decided["links"]["letter"], another["links"]["panel"]):
            assert browser.get(f"{path(other)}?t={token}").status_code == 403
            assert browser.post(path(other), data={"token": token}).status_code == 403

    def test_an_old_link_says_that_it_has_expired(self, api, services, clock):
        facts = ending(services.serving(REFUND).release, "decline", "score")
        links = api.decide(REFUND, facts, case=CASE).json["links"]
        browser = api.client.application.test_client()
        assert opened(browser, links["panel"]).status_code == 200
        clock.move(days=2)
        posted = browser.post(path(links["panel"]), data={"token": links["panel"].partition("?t=")[2]})
        for answer in (browser.get(links["panel"]), posted):
            assert (answer.status_code, "expired" in answer.text, CASE in answer.text) == (403, True, False)
        assert opened(browser, links["letter"]).status_code == 200  # a letter is kept longer
        clock.move(days=30)
        assert browser.get(links["letter"]).status_code == 403

    def test_an_old_cookie_opens_nothing_and_a_fresh_link_does(self, api, services, clock):
        facts = ending(services.serving(REFUND).release, "decline", "score")
        decided = api.decide(REFUND, facts, case=CASE).json
        browser = api.client.application.test_client()
        kept = cookie_of(browser, decided["links"]["panel"])
        clock.move(days=2)
        browser.set_cookie("explainer_panel", kept, path="/")
        assert CASE not in browser.get(path(decided["links"]["panel"])).text
        fresh = api.get(f"/v1/decisions/{decided['id']}").json["links"]["panel"]
        assert CASE in opened(browser, fresh).text


class TestRefusals:
    """Somebody with a browser is told in plain words and in their language what is wrong with the link."""

    EXPIRED, WRONG = ("This link has expired", "Este enlace ha caducado"), ("This link does not work", "Este enlace no funciona")

    @pytest.fixture
    def expired(self, api, services, clock):
        facts = ending(services.serving(REFUND).release, "decline", "score")
        link = api.decide(REFUND, facts, case=CASE).json["links"]["letter"]
        clock.move(days=60)
        return api.client.application.test_client(), link

    @pytest.mark.parametrize(
        ("query", "accepts", "language"),
        [
            ("&lang=es", "en", "es"),
            ("&lang=es-MX", "en", "es"),
            ("", "es-MX,es;q=0.9,en;q=0.5", "es"),
            ("", "en-GB", "en"),
            ("", "it", "en"),
            ("&lang=it", "es", "es"),
            ("&lang=<b>", "", "en"),
        ],
    )
    def test_an_old_link_in_the_language_of_the_address_or_of_the_browser(self, expired, query, accepts, language):
        browser, link = expired
        answer = browser.get(link + query, headers={"Accept-Language": accepts})
        assert f'<html lang="{language}">' in answer.text
        assert f"<h1>{self.EXPIRED[language == 'es']}</h1>" in answer.text
        assert '<a href="tel:+353209100123">+353\u00a020\u00a0910\u00a00123</a>' in answer.text
        assert '<a href="mailto:care@norte-vale.example">' in answer.text

    def test_a_posted_old_link_too(self, expired):
        browser, link = expired
        posted = browser.post(path(link) + "?lang=es", data={"token": link.partition("t=")[2]})
        assert (posted.status_code, self.EXPIRED[1] in posted.text) == (403, True)

    @pytest.mark.parametrize(("language", "title"), [("en", WRONG[0]), ("es", WRONG[1])])
    def test_a_wrong_link(self, browser, decided, language, title):
        assert f"<h1>{title}</h1>" in browser.get(f"{path(decided['links']['letter'])}?t=x.y&lang={language}").text

    @pytest.mark.parametrize(
        ("language", "title"), [("en", "Please open this page by your link"), ("es", "Abra esta página con su enlace")]
    )
    def test_no_link_at_all(self, browser, decided, language, title):
        assert f"<h1>{title}</h1>" in browser.get(f"{path(decided['links']['letter'])}?lang={language}").text

    def test_without_any_release_it_is_said_in_plain_english(self, tmp_path):
        services = open_services(Settings(home=tmp_path / "empty", models=MODELS))
        answer = create_app(services).test_client().get("/letter/x?t=y&lang=es")
        services.close()
        assert (answer.status_code, "<h1>Not allowed</h1>" in answer.text) == (403, True)


class TestOpenPages:
    def test_the_start_page_names_the_doors(self, shared):
        page = shared.get("/", None).text
        for door in ("/docs", "/openapi.json", "/healthz", "/readyz", *(f"/cards/{one}" for one in SHIPPED)):
            assert f'href="{door}"' in page
            with shared.get(door, None) as answer:
                assert answer.status_code == 200

    @pytest.mark.parametrize("pack", SHIPPED)
    def test_a_card_opens_in_a_browser_without_a_key(self, shared, pack):
        answer = shared.get(f"/cards/{pack}", None)
        assert (answer.mimetype, answer.text) == ("text/html", shared.get(f"/v1/packs/{pack}/card").text)

    def test_a_card_of_no_pack_is_not_found(self, shared):
        assert shared.get("/cards/horoscope", None).status_code == 404


@pytest.mark.browser
class TestOnAPhone:
    def test_nothing_sticks_out_of_320_pixels_whatever_the_case_number(self, shared, shared_services):
        facts = ending(shared_services.serving(REFUND).release, "decline", "score")
        links = shared.decide(REFUND, facts, case="W" * 128).json["links"]
        key = {"Authorization": f"Bearer {shared.keys['agent']}"}
        with serving(shared.client.application) as address, open_browser() as browser:
            page = browser.new_page(viewport={"width": 320, "height": 800}, extra_http_headers=key)
            for where in (path(links["letter"]), path(links["panel"]), "/", f"/cards/{REFUND}", "/docs"):
                page.goto(address + where)
                if where == "/docs":
                    page.locator(".opblock").first.wait_for()
                assert (where, page.evaluate("document.documentElement.scrollWidth")) == (where, 320)


class TestTheLetterOfAPanel:
    def token(self, page):
        (found,) = re.findall(r"/letter/[^\"]*?t=([^\"&]+)", page.text)
        return found

    def test_its_link_does_not_outlive_the_panel_that_gave_it(self, api, services, clock):
        release = services.serving(REFUND).release
        decided = api.decide(REFUND, ending(release, "decline", "score"), case=CASE).json
        browser = api.client.application.test_client()
        panel = decided["links"]["panel"]
        end = signed.opens(panel.partition("?t=")[2], "panel", decided["id"], services)
        clock.move(hours=20)
        by_link, by_key = opened(browser, panel), api.get(path(panel), "agent")
        assert signed.opens(self.token(by_link), "letter", decided["id"], services) == end
        assert signed.opens(self.token(by_key), "letter", decided["id"], services) == signed.link_end("panel", release, services)
        clock.move(days=2)
        assert browser.get(f"/letter/{decided['id']}?t={self.token(by_link)}").status_code == 403


class TestCookie:
    @pytest.mark.parametrize("view", VIEWS)
    def test_it_belongs_to_one_page_and_scripts_cannot_read_it(self, browser, decided, view):
        link = decided["links"][view]
        cookie = browser.post(path(link), data={"token": link.partition("?t=")[2], "case": CASE}).headers["Set-Cookie"]
        said = {part.strip().split("=")[0]: part.partition("=")[2] for part in cookie.split(";")}
        assert (said["Path"], "HttpOnly" in said, said["SameSite"]) == (path(link), True, "Lax")
        assert "Expires" in said

    def test_over_https_it_is_sent_over_https_only(self, browser, decided):
        link = decided["links"]["panel"]
        answer = browser.post(path(link), data={"token": link.partition("?t=")[2]}, base_url="https://localhost")
        assert "Secure" in answer.headers["Set-Cookie"]

    def test_it_opens_no_other_page_even_when_it_is_sent_there(self, browser, decided, another):
        kept = cookie_of(browser, decided["links"]["panel"])
        for name in ("explainer_panel", "explainer_letter"):
            browser.set_cookie(name, kept, path="/")
        for other in (another["links"]["panel"], another["links"]["letter"], decided["links"]["letter"]):
            assert browser.get(path(other)).status_code == 401
        assert browser.get(path(decided["links"]["panel"])).status_code == 200

    @pytest.mark.parametrize("view", VIEWS)
    def test_none_can_be_made_of_a_link_without_its_door(self, browser, decided, view):
        link = decided["links"][view]
        browser.set_cookie(f"explainer_{view}", link.partition("?t=")[2], path="/")
        assert browser.get(path(link)).status_code == 401
        assert CASE not in browser.get(link).text

    @pytest.mark.parametrize("view", VIEWS)
    def test_it_is_no_link(self, browser, decided, view):
        kept, address = cookie_of(browser, decided["links"][view]), path(decided["links"][view])
        elsewhere = browser.application.test_client()
        assert elsewhere.get(f"{address}?t={kept}").status_code == 403
        assert elsewhere.post(address, data={"token": kept, "case": CASE}).status_code == 403

    def test_it_opens_nothing_of_the_api(self, browser, decided):
        opened(browser, decided["links"]["panel"])
        assert browser.get(f"/v1/decisions/{decided['id']}").status_code == 401


class TestKey:
    @pytest.mark.parametrize(("role", "status"), [("agent", 200), ("auditor", 200), ("operator", 403), ("privacy_officer", 403)])
    @pytest.mark.parametrize("view", VIEWS)
    def test_it_opens_the_page_for_those_who_read_decisions(self, shared, decided, view, role, status):
        answer = shared.get(path(decided["links"][view]), role)
        assert (answer.status_code, CASE in answer.text) == (status, status == 200)

    def test_a_wrong_key_is_not_helped_by_a_right_link(self, browser, decided):
        assert browser.get(decided["links"]["panel"], headers={"Authorization": "Bearer exk_a_b"}).status_code == 401

    @pytest.mark.parametrize("view", VIEWS)
    def test_a_page_about_nothing_is_not_found(self, shared, view):
        answer = shared.get(f"/{view}/019df289-a440-7ffa-8038-43d351fdcb86", "agent")
        assert (answer.status_code, answer.mimetype) == (404, "text/html")


class Inline(HTMLParser):
    """Everything in a page that a strict policy forbids, or that comes from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.found.append(f"<{tag}>")
        self.found += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        sources = [given[name] or "" for name in ("src", "href", "action") if name in given]
        own = (
            "/",
            "#",
            "data:,",
            "?lang=",
            *(("tel:", "mailto:", "https://") if tag == "a" else ()),
        )
        self.found += [one for one in sources if not one.startswith(own) or one.startswith("//")]


class TestHeaders:
    @pytest.fixture
    def pages(self, shared, browser, decided):
        """Every page of ours."""
        return {
            "door": browser.get(decided["links"]["panel"]),
            "shut": browser.get("/panel/x"),
            "start": browser.get("/"),
            "open card": browser.get(f"/cards/{REFUND}"),
            "panel": shared.get(path(decided["links"]["panel"]), "agent"),
            "letter": shared.get(path(decided["links"]["letter"]), "agent"),
            "letter by the API": shared.get(f"/v1/decisions/{decided['id']}/letter", "agent"),
            "card": shared.get(f"/v1/packs/{REFUND}/card", "agent"),
        }

    def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline(self, pages):
        for page in pages.values():
            policy = dict(one.strip().split(" ", 1) for one in page.headers["Content-Security-Policy"].split(";"))
            assert policy["default-src"] == "'none'"
            assert policy["frame-ancestors"] == "'none'"
            assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
            assert "unsafe" not in page.headers["Content-Security-Policy"]

    def test_types_are_not_guessed_addresses_not_passed_on_and_pages_not_kept(self, pages):
        for page in pages.values():
            assert page.headers["X-Content-Type-Options"] == "nosniff"
            assert page.headers["Referrer-Policy"] == "no-referrer"
            assert page.headers["Cache-Control"] == "no-store"

    def test_replies_and_problems_are_not_kept_either(self, shared, decided):
        for where in (f"/v1/decisions/{decided['id']}", "/v1/decisions/x", "/nowhere"):
            assert shared.get(where).headers["Cache-Control"] == "no-store"

    def test_no_page_has_a_script_or_a_style_inside_or_anything_from_elsewhere(self, pages):
        for name, page in pages.items():
            reader = Inline()
            reader.feed(page.text)
            assert (name, reader.found) == (name, [])

    def test_the_stylesheet_is_there(self, shared):
        with shared.get("/static/explainer.css", None) as answer:
            assert (answer.status_code, answer.mimetype) == (200, "text/css")
            assert answer.headers["Cache-Control"] == "public, max-age=300"

    @pytest.mark.parametrize("name", ["..%2fpanel.py", "%2e%2e/panel.py", "nothing.css", "..%2f..%2f..%2fsetup.cfg"])
    def test_no_other_file_is(self, shared, name):
        assert shared.get(f"/static/{name}", None).status_code == 404


@pytest.mark.parametrize(
    ("path", "accept", "is_page"),
    [
        ("/nowhere", "text/html,application/xhtml+xml,*/*;q=0.8", True), ("/cards/nobody", "text/html,*/*;q=0.8", True),
        ("/nowhere", "*/*", False), ("/nowhere", "application/json", False), ("/v1/nowhere", "text/html,*/*;q=0.8", False),
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_page_for_a_browser_and_a_problem_for_a_program(shared, path, accept, is_page):
    answer = shared.client.get(path, headers={"Accept": accept})
    assert (answer.status_code, "There is nothing here" in answer.text) == (404, is_page)
    assert answer.mimetype == ("text/html" if is_page else "application/problem+json")
