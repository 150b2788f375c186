"""Canaries: fifty planted with each customer, and after their erasure none is in any byte of any file, export or log."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from explainer.ledger.canonical import encode, leaf_hash
from explainer.ledger.engines import reading
from explainer.ledger.keys.master import load_master_key
from explainer.ledger.tables import data_keys, entries
from explainer.service.access import create_key, issue_panel_token
from explainer.service.inspect import COMMAND, Recipient, Wanted, find, send_letter
from explainer.service.privacy.holding import hold, release_hold
from explainer.service.privacy.renewing import rotate
from explainer.service.privacy.telling import export
from explainer.service.releases import activate
from explainer.service.wiring import Services, open_services
from explainer.settings import Settings
from explainer.web.app import create_app
from tests.canaries import CANARY, canary, written
from tests.postgres import Cluster
from tests.support import MODELS, Api, Clock, enter

pytestmark = pytest.mark.slow

PACK = "refund_approval"
PLANTED = 50
DECISIONS = 16  # each with a canary as case number and one as Idempotency-Key
ORIGIN = "https://desktop.example"


@dataclass
class Place:
    """A deployment, and every byte that it keeps anywhere."""

    services: Services
    api: Api
    files: Callable[[], Iterator[Path]]
    leaves_no_trace: bool  # whether the database forgets at once even what only the master key could open

    def bytes(self) -> bytes:
        return b"\0".join(path.read_bytes() for path in self.files() if path.is_file())


@dataclass
class Person:
    """A customer with their canaries, and what in the files leads to them."""

    reference: str = field(default_factory=canary)
    planted: list[str] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)

    def plant(self) -> str:
        self.planted.append(canary())
        return self.planted[-1]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def place(request, home, trained_home) -> Iterator[Place]:
    sqlite = request.param == "sqlite"
    cluster: Cluster | None = None if sqlite else request.getfixturevalue("postgres")
    url = "" if cluster is None else cluster.database()
    settings = Settings(home=home, models=MODELS, database_url=url, panel_origins=ORIGIN, letter_days=30)
    with closing(open_services(settings, Clock())) as services:
        if not sqlite:
            activate(PACK, next(path.name for path in (home / "releases").iterdir() if holds(path, PACK)), services, by="test")
        keys = {role: create_key(role, (role,), None, services) for role in ("integrator", "privacy_officer")}
        app = create_app(services)
        app.testing = False

        def files() -> Iterator[Path]:
            yield from home.rglob("*")
            if cluster is not None:
                cluster.execute("CHECKPOINT")
                yield from cluster.socket.rglob("*")

        yield Place(services, Api(app.test_client(), keys), files, leaves_no_trace=sqlite)


def holds(release: Path, pack: str) -> bool:
    return any(re.search(rf"\b{pack}\b", path.read_text("utf-8")) for path in release.glob("pack.yaml"))


def live(person: Person, place: Place, facts: dict[str, object]) -> None:
    """Everything the service does with a customer, with a canary wherever a word of theirs goes in."""
    for _ in range(DECISIONS):
        said = place.api.decide(PACK, facts, key=person.plant(), customer=person.reference, case=person.plant())
        assert said.status_code == 201, said.json
        person.decisions.append(said.json["id"])
    services = place.services
    send_letter(find(person.decisions[0], services), Wanted("text", "en"), Recipient(COMMAND, person.plant()), services)
    issue_panel_token(person.decisions[0], ORIGIN, services)
    come_to_the_door(person, place)
    place.api.call("PUT", f"/v1/customers/{person.reference}/preferences", "privacy_officer", json={"automation": "opted_out"})
    while len(person.planted) < PLANTED - 2:
        hold(person.reference, person.plant(), "test", services)
    release_hold(person.reference, person.plant(), "test", services)
    person.planted.append(person.reference)


def come_to_the_door(person: Person, place: Place) -> None:
    """Type something wrong at a letter's door, open it with the case number, and have its links taken back."""
    links, browser = place.api.get(f"/v1/decisions/{person.decisions[0]}").json["links"], place.api.client.application.test_client()
    assert enter(browser, links["letter"], canary()).status_code == 403
    assert person.planted[1] in enter(browser, links["letter"], person.planted[1]).text
    again = place.api.get(f"/v1/decisions/{person.decisions[1]}").json["links"]["letter"]
    assert enter(browser, again, canary()).status_code == 403  # and its count of wrong tries stays
    revoked = place.api.call(
        "POST", f"/v1/decisions/{person.decisions[0]}/links/revocations", "privacy_officer", json={"view": "all"}
    )
    assert revoked.status_code == 201


def traces(person: Person, place: Place) -> list[bytes]:
    """What the databases hold of a person without naming them: keys, and digests to look them up by."""
    vault = place.services.vault
    subject = vault.subject(person.reference)
    with reading(place.services.vault_engine) as connection:
        wrapped = connection.execute(select(data_keys.c.wrapped).where(data_keys.c.subject == subject)).scalars().all()
    cases = [vault.index_digest("case", one) for one in person.planted]
    return [subject.encode(), vault.index_digest("customer", person.reference).encode(), *wrapped, *(one.encode() for one in cases)]


def leaves(place: Place) -> dict[str, bytes]:
    with reading(place.services.engine) as connection:
        rows = connection.execute(select(entries.c.id, entries.c.leaf, entries.c.leaf_hash)).all()
    assert all(leaf_hash(leaf) == stored for _, leaf, stored in rows)
    return {entry_id: leaf for entry_id, leaf, _ in rows}


def erase_all(count: int, place: Place, facts: dict[str, object], capfd) -> tuple[list[Person], list[bytes], bytes]:
    """Let people live, erase them, and give back who they were, their traces, and all that was printed."""
    people, neighbour = [Person() for _ in range(count)], Person()
    for person in [*people, neighbour]:
        live(person, place, facts)
    exported = export(people[0].reference, "json", Recipient(COMMAND, "test"), place.services).decode()
    assert [one for one in people[0].planted if one not in exported and one not in idempotency_keys(people[0])] == []
    found, stored, before = [one for person in people for one in traces(person, place)], place.bytes(), leaves(place)
    assert [one for one in found[:4] if one not in stored] == []  # the search can find something
    for person in people:
        assert place.api.call("DELETE", f"/v1/customers/{person.reference}", "privacy_officer").json["entries"] > DECISIONS
    after = leaves(place)
    assert all(after[entry_id] == leaf for entry_id, leaf in before.items())
    assert all(place.api.get(f"/v1/decisions/{person.decisions[-1]}").status_code == 410 for person in people)
    assert place.api.get(f"/v1/decisions/{neighbour.decisions[-1]}").status_code == 200
    printed = "".join(capfd.readouterr()).encode()
    return people, found, printed


def idempotency_keys(person: Person) -> set[str]:
    """Kept as a MAC alone, so they are in no export."""
    return set(person.planted[0 : 2 * DECISIONS : 2])


@pytest.mark.parametrize("count", [8, pytest.param(200, marks=pytest.mark.torture)])
def test_no_canary_is_left_anywhere(count, place, sampled, capfd):
    people, found, printed = erase_all(count, place, sampled(PACK, 1)[0], capfd)
    assert {len(set(person.planted)) for person in people} == {PLANTED}
    stored = place.bytes()
    told = b"".join(export(person.reference, "text", Recipient(COMMAND, "test"), place.services) for person in people)
    assert [form for form in written(CANARY) if form in stored or form in printed or form in told] == []
    if place.leaves_no_trace:
        assert [one for one in found if one in stored] == []


def test_what_a_database_keeps_until_it_tidies_up_dies_with_the_master_key(place, sampled, capfd, home):
    """PostgreSQL's own log and free space may hold the wrapped keys of erased customers: after a rotation nothing opens them."""
    person = Person()
    live(person, place, sampled(PACK, 1)[0])
    with reading(place.services.vault_engine) as connection:
        subject = place.services.vault.subject(person.reference)
        rows = connection.execute(select(data_keys).where(data_keys.c.subject == subject)).all()
    old = load_master_key(home / "master.key")
    assert all(opens(row, old) for row in rows)
    place.api.call("DELETE", f"/v1/customers/{person.reference}", "privacy_officer")
    rotate("test", place.services)
    (home / "master.key.before").unlink()
    assert not any(opens(row, load_master_key(home / "master.key")) for row in rows)
    stored = place.bytes()
    assert [form for form in (*written(old.text), old.secret) if form in stored] == []


def opens(row, master) -> bool:
    bound = encode([row.key_id, row.retention, row.year])
    try:
        return bool(AESGCM(master.secret).decrypt(row.wrapped[:12], row.wrapped[12:], bound))
    except InvalidTag:
        return False
