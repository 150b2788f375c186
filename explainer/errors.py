"""Errors: every deliberate refusal, one tree, one sentence each.

    ExplainerError
    ├── BadInput                     somebody can mend what they sent
    │   ├── BadFacts                 the facts do not fit what the pack asks for
    │   ├── BadCase                  a case whose envelope (customer, case number) has mistakes
    │   ├── BadPack                  pack files with mistakes, each with file and line
    │   ├── BadData                  a training table that cannot be used
    │   ├── BadModel                 a model file with mistakes, each by tree and line
    │   ├── BadSettings              EXPLAINER_* variables that cannot be used
    │   ├── BadQuery                 a search that makes no sense
    │   ├── BadNote                  a checkpoint, note or key that cannot be read or whose signature does not hold
    │   ├── UnknownLanguage          no words in that language
    │   └── UnknownOrigin            a desktop that may not embed panels
    ├── NotFound                     nothing of that name here
    │   ├── UnknownPack
    │   ├── UnknownRelease
    │   ├── UnknownDecision
    │   └── UnknownKey
    ├── Refused                      understood, and not done
    │   ├── IdempotencyConflict      the same Idempotency-Key with another body
    │   ├── AlreadyRemembered        that Idempotency-Key has its entry: read it again
    │   ├── Erased                   the person's key was destroyed, on request or because its time was over
    │   ├── OnHold                   a legal hold forbids to destroy a person's keys
    │   ├── NotSealed                an entry that has no place in the tree yet
    │   ├── Unprintable              no font of ours has the letters of that language
    │   ├── AccessDenied             the key or link does not open this
    │   ├── LinkExpired
    │   ├── LinkRevoked
    │   ├── LinkClosed               a link at whose door too much was tried, for good
    │   ├── TooManyTries             a link whose case number was typed wrongly too often, for a while
    │   └── TokenSpent               a panel token that was used, is too old, or never was
    ├── Damaged                      something stored is not what it was
    │   ├── ReleaseTampered
    │   ├── EntryTampered
    │   ├── Forked                   the tree contradicts a head that was signed or witnessed
    │   │   └── OlderThanWitnessed   a database from before its own witnessed head
    │   └── MasterKeyMissing
    ├── Unavailable                  try again later, nothing was told
    │   ├── IssuerSilent             the company's sign-in does not answer
    │   ├── ReleaseMissing           a release that decides or decided is not on this machine
    │   ├── OutcomeUnknown           a commit whose end nobody saw
    │   └── UnsafeStore              the database would lose acknowledged rows
    └── Contradiction                a bug, caught before anybody was told
        ├── NotLocallyAccurate       attributions do not add up to the margin
        ├── Unspeakable              a phrase that cannot be said with these values
        └── Unfaithful               a sentence disagrees with its own facts

No error quotes a value that a customer gave: names, places and rules only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class ExplainerError(Exception):
    """The root: catch this to catch everything the house refuses on purpose."""

    code = "error"


class BadInput(ExplainerError):
    """What was sent cannot be used; the message says what to mend."""

    code = "bad-input"


class BadFacts(BadInput):
    """The facts of a case do not fit what the pack asks for."""

    code = "bad-facts"

    def __init__(self, mistakes: Mapping[str, str]) -> None:
        self.mistakes = dict(mistakes)  # every mistake, not the first one
        super().__init__("; ".join(f"{name}: {why}" for name, why in self.mistakes.items()))


class BadCase(BadInput):
    """The envelope of a case does not fit: by field, every mistake."""

    code = "bad-case"

    def __init__(self, mistakes: Mapping[str, str]) -> None:
        self.mistakes = dict(mistakes)
        super().__init__("; ".join(f"{name}: {why}" for name, why in self.mistakes.items()))


class BadPack(BadInput):
    """Pack files with mistakes: each as `file:line: what is wrong`."""

    code = "bad-pack"

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(self.mistakes))


class BadData(BadInput):
    """A table of cases that a pack cannot be trained on."""

    code = "bad-data"


class BadModel(BadInput):
    """A model file that must not be loaded: each mistake by tree and line."""

    code = "bad-model"

    def __init__(self, mistakes: Sequence[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(self.mistakes))


class BadSettings(BadInput):
    """EXPLAINER_* variables that cannot be used."""

    code = "bad-settings"


class BadQuery(BadInput):
    """A search whose terms or cursor make no sense."""

    code = "bad-query"


class BadNote(BadInput):
    """A checkpoint, signed note or key that cannot be read, or whose signature does not hold."""

    code = "bad-note"


class UnknownLanguage(BadInput):
    """The pack has no words in that language."""

    code = "unknown-language"

    def __init__(self, spoken: Sequence[str]) -> None:
        super().__init__(f"no words in that language; this pack speaks {', '.join(spoken)}")


class UnknownOrigin(BadInput):
    """A desktop whose origin is not among those that may embed panels."""

    code = "unknown-origin"

    def __init__(self) -> None:
        super().__init__("must be one of the origins in EXPLAINER_PANEL_ORIGINS")


class NotFound(ExplainerError):
    """Nothing of that name is here, or not for you: the two look alike on purpose."""

    code = "not-found"


class UnknownPack(NotFound):
    """No such pack, or none of its releases is active."""

    code = "unknown-pack"


class UnknownRelease(NotFound):
    """No release with that digest."""

    code = "unknown-release"


class UnknownDecision(NotFound):
    """No decision with that id."""

    code = "unknown-decision"

    def __init__(self) -> None:
        super().__init__("no decision with that id")


class UnknownKey(NotFound):
    """No API key with that id."""

    code = "unknown-key"


class Refused(ExplainerError):
    """Understood, and not done."""

    code = "refused"


class IdempotencyConflict(Refused):
    """The same Idempotency-Key came before with another body."""

    code = "idempotency-conflict"

    def __init__(self) -> None:
        super().__init__("this Idempotency-Key was used for another request; choose a new one")


class AlreadyRemembered(Refused):
    """An entry with this Idempotency-Key is stored already: read that one, append nothing."""

    code = "already-remembered"

    def __init__(self) -> None:
        super().__init__("this Idempotency-Key has its entry; read the stored one")


class Erased(Refused):
    """The person's key was destroyed, on request or because its time was over; only the proof that something was here remains."""

    code = "erased"

    def __init__(self) -> None:
        super().__init__("the personal content of this entry was erased")


class OnHold(Refused):
    """A customer whose data must not be destroyed, for a legal reason that is on record."""

    code = "on-hold"

    def __init__(self) -> None:
        super().__init__("this customer's data is under legal hold; release the hold first")


class NotSealed(Refused):
    """An entry that has no place in the sealed tree yet."""

    code = "not-sealed"

    def __init__(self) -> None:
        super().__init__("this entry is not sealed yet; ask again in a second")


class Unprintable(Refused):
    """A letter in a language whose letters no font of ours has: there is no PDF of it."""

    code = "unprintable"


class AccessDenied(Refused):
    """The key or the link does not open this door."""

    code = "access-denied"


class LinkExpired(AccessDenied):
    """A signed link past its time."""

    code = "link-expired"

    def __init__(self) -> None:
        super().__init__("this link has expired; ask for a new one")


class LinkRevoked(AccessDenied):
    """A signed link that was taken back."""

    code = "link-revoked"

    def __init__(self) -> None:
        super().__init__("this link was taken back; ask for a new one")


class LinkClosed(AccessDenied):
    """A signed link that opens nothing any more, because what was typed at its door was wrong far too often."""

    code = "link-closed"

    def __init__(self) -> None:
        super().__init__("this link was tried wrongly too often and is closed for good; ask for a new one, or the letter by post")


class TooManyTries(Refused):
    """A link that is closed for a while, because what was typed at its door was wrong too often.

    Args:
        seconds: until it can be tried again.
    """

    code = "too-many-tries"

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__("this was wrong too often; try again in an hour")


class TokenSpent(AccessDenied):
    """A panel token that was used, is too old, is for another origin, or never was: they look alike on purpose."""

    code = "token-spent"

    def __init__(self) -> None:
        super().__init__("this token opens no panel any more; ask for a new one")


class Damaged(ExplainerError):
    """Something stored is not what it was."""

    code = "damaged"


class ReleaseTampered(Damaged):
    """A release whose files do not have the digests it was published with."""

    code = "release-tampered"


class EntryTampered(Damaged):
    """A ledger entry that does not open under its own leaf."""

    code = "entry-tampered"


class Forked(Damaged):
    """A tree that contradicts a head which was signed or witnessed: history was rewritten, or is damaged."""

    code = "forked"


class OlderThanWitnessed(Forked):
    """A database from before its own witnessed head: it was restored from a backup, or its end was cut off."""

    code = "older-than-witnessed"


class MasterKeyMissing(Damaged):
    """A vault without the master key that wraps it: nothing personal can be read."""

    code = "master-key-missing"


class Unavailable(ExplainerError):
    """Try again later; nothing was told and nothing half-done is left."""

    code = "unavailable"


class IssuerSilent(Unavailable):
    """The company's sign-in does not answer, or not as it should: where and why is for the log, not for who calls."""

    code = "issuer-silent"

    def __init__(self, inside: str) -> None:
        self.inside = inside
        super().__init__("the issuer of your token does not answer; try again in some seconds")


class ReleaseMissing(Unavailable):
    """A release that the ledger names is not on this machine; nobody asked for it by name."""

    code = "release-missing"


class OutcomeUnknown(Unavailable):
    """A commit whose end nobody saw: retry with the same Idempotency-Key."""

    code = "outcome-unknown"


class UnsafeStore(Unavailable):
    """A database that would lose acknowledged rows in a power cut."""

    code = "unsafe-store"


class Contradiction(ExplainerError):
    """A bug in our own house, caught before anybody was told."""

    code = "contradiction"


class NotLocallyAccurate(Contradiction):
    """Attributions that do not add up to the margin."""

    code = "not-locally-accurate"

    def __init__(self, gap: float) -> None:
        super().__init__(f"baseline and attributions miss the margin by {gap:.3g}")


class Unspeakable(Contradiction):
    """A phrase that is missing or cannot be said with the values given."""

    code = "unspeakable"


class Unfaithful(Contradiction):
    """A sentence that disagrees with the facts it stands on."""

    code = "unfaithful"
