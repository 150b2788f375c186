"""Mailing: letters about many decisions in a folder, each remembered; run again, only what is missing."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest

from explainer.errors import BadInput
from explainer.mailing import MANIFEST, Count, Mailing, write_letters
from explainer.service.decide import Case, decide
from explainer.service.inspect import Wanted, compose, find
from explainer.service.wiring import open_services
from tests.cases import ENDS, ending, rows
from tests.support import SHIPPED
from tests.test_cli import runner

SINCE = datetime(2026, 5, 4, tzinfo=UTC)
TOLD = [end for end in ENDS if end[2] in {"rule", "score"}]


@pytest.fixture
def told(services) -> list[str]:
    """Ids of decisions of both packs, one a minute, in turns in English and Spanish."""
    made = []
    for number, (pack, outcome, by) in enumerate(TOLD):
        facts = ending(services.serving(pack).release, outcome, by)
        case = Case(pack, f"C-{number}", f"R-{number}", ("en", "es")[number % 2], facts)
        made.append(decide(case, f"key-{number}", services).record.id)
        services.clock.move(minutes=1)
    return made


@pytest.fixture
def mail(services, tmp_path):
    """Writes letters into one folder; gives what was counted."""
    folder = tmp_path / "letters"

    def write(form="text", locale=None, **more):
        return write_letters(Mailing(folder, form, locale, "ana", **({"since": SINCE} | more)), services, lambda _done, _all: None)

    write.folder = folder
    return write


def views(home) -> int:
    return int(rows(home, "SELECT count(*) FROM entries WHERE kind = 'view'")[0][0])


def manifest(folder) -> list[dict]:
    return [json.loads(line) for line in (folder / MANIFEST).read_text("utf-8").splitlines()]


class TestWriting:
    @pytest.mark.parametrize(("form", "ending"), [("text", "txt"), ("html", "html"), ("pdf", "pdf")])
    def test_every_decision_has_its_letter_in_its_own_language(self, mail, services, told, form, ending):
        assert mail(form) == Count(written=len(told))
        for number, one in enumerate(told):
            language = ("en", "es")[number % 2]
            written = compose(find(one, services), Wanted(form, language), services)
            assert (mail.folder / f"{one}.{language}.{ending}").read_bytes() == written

    def test_one_language_can_be_chosen_for_all(self, mail, told):
        mail(locale="es")
        assert {path.name for path in mail.folder.glob("*.txt")} == {f"{one}.es.txt" for one in told}

    def test_each_is_remembered_with_its_digest_and_stands_in_the_manifest(self, mail, home, services, told):
        mail()
        assert views(home) == len(told)
        lines = manifest(mail.folder)
        assert [one["decision"] for one in lines] == told
        for one in lines:
            assert one["sha256"] == hashlib.sha256((mail.folder / one["file"]).read_bytes()).hexdigest()

    def test_by_time(self, mail, services, told):
        begin = find(told[2], services).record.at
        assert mail(since=begin, until=begin + timedelta(minutes=3)) == Count(written=3)

    def test_by_pack(self, mail, told):
        assert mail(pack=SHIPPED[0]) == Count(written=[pack for pack, *_ in TOLD].count(SHIPPED[0]))

    def test_progress_reaches_all(self, services, tmp_path, told):
        steps = []
        write_letters(Mailing(tmp_path, "text", None, "ana", SINCE), services, lambda done, of: steps.append((done, of)))
        assert steps[-1] == (len(told), len(told))

    def test_nothing_half_written_stays(self, mail, told):
        mail()
        assert not list(mail.folder.glob("*.part"))


class TestAgain:
    def test_what_is_there_stays_and_is_not_remembered_again(self, mail, home, told):
        mail()
        before = {path: path.stat().st_mtime_ns for path in mail.folder.glob("*.txt")}
        assert mail() == Count(there=len(told))
        assert {path: path.stat().st_mtime_ns for path in mail.folder.glob("*.txt")} == before
        assert views(home) == len(told)

    def test_what_is_missing_or_not_as_it_was_is_written(self, mail, home, told):
        mail()
        first, second = sorted(mail.folder.glob("*.txt"))[:2]
        whole = second.read_bytes()
        first.unlink()
        second.write_bytes(whole[:100])
        assert mail() == Count(written=2, there=len(told) - 2)
        assert first.exists()
        assert second.read_bytes() == whole
        assert views(home) == len(told) + 2


class TestRefusals:
    def test_one_letter_that_cannot_be_written_stops_no_other(self, mail, home, services, told):
        release = home / "releases" / find(told[-1], services).release.digest
        release.rename(home / "elsewhere")
        fresh = open_services(services.settings, services.clock)  # a process that has nothing open yet
        count = write_letters(Mailing(mail.folder, "text", None, "ana", SINCE), fresh, lambda _done, _all: None)
        fresh.close()
        assert count.refused > 0
        assert count.written + count.refused == len(told)
        assert {one.get("refused") for one in manifest(mail.folder)} == {None, "release-missing"}

    def test_a_folder_that_cannot_be_made_is_said(self, mail, told):
        mail.folder.write_text("")
        with pytest.raises(BadInput, match="cannot be written to"):
            mail()


class TestCommand:
    def test_it_writes_pdfs_and_counts_them(self, home, tmp_path, told):
        result = runner(home)("letters", "--since", "2026-05-04", tmp_path / "out")
        assert (result.exit_code, result.stdout) == (
            0, f"{len(told)} written, 0 already there, 0 refused ({tmp_path / 'out' / MANIFEST})\n"
        )  # fmt: skip
        assert all(path.read_bytes().startswith(b"%PDF") for path in (tmp_path / "out").glob("*.pdf"))

    def test_days_with_a_time_zone_are_taken_as_they_are(self, home, tmp_path, told, services):
        begin = find(told[3], services).record.at
        result = runner(home)("letters", "--since", begin.strftime("%Y-%m-%dT%H:%M:%S+0000"), "--format", "text", tmp_path / "out")
        assert result.stdout.startswith(f"{len(told) - 3} written")

    def test_a_language_that_no_pack_speaks_is_refused_case_by_case(self, home, tmp_path, told):
        result = runner(home)("letters", "--since", "2026-05-04", "--locale", "nl", tmp_path / "out")
        assert (result.exit_code, result.stdout.split(" (")[0]) == (1, f"0 written, 0 already there, {len(told)} refused")
