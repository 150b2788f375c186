"""Exporting: a sealed pack, which whoever trusts nobody takes away and checks without us.

Files: `entries.ndjson` (leaf, box, content in clear and the key of its MAC, a line each),
`leaves` (the hashes of the sealed tree), `checkpoint` and `log.key`, `handovers.json` where
the log had other keys before, every release that decided, `verify.py`, and `manifest.json`
with the SHA-256 of all of them.  An erased entry has its leaf and its box, and no content.
That a pack was made is an entry of kind `export`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from explainer import verify
from explainer.errors import BadInput, EntryTampered, NotSealed
from explainer.ledger.again.rereading import Reread, Rereader
from explainer.ledger.canonical import digest, encode
from explainer.ledger.keys.vault import derive
from explainer.ledger.store import SYSTEM, Draft, Terms
from explainer.service.decide import DECISION
from explainer.service.inspect import EXPORT
from explainer.service.wiring import Services

TOGETHER = 500  # entries read at a time
README = """A sealed pack: decisions of {log}, with everything needed to check them without a network.

    python3 -I -S verify.py .

Python 3.11 or newer, and nothing else. It reads aloud what it checked, what it could not, and what is wrong.
Read verify.py first: it is one file. Compare the digest of the manifest, the key of the log and the checkpoint
with what you know from elsewhere: a letter's footer, a witness, the person who gave you this.

The content is personal data, in clear. When a person is erased, packs that left the house must be erased too.
"""

Tell = Callable[[int, int], None]  # entries done, in all


@dataclass(frozen=True, slots=True)
class Made:
    """What was written."""

    entries: int
    releases: int
    manifest: str  # SHA-256 of the manifest


def export_pack(folder: Path, ids: Sequence[str], services: Services, *, by: str, tell: Tell = lambda _done, _all: None) -> Made:
    """Write a sealed pack into a new folder.

    Args:
        ids: decisions, each with what is about it; none: every entry.
        by: who takes it away; kept in the ledger.

    Raises:
        BadInput: the folder cannot be made, or is not empty.
        EntryTampered: an entry is not what was written; `explainer ledger verify` names all.
        ReleaseMissing, ReleaseTampered: a release that decided is not here, or not what it was.
    """
    again = Rereader(services.engine, services.vault)
    sums: dict[str, str] = {}
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise BadInput(f"{folder} is not empty")
        size = _tree(folder, again, services, sums)
        wanted = again.with_about(ids) if ids else again.ids()
        releases = _entries(folder, again.read, wanted, size, sums=sums, tell=tell)
        for release in sorted(releases):
            for name, data in services.registry.files(release).items():
                _write(folder, f"releases/{release}/{name}", data, sums)
        _write(folder, "verify.py", Path(verify.__file__).read_bytes(), sums)
        _write(folder, "README.txt", README.format(log=services.log_keys.name).encode(), sums)
        manifest = verify.written({"version": 1, "files": sums})
        (folder / "manifest.json").write_bytes(manifest)
    except OSError as error:
        raise BadInput(f"no pack can be written into {folder}: {error.strerror}") from error
    made = Made(len(wanted), len(releases), digest(manifest))
    said = {"v": 1, "by": by, "manifest": made.manifest, "entries": made.entries, "everything": not ids}
    body = encode(said)
    services.ledger.append(Draft(services.new_id(), EXPORT, services.clock(), SYSTEM, body, Terms(), refs=tuple(ids)))
    return made


def _tree(folder: Path, again: Rereader, services: Services, sums: dict[str, str]) -> int:
    """The newest checkpoint and the leaves under it; returns how many, none before anything was sealed."""
    try:
        signed = services.proofs().newest()
    except NotSealed:
        return 0
    _write(folder, "checkpoint", signed.note.encode(), sums)
    _write(folder, "log.key", f"{services.log_keys.whose(signed.note).text}\n".encode(), sums)
    if handovers := services.proofs().handovers():
        _write(folder, "handovers.json", verify.written(handovers), sums)
    _write(folder, "leaves", b"".join(again.leaf_hashes(signed.checkpoint.size)), sums)
    return signed.checkpoint.size


def _entries(
    folder: Path, read: Callable[[Sequence[str]], Iterator[Reread]], wanted: Sequence[str], size: int, *,
    sums: dict[str, str], tell: Tell,
) -> set[str]:  # fmt: skip
    """Write all entries; returns the releases that decided."""
    releases: set[str] = set()
    with (folder / "entries.ndjson").open("wb") as file:
        for start in range(0, len(wanted), TOGETHER):
            for one in read(wanted[start : start + TOGETHER]):
                if one.opened is None:
                    raise EntryTampered(one.wrong)
                if one.opened.kind == DECISION and one.opened.body is not None:
                    releases.add(one.opened.leaf["release"])
                file.write(_line(one, size))
            tell(min(start + TOGETHER, len(wanted)), len(wanted))
    sums["entries.ndjson"] = digest((folder / "entries.ndjson").read_bytes())
    return releases


def _line(one: Reread, size: int) -> bytes:
    body = None if one.opened is None or one.opened.body is None else one.opened.body.decode()
    said = {
        "number": one.number if one.number is not None and one.number < size else None,
        "leaf": one.stored.leaf.decode(),
        "box": base64.b64encode(one.stored.box).decode(),
        "body": body,
        "mac_key": derive(one.key.secret, f"plain/{one.stored.id}").hex() if one.key and body is not None else None,
    }
    return json.dumps(said, sort_keys=True).encode() + b"\n"


def _write(folder: Path, name: str, data: bytes, sums: dict[str, str]) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    sums[name] = digest(data)
