"""Canaries: words that are planted where a customer's words go in, and the forms in which one may lie in a file or a log."""

from __future__ import annotations

import base64
import secrets

CANARY = "canary-bird-"  # how each begins, so that one look finds any of them


def canary() -> str:
    return f"{CANARY}{secrets.token_hex(12)}"


def written(word: str) -> list[bytes]:
    """The ways in which a word may lie in a file; in base64 it depends on what stands before it."""
    plain = word.encode()
    coded = [base64.b64encode(bytes(before) + plain)[(before and 4) : -4] for before in range(3)]
    return [plain, plain.hex().encode(), word.encode("utf-16-le"), *coded]
