"""Wrapping: a key under another one, and what a leaf says about a key without telling it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from explainer.ledger.keys.master import derive

NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key to one customer's entries of one retention class and one year."""

    id: str
    secret: bytes = field(repr=False)
    commitment: str  # 64 hexadecimal digits that fit this secret and no other; in every leaf it seals


def commitment_of(secret: bytes) -> str:
    """The commitment of a data key, 64 hexadecimal digits: it tells nothing about the key, and no other key has it."""
    return derive(secret, "commitment").hex()


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A master key at work."""

    epoch: int
    cipher: AESGCM

    def wrap(self, secret: bytes, bound: bytes) -> bytes:
        """A secret under it, bound to what it is."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self.cipher.encrypt(nonce, secret, bound)


def unwrapped(cipher: AESGCM, wrapped: bytes, bound: bytes) -> bytes | None:
    """What a master key finds inside; None: another one wrapped it, or it was changed."""
    try:
        return cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], bound)
    except (InvalidTag, ValueError):
        return None
