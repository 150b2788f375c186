"""The application's role in PostgreSQL: it may do all that the service does, and the database refuses it the rest."""

from __future__ import annotations

import psycopg
import pytest

from explainer.errors import BadInput, Unavailable
from explainer.ledger import tables
from explainer.ledger.engines import open_engine
from explainer.ledger.entry import Terms
from explainer.ledger.erasure import REQUEST, Order, erase_keys
from explainer.ledger.keys.vault import MasterKey
from explainer.ledger.migrations.rights import beyond, grants
from explainer.ledger.migrations.running import migrate
from tests.ledger.conftest import START, House, Store, prepare_ledger, prepare_vault, terms_of
from tests.ledger.tree.conftest import Sealed

RECORD = ("entries", "leaves", "nodes", "checkpoints", "cosignatures")
ROLE = "explainer_app"
EVERY = [*tables.ledger.sorted_tables, *tables.vault.sorted_tables]


@pytest.fixture
def under(postgres):
    """The stores as their owner made them, opened by the application's role."""
    urls = {"ledger": postgres.database(prepare_ledger), "vault": postgres.database(prepare_vault)}
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (ROLE,)).fetchone():
            connection.execute(f"CREATE ROLE {ROLE} LOGIN")
    owner = House(*(Store(urls[store]) for store in ("ledger", "vault")))
    owner.vault()  # makes the root secret
    for store in ("ledger", "vault"):
        for _ in range(2):  # again, they are the same
            (owner.ledger_store if store == "ledger" else owner.vault_store).run(grants(ROLE, store))
    house = House(*(Store(urls[store].replace("postgres@", f"{ROLE}@")) for store in ("ledger", "vault")))
    yield house, owner
    for one in (house, owner):
        one.dispose()
        one.ledger_store.close()
        one.vault_store.close()


@pytest.mark.postgresql
class TestUnderTheRole:
    def test_entries_are_kept_found_sealed_proved_erased_and_indexed_again(self, under, tmp_path):
        house, _ = under
        ledger, vault = house.open(), house.vault()
        (tmp_path / "witness").mkdir()
        sealed = Sealed(house, ledger, tmp_path / "witness")
        ids = sealed.append(3)
        assert sealed.seal(2).checkpoint.size == 5
        assert sealed.proofs.inclusion(ids[1]).number == 1
        assert sealed.verify().findings == []
        assert len(ledger.search(customer="C-1")[0]) == 5
        keys = vault.key_ids(["C-1"])["C-1"]
        assert erase_keys(Order(keys, REQUEST, "test", START), ledger, vault).entries == 5
        assert ledger.entry(ids[0]).body is None
        ledger.append(house.draft())
        assert ledger.rebuild_index(_terms) == 2
        ledger.check_index()
        ledger.check()
        assert sealed.seal().sealed == 2
        assert sealed.verify().findings == []

    @pytest.mark.parametrize("table", RECORD)
    def test_the_database_refuses_to_change_or_remove_what_is_recorded(self, under, table):
        house, _ = under
        house.open().append(house.draft())
        key = tables.ledger.tables[table].primary_key.columns.keys()[0]
        changes = (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE", f"DROP TABLE {table}")
        for statement in (*changes, f"ALTER TABLE {table} DISABLE TRIGGER ALL"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), psycopg.connect(house.ledger_store.url) as connection:
                connection.execute(statement)

    def test_another_key_is_for_the_owner_and_that_is_said(self, under):
        house, owner = under
        house.open().append(house.draft())
        fresh = MasterKey(bytes(32))
        with pytest.raises(Unavailable, match="owner of the tables"):
            house.vault().rewrap(fresh)
        with pytest.raises(Unavailable, match="owner of the tables"):
            house.vault().keep("log/2")
        assert owner.vault().rewrap(fresh) == 1

    def test_nothing_needless_is_left_to_it_and_the_owner_has_more(self, under):
        house, owner = under
        assert beyond(house.engine(house.ledger_store), "ledger") == beyond(house.engine(house.vault_store), "vault") == []
        more = beyond(owner.engine(owner.ledger_store), "ledger")
        assert {"UPDATE entries", "DELETE entries", "TRUNCATE entries"} <= set(more)

    def test_it_makes_no_tables(self, under, postgres):
        engine = open_engine(postgres.database().replace("postgres@", f"{ROLE}@"))
        with pytest.raises(Unavailable, match="owner of the tables"):
            migrate(engine, "ledger")
        engine.dispose()


class TestTheStatements:
    def test_every_table_says_what_is_needed(self):
        said = grants("app", "ledger") + grants("app", "vault")
        for one in EVERY:
            assert f"GRANT {one.info[tables.MAY]} ON {one.name} TO app;" in said

    def test_what_is_recorded_is_only_read_and_added_to(self):
        guarded = {column.table.name for one in EVERY for column in one.columns if _guarded(column)} - {"data_keys"}
        assert guarded == set(RECORD)
        assert {tables.ledger.tables[name].info[tables.MAY] for name in guarded} == {"SELECT, INSERT"}

    @pytest.mark.parametrize("role", ["", "Robert'); --", "a b", "1st", "x" * 64, "app\n"])
    def test_a_name_that_needs_quotes_is_refused(self, role):
        with pytest.raises(BadInput):
            grants(role, "ledger")

    def test_on_sqlite_there_are_no_roles(self, tmp_path):
        prepare_ledger(f"sqlite:///{tmp_path}/l.db")
        engine = open_engine(f"sqlite:///{tmp_path}/l.db")
        assert beyond(engine, "ledger") == []
        engine.dispose()


def _guarded(column):
    return column.comment.startswith((tables.UNDER_LEAF, tables.UNDER_ROOT, tables.SIGNED))


def _terms(opened):
    return terms_of(opened) if opened.kind == "decision" else Terms()
