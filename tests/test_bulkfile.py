"""Bulk files: Parquet, CSV and NDJSON in; Parquet and NDJSON out; the same answers from each, in order."""

import gc
import json
import os
import resource
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explainer import bulkfile
from explainer.bulkfile import Job, decide_file
from explainer.errors import BadInput, Unavailable, UnknownLanguage
from explainer.lines import UNCLOSED
from explainer.road import travel
from explainer.service.bulk import Result, as_line
from explainer.service.decide import day_of
from explainer.service.inspect import find, signed_receipt
from explainer.service.oversee import set_preference
from explainer.tabular import LONGEST, ROWS, read_chunks
from tests.bulkfiles import REFUND, written
from tests.cases import entries


@contextmanager
def room_for(size):
    """No file can grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def cases(sampled):
    return sampled(REFUND, 30)


def run(services, source, out="out.parquet", *, recorded=False, language="en", recourse=False):
    folder = source.parent
    shares = []
    job = Job(REFUND, language, recorded, source, folder / out, folder / "rejects.ndjson", recourse)
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
        day = day_of(services.clock(), serving.release)
        alone = [travel(facts, serving.release, serving.kernel, day) for facts in cases]
        assert answers == [as_line(Result(row, None, one), serving.release, "en") for row, one in enumerate(alone, 1)]
        assert ((count.decided, count.rejected), rejects) == ((30, 0), [])
        assert done == pytest.approx(1.0)


# A column of another kind than usual: the fact it holds, and how it is made.
COLUMNS = {
    "decimal": ("amount", lambda column: column.cast(pa.decimal128(12, 2))),
    "large text": ("channel", lambda column: column.cast(pa.large_string())),
    "dictionary": ("reason", lambda column: column.dictionary_encode()),
    "text numbers": ("orders_12_months", lambda column: column.cast(pa.string())),
}


def recast(path, *kinds):
    """The file again, with columns of those kinds."""
    table = pq.read_table(path)
    for name, cast in map(COLUMNS.__getitem__, kinds):
        table = table.set_column(table.schema.get_field_index(name), name, cast(table.column(name)))
    pq.write_table(table, path)


def spoil(path, *names, row, cast):
    """The file again, with cells in a row of those columns that are not UTF-8."""
    table = pq.read_table(path)
    for name in names:
        cells = pa.array([b"caf\xe9" if at == row else text.encode() for at, text in enumerate(table.column(name).to_pylist())])
        column = pa.Array.from_buffers(pa.string(), len(cells), cells.buffers())
        table = table.set_column(table.schema.get_field_index(name), name, cast(column))
    pq.write_table(table, path)


class TestManyChunks:
    """Longer files are decided by other processes, and what goes to them and comes back is the same as here."""

    @pytest.mark.parametrize("kind", ["parquet", "csv", "ndjson"])
    def test_give_the_answers_and_rejects_of_short_files(self, tmp_path, services, cases, kind):
        cases[3] = cases[3] | {"channel": "pigeon"}
        short, times = run(services, written(tmp_path, cases, kind))[1:3], ROWS // len(cases) + 1
        source = written(tmp_path, cases * times, kind)
        if kind == "parquet":
            recast(source, *COLUMNS)
        (tmp_path / "out.parquet").unlink()
        count, answers, rejects, done = run(services, source)
        numbered = [[one | {"row": one["row"] + 30 * again} for again in range(times) for one in some] for some in short]
        assert (answers, rejects) == tuple(numbered)
        assert (count.decided, count.rejected) == (29 * times, times)
        assert done == pytest.approx(1.0)

    def test_are_decided_on_one_day_by_one_release(self, tmp_path, services, cases, monkeypatch):
        """Those of the day on which the run began, and of the release that was in use then."""
        asked, active = [], type(services).active_digest
        monkeypatch.setattr(type(services), "active_digest", lambda self, pack: asked.append(pack) or active(self, pack))
        days = iter(datetime(2027, 6, 1, tzinfo=UTC) - timedelta(days=400 * again) for again in range(99))
        dear = [one | {"amount": 800.0} for one in cases]
        first, *_ = run(replace(services, clock=lambda: datetime(2027, 6, 1, tzinfo=UTC)), written(tmp_path, dear, "csv"))[1:]
        asked.clear()
        times = ROWS // len(cases) + 1
        answers = run(replace(services, clock=lambda: next(days)), written(tmp_path, dear * times, "csv"))[1]
        assert answers == [one | {"row": one["row"] + 30 * again} for again in range(times) for one in first]
        assert asked == [REFUND]

    def test_start_other_processes_and_a_single_one_does_not(self, tmp_path, services, cases, monkeypatch):
        started = []
        monkeypatch.setattr(bulkfile, "_everywhere", lambda *_: started.append(1) or iter(()))
        run(services, written(tmp_path, (cases * 134)[:ROWS], "ndjson"))
        assert started == []
        run(services, written(tmp_path, (cases * 134)[: ROWS + 1], "ndjson"))
        assert started == [1]


@pytest.mark.parametrize("recorded", [True, False])
def test_what_would_have_changed_it_is_told_when_asked_for(tmp_path, services, cases, recorded):
    names = {"customer": [f"C-{at}" for at in range(30)], "case": [f"R-{at}" for at in range(30)]}
    _, answers, _, _ = run(services, written(tmp_path, cases, "parquet", **names), recorded=recorded, recourse=True)
    serving = services.serving(REFUND)
    day = day_of(services.clock(), serving.release)
    alone = [travel(facts, serving.release, serving.kernel, day).texts["en"]["recourse"] for facts in cases]
    assert [one["recourse_en"] for one in answers] == [[one.text for one in said] for said in alone]
    assert any(alone)


class TestRecording:
    def test_gives_ids_and_remembers_each(self, tmp_path, services, cases):
        names = {"customer": [f"C-{at}" for at in range(30)], "case": [f"R-{at}" for at in range(30)]}
        before = entries(services.settings.home)
        _, answers, _, _ = run(services, written(tmp_path, cases, "csv", **names), recorded=True)
        assert entries(services.settings.home) == before + 30
        assert len({one["id"] for one in answers}) == 30

    @pytest.mark.parametrize("out", ["out.parquet", "out.ndjson"])
    def test_gives_each_its_receipt(self, tmp_path, services, cases, out):
        names = {"customer": [f"C-{at}" for at in range(30)], "case": [f"R-{at}" for at in range(30)]}
        _, answers, _, _ = run(services, written(tmp_path, cases, "csv", **names), out, recorded=True)
        for one in answers:
            assert one["receipt"] == signed_receipt(find(one["id"], services).receipt, services)

    def test_without_customers_every_row_is_rejected_and_says_why(self, tmp_path, services, cases):
        before = entries(services.settings.home)
        count, answers, rejects, _ = run(services, written(tmp_path, cases, "parquet"), recorded=True)
        assert (count.decided, count.rejected, answers) == (0, 30, [])
        assert set(rejects[0]["mistakes"]) == {"customer", "case"}
        assert entries(services.settings.home) == before

    def test_a_case_sent_again_in_another_form_and_language_is_not_decided_twice(self, tmp_path, services, cases):
        names = {"customer": [f"C-{at}" for at in range(30)], "case": [f"R-{at}" for at in range(30)]}
        first = run(services, written(tmp_path, cases, "ndjson", **names), recorded=True)[1]
        before = entries(services.settings.home)
        for kind, language in (("csv", "en"), ("parquet", "es")):
            count, again, rejects, _ = run(services, written(tmp_path, cases, kind, **names), recorded=True, language=language)
            assert ((count.decided, rejects), [one["id"] for one in again]) == ((30, []), [one["id"] for one in first])
        assert entries(services.settings.home) == before

    def test_who_opted_out_is_sent_to_a_person_from_every_form(self, tmp_path, services, cases):
        set_preference("14533823", "opted_out", "test", services)
        for kind, customer in (("csv", "14533823"), ("parquet", 14533823), ("ndjson", "14533823")):
            names = {"customer": [customer] * 30, "case": [f"{kind}-{at}" for at in range(30)]}
            _, answers, _, _ = run(services, written(tmp_path, cases, kind, **names), recorded=True)
            assert {one["decisive"] for one in answers} == {"permission"}

    def test_customers_that_a_table_turned_into_floats_are_refused(self, tmp_path, services, cases):
        """One missing value makes floats of whole numbers, and 14533823.0 is nobody."""
        names = {"customer": [14533823, None] * 15, "case": [f"R-{at}" for at in range(30)]}
        with pytest.raises(BadInput, match="customer: cannot be read from double"):
            run(services, written(tmp_path, cases, "parquet", **names), recorded=True)


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

    def test_records_of_the_wrong_length_and_blank_lines_keep_their_numbers(self, tmp_path, services, cases):
        source = written(tmp_path, cases[:3], "csv")
        header, one, two, three = source.read_text().splitlines()
        source.write_text("\ufeff" + "\n".join([header, one, "", two + ",more", three, ""]), encoding="utf-8")
        _, answers, rejects, _ = run(services, source)
        assert [one["row"] for one in answers] == [1, 4]
        assert rejects == [{"row": 3, "mistakes": {"line": "must have 17 values, and has 18"}}]

    @pytest.mark.parametrize("recorded", [True, False])
    @pytest.mark.parametrize("cast", [lambda column: column, pa.Array.dictionary_encode], ids=["text", "dictionary"])
    def test_a_cell_of_parquet_that_is_not_utf_8_costs_its_row_and_no_other(self, tmp_path, services, cases, recorded, cast):
        cases[7] = cases[7] | {"photos": 2.5}
        names = {"customer": [f"C-{at}" for at in range(30)], "case": [f"R-{at}" for at in range(30)]}
        source = written(tmp_path, cases, "parquet", **names)
        spoil(source, "channel", "customer", row=7, cast=cast)
        count, answers, rejects, _ = run(services, source, recorded=recorded)
        assert (count.decided, [one["row"] for one in answers]) == (29, [*range(1, 8), *range(9, 31)])
        wrong = {"channel": "must be UTF-8", "photos": "must be a whole number"}
        assert rejects == [{"row": 8, "mistakes": {"customer": "must be UTF-8", "facts": wrong}}]

    @pytest.mark.parametrize("recorded", [True, False])
    def test_each_bad_record_of_csv_costs_its_row_and_no_other(self, tmp_path, services, cases, recorded):
        names = {"customer": [f"C-{at}" for at in range(8)], "case": [f"R-{at}" for at in range(8)]}
        source = written(tmp_path, cases[:8], "csv", **names)
        header, *rows = source.read_bytes().splitlines()
        rows[1] = rows[1].replace(cases[1]["channel"].encode(), b"caf\xe9").replace(b"C-1,", b"C/1,")
        rows[2] = b'"a"b' + rows[2]
        rows[3] = b'"' + rows[3]
        rows[4] = rows[4].replace(cases[4]["channel"].encode(), b"x" * 200_000)
        rows[5] = rows[5].replace(cases[5]["channel"].encode(), b"x" * LONGEST)
        source.write_bytes(b"\n".join([header, *rows]))
        _, answers, rejects, done = run(services, source, recorded=recorded)
        assert ([one["row"] for one in answers], [one["row"] for one in rejects]) == ([1, 7, 8], [2, 3, 4, 5, 6])
        wrong = [one["mistakes"] for one in rejects]
        assert (wrong[0]["facts"], set(wrong[0])) == ({"channel": "must be UTF-8"}, {"facts", "customer"})
        assert wrong[1:3] == [{"line": UNCLOSED}] * 2
        assert set(wrong[3]["facts"]) == {"channel"}
        assert wrong[4] == {"line": f"must have at most {LONGEST} characters"}
        assert done == pytest.approx(1.0)

    def test_a_line_that_is_too_long_costs_its_row_and_no_other(self, tmp_path, services, cases):
        source = written(tmp_path, cases[:2], "ndjson")
        first, second = source.read_bytes().splitlines(keepends=True)
        source.write_bytes(first + b'{"note": "' + b"x" * LONGEST + b'"}\n' + second)
        _, answers, rejects, done = run(services, source)
        assert [one["row"] for one in answers] == [1, 3]
        assert rejects == [{"row": 2, "mistakes": {"line": f"must have at most {LONGEST} bytes"}}]
        assert done == pytest.approx(1.0)

    @pytest.mark.parametrize("kind", ["ndjson", "csv"])
    def test_long_rows_come_in_smaller_batches(self, tmp_path, services, kind):
        path, pack = tmp_path / f"cases.{kind}", services.serving(REFUND).release.pack
        header = ",".join(pack.names) + "\n" if kind == "csv" else ""
        path.write_text(header + f"{'x' * (LONGEST // 2)}\n" * 20)
        assert [len(one.rows) for one in read_chunks(path, pack)] == [4, 4, 4, 4, 4]

    def test_half_a_surrogate_pair_is_one_bad_row(self, tmp_path, services, cases):
        source = written(tmp_path, cases[:1], "ndjson")
        with source.open("a") as file:
            file.write('{"facts": {"\\ud800": 1}}\n')
        count, _, rejects, _ = run(services, source)
        assert (count.decided, count.rejected) == (1, 1)
        assert rejects[0]["mistakes"] == {"line": "holds half of a surrogate pair"}


class TestColumns:
    @pytest.mark.parametrize("kind", COLUMNS)
    def test_of_every_usual_kind_are_read(self, tmp_path, services, cases, kind):
        plain = run(services, written(tmp_path, cases, "parquet"))[1]
        recast(tmp_path / "cases.parquet", kind)
        assert run(services, tmp_path / "cases.parquet")[1] == plain

    def test_of_names_alone_lose_no_row(self, tmp_path, services):
        path = tmp_path / "cases.ndjson"
        path.write_text('{"customer": "C-1", "case": "R-1"}\n' * 2)
        count, _, rejects, _ = run(services, path)
        assert (count.rejected, [one["row"] for one in rejects]) == (2, [1, 2])


class TestFilesOfYours:
    @pytest.mark.parametrize("same", ["out", "rejects", "both"])
    def test_are_never_written_over(self, tmp_path, services, cases, same):
        source = written(tmp_path, cases, "ndjson")
        before = source.read_bytes()
        out, rejects = tmp_path / "out.ndjson", tmp_path / "rejects.ndjson"
        places = {"out": (source, rejects), "rejects": (out, source), "both": (out, out)}[same]
        with pytest.raises(BadInput, match="three different files"):
            decide_file(Job(REFUND, "en", False, source, *places), services, lambda _share: None)
        assert source.read_bytes() == before

    def test_stay_as_they_were_when_the_input_is_bad(self, tmp_path, services):
        (tmp_path / "out.parquet").write_text("yesterday")
        (tmp_path / "cases.csv").write_text("colour\nred\n")
        with pytest.raises(BadInput):
            run(services, tmp_path / "cases.csv")
        assert (tmp_path / "out.parquet").read_text() == "yesterday"

    def test_are_whole_or_not_there(self, tmp_path, services, cases):
        source = written(tmp_path, cases * 40, "ndjson")
        seen = []

        def stop(_share):
            seen.append(1)
            raise KeyboardInterrupt

        job = Job(REFUND, "en", True, source, tmp_path / "out.parquet", tmp_path / "rejects.ndjson")
        with pytest.raises(KeyboardInterrupt):
            decide_file(job, services, stop)
        assert seen
        assert {one.name for one in tmp_path.glob("*.*")} == {source.name}  # nor the .part of either

    def test_of_a_folder_that_is_not_there_are_named(self, tmp_path, services, cases):
        source = written(tmp_path, cases, "ndjson")
        job = Job(REFUND, "en", False, source, tmp_path / "no" / "out.parquet", tmp_path / "rejects.ndjson")
        with pytest.raises(BadInput, match=r"no/out\.parquet"):
            decide_file(job, services, lambda _share: None)

    @pytest.mark.parametrize("folder", ["out.ndjson", "rejects.ndjson"])
    def test_of_the_name_of_a_folder_are_refused_before_anything_is_decided(self, tmp_path, services, cases, folder):
        names = {"customer": ["C-1"] * 30, "case": [f"R-{at}" for at in range(30)]}
        before, source = entries(services.settings.home), written(tmp_path, cases, "ndjson", **names)
        (tmp_path / folder).mkdir()
        with pytest.raises(BadInput, match=rf"{folder}: is a folder"):
            run(services, source, "out.ndjson", recorded=True)
        assert entries(services.settings.home) == before

    @pytest.mark.parametrize("link", [os.symlink, os.link])
    @pytest.mark.parametrize("part", ["out.ndjson.part", "rejects.ndjson.part"])
    def test_are_not_written_through_a_link(self, tmp_path, services, cases, link, part):
        source = written(tmp_path, cases, "ndjson")
        before = source.read_bytes()
        link(source, tmp_path / part)
        assert run(services, source, "out.ndjson")[0].decided == 30
        assert source.read_bytes() == before

    def test_that_are_called_as_parts_are_not_written_over(self, tmp_path, services, cases):
        part = written(tmp_path, cases, "ndjson").rename(tmp_path / "out.ndjson.part")
        source = tmp_path / "cases.ndjson"
        source.symlink_to(part)
        with pytest.raises(BadInput, match="three different files"):
            run(services, source, "out.ndjson")
        assert part.exists()

    @pytest.mark.parametrize("out", ["out.parquet", "out.ndjson"])
    def test_that_no_room_is_left_for_are_named_and_what_to_do(self, tmp_path, services, cases, out, capfd):
        source = written(tmp_path, cases * 5, "csv")
        with room_for(4_000), pytest.raises(Unavailable) as refusal:
            run(services, source, out)
        gc.collect()
        assert all(said in str(refusal.value) for said in (out, "File too large", "run the same command again", "is remembered"))
        assert {one.name for one in tmp_path.glob("*.*")} == {source.name}
        assert capfd.readouterr() == ("", "")


def test_answers_of_many_batches_stand_in_few_row_groups(tmp_path, services, cases):
    """The footer names each group, and is kept in memory until the last."""
    names = {"customer": ["C-1"] * 1200, "case": [f"R-{at}" for at in range(1200)]}
    run(services, written(tmp_path, cases * 40, "parquet", **names), recorded=True)
    assert pq.ParquetFile(tmp_path / "out.parquet").metadata.num_row_groups == 1


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

    @pytest.mark.parametrize("header", [b"caf\xe9,amount\n", b'"a"b,amount\n'])
    def test_a_bad_first_line_of_csv_is_refused_in_words_that_can_be_printed(self, tmp_path, services, header):
        (tmp_path / "cases.csv").write_bytes(header)
        with pytest.raises(BadInput) as refusal:
            run(services, tmp_path / "cases.csv")
        assert str(refusal.value).encode()

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
