"""Forgotten: canaries in all that customers of a real server send; once they are erased, none of its logs and files holds one."""

from __future__ import annotations

import json
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from explainer.service.access import ROLES, create_key
from explainer.service.wiring import open_services
from tests.canaries import CANARY, canary, written
from tests.issuer import AUDIENCE, LittleIssuer, open_issuer
from tests.journeys.conftest import Process, running
from tests.support import SHIPPED

pytestmark = pytest.mark.slow

REFUND = SHIPPED[0]
DESK = "https://desk.example"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
DECISIONS = 8
PLANTED = 50


@dataclass
class House:
    """A server, keys to it, and where people sign in."""

    server: Process
    keys: dict[str, str]
    issuer: LittleIssuer
    home: Path
    statuses: set[int] = field(default_factory=set)

    def ask(self, method: str, path: str, role: str | None = None, body: Any = None, **headers: str) -> tuple[HTTPResponse, str]:
        """One request; a role's key unless an Authorization is given; what is no text is sent as JSON."""
        said = body if isinstance(body, str | bytes | None) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Content-Type": JSON} | ({"Authorization": f"Bearer {self.keys[role]}"} if role else {}) | named
        with closing(HTTPConnection("127.0.0.1", self.server.port, timeout=60)) as connection:
            connection.request(method, path, said, sent)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        self.statuses.add(answer.status)
        return answer, text

    def send_raw(self, said: str) -> int:
        """Bytes that are no HTTP as it should be; returns the status of the answer."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as client:
            client.sendall(said.encode())
            answer = client.makefile("rb").readline().decode()
        return int(answer.split()[1])

    def printed(self) -> bytes:
        return self.server.out.read_bytes() + self.server.err.read_bytes()

    def kept(self) -> bytes:
        return b"\0".join(path.read_bytes() for path in self.home.rglob("*") if path.is_file())


@dataclass
class Person:
    """A customer with their canaries."""

    reference: str = field(default_factory=canary)
    planted: list[str] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)

    def plant(self) -> str:
        self.planted.append(canary())
        return self.planted[-1]


@pytest.fixture
def house(home, settings) -> Iterator[House]:
    with closing(open_services(settings, lambda: datetime.now(UTC))) as services:
        keys = {role: create_key(role, (role,), None, services) for role in ROLES}
    with open_issuer() as issuer:
        signing = {"oidc_issuer": issuer.address, "oidc_audience": AUDIENCE}
        with running(home, "serve", panel_origins=DESK, body_limit=65_536, **signing) as server:
            server.wait_until(server.answers, 60)
            yield House(server, keys, issuer, home)


def decide(person: Person, house: House, facts: dict[str, Any]) -> None:
    case, key = person.plant(), person.plant()
    body = {"customer": person.reference, "case": case, "locale": "en", "facts": facts}
    answer, text = house.ask("POST", f"/v1/packs/{REFUND}/decisions", "integrator", body, Idempotency_Key=key)
    assert answer.status == 201, text
    person.decisions.append(json.loads(text))
    person.cases.append(case)
    changed = body | {"customer": person.plant()}
    assert house.ask("POST", f"/v1/packs/{REFUND}/decisions", "integrator", changed, Idempotency_Key=key)[0].status == 422


def come_by_link(person: Person, house: House, number: int) -> None:
    """To the door of a letter, which first hears something wrong, and of the panel; pages in every way, then taken back."""
    decision = person.decisions[number]
    for view, typed in (("letter", [person.plant(), person.cases[number]]), ("panel", [""])):
        there = urlsplit(decision["links"][view])
        token = there.query.partition("=")[2]
        assert house.ask("GET", f"{there.path}?{there.query}")[0].status == 200
        for case in typed:
            entered = house.ask("POST", there.path, None, urlencode({"token": token, "case": case}), Content_Type=FORM)[0]
        cookie = entered.getheader("Set-Cookie", "").partition(";")[0]
        for method, query in (("GET", ""), ("HEAD", ""), ("GET", f"?lang={person.planted[0]}"), ("GET", "?lang=de&format=pdf")):
            assert house.ask(method, there.path + query, None, Cookie=cookie)[0].status == 200
    assert house.ask("POST", f"/v1/decisions/{decision['id']}/links/revocations", "supervisor", {"view": "all"})[0].status == 201
    assert (
        house.ask("POST", there.path, None, urlencode({"token": token, "case": person.plant()}), Content_Type=FORM)[0].status == 403
    )


def come_from_a_desk(person: Person, house: House) -> None:
    decision = person.decisions[0]["id"]
    token = json.loads(house.ask("POST", f"/v1/decisions/{decision}/panel-tokens", "agent", {"origin": DESK})[1])["token"]
    for said, status in (({"token": person.plant(), "origin": DESK}, 403), ({"token": token, "origin": DESK}, 200)):
        assert house.ask("POST", "/embed/panel", None, urlencode(said), Content_Type=FORM)[0].status == status
    assert house.ask("POST", f"/v1/decisions/{decision}/panel-tokens", "agent", {"origin": person.plant()})[0].status == 422


def sign_in(person: Person, house: House) -> None:
    """With a token that is in order and names somebody, and with what only looks like one."""
    name, now = person.plant(), time.time()
    token = house.issuer.token(sub=name, name=name, exp=now + 300, nbf=now - 10)
    path = f"/v1/decisions/{person.decisions[0]['id']}"
    assert house.ask("GET", path, None, Authorization=f"Bearer {token}")[0].status == 200
    head, _, rest = token.partition(".")
    unknown = house.issuer.token(head={"kid": person.plant()}, exp=now + 300)
    for wrong in (f"{name}.{name}.{name}", f"{head}.{name}.{rest}", unknown, f"exk_{person.plant()}_{name}", name):
        assert house.ask("GET", path, None, Authorization=f"Bearer {wrong}")[0].status == 401


def make_mistakes(person: Person, house: House, facts: dict[str, Any]) -> None:
    """Requests that are refused, each with a canary where somebody may have written a name."""
    a, b, c = person.plant(), person.plant(), person.plant()
    case = {"customer": a, "case": b, "locale": "en", "facts": facts}
    decisions, key = f"/v1/packs/{REFUND}/decisions", {"Idempotency_Key": c}
    for body in (
        json.dumps(case)[:-9], f'{{"{a}": ', [a], {**case, a: b}, {**case, "locale": a}, {**case, "facts": {**facts, a: b}},
        {**case, "facts": dict.fromkeys(facts, c)}, {**case, "customer": a * 100}, {**case, "customer": f"{a}\ud800"},
        {**case, "facts": {**facts, "x": a * 3_000}},
    ):  # fmt: skip
        assert 400 <= house.ask("POST", decisions, "integrator", body, **key)[0].status < 500
    assert house.ask("POST", decisions, "integrator", case, Idempotency_Key=f"{c}\u00e9")[0].status == 400
    assert house.ask("POST", decisions, "integrator", case, **key, Content_Type=f"text/{a}")[0].status == 415
    lines = "\n".join([json.dumps({**case, "case": f"{b}-bulk", "customer": person.reference}), json.dumps(case)[:-9], f"{{{a}"])
    answer, text = house.ask("POST", f"{decisions}/bulk?lang=en", "integrator", lines, Content_Type="application/x-ndjson")
    assert (answer.status, text.count("mistakes")) == (200, 2)
    for query in ({"customer": a, "case": b}, {"cursor": a}, {"limit": b}, {"since": c}, {a: b}):
        assert house.ask("GET", f"/v1/decisions?{urlencode(query)}", "agent")[0].status in {200, 400, 422}
    for path in (f"/panel/{a}?t={b}", f"/letter/{a}", f"/{a}", f"/v1/decisions/{b}", f"/v1/packs/{a}", f"/static/{a}"):
        assert house.ask("GET", path, "agent")[0].status in {403, 404, 405}
    assert house.ask("PATCH", f"/v1/customers/{a}", "privacy_officer")[0].status == 405
    assert house.ask("PUT", f"/v1/customers/{person.reference}/preferences", "agent", {"automation": b})[0].status == 422
    assert house.ask("PUT", f"/v1/customers/{person.reference}/preferences", "agent", {"automation": "opted_out"})[0].status == 200
    multipart = f"--{a}\r\nContent-Disposition: form-data; name={b}\r\n\r\n{c}"
    house.ask("POST", f"/letter/{person.decisions[1]['id']}", None, multipart, Content_Type=f"multipart/form-data; boundary={a}")


def speak_no_http(person: Person, house: House) -> None:
    a = person.plant()
    host = "Host: localhost\r\n"
    for said in (
        f"GET /letter/1?case={a} {a} HTTP/1.1\r\n\r\n",
        f"GET /{a} HTTP/{a}\r\n\r\n",
        f"{a.upper()}!{a}@ / HTTP/1.1\r\n\r\n",
        f"GET / HTTP/1.1\r\n{host}X {a}: 1\r\n\r\n",
        f"GET / HTTP/1.1\r\n{host}{a}\r\n\r\n",
        f"POST / HTTP/1.1\r\n{host}Transfer-Encoding: {a}\r\n\r\n",
        f"POST / HTTP/1.1\r\n{host}Content-Length: {a}\r\n\r\n",
        f"GET / HTTP/1.1\r\n{host}Expect: {a}\r\n\r\n",
        f"POST /v1/packs/{REFUND}/decisions HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\n{a}\r\n{a}\r\n",
    ):
        assert house.send_raw(said) in {400, 401, 404, 417, 501}, said


def fail_inside(person: Person, house: House, facts: dict[str, Any]) -> None:
    """Requests that meet a database that does not answer as it should."""
    body = {"customer": person.plant(), "case": person.plant(), "locale": "en", "facts": facts}
    there = urlsplit(person.decisions[2]["links"]["letter"])
    form = urlencode({"token": there.query.partition("=")[2], "case": person.plant()})
    with closing(sqlite3.connect(house.home / "ledger.sqlite3", isolation_level=None, timeout=60)) as database:
        database.execute("BEGIN IMMEDIATE")
        answer = house.ask("POST", f"/v1/packs/{REFUND}/decisions", "integrator", body, Idempotency_Key=person.plant())[0]
        database.execute("ROLLBACK")
        database.execute("ALTER TABLE door_tries RENAME TO elsewhere")
        door = house.ask("POST", there.path, None, form, Content_Type=FORM)[0]
        database.execute("ALTER TABLE elsewhere RENAME TO door_tries")
    assert (answer.status, door.status) == (503, 503)


def erase(person: Person, house: House) -> None:
    for _ in range(20):  # refused while somebody still reads
        answer, text = house.ask("DELETE", f"/v1/customers/{person.reference}", "privacy_officer")
        if answer.status != 503:
            break
        time.sleep(0.2)
    assert answer.status == 200, text


@pytest.mark.parametrize("count", [2, pytest.param(200, marks=pytest.mark.torture)])
def test_no_canary_is_left_in_any_log_or_file_of_a_server(count, house, sampled):
    facts, people = sampled(REFUND, 1)[0], [Person() for _ in range(count)]
    for person in people:
        for _ in range(DECISIONS):
            decide(person, house, facts)
        come_by_link(person, house, 1)
        come_from_a_desk(person, house)
        sign_in(person, house)
        make_mistakes(person, house, facts)
        speak_no_http(person, house)
        while len(person.planted) < PLANTED:
            house.ask("GET", f"/v1/decisions?customer={person.plant()}", "agent")
    fail_inside(people[0], house, facts)
    exported = house.ask("GET", f"/v1/customers/{people[0].reference}/data", "privacy_officer")[1]
    assert all(case in exported for case in people[0].cases)
    for person in people:
        erase(person, house)
    assert all(house.ask("GET", f"/v1/decisions/{one.decisions[-1]['id']}", "agent")[0].status == 410 for one in people)
    assert house.server.end() == 0
    printed = house.printed()
    assert (printed.count(b"Invalid request"), printed.count(b"did not answer")) == (9 * count, 2)  # what went wrong is there
    assert [form for form in written(CANARY) if form in printed] == [], printed.decode()
    kept = house.kept()
    assert [form for form in written(CANARY) if form in kept] == []
    assert house.statuses >= {200, 201, 400, 401, 403, 404, 405, 410, 415, 422, 503}
