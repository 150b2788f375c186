"""Hostile texts at the door: whatever an address, a header, a body or a key's name says, no page gets another structure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from explainer.envelope import case_mistake
from explainer.service.access import create_key
from tests.cases import ending
from tests.hostile import HARMLESS, KNOWN, TEXTS, hostile_texts, structure
from tests.support import SHIPPED

REFUND = SHIPPED[0]
OPEN = {"home": "/", "docs": "/docs"}  # the same for everybody, whatever they ask
ASKED = {  # pages that are made of what an address asks for, and how it is asked for such a one
    "door": lambda text, link: f"{link}&{urlencode({'lang': text, 'format': text})}",
    "message": lambda text, link: f"{link[: link.index('?')]}?{urlencode({'lang': text, 't': text})}",
    "message about another": lambda text, link: f"/letter/{quote(text, safe='')}?{urlencode({'lang': text})}",
    "message about nothing": lambda text, link: f"/{quote(text, safe='')}?{urlencode({'lang': text})}",
    "embed": lambda text, link: f"/embed/panel?{urlencode({'lang': text, 'origin': text})}",
}


@pytest.fixture(scope="module")
def link(shared, shared_services) -> str:
    """To the letter of a case."""
    return shared.decide(REFUND, ending(shared_services.serving(REFUND).release, "decline", "score")).json["links"]["letter"]


@pytest.fixture(scope="module")
def pages(shared, shared_services) -> Callable[[str], list[list[tuple[Any, ...]]]]:
    release = shared_services.serving(REFUND).release
    facts = ending(release, "decline", "score")

    def show(text: str) -> list[list[tuple[Any, ...]]]:
        key = {"Authorization": f"Bearer {create_key(text, ('auditor',), 1, shared_services)}"}
        customer = re.sub(r"[^!-~]|[/\\\\?#%]", "-", text)
        decided = shared.decide(REFUND, facts, customer=customer, case=text, locale="en").json
        where = (f"/panel/{decided['id']}", f"/letter/{decided['id']}", f"/dossier/{decided['id']}")
        answers = [shared.client.get(one, headers=key) for one in where]
        assert [answer.status_code for answer in answers] == [200] * len(answers)
        return [structure(answer.text.replace(decided["id"], "an-id")) for answer in answers]

    return show


class TestPagesThatAnAddressAsksFor:
    @pytest.mark.parametrize("name", ASKED)
    def test_keep_their_structure_whatever_it_says(self, shared, link, name):
        """A request takes milliseconds: what is known is asked for everywhere, and the others by turns."""
        texts, turn = [*hostile_texts(TEXTS)], [*ASKED].index(name)
        self.ask(shared, link, name, [*KNOWN, *texts[len(KNOWN) + turn :: len(ASKED)]])

    @pytest.mark.torture
    @pytest.mark.parametrize("name", ASKED)
    def test_all_five_hundred_everywhere(self, shared, link, name):
        self.ask(shared, link, name, [*hostile_texts(TEXTS)])

    def ask(self, shared, link, name, texts) -> None:
        usual = self.page(shared, ASKED[name](HARMLESS, link), HARMLESS)
        for text in texts:
            assert self.page(shared, ASKED[name](text, link), text) == usual, text

    @pytest.mark.parametrize("address", OPEN.values())
    def test_or_are_the_same_for_everybody(self, shared, address):
        usual = shared.client.get(address).data
        for text in KNOWN:
            assert shared.client.get(f"{address}?{urlencode({'lang': text, text: text})}", headers=headers(text)).data == usual

    def page(self, shared, address, text) -> list[tuple[Any, ...]]:
        answer = shared.client.get(address, headers=headers(text), follow_redirects=True)  # of `//` to `/`
        assert answer.mimetype == "text/html"
        return structure(answer.text)


def headers(text: str) -> dict[str, str]:
    """What a browser says of itself, as far as it can be said in a header."""
    sayable = "".join(one for one in text if one.isprintable() and one.isascii())
    return {"Accept": "text/html", "Accept-Language": sayable, "User-Agent": sayable, "Referer": sayable}


class TestWhatIsRecorded:
    """By the real doors: a customer, a case and a key of any name that is let in, on every page that shows them."""

    def test_changes_no_page(self, pages):
        usual = pages(HARMLESS)
        let_in = [text for text in KNOWN if case_mistake(text) is None]
        assert len(let_in) > len(KNOWN) / 2
        for text in let_in[::3]:
            assert pages(text) == usual, text


class TestProblems:
    """What a program sent comes back to a program only: as JSON, which no browser takes for a page."""

    @pytest.mark.parametrize(
        "body",
        [
            lambda text: {"customer": text, "case": text, "facts": {}},
            lambda text: {"customer": "C-1", "case": "R-1", "facts": {text: text, "amount": text}},
            lambda text: {"customer": "C-1", "case": "R-1", "locale": text, "facts": {}, text: text},
        ],
        ids=["references", "facts", "names"],
    )
    def test_hold_it_as_data(self, shared, body):
        for number, text in enumerate(hostile_texts(100)):
            headers = {"Authorization": f"Bearer {shared.keys['integrator']}", "Idempotency-Key": f"hostile-{number}"}
            answer = shared.client.post(f"/v1/packs/{REFUND}/decisions", json=body(text), headers=headers)
            assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), text
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.json["type"] == "urn:explainer:bad-request"
