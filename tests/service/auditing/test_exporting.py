"""The sealed pack: it verifies where nothing else is, and no tampered copy of it does."""

from __future__ import annotations

import base64
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from explainer import verify
from explainer.errors import BadInput
from explainer.ledger.canonical import decode, digest
from explainer.ledger.notes.checkpoint import LOG, Signer, sign_note
from explainer.service import bulk
from explainer.service.auditing.exporting import Made, export_pack
from explainer.service.inspect import EXPORT, rebuild_index
from explainer.service.wiring import Services, open_services
from explainer.settings import Settings
from tests.support import MODELS, SHIPPED, Clock

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def exported(trained_home, sampled, tmp_path_factory) -> Iterator[tuple[Path, Made, Services]]:
    """A pack of both shipped packs' decisions: most sealed, one erased, a few that came later."""
    home = Path(shutil.copytree(trained_home, tmp_path_factory.mktemp("exporting") / "home"))
    services = open_services(Settings(home=home, models=MODELS), Clock())
    for pack in SHIPPED:
        cases = [bulk.Given(row, facts, f"{pack}-{row}", f"R-{row}") for row, facts in enumerate(sampled(pack, 30))]
        bulk.decide_all(cases[:28], pack, services)
        if pack == SHIPPED[-1]:
            services.sealer().seal()
            bulk.decide_all(cases[28:], pack, services)
    with services.vault_engine.begin() as connection:
        (key,) = services.vault.key_ids([f"{SHIPPED[0]}-3"])[f"{SHIPPED[0]}-3"]
        connection.exec_driver_sql(f"DELETE FROM data_keys WHERE key_id = '{key}'")
    folder = home.parent / "pack"
    made = export_pack(folder, [], services, by="test")
    yield folder, made, services
    services.close()


@pytest.fixture
def copy(exported, tmp_path) -> Path:
    return Path(shutil.copytree(exported[0], tmp_path / "copy"))


def alone(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run the pack's own verifier, in its folder, with the standard library alone and nothing of the environment."""
    command = [sys.executable, "-I", "-S", "-B", "verify.py", ".", *more]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, check=False)


def wrong(folder: Path, key: str | None = None) -> list[str]:
    """What the verifier finds, in this process."""
    pack = verify.Pack(folder, key)
    pack.verify()
    return pack.wrong


def sealed_again(folder: Path) -> None:
    """Make the manifest fit what was changed, as a forger would."""
    names = [one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()]
    sums = {name: digest((folder / name).read_bytes()) for name in names if name != "manifest.json"}
    (folder / "manifest.json").write_bytes(verify.written({"version": 1, "files": sums}))


def rewrite(folder: Path, change: Callable[[list[dict[str, Any]]], None]) -> None:
    """Change the lines of the entries."""
    path = folder / "entries.ndjson"
    lines = [json.loads(line) for line in path.read_text().split("\n") if line]
    change(lines)
    path.write_text("".join(json.dumps(one, sort_keys=True) + "\n" for one in lines))


def first_decision(lines: list[dict[str, Any]]) -> dict[str, Any]:
    return next(one for one in lines if one["body"] and json.loads(one["leaf"])["kind"] == "decision")


class TestThePack:
    def test_it_verifies_in_its_folder_with_nothing_else_and_reads_aloud_what_it_did(self, copy, exported):
        done = alone(copy, "--key", exported[2].log_key.public.text)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "nothing is wrong"), done.stdout + done.stderr
        assert (
            "E1  margin         same             57" in done.stdout
        )  # 2 × 30, less the two that came later than 28, plus them, less the erased
        assert "E2  attributions   same             20" in done.stdout
        assert "E0  content        erased           1" in done.stdout
        assert "E0  entry          not sealed yet   2" in done.stdout
        assert "not checked: that inputs were true" in done.stdout
        assert done.stderr == ""

    def test_that_it_was_made_is_remembered(self, exported):
        _, made, services = exported
        (entry,) = services.ledger.newest_first(EXPORT)
        assert decode(entry.body) == {"v": 1, "by": "test", "manifest": made.manifest, "entries": made.entries, "everything": True}
        assert made.manifest == digest((exported[0] / "manifest.json").read_bytes())
        assert rebuild_index(services) > 0

    def test_a_few_decisions_make_a_pack_that_says_what_it_leaves_out(self, exported, tmp_path):
        services = exported[2]
        found = services.ledger.search(limit=2)[0]
        made = export_pack(tmp_path / "few", [one.id for one in found], services, by="test")
        done = alone(tmp_path / "few")
        assert (made.entries, done.returncode) == (2, 0)
        assert "leaves of the tree are in it by their hash alone" in done.stdout
        assert "the key of the log came with the pack" in done.stdout

    def test_nobody_else_can_read_it_and_nothing_is_written_over(self, exported):
        assert exported[0].stat().st_mode & 0o077 == 0
        with pytest.raises(BadInput):
            export_pack(exported[0], [], exported[2], by="test")

    @pytest.mark.parametrize("slip", ["another", "cut", "nonsense"])
    def test_a_key_that_is_not_the_log_s_is_said_once_and_no_place_is_judged_by_it(self, copy, exported, slip):
        key = exported[2].log_key.public.text
        given = {"another": Signer.from_seed("other", LOG, bytes(32)).public.text, "cut": key[:-1], "nonsense": "horoscope"}[slip]
        done = alone(copy, "--key", given)
        said = [line for line in done.stdout.splitlines() if line.startswith("wrong: ")]
        assert (done.returncode, len(said)) == (1, 1), done.stdout + done.stderr
        assert said[0].startswith(f"wrong: KEY is not the key of this log, whose checkpoint is signed by {key}")
        assert "E0  entry          abstained" in done.stdout
        assert "E1  margin         same             57" in done.stdout  # what does not rest on the signature is checked

    def test_of_a_checkpoint_that_nobody_signed_it_does_not_blame_the_key(self, copy, exported):
        note = (copy / "checkpoint").read_text()
        (copy / "checkpoint").write_text(note.replace("\n", "\n1", 1))
        sealed_again(copy)
        assert wrong(copy, exported[2].log_key.public.text) == ["checkpoint: no checkpoint that this log has signed"]

    def test_before_anything_is_sealed_it_says_so(self, services, tmp_path):
        export_pack(tmp_path / "early", [], services, by="test")
        done = alone(tmp_path / "early")
        assert (done.returncode, "nothing was sealed when the pack was made" in done.stdout) == (0, True)

    def test_a_release_older_than_its_declarations_abstains(self, copy):
        for release in (copy / "releases").iterdir():
            listing = json.loads((release / "manifest.json").read_text())
            assert "declarations.json" in listing["files"]
        older = verify.Pack(copy, None)
        (copy / "releases" / release.name / "declarations.json").unlink()
        listing["files"].pop("declarations.json")
        raw = json.dumps(listing).encode()
        (copy / "releases" / release.name / "manifest.json").write_bytes(raw)
        (copy / "releases" / release.name).rename(copy / "releases" / digest(raw))
        assert older._release(digest(raw)) is None
        assert (older.wrong, "older than declarations.json" in older.notes[0]) == ([], True)


def _raise_margin(folder: Path) -> None:
    """A margin whose last bit is another, in a record that keeps its MAC."""

    def change(lines: list[dict[str, Any]]) -> None:
        one = first_decision(lines)
        body = json.loads(one["body"])
        raised = f"{int(body['decision']['margin']['f64'], 16) ^ 1:016x}"
        body["decision"]["margin"]["f64"] = raised
        one["body"] = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    rewrite(folder, change)


def _drop_body(folder: Path) -> None:
    rewrite(folder, lambda lines: first_decision(lines).update(body=None, mac_key=None, box=base64.b64encode(b"x").decode()))


def _drop_line_twice(folder: Path) -> None:
    rewrite(folder, lambda lines: lines.append(lines[0]))


def _swap_numbers(folder: Path) -> None:
    def change(lines: list[dict[str, Any]]) -> None:
        lines[0]["number"], lines[1]["number"] = lines[1]["number"], lines[0]["number"]

    rewrite(folder, change)


def _other_leaf(folder: Path) -> None:
    rewrite(folder, lambda lines: lines[2].update(leaf=lines[2]["leaf"].replace('"v":1', '"v":2')))


def _cut_the_tail(folder: Path) -> None:
    path = folder / "leaves"
    path.write_bytes(path.read_bytes()[:-32])


def _move_a_threshold(folder: Path) -> None:
    for path in folder.glob("releases/*/declarations.json"):
        path.write_text(path.read_text().replace('"at_least": 1.1', '"at_least": 1.2'))


def _change_a_leaf_value(folder: Path) -> None:
    for path in folder.glob("releases/*/model.txt"):
        path.write_text(path.read_text().replace("leaf_value=", "leaf_value=1", 1))


def _sign_anew(folder: Path) -> None:
    """The whole history of a forger, signed by a key of his own that he puts beside it."""
    text = (folder / "checkpoint").read_text().partition("\n\n")[0] + "\n"
    forger = Signer.from_seed(text.split("\n")[0], LOG, bytes(32))
    (folder / "checkpoint").write_text(sign_note(text, forger))
    (folder / "log.key").write_text(forger.public.text)


FORGERIES = [_raise_margin, _drop_body, _drop_line_twice, _swap_numbers, _other_leaf, _cut_the_tail, _move_a_threshold]
FORGERIES += [_change_a_leaf_value, _sign_anew]


class TestTamperedCopies:
    @pytest.mark.parametrize("forge", FORGERIES)
    def test_a_forger_who_makes_the_manifest_fit_is_found(self, forge, copy, exported):
        forge(copy)
        sealed_again(copy)
        assert wrong(copy, exported[2].log_key.public.text)

    def test_a_file_added_or_removed_is_named(self, copy):
        (copy / "leaves").unlink()
        (copy / "more").write_text("x")
        assert wrong(copy) == ["leaves was removed", "more was added"]

    def test_one_flipped_bit_anywhere_is_found(self, copy, exported):
        assert survivors(copy, exported[2].log_key.public.text, 20) == []
        assert wrong(copy) == []

    def test_a_copy_that_cannot_even_be_read_is_wrong_and_no_traceback(self, copy):
        (copy / "manifest.json").write_text("{")
        done = alone(copy)
        assert (done.returncode, done.stderr) == (1, "")
        assert "the pack cannot be read to its end" in done.stdout

    @pytest.mark.torture
    def test_a_thousand_tampered_copies_do_not_verify(self, copy, exported):
        assert survivors(copy, exported[2].log_key.public.text, 1000) == []


def survivors(folder: Path, key: str, tries: int) -> list[tuple[str, int]]:
    """Where a flipped bit was not found, of many; half of the times the manifest is made to fit, but for files that say nothing."""
    chance = random.Random(7)
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    manifest, missed = (folder / "manifest.json").read_bytes(), []
    for number in range(tries):
        path = chance.choice(files)
        whole = path.read_bytes()
        place = chance.randrange(len(whole))
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
        fits = number % 2 == 0 and path.name not in {"manifest.json", "verify.py", "README.txt", "checkpoint", "log.key"}
        if fits:
            sealed_again(folder)
        try:
            found = bool(wrong(folder, key))
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            found = True  # `main` says so
        missed += [] if found else [(path.name, place)]
        path.write_bytes(whole)
        (folder / "manifest.json").write_bytes(manifest)
    return missed
