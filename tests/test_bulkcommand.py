"""Bulk as a command: its processes, what they take and how they end."""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from explainer.tabular import ROWS
from tests.bulkfiles import EXPLAINER, REFUND, bulk, have_ended, hears_interruptions, in_home, started, written
from tests.support import ROOT


@pytest.fixture
def cases(sampled):
    return sampled(REFUND, 30)


def memory_of(process):
    """What a process and those it started take together, kB; pages that they share are counted once."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    own = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return own + sum(memory_of(one) for one in started(process))


def most_memory_of(command, environment):
    """The most that a command and its processes took at any time, kB, and what it said."""
    ran = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    most = 0
    while ran.poll() is None:
        with suppress(OSError):  # one of them has just ended
            most = max(most, memory_of(ran.pid))
        time.sleep(0.05)
    return most, ran.communicate()[0]


class TestOtherProcesses:
    def test_give_the_answers_of_one(self, tmp_path, trained_home, cases):
        """Of a file that is long enough for others to start, and of one whose cases are decided by the command itself."""
        cases[3] = cases[3] | {"channel": "pigeon"}
        told = []
        for times in (1, ROWS // len(cases) + 1):
            source, out = written(tmp_path, cases * times, "csv"), tmp_path / "out.ndjson"
            command = [EXPLAINER, "bulk", REFUND, str(source), str(out), "--dry-run"]
            subprocess.run(command, env=in_home(trained_home), cwd=ROOT, check=True, capture_output=True)
            files = (out, tmp_path / "out.ndjson.rejects.ndjson")
            told.append([[json.loads(line) for line in one.read_text("utf-8").splitlines()] for one in files])
        short, long = told
        assert [len(one) for one in short] == [29, 1]
        assert long == [[one | {"row": one["row"] + 30 * again} for again in range(times) for one in some] for some in short]

    def test_begin_without_an_open_database(self, tmp_path, trained_home, cases):
        """A copy of a connection is two of one: SQLite would trust locks that only the first process holds."""
        source, seen = written(tmp_path, cases * 400, "parquet"), []
        ran = subprocess.Popen(bulk(source, "--dry-run"), env=in_home(trained_home), cwd=ROOT, stdout=subprocess.PIPE)
        while ran.poll() is None:
            if started(ran.pid):
                seen.append([file for file in opened_by(ran.pid) if ".sqlite3" in file])
        assert ran.communicate()[0].startswith(b"12,000 decided")
        assert seen
        assert not any(seen), seen


def opened_by(process):
    found = []
    for one in Path(f"/proc/{process}/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            found.append(str(one.readlink()))
    return found


class TestAnEnd:
    @pytest.fixture
    def running(self, tmp_path, trained_home, cases):
        """The command with its processes at work on a long file."""
        source = written(tmp_path, cases * 1000, "parquet")
        ran = subprocess.Popen(
            bulk(source, "--dry-run"), env=in_home(trained_home), cwd=ROOT, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=hears_interruptions,  # noqa: PLW1509 -- no other thread is at work here
        )  # fmt: skip
        while len(started(ran.pid)) < len(os.sched_getaffinity(0)):
            assert ran.poll() is None
            time.sleep(0.01)
        yield ran
        with suppress(ProcessLookupError):
            os.killpg(ran.pid, signal.SIGKILL)

    @pytest.mark.parametrize("after", [0.0, 0.5], ids=["as they begin", "at work"])
    @pytest.mark.parametrize(("end", "number"), [(os.killpg, signal.SIGINT), (os.kill, signal.SIGTERM)], ids=["Ctrl-C", "SIGTERM"])
    def test_that_was_asked_for_is_one_line_and_leaves_nothing(self, running, tmp_path, end, number, after):
        time.sleep(after)
        end(running.pid, number)
        assert running.communicate(timeout=60)[1].split() == ["Aborted!"]
        assert running.returncode == 1
        assert {one.name for one in tmp_path.glob("*.*")} == {"cases.parquet"}

    def test_of_the_first_process_is_that_of_the_others(self, running):
        others = started(running.pid)
        running.kill()
        running.communicate(timeout=60)  # returns when nobody holds its streams any more
        assert have_ended(others)


class TestMemory:
    @pytest.mark.parametrize(
        "bad",
        [
            pytest.param(False, id="good rows", marks=pytest.mark.torture),
            pytest.param(True, id="every other row bad", marks=pytest.mark.slow),  # fills both files, each half as much
        ],
    )
    def test_of_all_processes_together_is_flat_however_long_the_file(self, tmp_path, trained_home, sampled, bad):
        """A file twice as long takes no more memory, but for a tenth; in a short one processes still share what they began with."""
        peaks = []
        for times in (120, 240):
            cases = [one | ({"channel": "pigeon"} if bad and at % 2 else {}) for at, one in enumerate(sampled(REFUND, 500))] * times
            source = written(tmp_path, cases, "parquet")
            peak, said = most_memory_of(bulk(source, "--dry-run"), in_home(trained_home))
            decided = len(cases) // 2 if bad else len(cases)
            assert f"{decided:,} decided" in said
            peaks.append(peak)
        assert peaks[1] < 1.1 * peaks[0], peaks
        assert peaks[1] < 1_500_000  # kB

    @pytest.mark.slow
    @pytest.mark.parametrize("options", [[], ["--dry-run"]], ids=["recorded", "rehearsed"])
    def test_is_flat_however_many_lines_are_as_long_as_they_may_be(self, tmp_path, home, sampled, options):
        source, peaks = tmp_path / "cases.ndjson", []
        good, long = (json.dumps(sampled(REFUND, 1)[0] | more) for more in ({}, {"note": [*map(str, range(100_000))]}))
        for times in (16, 48):
            source.write_text(f"{good}\n{long}\n" * times)
            peak, said = most_memory_of(bulk(source, *options), in_home(home))
            assert f"{2 * times if not options else times:,} rejected" in said
            peaks.append(peak)
        assert peaks[1] < 1.1 * peaks[0], peaks
