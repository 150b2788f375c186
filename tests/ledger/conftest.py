"""A real ledger and a real vault for each test, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import itertools
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine

from explainer.ledger.engines import open_engine
from explainer.ledger.entry import Draft, Opened, Terms, new_id
from explainer.ledger.keys.vault import MasterKey, Vault
from explainer.ledger.migrations.running import migrate
from explainer.ledger.store import Ledger
from tests.postgres import Cluster, NoPostgres, do_without, private_cluster

START = datetime(2026, 3, 1, 9, 30, 0, 123456, tzinfo=UTC)
BEHIND = "-c session_replication_role=replica -c synchronous_commit=off"  # no foreign keys, as on a bare SQLite connection
ROWS = ("cosignatures", "checkpoints", "nodes", "leaves", "unsealed", "rule_index", "entry_index", "entries")
MASTER = MasterKey(bytes(range(32)))


def prepare_ledger(url: str) -> None:
    engine = open_engine(url)
    migrate(engine, "ledger")
    engine.dispose()


def prepare_vault(url: str) -> None:
    engine = open_engine(url)
    migrate(engine, "vault")
    engine.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(private_cluster())
        except NoPostgres as reason:
            do_without(reason)
        yield cluster


@dataclass
class Store:
    """A database that is there and empty or migrated, and a way in behind the ledger's back."""

    url: str
    _connection: Any = None

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def file(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run a statement on a connection of one's own, as whoever holds the database could; `?` marks values."""
        if self._connection is None and self.is_sqlite:
            self._connection = sqlite3.connect(self.file, isolation_level=None)
        elif self._connection is None:
            self._connection = psycopg.connect(self.url, autocommit=True, options=BEHIND)
        cursor = self._connection.execute(statement if self.is_sqlite else statement.replace("?", "%s"), values)
        return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@dataclass
class House:
    """A ledger with its vault, both migrated; `opened` more often than once if a test needs rivals."""

    ledger_store: Store
    vault_store: Store
    _ready: dict[str, Engine] = field(default_factory=dict)  # engines that are open already; a test gets each once
    _engines: list[Engine] = field(default_factory=list)
    _seconds: Iterator[int] = field(default_factory=itertools.count)

    def engine(self, store: Store) -> Engine:
        if store.url in self._ready:
            return self._ready.pop(store.url)
        self._engines.append(open_engine(store.url))
        return self._engines[-1]

    def vault(self, master: MasterKey = MASTER) -> Vault:
        return Vault(self.engine(self.vault_store), master)

    def open(self, writer: str = "writer-1") -> Ledger:
        return Ledger(self.engine(self.ledger_store), self.vault(), writer)

    def draft(self, **changes: Any) -> Draft:
        """A decision about customer C-1; every next one is a second later."""
        at = START + timedelta(seconds=next(self._seconds))
        terms = Terms(customer="C-1", case="CASE-7", pack="refund", outcome="approve", decisive="rule", release="d" * 64)
        usual = {"id": new_id(at), "kind": "decision", "at": at, "subject": "C-1", "body": body_of(terms), "terms": terms}
        if "terms" in changes and "body" not in changes:
            changes["body"] = body_of(changes["terms"])
        return Draft(**{**usual, **changes})

    def destroy_keys(self) -> None:
        """What erasure does to every person here."""
        self.vault_store.run("DELETE FROM data_keys")

    def empty(self) -> None:
        """Remove every row, for the next test."""
        self.ledger_store.run("; ".join(f"DELETE FROM {table}" for table in ROWS))
        self.vault_store.run("DELETE FROM data_keys; DELETE FROM secrets")

    def dispose(self) -> None:
        for engine in self._engines:
            engine.dispose()


def body_of(terms: Terms) -> bytes:
    """A body that holds the terms, as a record does."""
    return json.dumps({name: getattr(terms, name) for name in Terms.__slots__}).encode()


def terms_of(opened: Opened) -> Terms:
    """Read the terms back out of a body."""
    assert opened.body is not None
    said = json.loads(opened.body)
    return Terms(**{**said, "rules": tuple(said["rules"])})


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> str:
    """The conformance suite runs once on each."""
    return str(request.param)


@pytest.fixture
def empty(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Store]]:
    """Makes databases without tables, by name."""
    made: list[Store] = []

    def make(name: str) -> Store:
        sqlite = database == "sqlite"
        made.append(Store(f"sqlite:///{tmp_path}/{name}.db" if sqlite else request.getfixturevalue("postgres").database()))
        return made[-1]

    yield make
    for store in made:
        store.close()


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("templates")
    prepare_ledger(f"sqlite:///{folder}/ledger.db")
    prepare_vault(f"sqlite:///{folder}/vault.db")
    return folder


@pytest.fixture(scope="session")
def postgres_stores(postgres: Cluster) -> Iterator[dict[str, tuple[Store, Engine]]]:
    """One pair of databases that every test finds without rows: making a pair for each would take minutes."""
    urls = {"ledger": postgres.database(prepare_ledger), "vault": postgres.database(prepare_vault)}
    stores = {name: (Store(url), open_engine(url)) for name, url in urls.items()}
    yield stores
    for store, engine in stores.values():
        store.close()
        engine.dispose()


@pytest.fixture
def house(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    if database == "sqlite":
        templates = request.getfixturevalue("sqlite_templates")
        shutil.copytree(templates, tmp_path / "stores")
        house = House(Store(f"sqlite:///{tmp_path}/stores/ledger.db"), Store(f"sqlite:///{tmp_path}/stores/vault.db"))
    else:
        stores = request.getfixturevalue("postgres_stores")
        house = House(stores["ledger"][0], stores["vault"][0], {store.url: engine for store, engine in stores.values()})
        house.empty()
    yield house
    house.dispose()
    if database == "sqlite":
        house.ledger_store.close()
        house.vault_store.close()


@pytest.fixture
def ledger(house: House) -> Ledger:
    return house.open()
