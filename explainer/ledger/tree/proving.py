"""Proving: that an entry stands in the sealed tree, and that an older tree is the beginning of this one.

A proof is put together from stored hashes, O(log n) of them in one question to the
database, and is checked against the signed root before it is handed out: a node that was
changed behind our back makes a refusal, never a wrong proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, func, select

from explainer.errors import BadNote, BadQuery, EntryTampered, Forked, NotSealed
from explainer.ledger.canonical import decode
from explainer.ledger.engines import reading, some_at_a_time
from explainer.ledger.entry import Stored, is_id, read_leaf
from explainer.ledger.notes.checkpoint import Checkpoint, add_signatures, origin_of, read_key
from explainer.ledger.notes.keyring import Announced, Keyring
from explainer.ledger.store import Ledger
from explainer.ledger.tables import checkpoints, cosignatures, entries, leaves, nodes
from explainer.ledger.tree.merkle import (
    Frontier,
    consistency_spans,
    continues,
    includes,
    inclusion_spans,
    place,
    prove,
    whole_spans,
)

KEY = "key"  # kind of the entries that say that another key signs from there on

_LARGEST = 2**63 - 1  # that a database's integer can be: a number of an attacker's own may ask for places beyond it
_SIZE = select(func.max(leaves.c.number))
_HASHES = select(nodes.c.place, nodes.c.hash).where(nodes.c.place.in_(bindparam("places", expanding=True)))
_NEWEST = select(checkpoints).order_by(checkpoints.c.epoch.desc(), checkpoints.c.size.desc()).limit(1)
_COVERING = (
    select(checkpoints).where(checkpoints.c.size > bindparam("number")).order_by(checkpoints.c.size, checkpoints.c.epoch).limit(1)
)
_COSIGNED = select(cosignatures.c.line).where(cosignatures.c.epoch == bindparam("epoch"), cosignatures.c.size == bindparam("size"))
_ENTRY = select(entries).where(entries.c.id == bindparam("id"))
_NUMBER = select(leaves.c.number).where(leaves.c.entry_id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint with the note that carries it."""

    epoch: int
    checkpoint: Checkpoint
    note: str  # with the cosignatures of witnesses
    signed_at: int  # microseconds since 1970, a claim


@dataclass(frozen=True, slots=True)
class Inclusion:
    """An entry's leaf, its place, and the proof that it stands there under a signed root."""

    leaf: bytes
    kind: str
    number: int
    signed: Signed
    proof: list[bytes]


# The stored tree --------------------------------------------------------------------------------


def tree_size(connection: Connection) -> int:
    """How many entries have a leaf."""
    last: int | None = connection.execute(_SIZE).scalar()
    return 0 if last is None else last + 1


def hashes_at(connection: Connection, places: Iterable[int]) -> dict[int, bytes]:
    """Stored hashes by place.

    Raises:
        Forked: one is not there.
    """
    wanted, found = list(places), dict[int, bytes]()
    for some in some_at_a_time(one for one in wanted if one <= _LARGEST):
        found |= {row[0]: row[1] for row in connection.execute(_HASHES, {"places": some})}
    if lost := [one for one in wanted if one not in found]:
        raise Forked(f"the tree has lost the hash at place {lost[0]}")
    return found


def frontier_at(connection: Connection, size: int) -> Frontier:
    """The right edge that the tree had at a size."""
    places = [place(span) for span in whole_spans((0, size))]
    stored = hashes_at(connection, places)
    return Frontier(size, [stored[one] for one in places])


def newest_signed(connection: Connection, keys: Keyring) -> Signed | None:
    """The newest checkpoint, its signature checked; None before the first.

    Raises:
        Forked: what is stored is not a checkpoint of this log.
    """
    row = connection.execute(_NEWEST).one_or_none()
    return None if row is None else _opened(connection, row, keys)


def announced(ledger: Ledger, engine: Engine) -> list[Announced]:
    """The keys that followed the log's first, as its entries say, oldest first."""
    said = [(one.id, read_key(decode(one.body)["key"])) for one in ledger.newest_first(KEY) if one.body is not None]
    with reading(engine) as connection:
        return [Announced(key, connection.execute(_NUMBER, {"id": one}).scalar()) for one, key in reversed(said)]


def stored_checkpoint(epoch: int, size: int, note: str, keys: Keyring) -> Checkpoint:
    """Read a stored checkpoint and prove its columns against its signed note.

    Raises:
        Forked: they are not what was signed.
    """
    try:
        checkpoint = keys.open(note)
    except BadNote as error:
        raise Forked(f"the checkpoint stored for size {size} is none: {error}") from error
    if (checkpoint.origin, checkpoint.size) != (origin_of(keys.name, epoch), size):
        raise Forked(f"the checkpoint stored for size {size} of epoch {epoch} says {checkpoint.size} of {checkpoint.origin}")
    return checkpoint


def _opened(connection: Connection, row: Row[*tuple[Any, ...]], keys: Keyring) -> Signed:
    epoch, size, note, signed_at = row
    checkpoint = stored_checkpoint(epoch, size, note, keys)
    lines = connection.execute(_COSIGNED, {"epoch": epoch, "size": size}).scalars()
    return Signed(epoch, checkpoint, add_signatures(note, lines), signed_at)


def handovers(connection: Connection, keys: Keyring) -> list[Signed]:
    """The checkpoints in which one key handed over to the next, oldest first; none while the log has its first key."""
    changed = [one.number for one in keys.announced[1:] if one.number is not None]
    rows = (connection.execute(_COVERING, {"number": number}).one_or_none() for number in changed)
    return list({row.size: _opened(connection, row, keys) for row in rows if row is not None}.values())


# Proofs -----------------------------------------------------------------------------------------


class Proofs:
    """What can be proved about a ledger's entries.

    Args:
        engine: of the ledger.
        keys: one of which must have signed each checkpoint.

    Every method raises Unavailable when the database does not answer, and Forked when what
    is stored is not what was signed.
    """

    def __init__(self, engine: Engine, keys: Keyring) -> None:
        self._engine = engine
        self._keys = keys

    def newest(self) -> Signed:
        """The newest checkpoint.

        Raises:
            NotSealed: there is none yet.
        """
        with reading(self._engine) as connection:
            return self._newest(connection)

    def sealing(self, entry_id: str) -> Signed | None:
        """The first checkpoint over an entry, the same for ever; None: it is not sealed yet."""
        with reading(self._engine) as connection:
            number = connection.execute(_NUMBER, {"id": entry_id}).scalar()
            row = None if number is None else connection.execute(_COVERING, {"number": number}).one_or_none()
            return None if row is None else _opened(connection, row, self._keys)

    def handovers(self) -> list[str]:
        """The notes in which one key of the log hands over to the next, oldest first: by them who pinned an old key follows."""
        with reading(self._engine) as connection:
            return [one.note for one in handovers(connection, self._keys)]

    def inclusion(self, entry_id: str) -> Inclusion | None:
        """The proof of one entry under the newest checkpoint; None: there is no such entry.

        Raises:
            NotSealed: its turn has not come yet.
            EntryTampered: it is not the entry that was sealed.
        """
        with reading(self._engine) as connection:
            row = connection.execute(_ENTRY, {"id": entry_id}).one_or_none() if is_id(entry_id) else None
            if row is None:
                return None
            stored = Stored(*row)
            read_leaf(stored)
            number, signed = connection.execute(_NUMBER, {"id": entry_id}).scalar(), self._newest(connection)
            if number is None or number >= signed.checkpoint.size:
                raise NotSealed
            proof = prove(inclusion_spans(number, signed.checkpoint.size), lambda places: hashes_at(connection, places))
        size, root = signed.checkpoint.size, signed.checkpoint.root
        if not includes(stored.leaf_hash, number, size, proof=proof, root=root):
            raise EntryTampered(f"entry {entry_id}: it is not the leaf {number} that the signed root stands for")
        return Inclusion(stored.leaf, stored.kind, number, signed, proof)

    def consistency(self, old: int, size: int | None = None) -> tuple[Checkpoint, list[bytes]]:
        """The proof that the tree of `old` leaves is the beginning of one of `size`.

        Args:
            size: that of the newest checkpoint when left out.

        Returns:
            The larger tree, and the hashes.

        Raises:
            BadQuery: sizes that the sealed tree does not have.
            NotSealed: there is no checkpoint yet.
        """
        with reading(self._engine) as connection:
            newest = self._newest(connection).checkpoint
            stop = newest.size if size is None else size
            if not 0 <= old <= stop <= newest.size:
                raise BadQuery(f"the sealed tree has {newest.size} leaves; from and to must be at most that, in this order")
            return Checkpoint(newest.origin, stop, frontier_at(connection, stop).root), consistency_proof(connection, old, stop)

    def _newest(self, connection: Connection) -> Signed:
        found = newest_signed(connection, self._keys)
        if found is None:
            raise NotSealed
        return found


def consistency_proof(connection: Connection, old: int, size: int) -> list[bytes]:
    """The hashes that show how a tree goes on, checked.

    Raises:
        Forked: the stored hashes contradict each other.
    """
    proof = prove(consistency_spans(old, size), lambda places: hashes_at(connection, places))
    before, after = frontier_at(connection, old).root, frontier_at(connection, size).root
    if not continues(old, before, size, after, proof=proof):
        raise Forked(f"the stored tree of {size} leaves does not begin with its own first {old}")
    return proof
