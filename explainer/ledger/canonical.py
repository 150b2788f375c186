"""Canonical bytes: the one way in which a value is written down before it is hashed.

The profile is RFC 8785 (JSON Canonicalization Scheme) without floats and with ASCII
keys.  Under it orjson and Python's own `json` write the same bytes as a full
implementation; a test holds all three equal.  A float64 is written as the 16 hexadecimal
digits of its bits, so NaN, the infinities and −0 come back as they went in.

What is hashed is what is stored: nobody re-serialises a value in order to check it.
No files, clock or randomness here.
"""

from __future__ import annotations

import hashlib
import re
import struct
from contextlib import suppress
from typing import Any

import orjson

from explainer.errors import Contradiction

LARGEST_INTEGER = 2**53 - 1  # RFC 8785 section 3.2.2.3: what every JSON reader holds exactly; orjson's strict integers
HASH_BYTES = 32  # SHA-256
LEAF_PREFIX = b"\x00"  # RFC 9162 section 2.1.1; a node has 0x01

_WRITTEN = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_READY = {str, int, bool, type(None)}  # what is written as it is
_BITS = re.compile(r"[0-9a-f]{16}", re.ASCII)


class NotCanonical(Contradiction):
    """A value outside the profile, or bytes that are not its one canonical form."""

    code = "not-canonical"


def encode(value: Any) -> bytes:
    """Write a value as its canonical bytes.

    Args:
        value: None, bool, int within ±(2^53 − 1), str, and lists, tuples and dicts of
            these; keys are ASCII strings.  A float goes in through `bits`.

    Returns:
        UTF-8 bytes; equal values give equal bytes.

    Raises:
        NotCanonical: anything else, naming the type but never the value.

    >>> encode({"b": [1, None], "a": "é"})
    b'{"a":"\\xc3\\xa9","b":[1,null]}'
    """
    data = _write(value)
    _check(value)
    return data


def encode_floats(value: Any) -> bytes:
    """The same for a value that holds floats, each written as {"f64": `bits`}; one look at every part converts and checks it.

    >>> encode_floats({"a": [-0.5, 1]})
    b'{"a":[{"f64":"bfe0000000000000"},1]}'
    """
    return _write(_plain(value))


def _write(value: Any) -> bytes:
    try:
        return orjson.dumps(value, option=_WRITTEN)
    except TypeError:  # foreign type or key, half a surrogate pair, large integer, circle, nesting without end
        raise NotCanonical(
            "only null, booleans, integers within ±(2^53 − 1), strings, lists, and objects under ASCII keys can be written"
        ) from None


def _plain(value: Any) -> Any:
    """A value without floats, and with nothing outside the profile in it."""
    if isinstance(value, float):
        return {"f64": bits(value)}
    if isinstance(value, dict):
        _check_keys(value)
        return {name: one if type(one) in _READY else _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [one if type(one) in _READY else _plain(one) for one in value]
    _check_kind(value)
    return value


def decode(data: bytes) -> Any:
    """Read canonical bytes back, and only canonical bytes.

    Duplicate keys, floats, spare blanks, another order of keys: each would be written
    in another way, so one comparison with the re-encoded value finds them all.

    Raises:
        NotCanonical: not JSON, or not the canonical form of what it says.

    >>> decode(b'{"a":1}')
    {'a': 1}
    """
    try:
        value = orjson.loads(data)
    except ValueError:
        raise NotCanonical("these bytes are not JSON in UTF-8") from None
    if encode(value) != data:
        raise NotCanonical("these bytes are JSON, but not in canonical form")
    return value


def _check(value: Any) -> None:
    """Raise NotCanonical at the first part of a value that can be written and lies outside the profile."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list | tuple):
            waiting += [item for item in one if type(item) is not str]
        elif isinstance(one, dict):
            _check_keys(one)
            waiting += [item for item in one.values() if type(item) is not str]
        else:
            _check_kind(one)


def _check_keys(named: dict[Any, Any]) -> None:
    # RFC 8785 sorts keys by UTF-16 units, orjson by UTF-8: on ASCII they agree.
    with suppress(TypeError):
        if "".join(named).isascii():
            return
    raise NotCanonical("a key is not an ASCII string")


def _check_kind(one: Any) -> None:
    if not (one is None or isinstance(one, str | int)):  # bool is an int
        raise NotCanonical(f"a {type(one).__name__} has no canonical form; a float is written by its bits")


def bits(x: float) -> str:
    """Write a float64 as the 16 hexadecimal digits of its bits, sign first.

    >>> bits(-0.5)
    'bfe0000000000000'
    """
    return struct.pack(">d", x).hex()


def from_bits(digits: str) -> float:
    """Read back what `bits` wrote, to the same bits.

    Raises:
        NotCanonical: not 16 lower-case hexadecimal digits.

    >>> from_bits("bfe0000000000000")
    -0.5
    """
    if not _BITS.fullmatch(digits):
        raise NotCanonical("a float64 is 16 lower-case hexadecimal digits")
    number: float = struct.unpack(">d", bytes.fromhex(digits))[0]
    return number


def digest(data: bytes) -> str:
    """SHA-256 of some bytes, as 64 hexadecimal digits.

    >>> digest(b"")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(data).hexdigest()


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf of the Merkle tree, SHA256(0x00 ‖ leaf), 32 bytes (RFC 9162)."""
    return hashlib.sha256(LEAF_PREFIX + leaf).digest()
