"""Tables: folded kernels kept on disk by release, mapped into memory and shared by every process.

A cache, nothing more: what is absent, damaged or made by another version of the code is
folded again from the release, to the same bits.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np

from explainer.attributions.kernel import Kernel
from explainer.decisions.compiled import SOURCES
from explainer.packs.release import Release

SUMS = "sha256.json"


def open_kernel(release: Release, home: Path) -> Kernel:
    """The kernel of a release, from the cache or folded now and kept there.

    Raises:
        BadModel: the release's model must not be used.
    """
    folder = home / "tables" / f"{release.digest}-{SOURCES}"
    kept = _read(folder)
    if kept is not None:
        return kept
    made = Kernel.of(release.model_text, release.reference, release.method)
    try:
        _write(folder, made)
    except OSError:  # a full or read-only disk: this process keeps its own
        return made
    return _read(folder) or made


def _read(folder: Path) -> Kernel | None:
    try:
        sums = json.loads((folder / SUMS).read_bytes())
        for name, wanted in sums.items():
            with (folder / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != wanted:
                    return None
        return Kernel.from_arrays({name.removesuffix(".npy"): _mapped(folder / name) for name in sums})
    except (OSError, ValueError, KeyError):
        return None


def _mapped(path: Path) -> np.ndarray:
    """An array on pages that all processes share; copied only if somebody wrote to it, which nobody does."""
    array: np.ndarray = np.load(path, mmap_mode="c" if path.stat().st_size > 4096 else None, allow_pickle=False)
    return array.view(np.ndarray)  # compiled code knows arrays, not memory maps


def _write(folder: Path, kernel: Kernel) -> None:
    """Write beside the place, then rename: nobody ever sees half a kernel."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    fresh.chmod(0o755)
    sums = {}
    for name, array in kernel.arrays().items():
        np.save(fresh / f"{name}.npy", array, allow_pickle=False)
        sums[f"{name}.npy"] = hashlib.sha256((fresh / f"{name}.npy").read_bytes()).hexdigest()
    (fresh / SUMS).write_text(json.dumps(sums))
    shutil.rmtree(folder, ignore_errors=True)  # damaged, or there would be no need to write
    try:
        fresh.rename(folder)
    except OSError:
        shutil.rmtree(fresh)
        if not folder.is_dir():  # not because another process was first
            raise
