"""The keyring: the keys that sign for one log, one after the other, and how each hands over to the next.

A new key is announced in an entry.  The first checkpoint over that entry is the *handover*:
it has one line more, `next KEY`, and is signed by the old key and the new one.  From then on
the old key signs nothing, and nothing that it signs is taken; what it signed before holds for
ever.  So whoever pinned the old key follows to the new one, by the old one's word, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from explainer.errors import BadNote, MasterKeyMissing
from explainer.ledger.notes.checkpoint import (
    NEXT,
    Checkpoint,
    PublicKey,
    Signer,
    add_signatures,
    checkpoint_of,
    read_checkpoint,
    sign_note,
    signers_of,
)


@dataclass(frozen=True, slots=True)
class Announced:
    """A key that an entry has announced, and the leaf of that entry."""

    key: PublicKey
    number: int | None  # None: not sealed yet


class Keyring:
    """The keys of one log.

    Args:
        first: the key that the log began with.
        later: gives what was announced since, in order, and the private keys made since that are at hand.
    """

    def __init__(self, first: Signer, later: Callable[[], tuple[Sequence[Announced], Sequence[Signer]]] = lambda: ((), ())) -> None:
        self._first, self._later = first, later
        self.name = first.name
        self.refresh()

    def refresh(self) -> None:
        """Look again: another process may have changed the key."""
        announced, made = self._later()
        self._made = {one.public: one for one in (self._first, *made)}  # first: other threads sign meanwhile
        self.announced = (Announced(self._first.public, -1), *announced)

    @property
    def publics(self) -> tuple[PublicKey, ...]:
        """Every key that was announced, oldest first."""
        return tuple(one.key for one in self.announced)

    def unannounced(self) -> list[PublicKey]:
        """Keys that are at hand, and that no entry has announced."""
        return [one for one in self._made if one not in self.publics]

    def at(self, size: int) -> PublicKey:
        """The key that signs a tree of so many leaves."""
        return next(one.key for one in reversed(self.announced) if one.number is not None and one.number < size)

    @property
    def signer(self) -> Signer:
        """The private key in force.

        Raises:
            MasterKeyMissing: the vault does not hold it.
        """
        return self._at_hand(next(one.key for one in reversed(self.announced) if one.number is not None))

    def _at_hand(self, key: PublicKey) -> Signer:
        if key not in self._made:
            raise MasterKeyMissing(
                f"the vault is older than the key that signs checkpoints ({key.id.hex()}); restore a newer one, or change the key"
            )
        return self._made[key]

    def sign(self, checkpoint: Checkpoint, before: int) -> str:
        """A note with a checkpoint; the handover, where the last one before it was over a tree of so many leaves and another key's.

        Raises:
            MasterKeyMissing: the vault does not hold the key.
        """
        old, signer = self.at(before), self._at_hand(self.at(checkpoint.size))
        if old == signer.public:
            return sign_note(checkpoint.text, signer)
        text = replace(checkpoint, more=(f"{NEXT}{signer.public.text}",)).text
        # Those between too: another sealer may have handed over to one of them meanwhile.
        passed = self.publics[self.publics.index(old) : self.publics.index(signer.public)]
        return add_signatures(
            f"{text}\n", [*(self._made[one].sign(text) for one in passed if one in self._made), signer.sign(text)]
        )

    def whose(self, note: str) -> PublicKey:
        """The newest key of ours that signed a checkpoint.

        Raises:
            BadNote: none did, or it is no checkpoint.
        """
        text, signed = signers_of(note, self.publics)
        if not signed or read_checkpoint(text).next not in (None, *self.publics):  # another process has changed the key
            self.refresh()
            signed = signers_of(note, self.publics)[1]
        if not signed:
            raise BadNote(f"{self.name} has not signed this note")
        return max(signed, key=self.publics.index)

    def open(self, note: str) -> Checkpoint:
        """Read a checkpoint that one of the keys has signed.

        Raises:
            BadNote: the note, its signatures or its text is not in order, or it is another log's.
        """
        return checkpoint_of(note, self.whose(note))

    def hands_over(self, note: str, size: int, before: int) -> bool:
        """Whether the key before a change has signed the change, in the first checkpoint after it."""
        checkpoint, signed = self.open(note), signers_of(note, self.publics)[1]
        return checkpoint.next == self.at(size) and {self.at(before), self.at(size)} <= set(signed)


def followed(pinned: Iterable[PublicKey], handovers: Iterable[str]) -> list[PublicKey]:
    """Keys of a log whose signature counts now: the pinned ones, and after each handover the next in place of the one before."""
    trusted = list(pinned)
    for note in handovers:
        text, signed = signers_of(note, trusted)
        following = read_checkpoint(text).next
        if signed and following:
            trusted = [*(one for one in trusted if one not in signed), following]
    return trusted
