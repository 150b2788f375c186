"""Erasure: keys are destroyed, the ledger says which, and it names nobody.

The entry comes first, then the destruction: whoever is interrupted between the two
destroys the rest when the ledger is next opened.  The same happens to keys that came
back with an old backup of the vault.

An erasure lists the random ids of the keys that were destroyed, as they stand in the
leaves of the entries they sealed, and so finds them again for ever.  A customer who
comes back later gets other keys, which no old erasure concerns.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from explainer.errors import EntryTampered
from explainer.ledger.canonical import decode, encode
from explainer.ledger.keys.vault import Vault
from explainer.ledger.store import SYSTEM, Draft, Ledger, Terms, new_id

ERASURE, HOLD, ROTATION = "erasure", "hold", "rotation"  # kinds of entry
REQUEST, RETENTION = "request", "retention"  # why


@dataclass(frozen=True, slots=True)
class Order:
    """Keys to be destroyed, and what the ledger is to say about it besides."""

    keys: Collection[str]
    why: str  # REQUEST | RETENTION
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was destroyed."""

    entry: str | None  # id of the entry that says so; None: there was nothing to destroy
    entries: int  # how many entries cannot be opened any more


def erase_keys(order: Order, ledger: Ledger, vault: Vault) -> Erasure:
    """Say in the ledger that keys are destroyed, and destroy them.

    Raises:
        Unavailable: a database did not answer, or keeps old pages for a reader; do it again.
    """
    if not order.keys:
        destroy([], ledger, vault)  # what an interrupted erasure may have left in the databases' files
        return Erasure(None, 0)
    entry_id = new_id(order.at)
    body = encode({"v": 1, "why": order.why, "keys": sorted(order.keys), "by": order.by})
    ledger.append(Draft(entry_id, ERASURE, order.at, SYSTEM, body, Terms()))
    return Erasure(entry_id, destroy(order.keys, ledger, vault))


def destroy(keys: Collection[str], ledger: Ledger, vault: Vault) -> int:
    """Destroy keys and what can be looked up about the entries they seal; returns how many entries those are.

    The keys go last but one: as long as one is there, `obey_erasures` finds what is left
    to do.  Once more after them goes what was written while this went on.
    """
    ledger.forget(keys)
    vault.destroy(keys)
    return ledger.forget(keys)


def obey_erasures(ledger: Ledger, vault: Vault) -> int:
    """Destroy every key that is here although the ledger says it was destroyed; returns how many there were.

    Raises:
        EntryTampered: the ledger's erasures cannot be read.
    """
    said = {key for entry in ledger.newest_first(ERASURE) for key in _keys(entry.id, entry.body)}
    back = said - vault.destroyed(said)
    if back:
        destroy(back, ledger, vault)
    return len(back)


def _keys(entry_id: str, body: bytes | None) -> list[str]:
    if body is None:
        raise EntryTampered(f"entry {entry_id}: the key of an entry about nobody was destroyed")
    keys: list[str] = decode(body)["keys"]
    return keys
