"""Tables on disk: a cache that is made again whenever it cannot be trusted, and shared when it can."""

import shutil

import numpy as np
import pytest

from explainer.attributions.kernel import Kernel
from explainer.service import tables
from explainer.service.tables import open_kernel


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
        first = said(open_kernel(release, tmp_path), releases)
        monkeypatch.setattr(Kernel, "of", None)  # folding again would fail
        assert said(open_kernel(release, tmp_path), releases) == first

    def test_gives_the_bits_of_a_kernel_folded_now(self, tmp_path, release, releases):
        open_kernel(release, tmp_path)
        now = Kernel.of(release.model_text, release.reference, release.method)
        assert said(open_kernel(release, tmp_path), releases) == said(now, releases)

    def test_is_mapped_not_copied(self, tmp_path, release):
        kernel = open_kernel(release, tmp_path)
        largest = max(kernel.arrays().values(), key=lambda one: one.nbytes)
        assert isinstance(largest.base, np.memmap) or isinstance(getattr(largest.base, "base", None), np.memmap)

    @pytest.mark.parametrize("damage", ["cut", "flipped", "missing", "no sums"])
    def test_that_is_damaged_is_made_again(self, tmp_path, release, releases, damage):
        first = said(open_kernel(release, tmp_path), releases)
        table = folder_of(tmp_path) / "tables.push.npy"
        data = bytearray(table.read_bytes())
        if damage == "cut":
            table.write_bytes(data[:-8])
        elif damage == "flipped":
            data[-1] ^= 1
            table.write_bytes(data)
        elif damage == "missing":
            table.unlink()
        else:
            (folder_of(tmp_path) / tables.SUMS).unlink()
        assert said(open_kernel(release, tmp_path), releases) == first
        assert (folder_of(tmp_path) / "tables.push.npy").stat().st_size == len(data)

    def test_of_other_code_is_not_used(self, tmp_path, release, monkeypatch):
        open_kernel(release, tmp_path)
        monkeypatch.setattr(tables, "SOURCES", "f" * 16)
        open_kernel(release, tmp_path)
        assert len(list((tmp_path / "tables").iterdir())) == 2

    def test_that_cannot_be_written_is_done_without(self, tmp_path, release, releases):
        first = said(open_kernel(release, tmp_path / "one"), releases)
        (tmp_path / "two").write_text("a file where the folder would be")
        assert said(open_kernel(release, tmp_path / "two"), releases) == first

    def test_holds_no_value_of_a_customer(self, tmp_path, release):
        open_kernel(release, tmp_path)
        names = {path.name.split(".")[0] for path in folder_of(tmp_path).glob("*.npy")}
        assert names == {"book", "masks", "tables", "deep"}

    def test_may_be_deleted_at_any_time(self, tmp_path, release, releases):
        kernel = open_kernel(release, tmp_path)
        before = said(kernel, releases)
        shutil.rmtree(tmp_path / "tables")
        assert said(kernel, releases) == before
