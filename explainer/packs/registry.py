"""Releases: a pack, its model and its reference population, copied once and never changed.

A release is a folder named by the SHA-256 of its manifest; the manifest names every
file with its own SHA-256.  Opening one checks all of them.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from explainer.errors import ReleaseMissing, ReleaseTampered, Unavailable, UnknownPack, UnknownRelease
from explainer.packs.release import Release, open_release

MANIFEST = "manifest.json"
DECLARATIONS = ("pack.yaml", "features.yaml", "policy.yaml", "training.yaml", "CARD.md", "phrases/*.ftl", "examples/*.yaml")


def read_folder(folder: Path) -> dict[str, str]:
    """The declarations of a pack's folder, name → text.

    Raises:
        UnknownPack: there is no such folder.
    """
    if not (folder / "pack.yaml").is_file():
        raise UnknownPack(f"no pack in {folder}: pack.yaml is missing")
    found = sorted({path for pattern in DECLARATIONS for path in folder.glob(pattern)})
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in found}


def read_models(models: Path, name: str) -> dict[str, str]:
    """A pack's declarations with what all packs share: organisation and shared words."""
    shared = {f"shared/{path.name}": path.read_text("utf-8") for path in sorted((models / "phrases").glob("*.ftl"))}
    organisation = models / "organisation.yaml"
    return {
        **read_folder(models / name),
        **shared,
        **({"organisation.yaml": organisation.read_text("utf-8")} if organisation.is_file() else {}),
    }


class Registry:
    """A folder of releases, and one of candidates waiting to become releases."""

    def __init__(self, home: Path) -> None:
        self._releases = home / "releases"
        self._candidates = home / "candidates"
        self._opened: dict[str, Release] = {}

    def propose(self, pack: str, files: Mapping[str, bytes]) -> str:
        """Store a candidate, replacing the pack's last one; returns the digest it would be released under."""
        target = self._candidates / pack
        fresh = _write_folder(self._candidates, files)
        if target.exists():
            shutil.rmtree(target)
        fresh.rename(target)
        return _digest(target)

    def candidate(self, pack: str) -> Release:
        """Open the candidate of a pack, checked like a release.

        Raises:
            UnknownPack: none was trained.
        """
        folder = self._candidates / pack
        if not folder.is_dir():
            raise UnknownPack(f"{pack} has no candidate; run: explainer train {pack}")
        return _open(folder, _digest(folder))

    def publish(self, pack: str) -> Release:
        """Copy the candidate to the releases, durably; the same candidate gives the same release."""
        candidate = self.candidate(pack)
        target = self._releases / candidate.digest
        if not target.exists():
            source = self._candidates / pack
            files = {path.relative_to(source).as_posix(): path.read_bytes() for path in source.rglob("*") if path.is_file()}
            fresh = _write_folder(self._releases, {name: data for name, data in files.items() if name != MANIFEST})
            try:
                fresh.rename(target)
            except OSError:  # another process published the same bytes first
                shutil.rmtree(fresh)
            _sync(self._releases)
            _sync(self._releases.parent)  # the folder's own name, which is new with the first release
        return self.open(candidate.digest)

    def find(self, beginning: str) -> str:
        """The full digest of the one release whose digest begins like this.

        Raises:
            UnknownRelease: none, or more than one.
        """
        found = sorted(path.name for path in self._releases.glob(f"{beginning}*") if beginning and beginning.isalnum())
        if len(found) != 1:
            raise UnknownRelease(f"{len(found)} releases begin with {beginning!r}")
        return found[0]

    def open(self, digest: str) -> Release:
        """Open a release by digest, every file checked against it.

        Raises:
            ReleaseMissing: not here.
            ReleaseTampered: a file is not what was published.
        """
        if digest not in self._opened:
            self._opened[digest] = _open(self._folder(digest), digest)
        return self._opened[digest]

    def files(self, digest: str) -> dict[str, bytes]:
        """The files of a release, its manifest among them, every one checked; raises as `open`."""
        folder = self._folder(digest)
        return _verified(folder, digest) | {MANIFEST: (folder / MANIFEST).read_bytes()}

    def _folder(self, digest: str) -> Path:
        folder = self._releases / digest
        if not re.fullmatch(r"[0-9a-f]{64}", digest) or not folder.is_dir():
            raise ReleaseMissing(f"release {digest[:12]}… is not on this machine; put its folder back")
        return folder


def _write_folder(parent: Path, files: Mapping[str, bytes]) -> Path:
    """Write files and their manifest into a new folder beside its final place, synced.

    Raises:
        Unavailable: the disk does not take them.
    """
    listing = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    manifest = json.dumps({"version": 1, "files": listing}, sort_keys=True, indent=1).encode()
    try:
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".new-", dir=parent))
        folder.chmod(0o755)  # mkdtemp makes 0700; a release may be shared with other workers
        for name, data in {**files, MANIFEST: manifest}.items():
            _write(folder / name, data)
        for one in (*folder.rglob("*"), folder):
            if one.is_dir():
                _sync(one)
    except OSError as error:
        raise Unavailable(f"a release cannot be written into {parent}: {error.strerror}") from error
    return folder


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(folder: Path) -> str:
    try:
        return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    except OSError as error:
        raise ReleaseTampered(f"{folder.name}: its manifest cannot be read") from error


def _verified(folder: Path, digest: str) -> dict[str, bytes]:
    """Read every file of a release, each against its digest."""
    if _digest(folder) != digest:
        raise ReleaseTampered(f"release {digest[:12]}…: the manifest is not the one published")
    listing = json.loads((folder / MANIFEST).read_bytes())["files"]
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    files = {name: (folder / name).read_bytes() for name in sorted(present & set(listing))}
    wrong = sorted(
        (present ^ set(listing)) | {name for name, data in files.items() if hashlib.sha256(data).hexdigest() != listing[name]}
    )
    if wrong:
        raise ReleaseTampered(f"release {digest[:12]}…: changed, missing or added: {', '.join(wrong)}")
    return files


def _open(folder: Path, digest: str) -> Release:
    return open_release(_verified(folder, digest), digest)
