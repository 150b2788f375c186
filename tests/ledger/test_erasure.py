"""Erasure: what the ledger says was destroyed is destroyed, whatever comes back, and nothing else is touched."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from explainer.errors import EntryTampered, Unavailable
from explainer.ledger.canonical import decode, leaf_hash
from explainer.ledger.engines import open_engine, scrub
from explainer.ledger.erasure import REQUEST, Order, erase_keys, obey_erasures
from explainer.ledger.store import STANDING, Terms
from explainer.ledger.tables import data_keys
from tests.ledger.conftest import START


@pytest.fixture
def vault(house):
    return house.vault()


@pytest.fixture
def lived(house, ledger):
    """Two customers with two entries each, in two retention classes."""
    drafts = {}
    for name in ("C-1", "C-2"):
        terms = Terms(customer=name, case=f"case of {name}", pack="refund", rules=("r1",))
        drafts[name] = [
            house.draft(subject=name, terms=terms),
            house.draft(subject=name, terms=terms, kind="consent", retention=STANDING),
        ]
        ledger.append_all(drafts[name])
    return drafts


def keys_of(vault, customer):
    return vault.key_ids([customer])[customer]


def erase(vault, ledger, customer):
    return erase_keys(Order(keys_of(vault, customer), REQUEST, "test", START), ledger, vault)


def token_for(house, draft):
    house.ledger_store.run("INSERT INTO panel_tokens VALUES (?, ?, 'https://d', 9)", f"token of {draft.id}", draft.id)


class TestErasing:
    def test_every_retention_class_goes_and_nobody_else(self, house, ledger, vault, lived):
        done = erase(vault, ledger, "C-1")
        assert done.entries == 2
        assert [ledger.entry(draft.id).body for draft in lived["C-1"]] == [None, None]
        assert [ledger.entry(draft.id).body for draft in lived["C-2"]] == [draft.body for draft in lived["C-2"]]

    def test_rows_and_tokens_that_lead_to_them_go(self, house, ledger, vault, lived):
        token_for(house, lived["C-1"][0])
        token_for(house, lived["C-2"][0])
        erase(vault, ledger, "C-1")
        kept = {draft.id for draft in lived["C-2"]}
        assert {one for (one,) in house.ledger_store.run("SELECT entry_id FROM rule_index")} == kept
        assert {one.id for one in ledger.search(kind=None)[0]} - kept == {ledger.search(kind="erasure")[0][0].id}
        assert house.ledger_store.run("SELECT decision FROM panel_tokens") == [(lived["C-2"][0].id,)]
        house.ledger_store.run("DELETE FROM panel_tokens")

    def test_they_are_gone_before_the_keys_so_that_nobody_who_is_interrupted_leaves_any(
        self, house, ledger, vault, lived, monkeypatch
    ):
        destroy = vault.destroy

        def interrupted(keys):
            destroy(keys)
            raise Unavailable("the power went")

        monkeypatch.setattr(vault, "destroy", interrupted)
        with pytest.raises(Unavailable):
            erase(vault, ledger, "C-1")
        rows = {one for (one,) in house.ledger_store.run("SELECT entry_id FROM rule_index")}
        assert rows == {draft.id for draft in lived["C-2"]}

    def test_no_entry_changes_and_every_hash_holds(self, house, ledger, vault, lived):
        before = house.ledger_store.run("SELECT * FROM entries ORDER BY id")
        erase(vault, ledger, "C-1")
        after = house.ledger_store.run("SELECT * FROM entries ORDER BY id")
        assert [row for row in after if row in before] == before
        assert all(leaf_hash(bytes(row[1])) == bytes(row[2]) for row in after)

    def test_the_entry_says_which_keys_and_stands_before_they_go(self, house, ledger, vault, lived, monkeypatch):
        keys = keys_of(vault, "C-1")
        monkeypatch.setattr(type(vault), "destroy", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            erase(vault, ledger, "C-1")
        (said,) = [decode(one.body) for one in ledger.newest_first("erasure")]
        assert (said["keys"], said["why"], said["by"]) == (sorted(keys), REQUEST, "test")

    def test_of_nobody_it_says_nothing(self, house, ledger, vault):
        assert erase(vault, ledger, "C-9").entry is None
        assert house.ledger_store.run("SELECT count(*) FROM entries") == [(0,)]

    def test_many_at_once_do_not_stand_in_each_others_way(self, house, ledger, vault):
        names = [f"C-{n}" for n in range(8)]
        for name in names:
            ledger.append(house.draft(subject=name, terms=Terms(customer=name)))
        start = Barrier(8)

        def one(name):
            start.wait()
            return erase(vault, ledger, name).entries

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(one, names)) == [1] * 8
        assert not any(vault.key_ids(names).values())


class TestWhatComesBack:
    def test_keys_of_an_old_vault_are_destroyed_and_new_ones_are_not(self, house, ledger, vault, lived):
        columns = "key_id, subject, retention, year, epoch, wrapped, commitment"
        old = house.vault_store.run(f"SELECT {columns} FROM data_keys WHERE subject = ?", vault.subject("C-1"))
        erase(vault, ledger, "C-1")
        again = house.draft()
        ledger.append(again)
        assert obey_erasures(ledger, vault) == 0
        house.vault_store.run("DELETE FROM data_keys WHERE subject = ?", vault.subject("C-1"))
        for row in old:
            house.vault_store.run(f"INSERT INTO data_keys ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", *row)
        assert ledger.entry(lived["C-1"][0].id).body is not None
        assert obey_erasures(ledger, vault) == 2
        assert ledger.entry(lived["C-1"][0].id).body is None
        assert obey_erasures(ledger, vault) == 0

    def test_rows_of_an_old_ledger_are_removed(self, house, ledger, vault, lived):
        rows = house.ledger_store.run("SELECT * FROM entry_index WHERE entry_id = ?", lived["C-1"][0].id)
        erase(vault, ledger, "C-1")
        house.ledger_store.run(f"INSERT INTO entry_index VALUES ({', '.join('?' * len(rows[0]))})", *rows[0])
        assert len(ledger.search(customer="C-1")[0]) == 1
        ledger.forget_destroyed()
        assert ledger.search(customer="C-1")[0] == []
        assert len(ledger.search(customer="C-2")[0]) == 1

    def test_an_erasure_that_cannot_be_read_is_no_erasure_to_pass_over(self, house, ledger, vault, lived):
        erase(vault, ledger, "C-1")
        house.destroy_keys()
        with pytest.raises(EntryTampered, match="about nobody"):
            obey_erasures(ledger, vault)


class TestScrubbing:
    @pytest.mark.parametrize("database", ["sqlite"])
    def test_a_reader_of_old_pages_is_not_passed_over_in_silence(self, house, vault, monkeypatch):
        """With a WAL, as newer SQLite has it: the pages of before stay as long as somebody reads them."""
        monkeypatch.setattr("explainer.ledger.engines.durability", lambda _version: ("WAL", "FULL"))
        monkeypatch.setattr("explainer.ledger.engines.BUSY_MS", 50)
        engine = open_engine(house.vault_store.url)
        vault.data_key("C-1", "standard", 2026)
        house.vault_store.run("BEGIN")
        house.vault_store.run("SELECT count(*) FROM data_keys")
        with engine.begin() as connection:
            connection.execute(data_keys.delete())
        with pytest.raises(Unavailable, match="old pages"):
            scrub(engine, (data_keys,))
        house.vault_store.run("COMMIT")
        scrub(engine, (data_keys,))
        assert not house.vault_store.file.with_name("vault.db-wal").stat().st_size
        engine.dispose()
