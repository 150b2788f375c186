"""The store: append an entry, find it again, prove what is read.

Nothing is told before it is remembered: `append` returns when the entry is durable, and
not before.  An entry that was appended is never changed; the two index tables beside it
are derived, and can be thrown away and made again from the sealed boxes.

So only searches read the index.  What a decision rests on (whether the customer opted
out, which release is active) is read from the entries themselves, by the kind and the
data key that stand in each leaf: an index that lost rows can hide a line of a search,
and never revoke what somebody said.  `check_index` finds such an index.  What was said
last is what stands last in the sealed tree, whatever clocks say.

Several processes may write to one ledger.  There is no chain and no lock between them:
each numbers its own entries, and the sealed tree gives the only order that is proved.
"""

from __future__ import annotations

import contextlib
import hmac
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from explainer.errors import AlreadyRemembered, Contradiction, Erased, IdempotencyConflict, OutcomeUnknown, Unavailable
from explainer.ledger.engines import Together, open_engine, reading, require_writable, scrub, some_at_a_time, writing
from explainer.ledger.entry import (
    STANDARD,
    STANDING,
    SYSTEM,
    Draft,
    Numbers,
    Opened,
    Receipt,
    Stored,
    Terms,
    is_id,
    new_id,
    open_entry,
    read_leaf,
    request_mac,
    seal,
)
from explainer.ledger.index import (
    LOOKED_UP,
    Found,
    Indexed,
    between,
    clear_index,
    counts_agree,
    forget,
    keys_with_rows,
    keys_without_rows,
    matching,
    page,
    sealed_by,
    write_index,
)
from explainer.ledger.keys.vault import DataKey, Vault, keyed_digest
from explainer.ledger.tables import entries, leaves, ledger, unsealed

__all__ = [
    "STANDARD",
    "STANDING",
    "SYSTEM",
    "Draft",
    "Found",
    "Ledger",
    "Opened",
    "Receipt",
    "Terms",
    "new_id",
    "open_engine",
]

TOGETHER = 64  # entries that share a commit at most
BATCH = 500  # entries read at a time when the index is rebuilt

_ENTRY = select(entries)  # the columns of Stored, in its order
_PLACED = select(entries, leaves.c.number).join(leaves, leaves.c.entry_id == entries.c.id, isouter=True)
_NEW_ENTRY, _NEW_UNSEALED = insert(entries), insert(unsealed)
_THERE = select(entries.c.id).where(entries.c.id.in_(bindparam("ids", expanding=True)))
_SEEN = select(entries.c.idempotency).where(entries.c.idempotency.in_(bindparam("macs", expanding=True)))


def _place(row: Row[*tuple[Any, ...]]) -> tuple[bool, int, str]:
    """Where an entry stands: by its leaf, for times are claims; what waits to be sealed comes last, by its id."""
    return row.number is None, row.number or 0, row.id


def _filed(draft: Draft) -> tuple[str, int]:
    """Retention class and UTC year of an entry: whose key seals it."""
    return draft.retention, draft.at.astimezone(UTC).year


class Ledger:
    """The entries of one deployment.

    Args:
        engine: from `open_engine`, migrated with branch "ledger".
        vault: the keys of the same deployment.
        writer: names this boot of this process, in clear, in every entry it appends.

    Every method raises Unavailable when the database does not answer, and EntryTampered
    when what it reads is not what was written.
    """

    def __init__(self, engine: Engine, vault: Vault, writer: str) -> None:
        self._engine = engine
        self._vault = vault
        self._writer = writer
        self._numbers = Numbers()
        # SQLite has one writer at a time; threads that queue here are served in turn instead of polling the file.
        one_at_a_time = engine.dialect.name == "sqlite"
        self._together = Together[Draft, Receipt](self.append_all, TOGETHER) if one_at_a_time else None
        self._turn: contextlib.AbstractContextManager[Any] = threading.Lock() if one_at_a_time else contextlib.nullcontext()

    # Appending ----------------------------------------------------------------------------------

    def append(self, draft: Draft) -> Receipt:
        """Append one entry; it is durable when this returns.  On SQLite those that threads append meanwhile share a commit.

        Raises:
            AlreadyRemembered: an entry with this Idempotency-Key is stored; nothing was appended.
            OutcomeUnknown: the database failed during the commit; retry with the same key.
        """
        return self._together.call(draft) if self._together else self.append_all([draft])[0]

    def append_all(self, drafts: Sequence[Draft]) -> list[Receipt]:
        """Append entries together: all of them, durable when this returns, or none.

        Raises:
            AlreadyRemembered: an entry with one of these Idempotency-Keys is stored; nothing was appended.
            OutcomeUnknown: the database failed during the commit; retry with the same keys.
        """
        if not drafts:
            return []
        self._settle()
        numbers = self._numbers.take(len(drafts))
        try:
            sealed = self._seal(drafts, numbers)
            with self._turn:
                self._insert(sealed, drafts)
        except OutcomeUnknown:
            self._numbers.doubt({draft.id: number for draft, number in zip(drafts, numbers, strict=True)})
            raise
        except Exception:
            self._numbers.give_back(numbers)
            raise
        return [Receipt(stored.id, stored.leaf_hash.hex(), draft.at) for stored, draft in zip(sealed, drafts, strict=True)]

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A writing transaction of somebody else's, such as the sealer's, in turn with those that append."""
        with self._turn, writing(self._engine) as connection:
            yield connection

    def _settle(self) -> None:
        """Look whether what was in doubt is there, so that no number is left out without an entry."""
        if asked := self._numbers.doubted:
            with reading(self._engine) as connection:
                there = [one for some in some_at_a_time(asked) for one in connection.execute(_THERE, {"ids": some}).scalars()]
            self._numbers.settle(asked, there)

    def _seal(self, drafts: Sequence[Draft], numbers: Iterable[int]) -> list[Stored]:
        """Leaves and boxes of some drafts; the keys that are missing are made together."""
        asked = {file: {draft.subject for draft in drafts if _filed(draft) == file} for file in set(map(_filed, drafts))}
        keys = {file: self._vault.data_keys(subjects, *file) for file, subjects in asked.items()}
        sealed = []
        for draft, number in zip(drafts, numbers, strict=True):
            named = None if draft.idempotency_key is None else self._idempotency_mac(draft.idempotency_key)
            key = keys[_filed(draft)][draft.subject]
            sealed.append(seal(draft, key, writer=self._writer, number=number, idempotency=named))
        return sealed

    def _insert(self, sealed: Sequence[Stored], drafts: Sequence[Draft]) -> None:
        rows = [asdict(one) for one in sealed]
        try:
            with writing(self._engine) as connection:
                connection.execute(_NEW_ENTRY, rows)
                connection.execute(_NEW_UNSEALED, [{"entry_id": one.id} for one in sealed])
                indexed = [Indexed(draft.id, draft.kind, draft.at, draft.terms) for draft in drafts]
                write_index(connection, indexed, self._vault.index_digest)
        except IntegrityError as error:
            if "idempotency" in str(error.orig):  # both databases name the constraint
                raise AlreadyRemembered from error
            raise Contradiction("an entry with this id is stored already") from error

    def _idempotency_mac(self, key: str) -> str:
        return keyed_digest(self._vault.secret("idempotency"), key.encode(errors="surrogatepass")).hex()

    # Reading ------------------------------------------------------------------------------------

    def entry(self, entry_id: str) -> Opened | None:
        """The entry with this id, proved against its leaf; None when there is none."""
        if not is_id(entry_id):
            return None
        opened = self._open_all(_ENTRY.where(entries.c.id == entry_id))
        return opened[0] if opened else None

    def remembered(self, idempotency_key: str, request: bytes, customer: str) -> Opened | None:
        """The entry stored under an Idempotency-Key; None when the key was never seen.

        Args:
            idempotency_key: the client's key.
            request: the request that came with it now.
            customer: whom it is about.

        Raises:
            IdempotencyConflict: the key came before with another request or about another customer.
            Erased: the customer's key was destroyed since.
        """
        found = self._stored(_ENTRY.where(entries.c.idempotency == self._idempotency_mac(idempotency_key)))
        if not found:
            return None
        leaf = read_leaf(found[0])
        key = self._vault.open_key(leaf["key"])
        if key is None:
            raise Erased
        opened = open_entry(found[0], leaf, key)
        if not hmac.compare_digest(request_mac(key, customer, request), leaf["request"] or ""):
            raise IdempotencyConflict
        return opened

    def seen(self, idempotency_keys: Iterable[str]) -> set[str]:
        """Which of some Idempotency-Keys an entry is stored under."""
        key_of = {self._idempotency_mac(key): key for key in idempotency_keys}
        with reading(self._engine) as connection:
            found = [mac for some in some_at_a_time(key_of) for mac in connection.execute(_SEEN, {"macs": some}).scalars()]
        return {key_of[mac] for mac in found}

    def of_customer(self, customer: str, kind: str) -> list[Opened]:
        """A customer's entries of one kind, oldest first; read from the entries, never from the index."""
        return self.of_customers([customer], kind)[customer]

    def of_customers(self, customers: Iterable[str], kind: str) -> dict[str, list[Opened]]:
        """Customer → their entries of one kind, as `of_customer`."""
        keys = self._vault.key_ids(customers)
        whose = {key: customer for customer, some in keys.items() for key in some}
        with reading(self._engine) as connection:
            wanted = [_PLACED.where(entries.c.kind == kind, entries.c.key_id.in_(some)) for some in some_at_a_time(whose)]
            rows = [row for some in wanted for row in connection.execute(some)]
        found: dict[str, list[Opened]] = {customer: [] for customer in keys}
        for opened in self._opened(Stored(*row[:-1]) for row in sorted(rows, key=_place)):
            found[whose[opened.leaf["key"]]].append(opened)
        return found

    def sealed_by(self, key_ids: Iterable[str]) -> Iterator[Opened]:
        """Every entry that some data keys seal, oldest first; read from the entries, never from the index."""
        with reading(self._engine) as connection:
            ids = sealed_by(connection, key_ids)
        for some in some_at_a_time(ids):
            yield from self._open_all(_ENTRY.where(entries.c.id.in_(some)).order_by(entries.c.id))

    def newest_first(self, kind: str) -> Iterator[Opened]:
        """All entries of one kind, newest first; read from the entries, never from the index."""
        with reading(self._engine) as connection:
            rows = connection.execute(_PLACED.with_only_columns(entries.c.id, leaves.c.number).where(entries.c.kind == kind)).all()
        for some in some_at_a_time(row.id for row in sorted(rows, key=_place, reverse=True)):
            found = {one.id: one for one in self._stored(_ENTRY.where(entries.c.id.in_(some)))}
            yield from self._opened(found[one] for one in some)

    def _open_all(self, wanted: Select[Any]) -> list[Opened]:
        return list(self._opened(self._stored(wanted)))

    def _stored(self, wanted: Select[Any]) -> list[Stored]:
        with reading(self._engine) as connection:
            return [Stored(*row) for row in connection.execute(wanted)]

    def _opened(self, rows: Iterable[Stored]) -> Iterator[Opened]:
        """Prove and open entries; a key is looked up once in this call and forgotten after it."""
        keys: dict[str, DataKey | None] = {}
        for stored in rows:
            leaf = read_leaf(stored)
            if leaf["key"] not in keys:
                keys[leaf["key"]] = self._vault.open_key(leaf["key"])
            yield open_entry(stored, leaf, keys[leaf["key"]])

    def search(
        self, *, pack: str | None = None, outcome: str | None = None, rule: str | None = None, release: str | None = None,
        customer: str | None = None, case: str | None = None, since: datetime | None = None, until: datetime | None = None,
        kind: str | None = "decision", after: str | None = None, limit: int = 50,
    ) -> tuple[list[Found], str | None]:  # fmt: skip
        """Search the index, newest first, a page at a time.

        Args:
            pack, outcome, rule, release, customer, case, kind: equal to this; None: any.
            since: not earlier than this time.
            until: earlier than this time.
            after: the cursor that came with the page before.
            limit: rows of a page, 1 to 500.

        Returns:
            The rows, and the cursor of the next page; None: there is none.

        Raises:
            BadQuery: a cursor, limit, time or term that makes no sense.
        """
        digest = self._vault.index_digest
        terms = {
            "kind": kind,
            "pack": pack,
            "outcome": outcome,
            "release": release,
            "customer": None if customer is None else digest("customer", customer),
            "case_digest": None if case is None else digest("case", case),
        }
        wanted = matching(terms, rule) + between(since, until)
        with reading(self._engine) as connection:
            return page(connection, wanted, after, limit)

    # Keeping ------------------------------------------------------------------------------------

    def rebuild_index(self, terms_of: Callable[[Opened], Terms]) -> int:
        """Throw the index away and make it again from the sealed boxes, in one transaction.

        Needs a database role that may delete from the index tables.  An erased entry has
        no terms any more and gets no row.

        Args:
            terms_of: reads the terms out of an entry's body.

        Returns:
            How many entries are indexed now.
        """
        count = 0
        with self._turn, writing(self._engine) as connection:
            clear_index(connection)
            for batch in self._batches(connection):
                live = [Indexed(one.id, one.kind, one.at, terms_of(one)) for one in batch if one.body is not None]
                write_index(connection, live, self._vault.index_digest)
                count += len(live)
        return count

    def _batches(self, connection: Connection) -> Iterator[list[Opened]]:
        """All entries in the order of their ids, some at a time."""
        some = _ENTRY.order_by(entries.c.id).limit(BATCH)
        batch = [Stored(*row) for row in connection.execute(some)]
        while batch:
            yield list(self._opened(batch))
            batch = [Stored(*row) for row in connection.execute(some.where(entries.c.id > batch[-1].id))]

    def forget(self, key_ids: Iterable[str]) -> int:
        """Remove what can be looked up about the entries of destroyed keys; the entries stay as they are.

        Returns:
            How many entries there are.

        Raises:
            Unavailable: the database did not answer, or keeps old pages for a reader; do it again.
        """
        with self._turn:
            with writing(self._engine) as connection:
                ids = sealed_by(connection, key_ids)
                forget(connection, ids)
            scrub(self._engine, LOOKED_UP)
        return len(ids)

    def forget_destroyed(self) -> None:
        """Remove what still leads to entries whose keys were destroyed: it came back with an old backup, or was late."""
        with reading(self._engine) as connection:
            keys = keys_with_rows(connection)  # before the vault is asked: a key is always older than its entries
        if gone := self._vault.destroyed(keys):
            self.forget(gone)

    def check_index(self) -> None:
        """Make sure that the index has a row for every entry that can still be opened.

        Counting is enough while nobody was erased; afterwards the entries without a row
        are looked at, and each must be one whose key was destroyed.

        Raises:
            Unavailable: it lost rows; searches would miss entries.
        """
        with reading(self._engine) as connection:
            if counts_agree(connection):
                return
            unindexed = keys_without_rows(connection)
        if unindexed - self._vault.destroyed(unindexed):
            raise Unavailable("the search index has lost rows; run: explainer rebuild-index")

    def check(self) -> None:
        """Test cheaply that an entry could be written now; writes nothing.

        Raises:
            Unavailable: it could not, or the tables are not there.
            UnsafeStore: the database has been made unsafe since it was opened.
        """
        with self._turn, writing(self._engine) as connection:
            require_writable(connection, ledger.sorted_tables)
