"""The receipt: what a client holds until an entry is sealed, and ever after; a signed note that names the entry and its leaf hash.

Its text is four lines: the word `receipt`, the entry's id, its leaf hash, and by when it is
promised a place in the tree.  The second line is no size, so it is no checkpoint.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from explainer.errors import BadNote
from explainer.ledger.notes.checkpoint import PublicKey, Signer, sign_note, signers_of

_TEXT = re.compile(
    r"receipt\n([0-9a-f-]{36})\n([0-9a-f]{64})\n([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)\n", re.ASCII
)


class Promise(NamedTuple):
    """What a receipt says, and whose it is."""

    entry: str
    leaf_hash: str
    seal_by: datetime
    key: PublicKey  # that signed it


def sign_receipt(entry_id: str, leaf_hash: str, seal_by: str, signer: Signer) -> str:
    """The note for an entry.

    Args:
        leaf_hash: 64 hexadecimal digits.
        seal_by: RFC 3339, UTC.
    """
    return sign_note(f"receipt\n{entry_id}\n{leaf_hash}\n{seal_by}\n", signer)


def read_receipt(note: str, keys: Sequence[PublicKey]) -> Promise:
    """What is promised in a receipt that one of these keys has signed; by the last of them, if several did.

    Raises:
        BadNote: it is no receipt, or none of them has signed it.
    """
    text, signed = signers_of(note, keys)
    found = _TEXT.fullmatch(text)
    if not found:
        raise BadNote("it is no receipt")
    if not signed:
        raise BadNote("no key of this log has signed it")
    try:
        seal_by = datetime.fromisoformat(found[3])
    except ValueError as error:
        raise BadNote("it names a time that there is none of") from error
    return Promise(found[1], found[2], seal_by, max(signed, key=keys.index))
