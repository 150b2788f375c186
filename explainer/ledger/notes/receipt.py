"""The receipt: what a client holds until an entry is sealed, and ever after; a signed note that names the entry and its leaf hash.

Its text is four lines: the word `receipt`, the entry's id, its leaf hash, and by when it is
promised a place in the tree.  The second line is no size, so it is no checkpoint.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from explainer.errors import BadNote
from explainer.ledger.notes.checkpoint import PublicKey, Signer, sign_note, signers_of

_TEXT = re.compile(r"receipt\n([0-9a-f-]{36})\n([0-9a-f]{64})\n[0-9TZ:-]+\n", re.ASCII)


def sign_receipt(entry_id: str, leaf_hash: str, seal_by: str, signer: Signer) -> str:
    """The note for an entry.

    Args:
        leaf_hash: 64 hexadecimal digits.
        seal_by: RFC 3339, UTC.
    """
    return sign_note(f"receipt\n{entry_id}\n{leaf_hash}\n{seal_by}\n", signer)


def read_receipt(note: str, keys: Sequence[PublicKey]) -> tuple[str, str]:
    """The entry's id and its leaf hash, from a receipt that one of these keys has signed.

    Raises:
        BadNote: it is no receipt, or none of them has signed it.
    """
    text, signed = signers_of(note, keys)
    found = _TEXT.fullmatch(text)
    if not found:
        raise BadNote("it is no receipt")
    if not signed:
        raise BadNote("no key of this log has signed it")
    return found[1], found[2]
