"""The entry: a clear leaf that says nothing about a person, and a sealed box that says it all.

Leaf, canonical bytes: `v` 1 · `kind` · `id` (UUIDv7) · `at` (claimed time, RFC 3339, UTC,
microseconds) · `writer` and `n` (who wrote it, and as which) · `refs` (ids) · `release`
(digest) · `idempotency` · `request` · `key` (id) · `commitment` · `box` · `plain`.

- `box`: SHA-256 of the stored box, which is nonce (12 bytes) ‖ AES-256-GCM ciphertext and
  tag under the customer's data key.  Associated data: canonical bytes of [v, kind, id, key].
  Inside: length of the body (4 bytes, big-endian) ‖ body ‖ zeros up to a multiple of 256.
- `plain`: HMAC-SHA256 of the body under HKDF(data key, "plain/" + id), one key per entry.
- `request`: HMAC-SHA256 of customer and request under HKDF(data key, "request"), each part
  preceded by its length (8 bytes); nobody can test a guess once the data key is destroyed.

Opening an entry proves its columns against its leaf.  That the leaf itself is the one that
was written, only the sealed tree can prove.  Values in, values out; no database here.
"""

from __future__ import annotations

import heapq
import hmac
import os
import threading
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import NoneType
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from explainer.errors import Contradiction, EntryTampered
from explainer.ledger.canonical import NotCanonical, decode, digest, encode, leaf_hash
from explainer.ledger.keys.vault import NONCE_BYTES, DataKey, derive, keyed_digest

VERSION = 1
STEP = 256  # bytes; the length of a box says no more about a person than this
SYSTEM = ""  # the subject of entries about nobody
# Retention classes, a data key for each: what is kept as long as the operator says, and what holds until somebody says
# otherwise; beside them one for each number of months that a pack declares.
STANDARD, STANDING = "standard", "standing"
_MONTHS = "months-"

_LENGTH_BYTES = 4
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXT_OR_NULL = (str, NoneType)
_LEAF: dict[str, type | tuple[type, ...]] = {
    "v": int,
    "kind": str,
    "id": str,
    "at": str,
    "writer": str,
    "n": int,
    "refs": list,
    "release": _TEXT_OR_NULL,
    "idempotency": _TEXT_OR_NULL,
    "request": _TEXT_OR_NULL,
    "key": str,
    "commitment": str,
    "box": str,
    "plain": str,
}


# Values -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Terms:
    """By what an entry can be found; customer and case are stored as keyed digests only."""

    customer: str | None = None
    case: str | None = None
    about: str | None = None  # id of the decision the entry is about
    pack: str | None = None
    outcome: str | None = None
    decisive: str | None = None
    release: str | None = None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it is stored."""

    id: str  # from `new_id`
    kind: str
    at: datetime  # with a time zone
    subject: str  # the customer's reference; SYSTEM for entries about nobody
    body: bytes  # canonical plaintext, at most 4 GiB
    terms: Terms
    refs: tuple[str, ...] = ()  # ids of other entries; in clear, so never about a person
    release: str | None = None
    idempotency_key: str | None = None
    request: bytes | None = None  # what came with the key, to tell a retry from another request
    retention: str = STANDARD

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise Contradiction("the time of an entry needs a time zone")
        if not is_id(self.id):
            raise Contradiction("the id of an entry is a UUID in lower case")
        if (self.idempotency_key is None) != (self.request is None):
            raise Contradiction("an Idempotency-Key and its request come together")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a writer gets for a durable entry."""

    id: str
    leaf_hash: str  # 64 hexadecimal digits
    at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry read back and proved against its leaf."""

    id: str
    kind: str
    at: datetime
    leaf: dict[str, Any]
    body: bytes | None  # None: erased

    @property
    def receipt(self) -> Receipt:
        """What its writer got."""
        return Receipt(self.id, leaf_hash(encode(self.leaf)).hex(), self.at)


@dataclass(frozen=True, slots=True)
class Stored:
    """A row of `entries`, as it lies in the database."""

    id: str
    leaf: bytes
    leaf_hash: bytes
    box: bytes
    idempotency: str | None
    kind: str
    key_id: str


def class_of(months: int | None) -> str:
    """The retention class of what is kept for some months after its year; None: for as long as the operator says.

    >>> class_of(24), class_of(None)
    ('months-24', 'standard')
    """
    return STANDARD if months is None else f"{_MONTHS}{months}"


def months_of(retention: str, usual: int) -> int | None:
    """For how many months after its year a retention class is kept; None: no time ends it.

    >>> months_of("months-24", 36), months_of("standard", 36), months_of("standing", 36)
    (24, 36, None)
    """
    if retention == STANDARD:
        return usual
    months = retention.removeprefix(_MONTHS)
    return int(months) if months != retention and months.isdecimal() else None


# Ids and times ----------------------------------------------------------------------------------

_ids = threading.Lock()
_last_id = 0  # the 122 free bits of the newest id: 48 of milliseconds, 74 of chance


def new_id(now: datetime) -> str:
    """A UUIDv7 (RFC 9562): in one process each is greater than the one before, even if the clock steps back.

    >>> new_id(datetime(2026, 3, 1, tzinfo=UTC)) < new_id(datetime(2026, 3, 1, tzinfo=UTC))
    True
    """
    global _last_id
    milliseconds = (now - _EPOCH) // timedelta(milliseconds=1)
    fresh = milliseconds << 74 | int.from_bytes(os.urandom(10), "big") >> 6
    with _ids:
        _last_id = free = max(fresh, _last_id + 1 + int.from_bytes(os.urandom(4), "big"))
    high, low = free >> 62, free & (1 << 62) - 1
    return str(uuid.UUID(int=high >> 12 << 80 | 7 << 76 | (high & 0xFFF) << 64 | 2 << 62 | low))


def is_id(text: str) -> bool:
    """Whether a text is a UUID written the one way in which entries write it."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970, UTC; the way times lie in an index."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(micros: int) -> datetime:
    """The time, in UTC, of whole microseconds since 1970.

    >>> moment(microseconds(datetime(2026, 3, 1, tzinfo=UTC))).isoformat()
    '2026-03-01T00:00:00+00:00'
    """
    return _EPOCH + timedelta(microseconds=micros)


class Numbers:
    """Counts a writer's entries from 1; a number whose entry was not stored is used again.

    So a gap that stays means an entry that was stored and is missing.  A number whose commit
    had an end that nobody saw is in doubt until somebody has looked.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 1
        self._free: list[int] = []
        self._doubted: dict[str, int] = {}  # id of an entry → its number

    def take(self, count: int) -> list[int]:
        """Numbers for some entries."""
        with self._lock:
            again = [heapq.heappop(self._free) for _ in range(min(count, len(self._free)))]
            fresh = range(self._next, self._next + count - len(again))
            self._next = fresh.stop
            return [*again, *fresh]

    def give_back(self, numbers: Iterable[int]) -> None:
        """Numbers whose entries were surely not stored."""
        with self._lock:
            for number in numbers:
                heapq.heappush(self._free, number)

    def doubt(self, numbers: Mapping[str, int]) -> None:
        """Numbers, by the ids of their entries, which may have been stored."""
        with self._lock:
            self._doubted |= numbers

    @property
    def doubted(self) -> list[str]:
        """Ids of the entries in doubt."""
        return list(self._doubted)

    def settle(self, asked: Iterable[str], there: Collection[str]) -> None:
        """Of some entries in doubt, which are there after all; the numbers of the others are used again."""
        with self._lock:
            found = {one: self._doubted.pop(one) for one in asked if one in self._doubted}
        self.give_back(number for one, number in found.items() if one not in there)


# Sealing ----------------------------------------------------------------------------------------


def seal(draft: Draft, key: DataKey, *, writer: str, number: int, idempotency: str | None) -> Stored:
    """Seal a draft under its customer's key.

    Args:
        draft: the entry.
        key: the customer's data key for the year of `draft.at`.
        writer: who writes, a boot of a process.
        number: as which of the writer's entries, from 1.
        idempotency: MAC of the Idempotency-Key, 64 hexadecimal digits; None without one.
    """
    nonce = os.urandom(NONCE_BYTES)
    box = nonce + AESGCM(key.secret).encrypt(nonce, _padded(draft.body), _bound(draft.kind, draft.id, key.id))
    leaf = encode(
        {
            "v": VERSION,
            "kind": draft.kind,
            "id": draft.id,
            "at": draft.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
            "writer": writer,
            "n": number,
            "refs": list(draft.refs),
            "release": draft.release,
            "idempotency": idempotency,
            "request": None if draft.request is None else request_mac(key, draft.subject, draft.request),
            "key": key.id,
            "commitment": key.commitment,
            "box": digest(box),
            "plain": _plain_mac(key, draft.id, draft.body),
        }
    )
    return Stored(draft.id, leaf, leaf_hash(leaf), box, idempotency, draft.kind, key.id)


def request_mac(key: DataKey, customer: str, request: bytes) -> str:
    """The MAC of a request and of whom it is about, 64 hexadecimal digits."""
    return keyed_digest(derive(key.secret, "request"), customer.encode(errors="surrogatepass"), request).hex()


def _plain_mac(key: DataKey, entry_id: str, body: bytes) -> str:
    return hmac.digest(derive(key.secret, f"plain/{entry_id}"), body, "sha256").hex()


def _bound(kind: str, entry_id: str, key_id: str) -> bytes:
    """What a box is bound to besides its key."""
    return encode([VERSION, kind, entry_id, key_id])


def _padded(body: bytes) -> bytes:
    content = len(body).to_bytes(_LENGTH_BYTES, "big") + body
    return content + bytes(-len(content) % STEP)


def _unpadded(content: bytes) -> bytes | None:
    """The body inside a box; None when the padding is not exactly what `_padded` makes."""
    end = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "big")
    exact = len(content) == end + -end % STEP and not content[end:].strip(b"\0")
    return content[_LENGTH_BYTES:end] if exact else None


# Opening ----------------------------------------------------------------------------------------


def read_leaf(stored: Stored) -> dict[str, Any]:
    """Read the leaf of a stored entry and prove the clear columns against it.

    Raises:
        EntryTampered: hash, form, id, Idempotency-Key or box are not what was written.
    """
    if leaf_hash(stored.leaf) != stored.leaf_hash:
        raise _tampered(stored, "its leaf does not have its leaf hash")
    try:
        leaf = decode(stored.leaf)
    except NotCanonical:
        raise _tampered(stored, "its leaf is not canonical") from None
    if not isinstance(leaf, dict) or leaf.keys() != _LEAF.keys() or not all(map(isinstance, map(leaf.get, _LEAF), _LEAF.values())):
        raise _tampered(stored, "its leaf does not have the fields of a leaf")
    if leaf["v"] != VERSION:
        raise _tampered(stored, f"its leaf has version {leaf['v']}, this reader knows {VERSION}")
    clear = {"id": stored.id, "idempotency": stored.idempotency, "kind": stored.kind, "key": stored.key_id}
    if any(leaf[name] != value for name, value in clear.items()):
        raise _tampered(stored, "its id, kind, key or Idempotency-Key is not the one in its leaf")
    if leaf["box"] != digest(stored.box):
        raise _tampered(stored, "its box is not the one in its leaf")
    return leaf


def open_entry(stored: Stored, leaf: dict[str, Any], key: DataKey | None) -> Opened:
    """Open a stored entry with its customer's key.

    Args:
        stored: the row.
        leaf: what `read_leaf` made of it.
        key: the data key named in the leaf; None when it was destroyed.

    Raises:
        EntryTampered: key, box or plaintext do not fit the leaf.
    """
    try:
        at = datetime.fromisoformat(leaf["at"])
    except ValueError:
        raise _tampered(stored, "its time cannot be read") from None
    body = None if key is None else _open_box(stored, leaf, key)
    return Opened(stored.id, leaf["kind"], at, leaf, body)


def _open_box(stored: Stored, leaf: dict[str, Any], key: DataKey) -> bytes:
    if (key.id, key.commitment) != (leaf["key"], leaf["commitment"]):
        raise _tampered(stored, "its key is not the one its leaf commits to")
    nonce, ciphertext = stored.box[:NONCE_BYTES], memoryview(stored.box)[NONCE_BYTES:]
    try:
        content = AESGCM(key.secret).decrypt(nonce, ciphertext, _bound(leaf["kind"], stored.id, key.id))
    except (InvalidTag, ValueError):
        raise _tampered(stored, "its box does not open under its key") from None
    body = _unpadded(content)
    if body is None or not hmac.compare_digest(_plain_mac(key, stored.id, body), leaf["plain"]):
        raise _tampered(stored, "its content is not the one in its leaf")
    return body


def _tampered(stored: Stored, what: str) -> EntryTampered:
    return EntryTampered(f"entry {stored.id}: {what}")
