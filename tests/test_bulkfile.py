"""Bulk files: Parquet, CSV and NDJSON in; Parquet and NDJSON out; the same answers from each, in order."""

import json
import os
import subprocess
import sys

import pandas as pd
import pyarrow.parquet as pq
import pytest

from explainer.bulkfile import Job, decide_file
from explainer.errors import BadInput, UnknownLanguage
from explainer.service.bulk import as_line, rehearse
from explainer.service.decide import day_of
from explainer.tabular import cases_of, read_chunks
from tests.cases import entries
from tests.support import MODELS, ROOT

REFUND = "refund_approval"


@pytest.fixture
def cases(sampled):
    return sampled(REFUND, 30)


def written(folder, cases, kind, **columns):
    """A file of cases."""
    path = folder / f"cases.{kind}"
    frame = pd.DataFrame(cases).assign(**columns)
    if kind == "parquet":
        frame.to_parquet(path, index=False)
    elif kind == "csv":
        frame.to_csv(path, index=False)
    else:
        extra = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)] or [{}] * len(cases)
        path.write_text("".join(json.dumps(one | more) + "\n" for one, more in zip(cases, extra, strict=True)))
    return path


def run(services, source, out="out.parquet", *, recorded=False, language="en"):
    folder = source.parent
    shares = []
    job = Job(REFUND, language, recorded, source, folder / out, folder / "rejects.ndjson")
    count = decide_file(job, services, shares.append)
    rejects = [json.loads(line) for line in job.rejects.read_text().splitlines()]
    answers = (
        pq.read_table(job.out).to_pylist() if out.endswith("parquet") else map(json.loads, job.out.read_text("utf-8").splitlines())
    )
    return count, list(answers), rejects, sum(shares)


@pytest.mark.parametrize("kind", ["parquet", "csv", "ndjson"])
@pytest.mark.parametrize("out", ["out.parquet", "out.ndjson"])
class TestEveryForm:
    def test_gives_the_answers_of_one_by_one_in_order(self, tmp_path, services, cases, kind, out):
        source = written(tmp_path, cases, kind)
        count, answers, rejects, done = run(services, source, out)
        serving = services.serving(REFUND)
        (chunk,) = read_chunks(source, serving.release.pack)
        wanted = rehearse(cases_of(chunk, serving.release.pack, "en"), serving, day_of(services.clock(), serving.release), "en")
        assert answers == [as_line(one, serving.release, "en") for one in wanted]
        assert ((count.decided, count.rejected), rejects) == ((30, 0), [])
        assert done == pytest.approx(1.0)


class TestRecording:
    def test_gives_ids_and_remembers_each(self, tmp_path, services, cases):
        names = {"customer": [f"C-{at}" for at in range(30)], "case": [f"R-{at}" for at in range(30)]}
        before = entries(services.settings.home)
        _, answers, _, _ = run(services, written(tmp_path, cases, "csv", **names), recorded=True)
        assert entries(services.settings.home) == before + 30
        assert len({one["id"] for one in answers}) == 30

    def test_without_customers_every_row_is_rejected_and_says_why(self, tmp_path, services, cases):
        before = entries(services.settings.home)
        count, answers, rejects, _ = run(services, written(tmp_path, cases, "parquet"), recorded=True)
        assert (count.decided, count.rejected, answers) == (0, 30, [])
        assert set(rejects[0]["mistakes"]) == {"customer", "case"}
        assert entries(services.settings.home) == before


class TestBadRows:
    def test_go_to_the_rejects_with_their_number_and_every_mistake(self, tmp_path, services, cases):
        cases[3] = cases[3] | {"photos": 2.5, "channel": "pigeon"}
        source = written(tmp_path, cases, "ndjson")
        with source.open("a") as file:
            file.write("{\n")
        count, answers, rejects, _ = run(services, source)
        assert (count.decided, count.rejected) == (29, 2)
        assert [one["row"] for one in rejects] == [4, 31]
        assert set(rejects[0]["mistakes"]["facts"]) == {"photos", "channel"}
        assert [one["row"] for one in answers] == [*range(1, 4), *range(5, 31)]

    def test_text_where_a_number_belongs_in_a_csv(self, tmp_path, services, cases):
        source = written(tmp_path, cases[:2], "csv")
        source.write_text(source.read_text().replace(str(cases[1]["amount"]), "a lot"))
        _, _, rejects, _ = run(services, source)
        assert rejects == [{"row": 2, "mistakes": {"facts": {"amount": "must be a number"}}}]


class TestBadFiles:
    def test_columns_that_do_not_fit_are_all_named(self, tmp_path, services, cases):
        frame = pd.DataFrame(cases).drop(columns=["amount", "gift"]).assign(colour="red")
        frame.to_parquet(tmp_path / "cases.parquet", index=False)
        with pytest.raises(BadInput) as refusal:
            run(services, tmp_path / "cases.parquet")
        for said in ("colour: no such fact", "amount: is required", "gift: is required"):
            assert said in str(refusal.value)

    @pytest.mark.parametrize("name", ["cases.xlsx", "cases", "missing.csv"])
    def test_files_of_no_known_kind_or_place_are_refused(self, tmp_path, services, name):
        if name != "missing.csv":
            (tmp_path / name).write_text("x")
        with pytest.raises(BadInput):
            run(services, tmp_path / name)

    @pytest.mark.parametrize("name", ["cases.parquet", "cases.csv"])
    def test_garbage_is_refused_in_one_sentence(self, tmp_path, services, name):
        (tmp_path / name).write_bytes(b"\x00\xff garbage \xfe" * 50)
        with pytest.raises(BadInput):
            run(services, tmp_path / name)

    def test_a_language_nobody_speaks_is_refused_before_anything_is_written(self, tmp_path, services, cases):
        with pytest.raises(UnknownLanguage):
            run(services, written(tmp_path, cases, "csv"), language="tlh")
        assert not (tmp_path / "out.parquet").exists()

    def test_an_answer_file_of_another_kind_is_refused(self, tmp_path, services, cases):
        with pytest.raises(BadInput, match=r"must end in one of \.parquet"):
            run(services, written(tmp_path, cases, "csv"), "out.csv")


class TestMemory:
    @pytest.mark.slow
    def test_is_flat_however_long_the_file(self, tmp_path, trained_home, sampled):
        """A file ten times as long takes no more memory, but for a tenth."""
        peaks = []
        for times in (10, 100):
            cases = sampled(REFUND, 500) * times
            source = written(tmp_path, cases, "parquet")
            script = (
                "import sys, resource; from explainer.cli import main\n"
                f"sys.argv = ['explainer', 'bulk', '{REFUND}', '{source}', '{tmp_path / 'out.parquet'}', '--dry-run']\n"
                "try: main()\nexcept SystemExit: pass\n"
                "print(max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))"
            )
            environment = os.environ | {"EXPLAINER_HOME": str(trained_home), "EXPLAINER_MODELS": str(MODELS)}
            command = [sys.executable, "-c", script]
            ran = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300)
            assert f"{len(cases):,} decided" in ran.stdout, ran.stderr
            peaks.append(int(ran.stdout.split()[-1]))
        assert peaks[1] < 1.1 * peaks[0]
        assert peaks[1] < 1_500_000  # kB
