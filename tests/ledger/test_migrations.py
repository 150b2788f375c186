"""Migrations with data in them: what the first shape of each store holds is there, opens and waits for its seal in the newest."""

from __future__ import annotations

import signal

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from explainer.ledger.engines import open_engine, writing
from explainer.ledger.keys.vault import Vault
from explainer.ledger.migrations import running
from explainer.ledger.migrations.running import migrate
from explainer.ledger.store import Draft, Ledger, Terms, new_id
from tests.dying import dying
from tests.ledger.conftest import MASTER, START

FIRST_SHAPE = {  # tables of the first revision, with the columns that they had
    "ledger": {
        "entries": "id, leaf, leaf_hash, box, idempotency, kind, key_id",
        "entry_index": "entry_id, kind, at, customer, case_digest, about, pack, outcome, decisive, release",
        "rule_index": "entry_id, rule",
    },
    "vault": {
        "secrets": "name, wrapped",
        "data_keys": "key_id, subject, retention, year, epoch, wrapped, commitment",
    },
}


def revisions(branch):
    """Every revision of a branch, the first one first."""
    script = ScriptDirectory.from_config(running._alembic(branch))
    return [one.revision for one in script.walk_revisions()][::-1]


def migrate_to(engine, branch, revision, way=command.upgrade):
    config = running._alembic(branch)
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        way(config, revision)


def filled(house, empty, branch):
    """A store in its first shape that holds what a house of today has written."""
    store, made = empty(branch), getattr(house, f"{branch}_store")
    engine = open_engine(store.url)
    migrate_to(engine, branch, revisions(branch)[0])
    for table, columns in FIRST_SHAPE[branch].items():
        for row in made.run(f"SELECT {columns} FROM {table}"):
            store.run(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(row))})", *row)
    return store, engine


@pytest.fixture
def moved(house, empty):
    """Both stores in their first shape, entries in them, and what was written."""
    drafts = [house.draft(subject=f"C-{one}") for one in range(3)]
    house.open().append_all(drafts)
    (ledger, ledger_engine), (_, vault_engine) = (filled(house, empty, branch) for branch in ("ledger", "vault"))
    yield drafts, ledger, ledger_engine, vault_engine
    ledger_engine.dispose()
    vault_engine.dispose()


def test_step_by_step_and_at_once_everything_opens_is_found_and_waits_for_its_seal(moved):
    drafts, store, ledger_engine, vault_engine = moved
    before = store.run("SELECT id, leaf, leaf_hash, box FROM entries ORDER BY id")
    for revision in revisions("ledger")[1:]:
        migrate_to(ledger_engine, "ledger", revision)
        assert store.run("SELECT id, leaf, leaf_hash, box FROM entries ORDER BY id") == before
    migrate(vault_engine, "vault")
    ledger = Ledger(ledger_engine, Vault(vault_engine, MASTER), "later")
    assert [ledger.entry(one.id).body for one in drafts] == [one.body for one in drafts]
    ledger.check_index()
    assert len(ledger.search()[0]) == len(drafts)
    assert store.run("SELECT entry_id FROM unsealed ORDER BY entry_id") == [(one.id,) for one in drafts]


def test_what_is_written_afterwards_stands_beside_what_came_along(moved, house):
    drafts, _, ledger_engine, vault_engine = moved
    migrate(ledger_engine, "ledger")
    migrate(vault_engine, "vault")
    ledger = Ledger(ledger_engine, Vault(vault_engine, MASTER), "later")
    late = house.draft(subject="C-0")
    ledger.append_all([late])
    assert ledger.entry(late.id).leaf["key"] == ledger.entry(drafts[0].id).leaf["key"]


LOADED = """
import alembic.command, explainer.ledger.tables
from sqlalchemy import event
from explainer.ledger.engines import open_engine
from explainer.ledger.migrations.running import migrate
"""
MIGRATE = """
engine = open_engine(sys.argv[1])
event.listen(engine, "before_cursor_execute", step)
event.listen(engine, "commit", step)
migrate(engine, sys.argv[2])
"""


@pytest.mark.slow
@pytest.mark.parametrize("branch", ["ledger", "vault"])
def test_killed_at_any_statement_a_store_is_as_it_was_and_the_next_start_brings_it_on(moved, branch):
    """By SIGKILL, in a process of its own; afterwards nothing is lost, half-done or in the way."""
    drafts, store, ledger_engine, vault_engine = moved
    engine = {"ledger": ledger_engine, "vault": vault_engine}[branch]
    url = engine.url.render_as_string(hide_password=False)
    shape = [row for table in FIRST_SHAPE["ledger"] for row in store.run(f"SELECT * FROM {table}")]
    at, code = 0, -signal.SIGKILL
    with dying(LOADED, MIGRATE) as killed:
        while code == -signal.SIGKILL:
            at += 1
            code = killed(url, branch, at)
            if code and branch == "ledger":
                assert [row for table in FIRST_SHAPE["ledger"] for row in store.run(f"SELECT * FROM {table}")] == shape
    assert (code, at > 4) == (0, True), at
    for one, of in ((ledger_engine, "ledger"), (vault_engine, "vault")):
        migrate(one, of)
    ledger = Ledger(ledger_engine, Vault(vault_engine, MASTER), "later")
    assert [ledger.entry(one.id).body for one in drafts] == [one.body for one in drafts]
    ledger.append(Draft(new_id(START), "decision", START, "C-0", b"{}", Terms()))
    ledger.check_index()


@pytest.mark.parametrize("branch", ["ledger", "vault"])
def test_no_way_down_is_declared_and_none_is_taken(branch, empty):
    engine = open_engine(empty(branch).url)
    migrate(engine, branch)
    with pytest.raises((CommandError, AttributeError)):
        migrate_to(engine, branch, "base", command.downgrade)
    migrate(engine, branch)
    engine.dispose()
