"""Proving on both databases: what is looked up holds, and costs the same however large the tree has grown."""

from __future__ import annotations

import hashlib
import sqlite3
import statistics
import time

import pytest

from explainer.errors import BadQuery, EntryTampered, Forked, NotSealed
from explainer.ledger.canonical import leaf_hash
from explainer.ledger.engines import open_engine
from explainer.ledger.entry import SYSTEM, Draft, Terms, new_id, seal
from explainer.ledger.keys.vault import DataKey, commitment_of
from explainer.ledger.notes.checkpoint import Checkpoint, sign_note
from explainer.ledger.notes.keyring import Keyring
from explainer.ledger.tree.merkle import Frontier, continues, includes
from explainer.ledger.tree.proving import Proofs
from tests.ledger.conftest import START, prepare_ledger
from tests.ledger.tree.conftest import SIGNER

KEY = DataKey("k" * 32, bytes(32), commitment_of(bytes(32)))


class TestInclusion:
    def test_every_entry_of_every_round_is_proved_under_the_newest_root(self, sealed):
        for count in (1, 3, 2, 7):
            sealed.seal(count)
        newest = sealed.proofs.newest().checkpoint
        for number, entry in enumerate(sealed.order()):
            found = sealed.proofs.inclusion(entry)
            assert (found.number, found.signed.checkpoint, found.kind) == (number, newest, "decision")
            assert includes(leaf_hash(found.leaf), number, newest.size, proof=found.proof, root=newest.root)

    def test_what_waits_has_no_proof_yet(self, sealed):
        (first,) = sealed.append(1)
        with pytest.raises(NotSealed):
            sealed.proofs.inclusion(first)
        sealed.seal()
        (second,) = sealed.append(1)
        with pytest.raises(NotSealed):
            sealed.proofs.inclusion(second)

    def test_nor_has_what_was_numbered_and_not_signed(self, sealed):
        sealed.seal(2)
        (third,) = sealed.append(1)
        sealed.sealer()._assign()
        with pytest.raises(NotSealed):
            sealed.proofs.inclusion(third)

    @pytest.mark.parametrize("entry", ["", "x", "00000000-0000-7000-8000-000000000000"])
    def test_what_is_not_there_has_none(self, sealed, entry):
        sealed.seal(1)
        assert sealed.proofs.inclusion(entry) is None

    def test_an_entry_in_another_s_place_has_none(self, sealed):
        sealed.seal(4)
        one, two = sealed.order()[:2]
        sealed.run("DELETE FROM leaves WHERE number < 2")
        for number, entry in ((0, two), (1, one)):
            sealed.run("INSERT INTO leaves (number, entry_id) VALUES (?, ?)", number, entry)
        with pytest.raises(EntryTampered, match="not the leaf 1"):
            sealed.proofs.inclusion(one)


class TestConsistency:
    def test_from_each_size_to_each_later_one(self, sealed):
        for count in (2, 3, 4):
            sealed.seal(count)
        roots = {size: sealed.proofs.consistency(0, size)[0].root for size in range(10)}
        for old in range(10):
            for size in range(old, 10):
                tree, proof = sealed.proofs.consistency(old, size)
                assert continues(old, roots[old], size, tree.root, proof=proof)

    @pytest.mark.parametrize(("old", "size"), [(-1, 2), (3, 2), (0, 5), (5, None)])
    def test_sizes_that_were_never_sealed(self, sealed, old, size):
        sealed.seal(4)
        with pytest.raises(BadQuery):
            sealed.proofs.consistency(old, size)


class TestSealing:
    def test_the_first_checkpoint_over_an_entry_stays_the_first(self, sealed):
        first = sealed.seal(2).checkpoint
        second = sealed.seal(2).checkpoint
        assert [sealed.proofs.sealing(one).checkpoint for one in sealed.order()] == [first, first, second, second]
        assert sealed.proofs.sealing("x") is None

    def test_a_checkpoint_stored_under_another_size_is_refused(self, sealed):
        sealed.seal(2)
        sealed.run("UPDATE checkpoints SET size = 3")
        with pytest.raises(Forked, match="says 2"):
            sealed.proofs.newest()


# How long it takes ------------------------------------------------------------------------------

SMALL, LARGE, SAMPLED = 1_000, 1_000_000, 300


@pytest.mark.torture
def test_look_ups_do_not_slow_down_from_a_thousand_to_a_million(tmp_path):
    """Two real databases in turns, each look-up from entry to checked proof; the ratio of the medians."""
    built = {size: _built(tmp_path / f"{size}.db", size) for size in (SMALL, LARGE)}
    took: dict[int, list[float]] = {SMALL: [], LARGE: []}
    for turn in range(SAMPLED):
        for size, (proofs, ids) in built.items():
            began = time.perf_counter()
            found = proofs.inclusion(ids[turn % len(ids)])
            took[size].append(time.perf_counter() - began)
            assert found.signed.checkpoint.size == size
    medians = {size: statistics.median(times[20:]) for size, times in took.items()}
    assert medians[LARGE] <= 1.3 * medians[SMALL], medians


def _built(path, size):
    """A sealed tree of that size, of which some entries are whole and the others only leaves."""
    prepare_ledger(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF")
    frontier, leaves, nodes, rows, every = Frontier(), [], [], [], size // 100
    for number in range(size):
        if number % every == every // 2:
            draft = Draft(new_id(START), "decision", START, SYSTEM, b"x" * 2_000, Terms())
            stored = seal(draft, KEY, writer="w", number=number + 1, idempotency=None)
            rows.append([getattr(stored, name) for name in stored.__slots__])
            entry, hashed = stored.id, stored.leaf_hash
        else:
            hashed = hashlib.sha256(number.to_bytes(8, "big")).digest()
            entry = hashed.hex()[:36]
        leaves.append((number, entry))
        nodes += frontier.append(hashed)
    connection.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    connection.executemany("INSERT INTO leaves VALUES (?, ?)", leaves)
    connection.executemany("INSERT INTO nodes VALUES (?, ?)", nodes)
    note = sign_note(Checkpoint("test-log", size, frontier.root).text, SIGNER)
    connection.execute("INSERT INTO checkpoints VALUES (1, ?, ?, 0)", (size, note))
    connection.commit()
    connection.close()
    return Proofs(open_engine(f"sqlite:///{path}"), Keyring(SIGNER)), [row[0] for row in rows]
