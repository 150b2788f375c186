"""Sealing on both databases: everything that waits, once each, signed only when the stored bytes agree, witnessed."""

from __future__ import annotations

import json
import threading

import pytest
from sqlalchemy import event

from explainer.errors import EntryTampered, Forked, OlderThanWitnessed, Unavailable
from explainer.ledger.canonical import decode, leaf_hash
from explainer.ledger.migrations.running import migrate
from explainer.ledger.notes.checkpoint import Checkpoint, open_checkpoint, sign_note
from explainer.ledger.notes.keyring import Keyring
from explainer.ledger.tree import sealing
from explainer.ledger.tree.merkle import nodes_of
from explainer.ledger.tree.witness import Heads, Keeper
from tests.ledger.tree.conftest import SIGNER
from tests.naive import merkle as naive


def heads(sealed, origin="test-log"):
    return [open_checkpoint(note, SIGNER.public) for note in sealed.witness.every(origin)]


class TestRound:
    def test_an_empty_ledger_has_no_checkpoint(self, sealed):
        assert sealed.seal() == sealing.Round()

    def test_everything_that_waits_gets_a_place_and_the_root_is_signed(self, sealed):
        done = sealed.seal(5)
        assert (done.sealed, done.complete, done.checkpoint.size) == (5, True, 5)
        assert sealed.run("SELECT COUNT(*) FROM unsealed") == [(0,)]
        leaves = [sealed.run("SELECT leaf FROM entries WHERE id = ?", one)[0][0] for one in sealed.order()]
        assert done.checkpoint.root == naive.mth(leaves)

    def test_the_tree_grows_from_round_to_round(self, sealed):
        first, sealer = sealed.seal(3).checkpoint, sealed.sealer()
        before = sealed.order()
        for count in range(1, 8):
            sealed.append(count)
            done = sealer.seal()
            assert done.sealed == count
        assert sealed.order()[:3] == before
        assert [one.size for one in heads(sealed)] == [3, 4, 6, 9, 13, 18, 24, 31]
        assert heads(sealed)[0] == first
        assert sealed.run("SELECT COUNT(*) FROM nodes") == [(nodes_of(31),)]

    def test_a_round_without_entries_signs_nothing_new(self, sealed):
        one, two = sealed.seal(2), sealed.seal()
        assert (two.sealed, two.checkpoint) == (0, one.checkpoint)
        assert len(heads(sealed)) == 1

    def test_an_entry_that_comes_late_with_an_older_id_is_sealed_all_the_same(self, sealed, house):
        older = house.draft()
        sealed.seal(3)
        sealed.ledger.append(older)
        assert sealed.seal().sealed == 1
        assert sealed.order()[-1] == older.id

    def test_an_entry_that_nobody_queued_is_found_when_a_sealer_starts(self, sealed):
        sealed.append(2)
        sealed.run("DELETE FROM unsealed")
        assert sealed.seal().sealed == 2

    def test_a_queue_that_names_a_sealed_entry_seals_it_once(self, sealed):
        sealed.seal(2)
        sealed.run("INSERT INTO unsealed SELECT id FROM entries")
        assert sealed.seal().sealed == 0
        assert len(sealed.order()) == 2

    def test_many_entries_take_many_rounds(self, sealed, monkeypatch):
        monkeypatch.setattr(sealing, "BATCH", 4)
        sealed.append(10)
        sealer = sealed.sealer()
        assert [(one.sealed, one.complete) for one in (sealer.seal(), sealer.seal(), sealer.seal())] == [
            (4, False),
            (4, False),
            (2, True),
        ]

    def test_what_was_numbered_and_not_signed_is_signed_by_the_next(self, sealed):
        sealed.seal(3)
        sealed.append(4)
        assert sealed.sealer()._assign()[0] == 4  # and here the process ends
        assert sealed.seal().checkpoint.size == 7


def test_entries_from_before_there_was_a_tree_are_sealed_at_the_first_start(sealed):
    written = sealed.append(5)
    for table in ("door_tries", "cosignatures", "checkpoints", "nodes", "leaves", "unsealed"):
        sealed.run(f"DROP TABLE {table}")
    sealed.run("UPDATE ledger_version SET version_num = 'ledger_0002'")
    migrate(sealed.engine, "ledger")
    assert sealed.seal().sealed == 5
    assert sealed.order() == written
    assert sealed.verify().findings == []


class TestDistrust:
    def test_what_is_signed_was_read_on_a_connection_that_wrote_nothing(self, sealed):
        """A second one, which has no cache of what the first has written."""
        engine, used = sealed.ledger._engine, []

        def note(connection, _cursor, statement, *_):
            used.append((statement, connection.connection.dbapi_connection))

        event.listen(engine, "before_cursor_execute", note)
        sealed.append(3)
        sealing.Sealer(sealed.ledger, engine, Keyring(SIGNER), witnesses=[], clock=sealed.clock).seal()
        wrote = [connection for statement, connection in used if statement.startswith("INSERT INTO nodes")]
        read = [connection for statement, connection in used if "JOIN entries ON entries.id = leaves.entry_id" in statement]
        assert (len(wrote), len(read)) == (1, 1)
        assert wrote[0] is not read[0]

    @pytest.mark.parametrize("column", ["leaf", "leaf_hash", "box", "kind", "key_id"])
    def test_an_entry_that_was_changed_before_it_was_sealed_is_not_sealed_and_named(self, sealed, column):
        good, bad = sealed.append(2)
        value = "other" if column in {"kind", "key_id"} else b"{}"
        sealed.run(f"UPDATE entries SET {column} = ? WHERE id = ?", value, bad)
        done = sealed.seal()
        assert (done.sealed, done.tampered, sealed.order()) == (1, (bad,), [good])

    def test_a_leaf_that_changed_between_numbering_and_signing_is_not_signed(self, sealed):
        sealed.seal(2)
        (third,) = sealed.append(1)
        sealed.sealer()._assign()
        forged = b'{"forged":1}'
        sealed.run("UPDATE entries SET leaf = ? WHERE id = ?", forged, third)
        with pytest.raises(EntryTampered):
            sealed.seal()
        sealed.run("UPDATE entries SET leaf_hash = ? WHERE id = ?", leaf_hash(forged), third)
        with pytest.raises(Forked, match="do not follow"):
            sealed.seal()
        assert [one.size for one in heads(sealed)] == [2]

    def test_one_flipped_hash_of_a_new_node_is_not_signed(self, sealed):
        sealed.append(5)
        sealed.sealer()._assign()
        for place, right in sealed.run("SELECT place, hash FROM nodes"):
            sealed.run("UPDATE nodes SET hash = ? WHERE place = ?", bytes([right[0] ^ 1]) + right[1:], place)
            with pytest.raises(Forked):
                sealed.seal()
            sealed.run("UPDATE nodes SET hash = ? WHERE place = ?", right, place)
        assert sealed.seal().checkpoint.size == 5

    def test_nor_is_a_tree_whose_signed_part_has_another_root_now(self, sealed):
        sealed.seal(4)
        sealed.run("UPDATE nodes SET hash = ? WHERE place = 3", bytes(32))
        sealed.append(1)
        with pytest.raises(Forked):
            sealed.sealer(sealed.elsewhere()).seal()

    @pytest.mark.parametrize("number", [0, 3, 5])
    def test_nor_one_that_has_lost_a_leaf(self, sealed, number):
        sealed.append(6)
        sealed.sealer()._assign()
        sealed.run("DELETE FROM leaves WHERE number = ?", number)
        if number == 5:  # the tree has a smaller size now, and its entry may be sealed again
            sealed.run("DELETE FROM nodes WHERE place = 10")
            assert sealed.seal().checkpoint.size == 5
        else:
            with pytest.raises(Forked, match=f"lost its leaf {number}"):
                sealed.seal()

    def test_a_cut_tail_is_not_signed_over(self, sealed):
        sealed.seal(6)
        sealed.run("DELETE FROM leaves WHERE number > 3")
        with pytest.raises(Forked, match="end is missing"):
            sealed.sealer(sealed.elsewhere()).seal()

    def test_a_checkpoint_that_somebody_else_signed_is_no_base(self, sealed):
        sealed.seal(2)
        sealed.run("UPDATE checkpoints SET note = ?", sign_note(Checkpoint("test-log", 2, bytes(32)).text, SIGNER)[:-3] + "A=\n")
        sealed.append(1)
        with pytest.raises(Forked):
            sealed.seal()


class TestManySealers:
    def test_three_sealers_and_eight_writers_give_each_entry_one_number(self, sealed, house):
        _race(sealed, house, entries=6)

    @pytest.mark.torture
    def test_the_same_for_longer(self, sealed, house):
        _race(sealed, house, entries=150)

    def test_whoever_comes_second_loses_nothing(self, sealed):
        sealed.append(3)
        one, two = sealed.sealer(), sealed.sealer()
        assert [one.seal().sealed, two.seal().sealed] == [3, 0]
        sealed.append(2)
        assert [two.seal().sealed, one.seal().sealed] == [2, 0]
        assert [head.size for head in heads(sealed)] == [3, 5]

    def test_a_taken_number_makes_the_whole_transaction_fail(self, sealed, monkeypatch):
        sealed.seal(3)
        sealed.append(2)
        monkeypatch.setattr(sealing, "tree_size", lambda _connection: 0)  # what a sealer believed a moment ago
        assert sealed.sealer()._assign() == (0, False, ())
        monkeypatch.undo()
        assert (len(sealed.order()), sealed.seal().sealed) == (3, 2)


def _race(sealed, house, entries):
    """Eight writers and three sealers, each with connections of its own."""
    written, done = [], threading.Event()

    def write(number):
        ledger = house.open(f"writer-{number}")
        for _ in range(entries):
            draft = house.draft()
            _stubbornly(lambda draft=draft: written.append(ledger.append(draft).id))

    def work(number):
        ledger = house.open(f"sealer-{number}")
        sealer = sealed.sealer(ledger=ledger)
        while not (done.is_set() and _stubbornly(sealer.seal).complete):
            _stubbornly(sealer.seal)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    sealers = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for one in (*writers, *sealers):
        one.start()
    for one in writers:
        one.join()
    done.set()
    for one in sealers:
        one.join()
    assert sorted(sealed.order()) == sorted(written)
    assert len(written) == 8 * entries
    leaves = [sealed.run("SELECT leaf FROM entries WHERE id = ?", one)[0][0] for one in sealed.order()]
    assert sealed.seal().checkpoint == heads(sealed)[-1] == Checkpoint("test-log", len(leaves), naive.mth(leaves))


def _stubbornly(step):
    """Again, when SQLite's lock was taken for longer than a connection waits."""
    while True:
        try:
            return step()
        except Unavailable:
            continue


class TestSilence:
    def test_after_an_hour_a_seal_entry_proves_that_nothing_happened(self, sealed):
        first, sealer = sealed.seal(2).checkpoint, sealed.sealer()
        sealed.clock.move(minutes=59)
        assert sealer.seal().checkpoint == first
        sealed.clock.move(minutes=1)
        assert sealer.seal().checkpoint.size == 3
        entry = sealed.ledger.entry(sealed.order()[-1])
        assert (entry.kind, decode(entry.body)) == ("seal", {"v": 1, "epoch": 1, "size": 2, "root": first.root.hex()})
        assert sealer.seal().sealed == 0

    def test_however_many_sealers_think_of_it_there_is_one(self, sealed):
        sealed.seal(1)
        sealed.clock.move(hours=2)
        one, two = sealed.sealer(), sealed.sealer()
        one._mark_silence()
        two._mark_silence()
        assert sealed.seal().checkpoint.size == 2


class TestWitnessed:
    def test_a_witness_that_was_away_gets_the_newest_with_a_proof_when_it_is_back(self, sealed, monkeypatch):
        monkeypatch.setattr(sealing, "PAUSE_SECONDS", 0.0)
        sealed.seal(2)
        sealer = sealed.sealer()
        sealer.seal()
        away = sealed.folder.rename(sealed.folder.with_name("away"))
        sealed.append(3)
        assert "is not there" in sealer.seal().silent[0]
        away.rename(sealed.folder)
        sealed.append(1)
        assert sealer.seal().silent == ()
        assert [head.size for head in heads(sealed)] == [2, 6]

    def test_nothing_is_sealed_before_a_witness_has_told_what_it_knows(self, sealed):
        sealed.folder.rmdir()
        with pytest.raises(Unavailable, match="no witness answers"):
            sealed.seal(2)
        assert sealed.order() == []

    def test_one_of_two_is_enough_to_begin(self, sealed, tmp_path):
        sealed.append(2)
        broken = Keeper(Heads(tmp_path / "broken"), [SIGNER.public], None, lambda: 0)
        done = sealed.sealer(broken, sealed.witness).seal()
        assert (done.sealed, len(done.silent)) == (2, 1)

    def test_a_start_with_nothing_new_is_no_evidence_against_the_log(self, sealed):
        sealed.seal(2)
        assert sealed.seal().silent == ()
        assert sealed.verify().findings == []

    def test_a_ledger_without_witnesses_is_sealed(self, sealed):
        sealed.append(2)
        sealer = sealing.Sealer(sealed.ledger, sealed.engine, Keyring(SIGNER), witnesses=[], clock=sealed.clock)
        assert sealer.seal().checkpoint.size == 2


def cut(sealed, size):
    """Bring the database back to what it was when the tree had that size, as a restored backup does."""
    gone = sealed.order()[size:]
    sealed.run("DELETE FROM checkpoints WHERE size > ?", size)
    for place, _ in sealed.run("SELECT place, hash FROM nodes"):
        if not _is_of(place, size):
            sealed.run("DELETE FROM nodes WHERE place = ?", place)
    sealed.run("DELETE FROM leaves WHERE number >= ?", size)
    for one in gone:
        for table, column in (("entry_index", "entry_id"), ("rule_index", "entry_id"), ("unsealed", "entry_id"), ("entries", "id")):
            sealed.run(f"DELETE FROM {table} WHERE {column} = ?", one)
    sealed.ledger = sealed.house.open("writer after the restore")


def _is_of(place, size):
    """Whether a whole span lies within a tree: its place is its middle."""
    level = (~place & place + 1).bit_length() - 1
    return place + (1 << level) <= 2 * size - 1 + (level == 0)


class TestEpochs:
    def test_a_restored_backup_opens_a_new_epoch_and_says_what_it_lost(self, sealed):
        early = sealed.seal(4).checkpoint
        late = sealed.seal(3).checkpoint
        cut(sealed, 4)
        done = sealed.seal(2)
        assert (done.checkpoint.origin, done.checkpoint.size) == ("test-log/epoch-2", 7)
        opening = next(one for one in map(sealed.ledger.entry, sealed.order()) if one.kind == "epoch")
        said = decode(opening.body)
        assert (said["epoch"], said["before"], said["size"], said["root"]) == (2, 1, 4, early.root.hex())
        assert [open_checkpoint(note, SIGNER.public) for note in said["lost"]] == [late]
        assert heads(sealed)[-1] == late
        assert heads(sealed, "test-log/epoch-2") == [done.checkpoint]

    def test_what_was_sealed_before_is_proved_under_the_new_epoch_too(self, sealed):
        early = sealed.seal(4).checkpoint
        sealed.seal(3)
        cut(sealed, 4)
        sealed.seal(2)
        proved = sealed.proofs.inclusion(sealed.order()[0])
        assert proved.signed.epoch == 2
        assert sealed.proofs.consistency(4)[1]
        assert sealed.proofs.sealing(sealed.order()[0]).checkpoint == early

    def test_the_epoch_stays_open_for_every_later_sealer(self, sealed):
        sealed.seal(4)
        sealed.seal(3)
        cut(sealed, 4)
        sealed.seal(1)
        assert sealed.seal(1).checkpoint.origin == "test-log/epoch-2"
        assert [one.size for one in heads(sealed, "test-log/epoch-2")] == [6, 7]

    def test_restored_once_more_to_before_the_epoch_it_opens_the_next_one(self, sealed):
        sealed.seal(4)
        sealed.seal(3)
        cut(sealed, 4)
        sealed.seal(1)
        cut(sealed, 4)
        assert sealed.seal().checkpoint.origin == "test-log/epoch-3"

    def test_a_database_that_is_empty_again_says_so(self, sealed):
        sealed.seal(4)
        cut(sealed, 0)
        assert sealed.seal().checkpoint.origin == "test-log/epoch-2"

    def test_a_restore_under_a_running_sealer_is_noticed_at_the_next_checkpoint(self, sealed):
        sealer = sealed.sealer()
        sealed.append(4)
        sealer.seal()
        sealed.append(4)
        sealer.seal()
        cut(sealed, 4)
        sealed.append(1)
        with pytest.raises(OlderThanWitnessed):
            self._until_it_asks(sealed, sealer)
        assert sealer.seal().checkpoint.origin == "test-log/epoch-2"

    @staticmethod
    def _until_it_asks(sealed, sealer):
        for _ in range(4):  # nothing is handed out while the tree is no larger than what the witness has seen
            sealer._seen.clear()
            sealer.seal()

    def test_a_tree_beside_the_witnessed_one_is_not_sealed_until_the_operator_opens_an_epoch(self, sealed):
        sealed.seal(4)
        sealed.seal(3)
        cut(sealed, 4)
        sealed.append(6)  # and one without a witness went on
        sealing.Sealer(sealed.ledger, sealed.engine, Keyring(SIGNER), witnesses=[], clock=sealed.clock).seal()
        sealer = sealed.sealer()
        with pytest.raises(Forked, match="another tree"):
            sealer.seal()
        assert sealer.open_epoch(1) == 2
        assert sealer.seal().checkpoint == Checkpoint("test-log/epoch-2", 11, sealed.proofs.newest().checkpoint.root)
        assert json.loads(sealed.folder.joinpath("test-log.jsonl").read_text().splitlines()[-1])
