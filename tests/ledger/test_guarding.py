"""Guarding: what the store shows nobody, what an erased person leaves, and what nobody changes unnoticed."""

from __future__ import annotations

import pytest

from explainer.errors import EntryTampered
from explainer.ledger.canonical import leaf_hash
from explainer.ledger.store import Terms, new_id
from tests.ledger.conftest import START


class TestErasure:
    def test_an_entry_whose_key_was_destroyed_is_proved_and_has_no_body(self, house, ledger):
        draft = house.draft()
        receipt = ledger.append(draft)
        house.destroy_keys()
        opened = ledger.entry(draft.id)
        assert opened.body is None
        assert leaf_hash(house.ledger_store.run("SELECT leaf FROM entries")[0][0]).hex() == receipt.leaf_hash

    def test_other_customers_keep_theirs(self, house, ledger):
        one, two = house.draft(), house.draft(subject="C-2")
        ledger.append_all([one, two])
        house.vault_store.run("DELETE FROM data_keys WHERE key_id = ?", ledger.entry(one.id).leaf["key"])
        assert [ledger.entry(draft.id).body for draft in (one, two)] == [None, two.body]

    def test_an_erased_entry_is_still_found_tampered(self, house, ledger):
        draft = house.draft()
        ledger.append(draft)
        house.destroy_keys()
        house.ledger_store.run("UPDATE entries SET box = ?", b"x")
        with pytest.raises(EntryTampered):
            ledger.entry(draft.id)


class TestTampering:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("leaf", b"{}"),
            ("leaf_hash", bytes(32)),
            ("box", bytes(284)),
            ("idempotency", "ab" * 32),
            ("idempotency", None),
            ("kind", "consent"),
            ("key_id", "ab" * 16),
        ],
        ids=["leaf", "leaf_hash", "box", "idempotency", "idempotency removed", "kind", "key_id"],
    )
    def test_a_column_that_was_changed_is_noticed(self, house, ledger, column, value):
        draft = house.draft(idempotency_key="k", request=b"q")
        ledger.append(draft)
        house.ledger_store.run(f"UPDATE entries SET {column} = ?", value)
        with pytest.raises(EntryTampered, match=draft.id):
            ledger.entry(draft.id)

    def test_an_entry_under_another_id_is_noticed(self, house, ledger):
        draft, other = house.draft(), new_id(START)
        ledger.append(draft)
        house.ledger_store.run("UPDATE entries SET id = ?", other)
        with pytest.raises(EntryTampered):
            ledger.entry(other)
        assert ledger.entry(draft.id) is None

    def test_two_entries_that_changed_places_are_noticed(self, house, ledger):
        one, two = house.draft(), house.draft()
        ledger.append_all([one, two])
        for old, new in ((one.id, "x"), (two.id, one.id), ("x", two.id)):
            house.ledger_store.run("UPDATE entries SET id = ? WHERE id = ?", new, old)
        with pytest.raises(EntryTampered):
            ledger.entry(one.id)

    def test_an_idempotency_key_moved_to_another_entry_is_noticed(self, house, ledger):
        one, two = house.draft(idempotency_key="k", request=b"q"), house.draft()
        ledger.append_all([one, two])
        [(mac,)] = house.ledger_store.run("SELECT idempotency FROM entries WHERE id = ?", one.id)
        house.ledger_store.run("UPDATE entries SET idempotency = NULL WHERE id = ?", one.id)
        house.ledger_store.run("UPDATE entries SET idempotency = ? WHERE id = ?", mac, two.id)
        with pytest.raises(EntryTampered):
            ledger.remembered("k", b"q", "C-1")

    def test_no_list_of_entries_passes_over_a_tampered_one(self, house, ledger):
        ledger.append(house.draft())
        house.ledger_store.run("UPDATE entries SET box = ?", bytes(284))
        with pytest.raises(EntryTampered):
            ledger.of_customer("C-1", "decision")
        with pytest.raises(EntryTampered):
            list(ledger.newest_first("decision"))


class TestSecrecy:
    def test_nothing_about_a_person_can_be_read_in_the_stores(self, house, ledger):
        secret = {"customer": "CANARY-customer", "case": "CANARY-case"}
        draft = house.draft(
            subject="CANARY-customer",
            terms=Terms(**secret, outcome="approve"),
            body=b'{"name":"CANARY-name","outcome":"approve"}',
            idempotency_key="CANARY-key",
            request=b"CANARY-request",
        )
        ledger.append(draft)
        if house.ledger_store.is_sqlite:
            everything = b"".join(path.read_bytes() for path in house.ledger_store.file.parent.iterdir())
        else:
            tables = ("entries", "entry_index", "rule_index", "api_keys")
            everything = repr([house.ledger_store.run(f"SELECT * FROM {table}") for table in tables]).encode()
            everything += repr([house.vault_store.run(f"SELECT * FROM {table}") for table in ("secrets", "data_keys")]).encode()
        assert draft.id.encode() in everything
        assert b"CANARY" not in everything

    def test_the_log_itself_does_not_even_tell_the_outcome(self, house, ledger):
        ledger.append(house.draft(terms=Terms(customer="C-1", outcome="approve", rules=("late-rule",))))
        row = repr(house.ledger_store.run("SELECT * FROM entries"))
        assert "approve" not in row
        assert "late-rule" not in row

    def test_the_same_customer_cannot_be_followed_from_one_store_to_the_other(self, house, ledger):
        ledger.append(house.draft())
        [(indexed,)] = house.ledger_store.run("SELECT customer FROM entry_index")
        [(filed,)] = house.vault_store.run("SELECT subject FROM data_keys")
        assert indexed != filed
