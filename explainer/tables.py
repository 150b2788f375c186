"""Tables: folded kernels kept on disk by release, mapped into memory and shared by every process.

A cache, nothing more: what is absent, damaged or made by another version of the code is
folded again from the release, to the same bits.  Whoever writes new tables removes those
that are of no more use.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np

from explainer.attributions.folding import Tables, arrays_of, fold, tables_of
from explainer.attributions.kernel import Kernel
from explainer.decisions.codes import codebook
from explainer.decisions.compiled import SOURCES
from explainer.decisions.forest import read_forest
from explainer.errors import BadModel, ReleaseTampered
from explainer.packs.release import Release

LISTING, SEAL = "sha256.json", "seal"


def open_kernel(release: Release, home: Path, secret: bytes) -> Kernel:
    """The kernel of a release: how it scores is read from the model, its tables from the cache or folded now and kept there.

    Args:
        secret: of this deployment; only tables that bear its seal are used.

    Raises:
        ReleaseTampered: its model is not one of this pack, or must not be used.
    """
    try:
        forest = read_forest(release.model_text)
        if forest.features != tuple(release.pack.feature):
            raise ReleaseTampered(f"release {release.digest[:12]}…: its model has other features than its pack")
        folder = home / "tables" / f"{release.digest}-{SOURCES}"
        tables = _read(folder, secret)
        if tables is None:
            tables = fold(forest, codebook(forest), release.reference, release.method)
            with contextlib.suppress(OSError):  # a full or read-only disk: this process keeps its own
                _write(folder, tables, secret)
                _tidy(folder, home / "releases")
                tables = _read(folder, secret) or tables
        return Kernel.with_tables(forest, tables)
    except BadModel as error:
        raise ReleaseTampered(f"release {release.digest[:12]}…: {error}") from error


def _tidy(newest: Path, releases: Path) -> None:
    """Remove tables that nobody will open again: those of releases that are gone, and older code's of this one.

    Who has mapped them keeps them; who is just opening them folds anew.
    """
    digest = newest.name.partition("-")[0]
    for folder in newest.parent.glob("*-*"):
        release = folder.name.partition("-")[0]
        if folder != newest and release and (release == digest or not (releases / release).exists()):
            shutil.rmtree(folder, ignore_errors=True)


def _read(folder: Path, secret: bytes) -> Tables | None:
    """The tables in a folder; None when they are not there, not whole, or not sealed by this deployment."""
    try:
        listing = (folder / LISTING).read_bytes()
        if not hmac.compare_digest((folder / SEAL).read_text(), _seal(folder, listing, secret)):
            return None
        sums = json.loads(listing)
        for name, wanted in sums.items():
            with (folder / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != wanted:
                    return None
        return tables_of({name.removesuffix(".npy"): _mapped(folder / name) for name in sums})
    except (OSError, ValueError, KeyError):
        return None


def _seal(folder: Path, listing: bytes, secret: bytes) -> str:
    """Vouches for the tables and for whose they are: a folder is named by its release and by the code that made it."""
    return hmac.digest(secret, folder.name.encode() + b"\n" + listing, "sha256").hex()


def _mapped(path: Path) -> np.ndarray:
    """An array on pages that all processes share; copied only if somebody wrote to it, which nobody does."""
    array: np.ndarray = np.load(path, mmap_mode="c" if path.stat().st_size > 4096 else None, allow_pickle=False)
    return array.view(np.ndarray)  # compiled code knows arrays, not memory maps


def _write(folder: Path, tables: Tables, secret: bytes) -> None:
    """Write beside the place, then rename: nobody ever sees half of it, and nothing half-written stays."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    try:
        fresh.chmod(0o755)
        sums = {}
        for name, array in arrays_of(tables).items():
            path = fresh / f"{name}.npy"
            np.save(path, array, allow_pickle=False)
            with path.open("rb") as file:
                sums[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
        listing = json.dumps(sums).encode()
        (fresh / LISTING).write_bytes(listing)
        (fresh / SEAL).write_text(_seal(folder, listing, secret))
        shutil.rmtree(folder, ignore_errors=True)  # damaged, or there would be no need to write
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
