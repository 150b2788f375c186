"""Sealing: whatever is unsealed gets its place in the tree, and the tree a signed root that others remember.

A round: take what waits (a queue filled in the transaction of each append, never "ids above
the last one": commits end out of order), prove each entry against its leaf, give out
numbers and store the new hashes in one transaction that only succeeds when the tree still
has the size it started from.  Then read everything new again, on a connection that was
never used before, recompute the root from the last *signed* root, and sign only if the two
agree.  Then hand the checkpoint to the witnesses.

Any number of sealers may run at once, in one process or many: whoever comes second finds
the numbers taken and loses nothing but time.

A database from before its own witnessed head never goes on quietly: a restored backup
opens a new epoch, in an entry that names the head it lost.  A tree that contradicts a
signed or witnessed root is not signed again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, bindparam, delete, exists, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from explainer.errors import AlreadyRemembered, BadNote, EntryTampered, Forked, OlderThanWitnessed, Unavailable
from explainer.ledger.canonical import decode, encode, leaf_hash
from explainer.ledger.engines import afresh, reading, some_at_a_time
from explainer.ledger.entry import SYSTEM, Draft, Stored, Terms, microseconds, moment, new_id, read_leaf
from explainer.ledger.notes.checkpoint import Checkpoint, origin_of
from explainer.ledger.notes.keyring import Keyring
from explainer.ledger.store import Ledger
from explainer.ledger.tables import checkpoints, cosignatures, entries, leaves, nodes, unsealed
from explainer.ledger.tree.merkle import Frontier
from explainer.ledger.tree.proving import (
    KEY,
    Signed,
    consistency_proof,
    frontier_at,
    handovers,
    hashes_at,
    newest_signed,
    tree_size,
)
from explainer.ledger.tree.witness import Cosigned, Refusal, Standing, Witness

SEAL, EPOCH = "seal", "epoch"  # kinds of the entries that a sealer writes itself
BATCH = 4_096  # entries of one round at most
IDLE = timedelta(hours=1)  # after so much silence a seal entry makes it provable
PAUSE_SECONDS = 10.0  # before a witness that did not answer is asked again

_SEALER_LOCK = 0x7365616C  # a PostgreSQL advisory lock, in its 64-bit space
_SEALED = exists().where(leaves.c.entry_id == entries.c.id)
_WAITS = exists().where(unsealed.c.entry_id == entries.c.id)
_WAITING = (
    select(entries)
    .join(unsealed, unsealed.c.entry_id == entries.c.id)
    .where(~_SEALED)
    .order_by(entries.c.id)
    .limit(bindparam("most"))
)
_ANY_WAITING = select(unsealed.c.entry_id).limit(1)
_FORGOTTEN = select(entries.c.id).where(~_SEALED, ~_WAITS)
_NEW_LEAF, _NEW_NODE = insert(leaves), insert(nodes)
_SEALED_FROM = (
    select(leaves.c.number, entries.c.id, entries.c.leaf, entries.c.leaf_hash)
    .join(entries, entries.c.id == leaves.c.entry_id)
    .where(leaves.c.number >= bindparam("start"))
    .order_by(leaves.c.number)
    .limit(BATCH)
)
_NEW_CHECKPOINT, _NEW_COSIGNATURE = (
    {kind.dialect.name: kind.insert(table).on_conflict_do_nothing() for kind in (sqlite, postgresql)}
    for table in (checkpoints, cosignatures)
)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of sealing did."""

    sealed: int = 0
    complete: bool = True  # nothing that was there at its beginning is left unsealed by it
    checkpoint: Checkpoint | None = None  # the newest
    tampered: tuple[str, ...] = ()  # ids of entries that were changed before they could be sealed
    silent: tuple[str, ...] = ()  # witnesses that did not take the newest checkpoint, and why


class Sealer:
    """Seals one ledger, signs its root and hands it to witnesses.

    Args:
        ledger: whose entries; it also writes the sealer's own.
        engine: of the same ledger.
        keys: of the log; their name is the origin of the checkpoints.
        witnesses: who remembers them elsewhere.
        clock: now, with a time zone.
    """

    def __init__(
        self, ledger: Ledger, engine: Engine, keys: Keyring, *, witnesses: Sequence[Witness], clock: Callable[[], datetime]
    ) -> None:
        self._ledger, self._engine, self._keys, self._clock = ledger, engine, keys, clock
        self._witnesses = witnesses
        self._met: int | None = None  # the epoch whose witnessed heads this process has compared itself with
        self._seen: dict[tuple[str, str], int] = {}  # witness and origin → size of its newest head
        self._away: dict[str, tuple[float, str]] = {}  # witness → when to ask again (time.monotonic), and what was wrong
        self._swept = False

    def seal(self) -> Round:
        """One round; how much it seals is limited, so that many rounds may be needed.

        Raises:
            Forked: the tree contradicts a signed or witnessed root; nothing was signed.
            EntryTampered: a sealed entry is not what was sealed; nothing was signed.
            Unavailable: the database did not answer, or no witness did when the process began.
        """
        if not self._swept:
            self._sweep()
            self.announce()
        epoch = self.epoch()
        try:
            if self._met != epoch:
                epoch = self._meet_witnesses(epoch)
            self._mark_silence()
            sealed, complete, tampered = self._assign()
            newest = self._sign(epoch)
            silent = self._hand_out(newest) if newest else ()
        except Forked:
            self._met = None  # nothing more is sealed before every witness has been met again
            raise
        return Round(sealed, complete, newest.checkpoint if newest else None, tampered, silent)

    # Numbers ------------------------------------------------------------------------------------

    def _sweep(self) -> None:
        """Queue what has no leaf and does not wait for one either: nobody's mistake may leave an entry out for ever."""
        with reading(self._engine) as connection:
            forgotten = list(connection.execute(_FORGOTTEN).scalars())
        if forgotten:
            with self._ledger.transaction() as connection:
                _alone(connection, wait=True)
                connection.execute(insert(unsealed).from_select(["entry_id"], _FORGOTTEN))
        self._swept = True

    def _assign(self) -> tuple[int, bool, tuple[str, ...]]:
        """Give out numbers: how many, whether that was all, and which entries must not be sealed."""
        with reading(self._engine) as connection:
            if connection.execute(_ANY_WAITING).first() is None:
                return 0, True, ()
        try:
            with self._ledger.transaction() as connection:
                if not _alone(connection):
                    return 0, False, ()
                waiting = [Stored(*row) for row in connection.execute(_WAITING, {"most": BATCH})]
                tampered = tuple(one.id for one in waiting if not _is_sound(one))
                sound = [one for one in waiting if one.id not in tampered]
                _place(connection, sound)
        except IntegrityError:  # another sealer gave out these numbers first
            return 0, False, ()
        return len(sound), len(waiting) < BATCH, tampered

    # Signing ------------------------------------------------------------------------------------

    def _sign(self, epoch: int) -> Signed | None:
        """Sign the tree as it is stored now, unless its newest checkpoint says the same; returns the newest."""
        with reading(self._engine) as connection:
            last, size = newest_signed(connection, self._keys), tree_size(connection)
            if (last.epoch, last.checkpoint.size) == (epoch, size) if last else size == 0:
                return last
        with afresh(self._engine) as connection:
            last, size = newest_signed(connection, self._keys), tree_size(connection)
            root = self._recomputed(connection, last.checkpoint if last else None, size)
        self._keys.refresh()  # after the size was read: a key that is announced below it is known now
        note = self._keys.sign(Checkpoint(origin_of(self._keys.name, epoch), size, root), last.checkpoint.size if last else 0)
        at = microseconds(self._clock())
        row = {"epoch": epoch, "size": size, "note": note, "signed_at": at}
        with self._ledger.transaction() as connection:
            connection.execute(_NEW_CHECKPOINT[self._engine.dialect.name], row)
        return Signed(epoch, self._keys.open(note), note, at)

    def _recomputed(self, connection: Connection, last: Checkpoint | None, size: int) -> bytes:
        """The root from the last signed one and the stored bytes of every leaf since.

        Raises:
            Forked: the stored tree is not what follows from them.
            EntryTampered: a leaf has not its hash any more.
        """
        start = last.size if last else 0
        if start > size:
            raise Forked(f"the tree has {size} leaves and its last checkpoint {start}: its end is missing")
        frontier = frontier_at(connection, start)
        if last and frontier.root != last.root:
            raise Forked(f"the stored tree of {start} leaves has not the root that was signed")
        while frontier.size < size:
            _grow(connection, frontier, size)
        return frontier.root

    # Witnesses and epochs -----------------------------------------------------------------------

    def epoch(self) -> int:
        """The newest epoch that an entry has opened; the first needs none."""
        return max((int(decode(one.body)["epoch"]) for one in self._ledger.newest_first(EPOCH) if one.body), default=1)

    def _meet_witnesses(self, epoch: int) -> int:
        """Compare the tree with every head that is remembered elsewhere; returns the epoch to go on in.

        Raises:
            Unavailable: none of the witnesses answered.
            Forked: the tree contradicts a head.
        """
        answered = not self._witnesses
        for witness in self._witnesses:
            try:
                note = witness.newest(origin_of(self._keys.name, epoch))
                if note:
                    self._compare(note)
                answered = True
            except Unavailable:
                continue
            except OlderThanWitnessed:
                epoch, answered = self.open_epoch(epoch), True
                break
        if not answered:
            raise Unavailable("no witness answers; nothing is sealed before one has told the newest head it knows")
        self._met = epoch
        return epoch

    def _compare(self, note: str) -> None:
        """Hold the stored tree against a head that a witness remembers."""
        try:
            head = self._keys.open(note)
        except BadNote as error:
            raise Unavailable(f"it remembers a head that this log has not signed: {error}") from error
        with reading(self._engine) as connection:
            size = tree_size(connection)
            if head.size > size:
                raise OlderThanWitnessed(f"a witness has seen {head.size} leaves, and this tree has {size}")
            if frontier_at(connection, head.size).root != head.root:
                raise Forked(f"a witness has seen another tree of {head.size} leaves: history was rewritten")

    def open_epoch(self, old: int) -> int:
        """Say in an entry that the tree goes on from before its own witnessed head, or beside it; returns the new epoch."""
        epoch, lost = old + 1, self._newest_heads(old)
        while self._newest_heads(epoch):  # an epoch that was itself lost
            epoch += 1
        with reading(self._engine) as connection:
            size = tree_size(connection)
            root = frontier_at(connection, size).root
        body = {"v": 1, "epoch": epoch, "before": old, "size": size, "root": root.hex(), "lost": lost}
        self._write(EPOCH, body, f"{epoch}")
        return epoch

    def _newest_heads(self, epoch: int) -> list[str]:
        """The newest notes of one epoch, of those witnesses that answer."""
        found = []
        for witness in self._witnesses:
            try:
                found.append(witness.newest(origin_of(self._keys.name, epoch)))
            except Unavailable:
                continue
        return sorted({note for note in found if note})

    def announce(self, by: str = "") -> None:
        """Say in an entry that another key signs from there on: one that was just made, or that only the vault remembers."""
        for one in self._keys.unannounced():
            before = self._keys.publics[-1].text
            self._write(KEY, {"v": 1, "key": one.text, "before": before, "by": by}, one.id.hex())
            self._keys.refresh()

    def _mark_silence(self) -> None:
        """When an hour has passed without a checkpoint, write a seal entry: that nothing happened can be proved, too."""
        with reading(self._engine) as connection:
            newest = newest_signed(connection, self._keys)
        if newest and self._clock() - moment(newest.signed_at) >= IDLE:
            at = {"epoch": newest.epoch, "size": newest.checkpoint.size, "root": newest.checkpoint.root.hex()}
            self._write(SEAL, {"v": 1, **at}, f"{newest.epoch}/{newest.checkpoint.size}")

    def _write(self, kind: str, body: dict[str, object], name: str) -> None:
        """Append an entry of the sealer's own, once, however many sealers think of it."""
        at = self._clock().astimezone(UTC)
        key = f"\x1f{kind}/{name}"  # no client's Idempotency-Key begins with a control character
        draft = Draft(new_id(at), kind, at, SYSTEM, encode(body), Terms(), idempotency_key=key, request=b"")
        try:
            self._ledger.append(draft)
        except AlreadyRemembered:
            return

    def _hand_out(self, newest: Signed) -> tuple[str, ...]:
        """Hand the newest checkpoint to every witness that has not seen it; returns who did not take it, and why."""
        silent = []
        for witness in self._witnesses:
            if self._seen.get((witness.name, newest.checkpoint.origin), 0) >= newest.checkpoint.size:
                continue
            until, why = self._away.get(witness.name, (0.0, ""))
            if time.monotonic() >= until:
                try:
                    for change in self._missed(witness, newest):
                        self._hand_to(witness, change)
                    self._hand_to(witness, newest)
                    continue
                except Unavailable as error:
                    why = str(error)
                    self._away[witness.name] = (time.monotonic() + PAUSE_SECONDS, why)
            silent.append(f"{witness.name}: {why}")
        return tuple(silent)

    def _missed(self, witness: Witness, newest: Signed) -> list[Signed]:
        """Handovers that a witness has not seen, without which the key of the newest checkpoint means nothing to it."""
        where = (witness.name, newest.checkpoint.origin)
        with reading(self._engine) as connection:
            every = [one for one in handovers(connection, self._keys) if one.epoch == newest.epoch]
        missed = [one for one in every if self._seen.get(where, 0) < one.checkpoint.size < newest.checkpoint.size]
        note = witness.newest(newest.checkpoint.origin) if missed else None
        seen = self._keys.open(note).size if note else 0
        return [one for one in missed if one.checkpoint.size > seen]

    def _hand_to(self, witness: Witness, newest: Signed) -> None:
        """One witness: prove how the tree went on since the head it has."""
        where = (witness.name, newest.checkpoint.origin)
        answer = self._consider(witness, newest, self._seen.get(where, 0))
        if isinstance(answer, Standing):
            self._compare(witness.newest(newest.checkpoint.origin) or "")
            self._seen[where] = answer.size
            if answer.size >= newest.checkpoint.size:
                return  # another sealer was here
            answer = self._consider(witness, newest, answer.size)
        if isinstance(answer, Cosigned):
            self._seen[where] = newest.checkpoint.size
            self._keep(witness, newest, answer.lines)
        elif isinstance(answer, Refusal) and answer.code == "inconsistent":
            raise Forked(f"the witness {witness.name} has seen another tree: {answer.why}")
        else:
            raise Unavailable(f"it did not take the checkpoint: {answer}")

    def _consider(self, witness: Witness, newest: Signed, old: int) -> Cosigned | Standing | Refusal:
        with reading(self._engine) as connection:
            proof = consistency_proof(connection, old, newest.checkpoint.size)
        return witness.consider(old, proof, newest.note)

    def _keep(self, witness: Witness, newest: Signed, lines: Sequence[str]) -> None:
        if witness.key and lines:
            row = {"epoch": newest.epoch, "size": newest.checkpoint.size, "witness": witness.key.name, "line": lines[0]}
            with self._ledger.transaction() as connection:
                connection.execute(_NEW_COSIGNATURE[self._engine.dialect.name], row)


# Rows -------------------------------------------------------------------------------------------


def _alone(connection: Connection, wait: bool = False) -> bool:
    """Whether no other sealer is at work until this transaction ends; SQLite's write lock says so already."""
    if connection.dialect.name != "postgresql":
        return True
    lock = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    return connection.execute(text(f"SELECT {lock}(:key)"), {"key": _SEALER_LOCK}).scalar() is not False


def _is_sound(stored: Stored) -> bool:
    """Whether an entry is still what was written: hash from the stored leaf, columns and box from the leaf."""
    try:
        read_leaf(stored)
    except EntryTampered:
        return False
    return True


def _place(connection: Connection, sound: Sequence[Stored]) -> None:
    """Append entries to the stored tree; a number or entry that is taken makes the whole transaction fail."""
    frontier = frontier_at(connection, tree_size(connection))
    numbered, made = [], []
    for one in sound:
        numbered.append({"number": frontier.size, "entry_id": one.id})
        made += [{"place": place, "hash": hashed} for place, hashed in frontier.append(leaf_hash(one.leaf))]
    if numbered:
        connection.execute(_NEW_LEAF, numbered)
        connection.execute(_NEW_NODE, made)
    for some in some_at_a_time(one.id for one in sound):
        connection.execute(delete(unsealed).where(unsealed.c.entry_id.in_(some)))


def _grow(connection: Connection, frontier: Frontier, size: int) -> None:
    """Go on along the leaves as they are stored, and hold every stored hash on the way against what follows from them."""
    rows = connection.execute(_SEALED_FROM, {"start": frontier.size}).all()
    made: dict[int, bytes] = {}
    for number, entry_id, leaf, stored in rows[: size - frontier.size]:
        if number != frontier.size:
            break
        if (hashed := leaf_hash(leaf)) != stored:
            raise EntryTampered(f"entry {entry_id}: its leaf does not have its leaf hash")
        made |= dict(frontier.append(hashed))
    if not made:
        raise Forked(f"the tree has lost its leaf {frontier.size}")
    if made != hashes_at(connection, made):
        raise Forked(f"the stored hashes up to leaf {frontier.size} do not follow from the stored leaves")
