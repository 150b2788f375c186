"""The master key: the operator's, in the environment or in a file that only its owner can read; it wraps all others.

Beside the file lie, while or after it is changed, the key that comes next (`.next`) and
the one before (`.before`), which opens backups until the operator removes it.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hmac
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from explainer.errors import BadSettings, MasterKeyMissing

KEY_BYTES = 32
_NO_SALT = bytes(32)


def derive(secret: bytes, label: str) -> bytes:
    """Derive 32 bytes for one purpose from a secret: HKDF-SHA256 (RFC 5869), no salt.

    The label is prefixed with `explainer/v1/`; two labels give unrelated keys.
    """
    extracted = hmac.digest(_NO_SALT, secret, "sha256")
    return hmac.digest(extracted, f"explainer/v1/{label}".encode() + b"\x01", "sha256")  # the first and only block


def keyed_digest(secret: bytes, *parts: bytes) -> bytes:
    """HMAC-SHA256 over some parts, each preceded by its length (8 bytes), so that none can run into the next."""
    return hmac.digest(secret, b"".join(len(part).to_bytes(8, "big") + part for part in parts), "sha256")


@dataclass(frozen=True, slots=True)
class MasterKey:
    """The operator's key that wraps all others; its secret never shows in a log or a traceback."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise BadSettings(f"a master key has {KEY_BYTES} bytes, written in base64")

    @classmethod
    def from_text(cls, text: str) -> MasterKey:
        """Read a master key from base64, as in a key file or an environment variable.

        Raises:
            BadSettings: not base64, or not 32 bytes long.
        """
        try:
            return cls(base64.b64decode(text.strip(), validate=True))
        except (binascii.Error, ValueError):
            raise BadSettings(f"a master key has {KEY_BYTES} bytes, written in base64") from None

    @property
    def text(self) -> str:
        """The key in base64: for a key file, never for a message."""
        return base64.b64encode(self.secret).decode()

    @property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that name the key and tell nothing about it."""
        return derive(self.secret, "fingerprint").hex()[:16]


def make_master_key(path: Path) -> MasterKey:
    """Make a master key in a new file that only its owner can read, on disk before it is returned.

    Raises:
        BadSettings: a file is there already (a master key is never written over), or the folder is not.
    """
    key = MasterKey(os.urandom(KEY_BYTES))
    draft = _beside(path, os.urandom(4).hex())
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(f"{key.text}\n")
                file.flush()
                os.fsync(descriptor)
            path.hardlink_to(draft)  # never over another, and whole: a power cut leaves no file without a key in it
        finally:
            draft.unlink()
        keep_names(path.parent)
    except OSError as error:
        raise BadSettings(f"no master key was made at {path}: {error.strerror}") from error
    return key


def load_master_key(path: Path) -> MasterKey:
    """Read a master key from its file.

    Raises:
        MasterKeyMissing: no such file.
        BadSettings: the file can be read by others than its owner, or holds no master key.
    """
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if mode & 0o077:
                raise BadSettings(f"the master key {path} is open to others (mode {mode:04o}); set it to 0600")
            return MasterKey.from_text(file.read(4096))
    except OSError as error:
        raise MasterKeyMissing(f"no master key can be read at {path}: {error.strerror}") from error


def master_keys(path: Path) -> list[MasterKey]:
    """Every key in and beside a master key's file at this moment: the next one, the one in it, the one before.

    In this order, because the next one becomes the one in it: whoever finds it gone finds it there.
    """
    found = []
    for one in (_beside(path, "next"), path, _beside(path, "before")):
        with contextlib.suppress(MasterKeyMissing):
            found.append(load_master_key(one))
    return found


def change_master_key(path: Path, rewrap: Callable[[MasterKey], int]) -> int:
    """Put a new key into a master key's file; interrupted at any point and begun again, it goes on.

    The key is on disk before anything is wrapped under it, and the old one stays beside
    it as `.before`; the file itself always holds a key.

    Args:
        rewrap: wraps everything anew under the new key; returns how many keys.

    Raises:
        BadSettings: a file cannot be written, or holds no key.
    """
    coming, before, draft = (_beside(path, name) for name in ("next", "before", "draft"))
    try:
        if not coming.exists():
            draft.unlink(missing_ok=True)
            make_master_key(draft)
            draft.rename(coming)
            keep_names(path.parent)
        fresh = load_master_key(coming)
        count = rewrap(fresh)
        if load_master_key(path).fingerprint != fresh.fingerprint:
            _put_in_place(path, coming, before, draft)
        coming.unlink()
        keep_names(path.parent)
    except OSError as error:
        raise BadSettings(f"the master key {path} cannot be changed: {error.strerror}") from error
    return count


def _put_in_place(path: Path, coming: Path, before: Path, draft: Path) -> None:
    """Put the coming key into the file; a power cut may lose a name and keep that it left another, so each key has two."""
    for name, of in ((before, path), (draft, coming)):
        name.unlink(missing_ok=True)
        name.hardlink_to(of)
    keep_names(path.parent)
    draft.replace(path)
    keep_names(path.parent)


def _beside(path: Path, name: str) -> Path:
    return path.with_name(f"{path.name}.{name}")


def keep_names(folder: Path) -> None:
    """Make sure that names of files survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
