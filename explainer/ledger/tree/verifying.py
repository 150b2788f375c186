"""Verifying: everything again, from the bytes that are stored, and what is wrong, exactly.

Each entry against its leaf, and its box, where its key is still there, against the leaf
too; the search index against the boxes; every stored hash against the leaves; every
checkpoint, every head that a witness or a letter remembers against the root that the tree
had at that size; every receipt that a client remembers against the entries.  It trusts
nothing that it can compute, and writes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, exists, func, select

from explainer.errors import BadInput, BadNote, EntryTampered, Forked
from explainer.ledger.canonical import HASH_BYTES, decode, leaf_hash
from explainer.ledger.engines import reading, some_at_a_time
from explainer.ledger.entry import Opened, Stored, Terms, open_entry, read_leaf
from explainer.ledger.index import Indexed, unlike
from explainer.ledger.keys.vault import DataKey, Vault
from explainer.ledger.notes.checkpoint import Checkpoint, PublicKey, epoch_of
from explainer.ledger.notes.checkpoint import cosignatures as own_lines
from explainer.ledger.notes.keyring import Keyring
from explainer.ledger.tables import checkpoints, cosignatures, entries, leaves, nodes, unsealed
from explainer.ledger.tree.merkle import Frontier, nodes_of
from explainer.ledger.tree.promises import broken
from explainer.ledger.tree.proving import stored_checkpoint, tree_size
from explainer.ledger.tree.sealing import EPOCH
from explainer.ledger.tree.witness import EVIDENCE, Witness

BATCH = 500
MOST_KEYS = 10_000  # kept open during a run

_HEAD = re.compile(r"([0-9]{1,18})-([0-9a-f]{16})", re.ASCII)
_BETWEEN = (
    select(leaves.c.number, leaves.c.entry_id, *entries.c)
    .join(entries, entries.c.id == leaves.c.entry_id, isouter=True)
    .where(leaves.c.number >= bindparam("start"), leaves.c.number < bindparam("stop"))
)
_COUNTS = select(
    select(func.max(leaves.c.number)).scalar_subquery(),
    select(func.count()).select_from(leaves).scalar_subquery(),
    select(func.count()).select_from(nodes).scalar_subquery(),
)
_UNSEALED = (
    select(entries)
    .where(~exists().where(leaves.c.entry_id == entries.c.id), entries.c.id > bindparam("after"))
    .order_by(entries.c.id)
    .limit(BATCH)
)
_QUEUE = (
    select(unsealed.c.entry_id, entries.c.id, leaves.c.number)
    .join_from(unsealed, entries, entries.c.id == unsealed.c.entry_id, isouter=True)
    .join(leaves, leaves.c.entry_id == unsealed.c.entry_id, isouter=True)
)

Tell = Callable[[int, int], None]  # entries done, entries in all


@dataclass(frozen=True, slots=True)
class Remembered:
    """A head that somebody says the tree had."""

    by: str
    epoch: int
    size: int
    root: str  # hex; at least its first 16 digits


@dataclass
class Report:
    """What was checked, what could not be, and what is wrong."""

    entries: int = 0
    opened: int = 0  # boxes
    erased: int = 0  # entries whose key is gone: proved, and not opened
    waiting: int = 0  # not sealed yet
    heads: int = 0  # checkpoints, and heads remembered elsewhere
    receipts: int = 0  # remembered elsewhere
    notices: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


def read_head(said: str) -> Remembered:
    """A head as a letter shows it: tree size and the first 16 hex digits of the root.

    Raises:
        BadInput: it has another form.
    """
    found = _HEAD.fullmatch(said.strip().lower())
    if not found:
        raise BadInput("a head is written as SIZE-ROOT: the size of the tree and 16 hexadecimal digits, as on a letter")
    return Remembered("a head that was given", 0, int(found[1]), found[2])


class Verifier:
    """Verifies one ledger.

    Args:
        engine: of the ledger.
        vault: the keys of the same deployment.
        keys: of the log; each checkpoint must carry the signature of the one in force at its size.
        witnesses: who remembers heads elsewhere.
        terms_of: reads out of an entry's body by what it is found.
        clock: by which a receipt's time is over.
    """

    def __init__(
        self, engine: Engine, vault: Vault, keys: Keyring, *, witnesses: Sequence[Witness], terms_of: Callable[[Opened], Terms],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self._engine, self._vault, self._log, self._witnesses, self._terms_of = engine, vault, keys, witnesses, terms_of
        self._clock = clock
        self._keys: dict[str, DataKey | None] = {}
        self._known: set[str] = set()
        self._writers: dict[str, _Numbers] = {}
        self._openings: list[dict[str, Any]] = []
        self._report = Report()

    def verify(
        self, heads: Iterable[Remembered] = (), known_epochs: Iterable[int] = (), known_keys: Iterable[str] = (), *,
        receipts: Iterable[str] = (), tell: Tell | None = None,
    ) -> Report:  # fmt: skip
        """Verify everything.

        Args:
            heads: that are remembered elsewhere than by the witnesses.
            known_epochs: whose opening, and loss, the operator can explain.
            known_keys: hashes of keys that signed without a handover, as the operator can explain.
            receipts: signed notes that clients were given.
            tell: hears of progress.

        Raises:
            Unavailable: the database did not answer.
        """
        self._known = set(known_keys)
        with reading(self._engine) as connection:
            size = _believable(tree_size(connection), connection.execute(_COUNTS).one()[1])
            wanted = [*self._checkpoints(connection), *heads]
        wanted += [head for witness in self._witnesses for head in self._witnessed(witness)]
        roots = self._leaves(size, {one.size for one in wanted}, tell or (lambda _done, _all: None))
        for numbers in self._writers.values():
            numbers.settle()
        with reading(self._engine) as connection:
            self._counts(connection)
            self._waiting(connection)
            self._receipts(connection, [*receipts])
        self._epochs(set(known_epochs))
        self._heads(wanted, roots, size)
        self._report.findings += [gap for writer, numbers in self._writers.items() for gap in numbers.gaps(writer)]
        return self._report

    def _wrong(self, what: str) -> None:
        self._report.findings.append(what)

    # Heads --------------------------------------------------------------------------------------

    def _checkpoints(self, connection: Connection) -> Iterator[Remembered]:
        """Our own checkpoints and their cosignatures."""
        texts, before = {}, 0
        for epoch, size, note, _ in connection.execute(select(checkpoints).order_by(checkpoints.c.epoch, checkpoints.c.size)).all():
            try:
                one = stored_checkpoint(epoch, size, note, self._log)
            except Forked as error:
                self._wrong(str(error))
                continue
            self._signed(one, note, before)
            texts[epoch, size], before = one.text, size
            yield Remembered("a checkpoint of ours", epoch, size, one.root.hex())
        keys = {one.key.name: one.key for one in self._witnesses if one.key}
        for epoch, size, witness, line in connection.execute(select(cosignatures)).all():
            self._cosignature(texts.get((epoch, size)), witness, line, keys)

    def _signed(self, one: Checkpoint, note: str, before: int) -> None:
        """By the key in force at its size, handed over by the one before."""
        key, signed = self._log.at(one.size), self._log.whose(note)
        if signed != key:
            self._wrong(f"the checkpoint of {one.size} leaves is signed by key {signed.id.hex()}, and {key.id.hex()} was in force")
        elif key != self._log.at(before) and not self._log.hands_over(note, one.size, before):
            said = f"from {one.size} leaves on key {key.id.hex()} signs, and the key before it has not handed over"
            (self._report.notices if key.id.hex() in self._known else self._report.findings).append(said)

    def _cosignature(self, text: str | None, witness: str, line: str, keys: dict[str, PublicKey]) -> None:
        try:
            held = text is not None and witness in keys and own_lines(line, text, keys[witness]) == [line]
        except BadNote:
            held = False
        if text is None or not line.startswith(f"— {witness} ") or (witness in keys and not held):
            self._wrong(f"a cosignature of {witness} is not one of any checkpoint here")
        elif witness not in keys:
            unchecked = f"the cosignatures of {witness} could not be checked: its key is not among the witnesses"
            self._report.notices = [*dict.fromkeys([*self._report.notices, unchecked])]

    def _witnessed(self, witness: Witness) -> Iterator[Remembered]:
        """What a witness has seen, in every epoch, and what it has kept as evidence."""
        for epoch in self._every_epoch(witness):
            origin = self._log.name if epoch == 1 else f"{self._log.name}/epoch-{epoch}"
            seen = witness.every(origin)
            for note in seen:
                try:
                    head = self._log.open(note)
                except BadNote as error:
                    self._wrong(f"the witness {witness.name} remembers something that is no checkpoint of this log: {error}")
                    continue
                yield Remembered(
                    f"the witness {witness.name}", epoch_of(head.origin, self._log.name) or 0, head.size, head.root.hex()
                )
            for note in witness.every(origin + EVIDENCE):
                if note in seen:  # contradicts nothing; witnesses used to keep what a server handed over again when it started
                    continue
                said = " ".join(note.split("\n")[:3])
                self._wrong(
                    f"the witness {witness.name} was given a signed checkpoint that does not go on from what it had seen: {said}"
                )

    def _every_epoch(self, witness: Witness) -> Iterator[int]:
        epoch = 1
        while epoch == 1 or witness.newest(f"{self._log.name}/epoch-{epoch}"):
            yield epoch
            epoch += 1

    def _heads(self, wanted: Sequence[Remembered], roots: dict[int, str], size: int) -> None:
        lost = {one["before"]: one["size"] for one in self._openings}
        for head in wanted:
            self._report.heads += 1
            if head.epoch in lost and head.size > lost[head.epoch]:
                continue  # on the branch that the opening of the next epoch has named as lost
            if head.size > size:
                self._wrong(f"{head.by} has {head.size} leaves, and this tree has {size}: its end is missing")
            elif not roots.get(head.size, "").startswith(head.root):
                self._wrong(f"{head.by} has another root for {head.size} leaves: history was rewritten, or is damaged")

    def _epochs(self, known: set[int]) -> None:
        for one in self._openings:
            said = f"epoch {one['epoch']} was opened at {one['size']} leaves; what epoch {one['before']} had beyond them is lost"
            (self._report.notices if one["epoch"] in known else self._report.findings).append(said)

    # Leaves -------------------------------------------------------------------------------------

    def _leaves(self, size: int, sizes: set[int], tell: Tell) -> dict[int, str]:
        """Go along all leaves; returns the roots, in hex, that the tree had at some sizes."""
        frontier = Frontier()
        roots = {0: frontier.root.hex()}
        for start in range(0, size, BATCH):
            stop = min(start + BATCH, size)
            with reading(self._engine) as connection:
                rows = {row.number: row for row in connection.execute(_BETWEEN, {"start": start, "stop": stop})}
                made: dict[int, bytes] = {}
                opened: list[Opened] = []
                for number in range(start, stop):
                    made |= dict(frontier.append(self._leaf(number, rows.get(number), opened)))
                    if frontier.size in sizes:
                        roots[frontier.size] = frontier.root.hex()
                self._nodes(connection, made)
                self._index(connection, opened)
            tell(stop, size)
        return roots

    def _leaf(self, number: int, row: Row[*tuple[Any, ...]] | None, opened: list[Opened]) -> bytes:
        """The hash of one leaf; nothing but zeros stand for one that is missing."""
        if row is None or row.id is None:
            self._wrong(f"leaf {number} is missing" if row is None else f"leaf {number}: its entry {row.entry_id} is missing")
            return bytes(HASH_BYTES)
        self._report.entries += 1
        stored = Stored(*row[2:])
        if one := self._entry(stored):
            opened.append(one)
        return leaf_hash(stored.leaf)

    def _entry(self, stored: Stored) -> Opened | None:
        """Prove an entry against its leaf, and open it; None: there is nothing to open, or something is wrong."""
        try:
            leaf = read_leaf(stored)
            self._writers.setdefault(leaf["writer"], _Numbers()).add(leaf["n"])
            opened = open_entry(stored, leaf, self._data_key(leaf["key"]))
        except EntryTampered as error:
            self._wrong(str(error))
            return None
        if opened.body is None:
            self._report.erased += 1
            return None
        self._report.opened += 1
        if opened.kind == EPOCH:
            self._openings.append(decode(opened.body))
        return opened

    def _data_key(self, key_id: str) -> DataKey | None:
        if key_id not in self._keys:
            if len(self._keys) >= MOST_KEYS:
                self._keys.clear()
            self._keys[key_id] = self._vault.open_key(key_id)
        return self._keys[key_id]

    def _nodes(self, connection: Connection, made: dict[int, bytes]) -> None:
        """The stored hashes against those that follow from the leaves."""
        stored: dict[int, bytes] = {}
        for some in some_at_a_time(made):
            stored |= {row[0]: row[1] for row in connection.execute(select(nodes).where(nodes.c.place.in_(some)))}
        wrong = sorted(place for place, hashed in made.items() if stored.get(place) != hashed)
        if wrong:
            also = f", nor those at {len(wrong) - 1} others" if len(wrong) > 1 else ""
            self._wrong(f"the stored hash at place {wrong[0]} does not follow from the stored leaves{also}")

    def _index(self, connection: Connection, opened: Sequence[Opened]) -> None:
        """The search index against the boxes."""
        indexed = [Indexed(one.id, one.kind, one.at, self._terms_of(one)) for one in opened]
        for one in unlike(connection, indexed, self._vault.index_digest):
            self._wrong(f"entry {one}: its rows of the search index do not follow from its box; run: explainer rebuild-index")

    def _counts(self, connection: Connection) -> None:
        """Neither more leaves nor more hashes than the tree has."""
        last, counted, hashes = connection.execute(_COUNTS).one()
        size = 0 if last is None else last + 1
        if counted != size:
            self._wrong(f"{counted} leaves are stored where the numbers go up to {size - 1}")
        if hashes != nodes_of(size):
            self._wrong(f"{hashes} hashes are stored where a tree of {size} leaves has {nodes_of(size)}")

    def _waiting(self, connection: Connection) -> None:
        """What is not sealed yet: sound, and queued."""
        queued = {entry_id: (there, number) for entry_id, there, number in connection.execute(_QUEUE)}
        for entry_id, (there, number) in queued.items():
            if there is None:
                self._wrong(f"entry {entry_id} waits to be sealed and is missing")
            elif number is not None:
                self._wrong(f"entry {entry_id} waits to be sealed and is sealed already")
        rows = connection.execute(_UNSEALED, {"after": ""}).all()
        while rows:
            for row in rows:
                if row.id not in queued:
                    self._wrong(f"entry {row.id} is not sealed and does not wait for it either; restart the sealer")
            self._report.waiting += len(rows)
            self._index(connection, [one for row in rows if (one := self._entry(Stored(*row)))])
            rows = connection.execute(_UNSEALED, {"after": rows[-1].id}).all()

    # Receipts -----------------------------------------------------------------------------------

    def _receipts(self, connection: Connection, notes: Sequence[str]) -> None:
        """What clients were promised."""
        self._report.receipts = len(notes)
        self._report.findings += broken(notes, connection, self._log, self._clock())


def _believable(size: int, stored: int) -> int:
    """How far to go: as far as the largest number says, unless that is far beyond what is stored."""
    return size if size <= 2 * stored + BATCH else stored


class _Numbers:
    """Which of a writer's numbers were seen; only what is beyond an unbroken beginning is kept."""

    def __init__(self) -> None:
        self._unbroken = self._settled = 0
        self._beyond: set[int] = set()

    def add(self, number: int) -> None:
        self._beyond.add(number)
        while self._unbroken + 1 in self._beyond:
            self._unbroken += 1
            self._beyond.remove(self._unbroken)

    def settle(self) -> None:
        """What is missing from here down is missing; a writer at work may still be about to commit what comes later."""
        self._settled = max(self._beyond, default=self._unbroken)

    def gaps(self, writer: str) -> list[str]:
        """What is missing before the last number that was settled."""
        missing = [one for one in range(self._unbroken + 1, self._settled) if one not in self._beyond]
        return [f"writer {writer}: {len(missing)} of its entries are missing, the first its number {missing[0]}"] if missing else []
