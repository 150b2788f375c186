"""Attacks on the sealed tree by whoever holds the database, and by whoever stole the signing key as well.

The first kind contradicts itself and is found by `verify` alone.  The second rebuilds
everything and signs it again: nothing inside is wrong any more, and only what somebody
else remembers convicts them.
"""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from contextlib import suppress

import psycopg
import pytest
from sqlalchemy import BigInteger, Integer

from explainer.errors import EntryTampered, Forked
from explainer.ledger import tables
from explainer.ledger.canonical import leaf_hash
from explainer.ledger.entry import Terms, microseconds, moment, seal
from explainer.ledger.notes.checkpoint import Checkpoint, origin_of, sign_note
from explainer.ledger.notes.keyring import Keyring
from explainer.ledger.tree.merkle import Frontier, continues, includes
from explainer.ledger.tree.sealing import Sealer
from explainer.ledger.tree.verifying import read_head
from explainer.ledger.tree.witness import EVIDENCE
from tests.ledger.tree.conftest import SIGNER
from tests.ledger.tree.test_sealing import cut

SIZES = (3, 2, 4)  # entries of each round before the attack


@pytest.fixture
def attacked(sealed):
    """A ledger of a few rounds that has just been found sound."""
    for count in SIZES:
        sealed.seal(count)
    assert sealed.verify().findings == []
    return sealed


class TestWithoutTheKey:
    @pytest.mark.parametrize("number", range(sum(SIZES)))
    def test_a_dropped_entry(self, attacked, number):
        gone = attacked.order()[number]
        attacked.run("DELETE FROM entry_index WHERE entry_id = ?", gone)
        attacked.run("DELETE FROM entries WHERE id = ?", gone)
        assert f"leaf {number}: its entry {gone} is missing" in attacked.verify().findings

    @pytest.mark.parametrize("number", [0, 4, 8])
    def test_an_entry_dropped_with_its_leaf(self, attacked, number):
        gone = attacked.order()[number]
        attacked.run("DELETE FROM leaves WHERE number = ?", number)
        attacked.run("DELETE FROM entry_index WHERE entry_id = ?", gone)
        attacked.run("DELETE FROM entries WHERE id = ?", gone)
        assert attacked.verify().findings

    def test_a_dropped_entry_with_the_leaves_after_it_moved_up(self, attacked):
        gone = attacked.order()[2]
        attacked.run("DELETE FROM leaves WHERE number = 2")
        for number in range(3, sum(SIZES)):
            attacked.run("UPDATE leaves SET number = ? WHERE number = ?", number - 1, number)
        attacked.run("DELETE FROM entry_index WHERE entry_id = ?", gone)
        attacked.run("DELETE FROM entries WHERE id = ?", gone)
        assert any("another root for 3 leaves" in one for one in attacked.verify().findings)

    @pytest.mark.parametrize(("one", "other"), [(0, 1), (0, 8), (3, 4), (2, 7)])
    def test_two_entries_that_changed_places(self, attacked, one, other):
        first, second = attacked.order()[one], attacked.order()[other]
        attacked.run("DELETE FROM leaves WHERE number IN (?, ?)", one, other)
        for number, entry in ((one, second), (other, first)):
            attacked.run("INSERT INTO leaves (number, entry_id) VALUES (?, ?)", number, entry)
        assert any("another root" in finding for finding in attacked.verify().findings)

    def test_an_entry_slipped_in(self, attacked):
        (late,) = attacked.append(1)
        attacked.run("DELETE FROM unsealed")
        for number in range(sum(SIZES) - 1, 3, -1):
            attacked.run("UPDATE leaves SET number = ? WHERE number = ?", number + 1, number)
        attacked.run("INSERT INTO leaves (number, entry_id) VALUES (4, ?)", late)
        assert any("another root for 5 leaves" in finding for finding in attacked.verify().findings)

    def test_a_cut_tail(self, attacked):
        cut(attacked, 5)
        assert [one for one in attacked.verify().findings if "its end is missing" in one] == [
            f"the witness {attacked.folder} has 9 leaves, and this tree has 5: its end is missing"
        ]

    def test_a_checkpoint_of_another_tree(self, attacked):
        attacked.run("UPDATE checkpoints SET note = ? WHERE size = 9", sign_note(Checkpoint("test-log", 9, bytes(32)).text, SIGNER))
        assert any("a checkpoint of ours has another root for 9" in one for one in attacked.verify().findings)

    @pytest.mark.parametrize("number", [9, 10_000, 2**40, 2**62])
    def test_a_leaf_with_a_number_of_its_own(self, attacked, number):
        attacked.run("UPDATE leaves SET number = ? WHERE number = 8", number)
        assert attacked.verify().findings
        with pytest.raises(Forked):
            attacked.seal(1)

    def test_a_node_too_many(self, attacked):
        attacked.run("INSERT INTO nodes (place, hash) VALUES (99, ?)", bytes(32))
        assert any("hashes are stored" in one for one in attacked.verify().findings)

    def test_no_wrong_proof_leaves_the_house(self, attacked):
        for place, right in attacked.run("SELECT place, hash FROM nodes"):
            attacked.run("UPDATE nodes SET hash = ? WHERE place = ?", bytes([right[0] ^ 1]) + right[1:], place)
            for number, entry in enumerate(attacked.order()):
                with suppress(EntryTampered, Forked):
                    found = attacked.proofs.inclusion(entry)
                    root, size = found.signed.checkpoint.root, sum(SIZES)
                    assert includes(leaf_hash(found.leaf), number, size, proof=found.proof, root=root)
            attacked.run("UPDATE nodes SET hash = ? WHERE place = ?", right, place)


class TestBits:
    """One bit is turned in each byte of each column, and each is found but in the columns that are claims."""

    def test_some_bytes_of_every_column(self, sealed):
        turned = _turn_bits(_little(sealed), stride=23)
        assert turned >= 150

    @pytest.mark.torture
    @pytest.mark.parametrize("bit", [0, 3])
    def test_every_byte_of_every_column(self, sealed, bit):
        assert _turn_bits(_little(sealed), stride=1, bit=bit) >= 3_000  # on two databases: more than 12,000 in all


def _little(sealed):
    """Two sealed entries, one of them with everything an entry can have, and one that waits."""
    terms = Terms(
        customer="C-1", case="CASE-7", pack="refund", outcome="decline", decisive="rule", release="d" * 64, rules=("late", "r")
    )
    sealed.ledger.append(sealed.house.draft(terms=terms, idempotency_key="k", request=b"q", release="d" * 64, refs=("a" * 8,)))
    sealed.seal(1)
    sealed.append(1)
    assert sealed.verify().findings == []
    return sealed


def _turn_bits(sealed, stride, bit=0):
    turned, count = 0, 0
    for table in tables.ledger.sorted_tables:
        keys = [column.name for column in table.primary_key]
        checked = [one for one in table.columns if not (one.comment or "").startswith(tables.OUTSIDE)]
        for row in sealed.run(f"SELECT {', '.join(column.name for column in table.columns)} FROM {table.name}"):
            values = dict(zip([column.name for column in table.columns], row, strict=True))
            where, at = " AND ".join(f"{key} = ?" for key in keys), [values[key] for key in keys]
            for column in checked:
                for other in _turned(values[column.name], column, bit):
                    count += 1
                    if count % stride:
                        continue
                    try:
                        sealed.run(f"UPDATE {table.name} SET {column.name} = ? WHERE {where}", other, *at)
                    except (psycopg.IntegrityError, psycopg.DataError, sqlite3.IntegrityError):
                        continue  # the database itself refuses it
                    assert sealed.verify().findings, (table.name, column.name, values[column.name], other)
                    turned += 1
                    now = [other if key == column.name else values[key] for key in keys]
                    sealed.run(f"UPDATE {table.name} SET {column.name} = ? WHERE {where}", values[column.name], *now)
    assert sealed.verify().findings == []
    return turned


def _turned(value, column, bit):
    """A value with one bit turned, in each of its bytes."""
    if isinstance(value, bytes):
        yield from (value[:at] + bytes([value[at] ^ 1 << (at + bit) % 8]) + value[at + 1 :] for at in range(len(value)))
    elif isinstance(value, str):
        yield from (value[:at] + chr(ord(value[at]) ^ 1 << bit % 4) + value[at + 1 :] for at in range(len(value)))
    elif isinstance(value, int):
        wide = 63 if isinstance(column.type, BigInteger) else 31 if isinstance(column.type, Integer) else 0
        yield from (value ^ 1 << at for at in range(bit, wide, 8))


# With the stolen key ----------------------------------------------------------------------------


def rewrite(sealed, number, size=None):
    """What a thief of database, vault and signing key does: another decision at `number`, and everything signed again."""
    order, house = sealed.order()[:size], sealed.house
    opened = sealed.ledger.entry(order[number])
    body = opened.body.replace(b"approve", b"decline")
    assert body != opened.body
    key = house.vault().open_key(opened.leaf["key"])
    draft = dataclasses.replace(house.draft(), id=opened.id, at=opened.at, body=body)
    forged = seal(draft, key, writer=opened.leaf["writer"], number=opened.leaf["n"], idempotency=None)
    sealed.run(
        "UPDATE entries SET leaf = ?, leaf_hash = ?, box = ? WHERE id = ?", forged.leaf, forged.leaf_hash, forged.box, opened.id
    )
    sealed.run("UPDATE entry_index SET outcome = 'decline' WHERE entry_id = ?", opened.id)
    frontier = Frontier()
    for entry in order:
        for place, hashed in frontier.append(leaf_hash(bytes(sealed.run("SELECT leaf FROM entries WHERE id = ?", entry)[0][0]))):
            sealed.run("UPDATE nodes SET hash = ? WHERE place = ?", hashed, place)
        for epoch, signed_size in sealed.run("SELECT epoch, size FROM checkpoints WHERE size = ?", frontier.size):
            note = sign_note(Checkpoint(origin_of("test-log", epoch), signed_size, frontier.root).text, SIGNER)
            sealed.run("UPDATE checkpoints SET note = ? WHERE size = ?", note, signed_size)


@pytest.mark.parametrize("number", [0, 4, 8])
class TestWithTheStolenKey:
    def test_nothing_inside_is_wrong_any_more(self, attacked, number):
        rewrite(attacked, number)
        assert attacked.verifier(attacked.elsewhere()).verify().findings == []
        assert json.loads(attacked.ledger.entry(attacked.order()[number]).body)["outcome"] == "decline"

    def test_the_witness_finds_it(self, attacked, number):
        rewrite(attacked, number)
        findings = attacked.verify().findings
        assert f"the witness {attacked.folder} has another root for 9 leaves: history was rewritten, or is damaged" in findings

    def test_a_client_who_remembers_a_head_finds_it(self, attacked, number):
        remembered = attacked.proofs.newest().checkpoint
        attacked.seal(3)
        now, proof = attacked.proofs.consistency(remembered.size)
        assert continues(remembered.size, remembered.root, now.size, now.root, proof=proof)
        rewrite(attacked, number)
        now, proof = attacked.proofs.consistency(remembered.size)
        assert not continues(remembered.size, remembered.root, now.size, now.root, proof=proof)

    def test_a_letter_s_footer_finds_it(self, attacked, number):
        letter = attacked.proofs.newest().checkpoint.short
        attacked.seal(3)
        rewrite(attacked, number)
        (finding,) = attacked.verifier(attacked.elsewhere()).verify([read_head(letter)]).findings
        assert finding == "a head that was given has another root for 9 leaves: history was rewritten, or is damaged"

    def test_no_sealer_goes_on_from_it(self, attacked, number):
        rewrite(attacked, number)
        attacked.append(2)
        with pytest.raises(Forked, match="another tree of 9 leaves"):
            attacked.sealer().seal()
        assert attacked.run("SELECT COUNT(*) FROM unsealed") == [(2,)]

    def test_nor_does_one_that_was_running(self, attacked, number):
        sealer = attacked.sealer()
        sealer.seal()
        rewrite(attacked, number)
        attacked.append(2)
        with pytest.raises(Forked):
            sealer.seal()
        with pytest.raises(Forked):
            sealer.seal()

    def test_what_the_thief_hands_to_the_witness_becomes_evidence(self, attacked, number):
        rewrite(attacked, number)
        attacked.append(2)
        blind = Sealer(attacked.ledger, attacked.engine, Keyring(SIGNER), witnesses=[], clock=attacked.clock)
        blind.seal()
        forged = attacked.proofs.newest()
        _, proof = attacked.proofs.consistency(9)
        assert attacked.witness.consider(9, proof, forged.note).code == "inconsistent"
        assert attacked.witness.every("test-log" + EVIDENCE) == [forged.note]
        assert any("was given a signed checkpoint that does not go on" in one for one in attacked.verify().findings)

    def test_an_epoch_of_the_thief_s_own_does_not_hide_it(self, attacked, number):
        rewrite(attacked, number)
        attacked.sealer().open_epoch(1)
        blind = Sealer(attacked.ledger, attacked.engine, Keyring(SIGNER), witnesses=[], clock=attacked.clock)
        blind.seal()
        findings = attacked.verifier(attacked.witness).verify().findings
        assert any("epoch 2 was opened at 9 leaves" in one for one in findings)
        assert any("has another root" in one for one in attacked.verifier(attacked.witness).verify(known_epochs=[2]).findings)


def test_times_of_checkpoints_are_claims_and_nothing_rests_on_them(attacked):
    attacked.run("UPDATE checkpoints SET signed_at = ?", microseconds(moment(0)))
    assert attacked.verify().findings == []
