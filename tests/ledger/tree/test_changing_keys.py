"""Another key for the checkpoints: handed over once, followed by whoever pinned the one before, which counts for nothing then."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest

from explainer.errors import BadNote, MasterKeyMissing
from explainer.ledger.canonical import decode
from explainer.ledger.notes.checkpoint import LOG, WITNESS, Checkpoint, Signer, open_note, sign_note
from explainer.ledger.notes.keyring import Announced, Keyring, followed
from explainer.ledger.tree import sealing
from explainer.ledger.tree.proving import KEY, Proofs, announced
from explainer.ledger.tree.sealing import Sealer
from explainer.ledger.tree.verifying import Verifier
from explainer.ledger.tree.witness import KEYS, Heads, Keeper, Refusal
from explainer.verify import heir_of as heir
from tests.ledger.tree.conftest import SIGNER, Sealed, _terms
from tests.ledger.tree.test_sealing import _stubbornly, cut

FIRST = SIGNER
SECOND, THIRD = (Signer.from_seed("test-log", LOG, bytes([number]) * 32) for number in (2, 3))


@dataclass
class Changing:
    """A ledger whose vault holds these keys besides the first; each use is another process's."""

    sealed: Sealed
    made: tuple[Signer, ...] = ()

    @property
    def keys(self) -> Keyring:
        return Keyring(FIRST, lambda: (announced(self.sealed.ledger, self.sealed.engine), self.made))

    def sealer(self, *witnesses) -> Sealer:
        known, sealed = witnesses or [self.sealed.witness], self.sealed
        return Sealer(sealed.ledger, sealed.engine, self.keys, witnesses=known, clock=sealed.clock)

    def seal(self, count=0, *witnesses):
        self.sealed.append(count)
        return self.sealer(*witnesses).seal()

    @property
    def proofs(self) -> Proofs:
        return Proofs(self.sealed.engine, self.keys)

    def verify(self, **more):
        sealed = self.sealed
        checks = Verifier(sealed.engine, sealed.house.vault(), self.keys, witnesses=[sealed.witness], terms_of=_terms)
        return checks.verify(**more)

    def notes(self):
        return [note for (note,) in self.sealed.run("SELECT note FROM checkpoints ORDER BY size")]


@pytest.fixture
def changing(sealed) -> Changing:
    return Changing(sealed)


@pytest.fixture
def changed(changing) -> Changing:
    """Three leaves under the first key, the fourth announces the second, and two more."""
    changing.seal(3)
    changing.made = (SECOND,)
    changing.seal()
    changing.seal(2)
    return changing


def signers(note, *keys):
    """Which of some keys signed a note."""
    found = []
    for one in keys:
        try:
            found += open_note(note, [one.public])[1]
        except BadNote:
            continue
    return found


class TestTheHandover:
    def test_the_first_checkpoint_over_the_announcement_is_signed_by_both_and_names_the_next(self, changed):
        before, handover, after = changed.notes()
        assert [signers(note, FIRST, SECOND) for note in (before, handover, after)] == [
            [FIRST.public],
            [FIRST.public, SECOND.public],
            [SECOND.public],
        ]
        assert f"\nnext {SECOND.public.text}\n" in handover
        assert [changed.keys.open(note).size for note in changed.notes()] == [3, 4, 6]
        assert [changed.keys.open(note).next for note in changed.notes()] == [None, SECOND.public, None]

    def test_the_ledger_says_so_once_however_many_sealers_find_the_key(self, changed):
        for _ in range(3):
            changed.seal()
        (entry,) = changed.sealed.ledger.newest_first(KEY)
        assert decode(entry.body) == {"v": 1, "key": SECOND.public.text, "before": FIRST.public.text, "by": ""}

    def test_sealers_of_one_size_sign_the_same(self, changing):
        changing.seal(3)
        changing.made = (SECOND,)
        one, two = changing.sealer(), changing.sealer()
        one.announce()
        assert one.seal().checkpoint == two.seal().checkpoint
        assert len(changing.notes()) == 2

    def test_a_process_that_knows_the_old_key_alone_learns_the_new_one(self, changing):
        changing.seal(3)
        old = changing.sealer()
        old.seal()
        changing.made = (SECOND,)
        changing.seal()
        changing.sealed.append(1)
        assert signers(changing.notes()[-1], SECOND) == [SECOND.public]
        assert old.seal().checkpoint.size == 5
        assert signers(changing.notes()[-1], FIRST, SECOND) == [SECOND.public]

    def test_nothing_is_wrong_and_every_proof_holds_before_and_after(self, changed):
        assert changed.verify().findings == []
        for number, entry in enumerate(changed.sealed.order()):
            assert changed.proofs.inclusion(entry).number == number
        assert changed.proofs.handovers() == [changed.notes()[1]]

    def test_two_changes(self, changed):
        changed.made = (SECOND, THIRD)
        changed.seal()
        changed.seal(1)
        assert changed.verify().findings == []
        assert [signers(note, FIRST, SECOND, THIRD) for note in changed.notes()[-2:]] == [
            [SECOND.public, THIRD.public],
            [THIRD.public],
        ]
        assert len(changed.proofs.handovers()) == 2

    def test_two_at_once_are_handed_over_by_every_key_that_is_passed(self, changing):
        """A sealer that was slow may still hand over from the first to the second, below this size."""
        changing.seal(3)
        changing.made = (SECOND, THIRD)
        changing.seal()
        note = changing.notes()[-1]
        assert signers(note, FIRST, SECOND, THIRD) == [FIRST.public, SECOND.public, THIRD.public]
        slow = changing.keys.sign(Checkpoint("test-log", 4, bytes(32)), 3)
        assert followed([FIRST.public], [slow, note]) == followed([FIRST.public], [note]) == [THIRD.public]

    def test_before_anything_was_sealed_the_first_key_hands_over_too(self, changing):
        changing.made = (SECOND,)
        changing.seal(1)
        assert signers(changing.notes()[0], FIRST, SECOND) == [FIRST.public, SECOND.public]
        assert changing.verify().findings == []


class TestInARace:
    def test_three_sealers_hand_over_twice_while_entries_come(self, changing):
        stop = threading.Event()

        def work():
            house, sealed = changing.sealed.house, changing.sealed
            ledger, engine = house.open("a sealer"), house.engine(house.ledger_store)
            keys = Keyring(FIRST, lambda: (announced(ledger, engine), changing.made))
            sealer = Sealer(ledger, engine, keys, witnesses=[sealed.witness], clock=sealed.clock)
            while not stop.is_set():
                _stubbornly(sealer.announce)
                _stubbornly(sealer.seal)

        sealers = [threading.Thread(target=work) for _ in range(3)]
        for one in sealers:
            one.start()
        for made in ((), (SECOND,), (SECOND, THIRD)):
            changing.made = made
            for _ in range(8):
                _stubbornly(lambda: changing.sealed.append(1))
        stop.set()
        for one in sealers:
            one.join()
        for _ in range(2):
            changing.seal(1)
        assert changing.verify().findings == []
        assert [one.key for one in changing.keys.announced] == [FIRST.public, SECOND.public, THIRD.public]
        assert followed([FIRST.public], changing.proofs.handovers()) == [THIRD.public]
        assert signers(changing.notes()[-1], FIRST, SECOND, THIRD) == [THIRD.public]


class TestWhoPinnedTheOldKey:
    @pytest.mark.parametrize("pinned", [FIRST, SECOND])
    def test_follows(self, changed, pinned):
        assert followed([pinned.public], changed.proofs.handovers()) == [SECOND.public]
        assert heir(pinned.public.text, changed.proofs.handovers()) == SECOND.public.text

    def test_follows_no_stranger(self, changed):
        text = Checkpoint("test-log", 9, bytes(32), (f"next {THIRD.public.text}",)).text
        for forged in (sign_note(text, THIRD), sign_note(text, Signer.from_seed("other", LOG, bytes(32)))):
            assert followed([FIRST.public], [forged]) == [FIRST.public]
            assert heir(FIRST.public.text, [forged]) == FIRST.public.text

    def test_a_witness_remembers_the_handover_before_the_head_and_takes_the_new_key(self, changed):
        heads = Heads(changed.sealed.folder)
        assert [changed.keys.open(note).size for note in heads.every("test-log" + KEYS)] == [4]
        assert [changed.keys.open(note).size for note in heads.every("test-log")] == [3, 4, 6]

    def test_a_witness_that_was_away_is_told_the_handover_first(self, changing, monkeypatch):
        monkeypatch.setattr(sealing, "PAUSE_SECONDS", 0.0)
        changing.seal(3)
        changing.sealed.folder.rename(changing.sealed.folder.with_name("away"))
        near = changing.sealed.elsewhere()
        for made, count in (((SECOND,), 0), ((SECOND,), 1), ((SECOND, THIRD), 0), ((SECOND, THIRD), 2)):
            changing.made = made
            assert changing.seal(count, near, changing.sealed.witness).silent
        changing.sealed.folder.with_name("away").rename(changing.sealed.folder)
        assert changing.seal(1, near, changing.sealed.witness).silent == ()
        assert [changing.keys.open(note).size for note in changing.sealed.witness.every("test-log")] == [3, 4, 6, 9]
        assert changing.verify().findings == []

    def test_a_witness_cosigns_the_whole_handover(self, changing):
        watcher = Signer.from_seed("watcher", WITNESS, bytes(range(1, 33)))
        keeper = Keeper(Heads(changing.sealed.folder), [FIRST.public], watcher, lambda: 1_800_000_000)
        changing.seal(2, keeper)
        changing.made = (SECOND,)
        changing.seal(0, keeper)
        note = changing.proofs.newest().note
        assert open_note(note, [SECOND.public, FIRST.public, watcher.public])[1] == [FIRST.public, SECOND.public, watcher.public]
        sealed = changing.sealed
        checks = Verifier(sealed.engine, sealed.house.vault(), changing.keys, witnesses=[keeper], terms_of=_terms)
        assert checks.verify().findings == []


class TestTheKeyThatWasReplaced:
    """Whoever stole it gets nothing by it."""

    def test_a_witness_takes_nothing_of_it(self, changed):
        forged = sign_note(Checkpoint("test-log", 7, bytes(32)).text, FIRST)
        answer = changed.sealed.witness.consider(6, [], forged)
        assert isinstance(answer, Refusal)
        assert answer.code == "not-signed"

    def test_nor_a_handover_to_the_thief_s_own(self, changed):
        text = Checkpoint("test-log", 7, bytes(32), (f"next {THIRD.public.text}",)).text
        answer = changed.sealed.witness.consider(6, [], sign_note(text, FIRST))
        assert isinstance(answer, Refusal)

    def test_nor_may_a_log_hand_over_to_another_s_key(self, changed):
        other = Signer.from_seed("other-log", LOG, bytes(32)).public
        text = Checkpoint("test-log", 6, bytes(32), (f"next {other.text}",)).text
        assert isinstance(changed.sealed.witness.consider(6, [], sign_note(text, SECOND)), Refusal)

    @pytest.mark.parametrize("size", [4, 6])
    def test_a_checkpoint_that_it_signs_afterwards_is_found(self, changed, size):
        root = next(changed.keys.open(note).root for note in changed.notes() if changed.keys.open(note).size == size)
        forged = sign_note(Checkpoint("test-log", size, root).text, FIRST)
        changed.sealed.run("UPDATE checkpoints SET note = ? WHERE size = ?", forged, size)
        assert any(f"checkpoint of {size} leaves is signed by key" in one for one in changed.verify().findings)

    def test_a_new_key_that_it_did_not_hand_over_to_is_found(self, changed):
        size, root = 4, changed.keys.open(changed.notes()[1]).root
        forged = sign_note(Checkpoint("test-log", size, root).text, SECOND)
        changed.sealed.run("UPDATE checkpoints SET note = ? WHERE size = ?", forged, size)
        assert any("has not handed over" in one for one in changed.verify().findings)


class TestAnOldBackup:
    def test_of_the_vault_signs_nothing_and_says_what_is_missing(self, changed):
        changed.made = ()
        changed.sealed.append(1)
        with pytest.raises(MasterKeyMissing, match=SECOND.public.id.hex()):
            changed.seal()

    def test_of_the_vault_goes_on_with_another_key_which_is_told_until_it_is_known(self, changed):
        changed.made = (THIRD,)
        watched = changed.sealed.elsewhere()
        changed.seal(0, watched)
        said = changed.verify()
        told = f"from 7 leaves on key {THIRD.public.id.hex()} signs, and the key before it has not handed over"
        assert said.findings == [told]
        known = changed.verify(known_keys=[THIRD.public.id.hex()])
        assert (known.findings, known.notices) == ([], [told])

    def test_of_the_ledger_announces_the_key_again_in_its_new_epoch(self, changing):
        changing.seal(3)
        changing.made = (SECOND,)
        changing.seal()
        changing.seal(2)
        cut(changing.sealed, 3)
        changing.seal(1)
        changing.seal(1)
        assert [one for one in changing.verify(known_epochs=[2]).findings if "writer" not in one] == []
        assert [changing.keys.open(note).origin for note in changing.notes()][-1] == "test-log/epoch-2"
        assert signers(changing.notes()[-1], FIRST, SECOND) == [SECOND.public]
        assert changing.sealed.witness.newest("test-log/epoch-2")


class TestTheKeyring:
    def test_a_key_that_is_not_sealed_yet_signs_nothing(self):
        keys = Keyring(FIRST, lambda: ([Announced(SECOND.public, None)], [SECOND]))
        assert (keys.signer, keys.at(10)) == (FIRST, FIRST.public)
        assert keys.unannounced() == []

    def test_a_note_of_nobody_is_refused(self):
        with pytest.raises(BadNote):
            Keyring(FIRST).open(sign_note(Checkpoint("test-log", 1, bytes(32)).text, SECOND))

    def test_a_note_of_a_key_that_was_just_announced_is_read(self):
        found = []
        keys = Keyring(FIRST, lambda: (found, []))
        found.append(Announced(SECOND.public, 0))
        assert keys.open(sign_note(Checkpoint("test-log", 1, bytes(32)).text, SECOND)).size == 1

    def test_a_next_key_that_cannot_be_read_is_refused(self):
        with pytest.raises(BadNote):
            _ = Checkpoint("test-log", 1, bytes(32), ("next nobody",)).next
