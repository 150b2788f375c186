"""Promises: what clients were promised in receipts, against what the ledger holds.

A receipt's entry is here, with the leaf that the receipt names, and had its place in the
tree when the receipt's time was over: what was sealed late stays late.  Its key is the one
of its time: a key that has handed over signs nothing more.  Times are what hosts said by
their own clocks, so they are held against each other with some leeway.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import Connection, bindparam, select

from explainer.errors import BadNote
from explainer.ledger.engines import some_at_a_time
from explainer.ledger.entry import moment
from explainer.ledger.notes.checkpoint import PublicKey
from explainer.ledger.notes.keyring import Keyring
from explainer.ledger.notes.receipt import Promise, read_receipt
from explainer.ledger.tables import checkpoints, entries, leaves
from explainer.ledger.tree.worker import PROMISED_SECONDS

PROMISED = timedelta(seconds=PROMISED_SECONDS)
LEEWAY = timedelta(minutes=1)  # by which clocks of hosts may differ

_FIRST = (checkpoints.c.size, checkpoints.c.epoch)
_SEALED = select(checkpoints.c.signed_at).where(checkpoints.c.size > leaves.c.number).order_by(*_FIRST).limit(1)
_HELD = (
    select(entries.c.id, entries.c.leaf_hash, _SEALED.scalar_subquery())
    .join(leaves, leaves.c.entry_id == entries.c.id, isouter=True)
    .where(entries.c.id.in_(bindparam("ids", expanding=True)))
)


def broken(notes: Sequence[str], connection: Connection, keys: Keyring, now: datetime) -> Iterator[str]:
    """What is wrong with some receipts, or with the ledger that gave them."""
    handovers, promised = _handovers(connection, keys), []
    for number, note in enumerate(notes, 1):
        try:
            one = read_receipt(note, keys.publics)
        except BadNote as error:
            yield f"receipt {number} is none of this log: {error}"
            continue
        at = handovers.get(one.key)
        if at and one.seal_by - PROMISED > at + LEEWAY:
            signed = f"receipt {number}, signed by key {one.key.id.hex()}, is dated after its handover at {_told(at)}: signed"
            yield f"{signed} by a process that had not heard of it, by another clock, or by whoever has the old key"
        promised.append(one)
    yield from _unkept(dict.fromkeys(promised), connection, now)


def _handovers(connection: Connection, keys: Keyring) -> dict[PublicKey, datetime]:
    """Replaced keys, and when each handed over: at the first checkpoint over the announcement of the next."""
    found = {}
    sealed = [one for one in keys.announced if one.number is not None]
    for one, following in pairwise(sealed):
        after = select(checkpoints.c.signed_at).where(checkpoints.c.size > following.number).order_by(*_FIRST).limit(1)
        if (at := connection.execute(after).scalar()) is not None:
            found[one.key] = moment(at)
    return found


def _unkept(promised: Collection[Promise], connection: Connection, now: datetime) -> Iterator[str]:
    """Receipts whose entries are not here, are others, or are not sealed in time."""
    found: dict[str, tuple[str, int | None]] = {}
    for some in some_at_a_time(one.entry for one in promised):
        found |= {entry_id: (hashed.hex(), signed) for entry_id, hashed, signed in connection.execute(_HELD, {"ids": some})}
    for one in promised:
        hashed, signed = found.get(one.entry, (None, None))
        sealed, latest = signed and moment(signed), one.seal_by + LEEWAY
        if hashed is None:
            yield f"entry {one.entry} has a receipt, and this ledger does not hold it"
        elif hashed != one.leaf_hash:
            yield f"entry {one.entry} has a receipt for another leaf than the one that this ledger holds"
        elif (sealed or now) > latest:
            how = f"was sealed late, at {_told(sealed)}" if sealed else "has none"
            yield f"entry {one.entry} was promised a place in the tree by {_told(one.seal_by)}, and {how}"


def _told(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
