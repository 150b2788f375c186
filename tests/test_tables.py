"""Tables on disk: a cache that is made again whenever it cannot be trusted, and shared when it can."""

import hashlib
import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from explainer import tables
from explainer.attributions.kernel import Kernel
from explainer.errors import Contradiction, ReleaseTampered
from explainer.tables import open_kernel

SECRET = b"s" * 32


@pytest.fixture
def release(releases):
    return releases["refund_approval"][0]


def folder_of(home):
    (folder,) = (home / "tables").iterdir()
    return folder


def said(kernel, releases):
    release, _ = releases["refund_approval"]
    rows = np.zeros((3, len(release.pack.features)))
    return kernel.explain_many(rows)[1].tobytes()


class TestTheCache:
    def test_is_made_at_the_first_use_and_read_at_the_second(self, tmp_path, release, releases, monkeypatch):
        first = said(open_kernel(release, tmp_path, SECRET), releases)
        monkeypatch.setattr(tables, "fold", None)  # folding again would fail
        assert said(open_kernel(release, tmp_path, SECRET), releases) == first

    def test_gives_the_bits_of_a_kernel_folded_now(self, tmp_path, release, releases):
        open_kernel(release, tmp_path, SECRET)
        now = Kernel.of(release.model_text, release.reference, release.method)
        assert said(open_kernel(release, tmp_path, SECRET), releases) == said(now, releases)

    def test_keeps_no_tables_of_releases_that_are_gone_nor_of_older_code(self, tmp_path, release, releases):
        other = releases["priority_scoring"][0]
        (tmp_path / "releases" / other.digest).mkdir(parents=True)
        mapped = open_kernel(release, tmp_path, SECRET)
        first = said(mapped, releases)
        old = folder_of(tmp_path)
        old.rename(old.with_name(f"{release.digest}-0123456789abcdef"))
        gone = tmp_path / "tables" / f"{'0' * 64}-0123456789abcdef"
        gone.mkdir()
        open_kernel(other, tmp_path, SECRET)
        open_kernel(release, tmp_path, SECRET)
        assert {one.name.partition("-")[0] for one in (tmp_path / "tables").iterdir()} == {release.digest, other.digest}
        assert len(list((tmp_path / "tables").iterdir())) == 2
        assert said(mapped, releases) == first  # who had mapped what was removed is not harmed

    def test_is_mapped_not_copied(self, tmp_path, release):
        kernel = open_kernel(release, tmp_path, SECRET)
        largest = kernel.tables.push
        assert isinstance(largest.base, np.memmap) or isinstance(getattr(largest.base, "base", None), np.memmap)

    @pytest.mark.parametrize("damage", ["cut", "flipped", "missing", "no list", "no seal", "other seal"])
    def test_that_is_damaged_is_made_again(self, tmp_path, release, releases, damage):
        first = said(open_kernel(release, tmp_path, SECRET), releases)
        table = folder_of(tmp_path) / "push.npy"
        data = bytearray(table.read_bytes())
        if damage == "cut":
            table.write_bytes(data[:-8])
        elif damage == "flipped":
            data[-1] ^= 1
            table.write_bytes(data)
        elif damage == "missing":
            table.unlink()
        elif damage == "other seal":
            (folder_of(tmp_path) / tables.SEAL).write_text("0" * 64)
        else:
            (folder_of(tmp_path) / (tables.LISTING if damage == "no list" else tables.SEAL)).unlink()
        assert said(open_kernel(release, tmp_path, SECRET), releases) == first
        assert (folder_of(tmp_path) / "push.npy").stat().st_size == len(data)

    def test_of_other_code_is_not_used(self, tmp_path, release, monkeypatch):
        open_kernel(release, tmp_path, SECRET)
        monkeypatch.setattr(tables, "SOURCES", "f" * 16)
        open_kernel(release, tmp_path, SECRET)
        assert folder_of(tmp_path).name == f"{release.digest}-{'f' * 16}"

    def test_that_cannot_be_written_is_done_without(self, tmp_path, release, releases):
        first = said(open_kernel(release, tmp_path / "one", SECRET), releases)
        (tmp_path / "two").write_text("a file where the folder would be")
        assert said(open_kernel(release, tmp_path / "two", SECRET), releases) == first

    def test_that_was_forged_with_sums_of_its_own_is_not_used(self, tmp_path, release, releases):
        """Whoever can write files but does not hold the deployment's secret changes no decision and no explanation."""
        first = said(open_kernel(release, tmp_path, SECRET), releases)
        folder = folder_of(tmp_path)
        push = np.load(folder / "push.npy")
        np.save(folder / "push.npy", np.zeros_like(push))
        sums = json.loads((folder / tables.LISTING).read_bytes())
        sums["push.npy"] = hashlib.sha256((folder / "push.npy").read_bytes()).hexdigest()
        (folder / tables.LISTING).write_text(json.dumps(sums))
        assert said(open_kernel(release, tmp_path, SECRET), releases) == first

    def test_of_another_release_is_not_used_under_this_ones_name(self, tmp_path, release, releases):
        """Whole and sealed, but with other shapes: compiled code would read beyond its end."""
        other, _ = releases["priority_scoring"]
        (mine, theirs), kernels = (tmp_path / "mine", tmp_path / "theirs"), []
        for home, one in ((mine, release), (theirs, other)):
            kernels.append(open_kernel(one, home, SECRET))
        place = folder_of(mine)
        shutil.rmtree(place)
        shutil.copytree(folder_of(theirs), place)
        again = open_kernel(release, mine, SECRET)
        assert again.tables.push.tobytes() == kernels[0].tables.push.tobytes() != kernels[1].tables.push.tobytes()

    def test_leaves_nothing_behind_when_the_disk_is_full(self, tmp_path, release, monkeypatch):
        def full(*_args, **_more):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(np, "save", full)
        open_kernel(release, tmp_path, SECRET)
        assert list((tmp_path / "tables").iterdir()) == []

    def test_may_be_deleted_at_any_time(self, tmp_path, release, releases):
        kernel = open_kernel(release, tmp_path, SECRET)
        before = said(kernel, releases)
        shutil.rmtree(tmp_path / "tables")
        assert said(kernel, releases) == before


class TestReleasesThatMustNotBeServed:
    """Compiled code does not look where an array ends: what does not fit together is refused before."""

    def refused(self, release, tmp_path):
        with pytest.raises(ReleaseTampered):
            open_kernel(release, tmp_path, SECRET)

    @pytest.mark.parametrize("spoil", ["beyond", "narrow", "empty", "float", "swapped"])
    def test_a_reference_population_of_another_model(self, release, tmp_path, spoil):
        codes = release.reference
        spoiled = {
            "beyond": np.where(np.arange(codes.shape[1]) == 3, np.uint16(60_000), codes),
            "narrow": codes[:, :-1],
            "empty": codes[:0],
            "float": codes.astype(float),
            "swapped": codes[:, ::-1],
        }
        self.refused(replace(release, reference=spoiled[spoil]), tmp_path)

    def test_a_model_with_other_features_than_its_pack(self, release, tmp_path):
        self.refused(replace(release, model_text=release.model_text.replace("amount reason", "reason amount")), tmp_path)

    def test_a_model_that_is_not_sound(self, release, tmp_path):
        self.refused(replace(release, model_text=release.model_text.replace("num_leaves=6", "num_leaves=7", 1)), tmp_path)

    def test_a_row_of_another_width_is_never_explained(self, releases):
        kernel = releases["refund_approval"][1]
        for explain in (lambda: kernel.explain(np.zeros(3)), lambda: kernel.explain_many(np.zeros((2, 40)))):
            with pytest.raises(Contradiction):
                explain()
