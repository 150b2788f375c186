"""Verifying: a sound ledger has no findings, and everything that is not sound is named."""

from __future__ import annotations

import pytest

from explainer.errors import BadInput
from explainer.ledger.notes.checkpoint import WITNESS, Signer, open_note
from explainer.ledger.tree.sealing import SEAL
from explainer.ledger.tree.verifying import read_head
from explainer.ledger.tree.witness import EVIDENCE, Heads, Keeper
from tests.ledger.tree.conftest import SIGNER
from tests.ledger.tree.test_sealing import cut


class TestSoundness:
    def test_an_empty_ledger(self, sealed):
        report = sealed.verify()
        assert (report.entries, report.findings, report.notices) == (0, [], [])

    def test_a_ledger_in_use(self, sealed, monkeypatch):
        monkeypatch.setattr("explainer.ledger.tree.verifying.BATCH", 4)
        for count in (3, 4, 5):
            sealed.seal(count)
        sealed.clock.move(hours=2)
        assert sealed.seal().checkpoint.size == 13
        assert sealed.ledger.entry(sealed.order()[-1]).kind == SEAL
        sealed.append(2)
        report = sealed.verify()
        assert (report.findings, report.notices) == ([], [])
        assert (report.entries, report.opened, report.waiting, report.heads) == (13, 15, 2, 8)

    def test_erased_entries_are_proved_and_not_opened(self, sealed):
        sealed.seal(3)
        sealed.house.destroy_keys()
        report = sealed.verify()
        assert (report.findings, report.opened, report.erased) == ([], 0, 3)

    def test_it_tells_how_far_it_is(self, sealed, monkeypatch):
        monkeypatch.setattr("explainer.ledger.tree.verifying.BATCH", 2)
        sealed.seal(5)
        told = []
        sealed.verifier().verify(tell=lambda done, total: told.append((done, total)))
        assert told == [(2, 5), (4, 5), (5, 5)]

    def test_a_head_from_a_letter_is_found_in_the_tree(self, sealed):
        head = sealed.seal(3).checkpoint
        sealed.seal(4)
        assert sealed.verify([read_head(head.short)]).findings == []

    @pytest.mark.parametrize("said", ["", "3", "3-", "3-abc", "x-0123456789abcdef", "3-0123456789abcdeg", "3-0123456789abcdef0"])
    def test_what_no_letter_shows_is_refused(self, said):
        with pytest.raises(BadInput):
            read_head(said)


class TestEvidence:
    def test_a_head_that_the_witness_remembers_too_is_none(self, sealed):
        sealed.seal(2)
        note = sealed.witness.newest(SIGNER.name)
        with Heads(sealed.folder).opened(SIGNER.name + EVIDENCE) as file:
            Heads(sealed.folder).remember(file, note)
        assert sealed.verify().findings == []


class TestEpochs:
    def test_an_epoch_is_a_finding_until_somebody_explains_it(self, sealed):
        sealed.seal(4)
        sealed.seal(3)
        cut(sealed, 4)
        sealed.seal(2)
        (finding,) = sealed.verify().findings
        assert finding == "epoch 2 was opened at 4 leaves; what epoch 1 had beyond them is lost"
        known = sealed.verifier().verify(known_epochs=[2])
        assert (known.findings, known.notices) == ([], [finding])

    def test_a_head_from_before_the_branch_must_still_fit(self, sealed):
        sealed.seal(4)
        sealed.seal(3)
        cut(sealed, 4)
        sealed.seal(2)
        wrong = read_head("3-0123456789abcdef")
        assert any("3 leaves" in one for one in sealed.verifier().verify([wrong], known_epochs=[2]).findings)


class TestGaps:
    def test_a_missing_number_of_a_writer_shows_although_its_entry_was_never_sealed(self, sealed):
        _, second, _ = sealed.append(3)
        for table, column in (("unsealed", "entry_id"), ("entry_index", "entry_id"), ("entries", "id")):
            sealed.run(f"DELETE FROM {table} WHERE {column} = ?", second)
        sealed.seal()
        assert sealed.verify().findings == ["writer writer-1: 1 of its entries are missing, the first its number 2"]

    def test_an_entry_that_waits_and_is_gone(self, sealed):
        first, _ = sealed.append(2)
        sealed.run("DELETE FROM entry_index WHERE entry_id = ?", first)
        sealed.run("DELETE FROM entries WHERE id = ?", first)
        assert f"entry {first} waits to be sealed and is missing" in sealed.verify().findings

    def test_an_entry_that_nobody_will_seal(self, sealed):
        (one,) = sealed.append(1)
        sealed.run("DELETE FROM unsealed")
        assert sealed.verify().findings == [f"entry {one} is not sealed and does not wait for it either; restart the sealer"]


class TestCosignatures:
    @pytest.fixture
    def cosigner(self, sealed):
        signer = Signer.from_seed("watcher", WITNESS, bytes(range(1, 33)))
        return Keeper(Heads(sealed.folder), [SIGNER.public], signer, lambda: 1_800_000_000)

    def test_they_stand_under_the_checkpoint_and_hold(self, sealed, cosigner):
        sealed.append(3)
        sealed.sealer(cosigner).seal()
        note = sealed.proofs.newest().note
        assert open_note(note, [SIGNER.public, cosigner.key])[1] == [SIGNER.public, cosigner.key]
        assert sealed.verifier(cosigner).verify().findings == []

    @pytest.mark.parametrize(
        "change", ["line = 'x'", "witness = 'other'", "size = 2", "epoch = 2", "line = REPLACE(line, '=', 'A')"]
    )
    def test_one_that_was_changed_is_found(self, sealed, cosigner, change):
        sealed.append(3)
        sealed.sealer(cosigner).seal()
        sealed.run(f"UPDATE cosignatures SET {change}")
        assert any("cosignature of" in one for one in sealed.verifier(cosigner).verify().findings)

    def test_of_a_witness_that_is_not_known_any_more_they_cannot_be_checked(self, sealed, cosigner):
        sealed.append(3)
        sealed.sealer(cosigner).seal()
        report = sealed.verify()
        assert (report.findings, len(report.notices)) == ([], 1)


def test_it_writes_nothing(sealed):
    sealed.seal(3)
    before = [sealed.run(f"SELECT * FROM {table}") for table in ("entries", "leaves", "nodes", "checkpoints", "unsealed")]
    notes = sealed.witness.every(SIGNER.name)
    sealed.verify()
    assert [sealed.run(f"SELECT * FROM {table}") for table in ("entries", "leaves", "nodes", "checkpoints", "unsealed")] == before
    assert sealed.witness.every(SIGNER.name) == notes
