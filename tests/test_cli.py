"""The command line: what an operator types, what it prints, and with which code it ends."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from explainer.cli import main
from explainer.commands.typed import user
from explainer.decisions.features import read_facts
from explainer.packs.registry import read_models
from explainer.packs.release import check_pack
from explainer.service.access import ROLES
from explainer.service.oversee import set_preference
from tests.cases import ending, entries, rows
from tests.support import MODELS, ROOT, SHIPPED

REFUND, PRIORITY = SHIPPED
Run = Callable[..., Result]


def runner(home: Path, models: Path = MODELS) -> Run:
    def run(*words: object, **more: Any) -> Result:
        environment = {"EXPLAINER_HOME": str(home), "EXPLAINER_MODELS": str(models)} | more.pop("env", {})
        return CliRunner().invoke(main, [str(one) for one in words], env=environment, **more)

    return run


@pytest.fixture
def run(home: Path) -> Run:
    """Runs a command in a home with both packs in use."""
    return runner(home)


@pytest.fixture
def facts(releases, tmp_path: Path) -> Path:
    """A file with the facts of a refund that the score declines."""
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(ending(releases[REFUND][0], "decline", "score")), "utf-8")
    return path


def refused(result: Result) -> list[str]:
    """The lines in which a command said no."""
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines
    assert all(one.startswith("explainer: ") for one in lines)
    return [one.removeprefix("explainer: ") for one in lines]


class TestPacks:
    def test_check_finds_no_mistakes_in_the_shipped_packs(self, run):
        result = run("packs", "check")
        assert result.exit_code == 0
        assert {line.partition(":")[0] for line in result.stdout.splitlines()} == {*SHIPPED, "airport_claims"}
        assert result.stdout.count("no mistakes") == 3

    def test_check_lists_every_mistake_with_file_and_line(self, home, tmp_path):
        models = Path(shutil.copytree(MODELS, tmp_path / "models", ignore=shutil.ignore_patterns("*.parquet")))
        path = models / REFUND / "features.yaml"
        edited = path.read_text("utf-8").replace("monotone: down", "monotone: sideways").replace("type: boolean", "type: maybe")
        path.write_text(edited, "utf-8")
        result = runner(home, models)("packs", "check", REFUND, PRIORITY)
        lines = result.stderr.splitlines()
        assert result.exit_code == 1
        assert len(lines) > 3
        assert all(re.match(rf"{REFUND}: \S+\.(yaml|ftl):\d+: ", line) for line in lines)
        assert PRIORITY in result.stdout
        as_json = runner(home, models)("packs", "check", REFUND, "--json")
        assert [f"{REFUND}: {one}" for one in json.loads(as_json.stdout)[REFUND]] == lines

    def test_check_names_what_a_translator_of_one_language_has_to_mend_and_nothing_else(self, home, tmp_path):
        models = Path(shutil.copytree(MODELS, tmp_path / "models", ignore=shutil.ignore_patterns("*.parquet")))
        german, french = (models / REFUND / "phrases" / f"{one}.ftl" for one in ("de", "fr"))
        text = german.read_text("utf-8")
        text = text.replace("source-order = Ihre Bestellung\n", "").replace("Ihr Kundenkonto ist { $value } alt", "{ $wert }")
        text = text.replace("Sie müssen nichts tun.", f"Sie müssen nichts tun, {'und ' * 16}gar nichts.")
        german.write_text(text, "utf-8")
        french.write_text("pack-name =\n", "utf-8")
        run = runner(home, models)
        lines = run("packs", "check", REFUND, "--language", "de").stderr.splitlines()
        assert all(line.startswith(f"{REFUND}: phrases/de.ftl:") for line in lines)
        for why in ("source-order: missing", "tenure_months.for: no such value: $wert", "outcome-refer.effect: 22 words; at most"):
            assert any(why in line for line in lines)
        assert run("packs", "check", REFUND, "--language", "es").exit_code == 0
        assert run("packs", "check", REFUND, "--language", "fr").exit_code == 1
        unknown = run("packs", "check", REFUND, "--language", "it")
        assert (unknown.exit_code, "this pack speaks en, es, de, fr" in unknown.stderr) == (1, True)

    def test_check_of_a_region_skips_the_packs_that_do_not_declare_it_unless_they_are_named(self, run):
        every = run("packs", "check", "--language", "en-GB")
        assert every.exit_code == 0
        assert [line.split(":")[0] for line in every.stdout.splitlines()] == ["airport_claims"]
        skipped = [line.split(": no words")[0] for line in every.stderr.splitlines()]
        assert skipped == [f"{one}: skipped" for one in sorted(SHIPPED)]
        named = run("packs", "check", REFUND, "--language", "en-GB")
        assert (named.exit_code, "this pack speaks en, es, de, fr" in named.stderr) == (1, True)
        unknown = run("packs", "check", "--language", "it")
        assert (unknown.exit_code, unknown.stderr.splitlines()[-1]) == (1, "explainer: no pack has words in it")

    @pytest.mark.parametrize("pack", SHIPPED)
    def test_sample_prints_facts_that_the_pack_takes_one_object_a_line(self, run, pack):
        result = run("packs", "sample", pack, "-n", 25)
        declared = check_pack(read_models(MODELS, pack), pack)
        lines = result.stdout.splitlines()
        assert (result.exit_code, len(lines), result.stderr) == (0, 25, "")
        for line in lines:
            assert set(read_facts(json.loads(line), declared).facts) == set(declared.feature)

    def test_sample_is_the_same_every_time(self, run):
        assert run("packs", "sample", REFUND, "-n", 3).stdout == run("packs", "sample", REFUND, "-n", 3).stdout


class TestTraining:
    @pytest.mark.slow
    def test_from_training_to_deciding_and_back(self, home, tmp_path, facts):
        """Train an edited pack, release it, decide by it, and go back to the release before."""
        models = Path(shutil.copytree(MODELS, tmp_path / "models"))
        run = runner(home, models)
        before = json.loads(run("decide", REFUND, facts, "--json").stdout)["release"]
        organisation = models / "organisation.yaml"
        organisation.write_text(organisation.read_text("utf-8").replace("910 0123", "910 9999"), "utf-8")

        trained = json.loads(run("train", REFUND, "--json").stdout)
        assert 0.5 < trained["metrics"]["auc"] < 1
        assert trained["candidate"] != before
        assert json.loads(run("decide", REFUND, facts, "--json").stdout)["release"] == before  # trained is not released

        released = json.loads(run("release", REFUND, "--json").stdout)["release"]
        assert released == trained["candidate"]
        decided = json.loads(run("decide", REFUND, facts, "--json").stdout)
        assert decided["release"] == released
        assert "910\u00a09999" in run("letter", decided["id"]).stdout

        assert json.loads(run("activate", REFUND, before[:12], "--json").stdout)["release"] == before
        assert json.loads(run("decide", REFUND, facts, "--json").stdout)["release"] == before
        assert "910\u00a09999" in run("letter", decided["id"]).stdout  # what was told stays as it was told
        query = "SELECT kind FROM entry_index WHERE pack = ? AND kind != 'view' ORDER BY entry_id"
        kinds = [one for (one,) in rows(home, query, REFUND)]
        made, told = ["release", "activation"], ["decision"]
        assert kinds == made + told * 2 + made + told + ["activation"] + told

    def test_training_again_gives_the_same_release_and_lists_bands_in_the_order_of_the_pack(self, trained_home, tmp_path):
        result = runner(tmp_path / "fresh")("train", REFUND)
        assert result.exit_code == 0
        digest = result.stdout.split()[1]
        assert (trained_home / "releases" / digest).is_dir()
        assert f"next: explainer release {REFUND}" in result.stdout
        assert re.findall(r"^  (\w+) ", result.stdout, re.MULTILINE) == ["approve", "refer", "decline"]

    def test_a_table_that_is_not_there_is_said_in_one_line_and_nothing_else(self, tmp_path):
        result = runner(tmp_path / "fresh")("train", REFUND, "--data", tmp_path / "nothing.parquet")
        assert len(refused(result)) == 1

    def test_nothing_is_released_before_it_was_trained(self, tmp_path):
        (line,) = refused(runner(tmp_path / "fresh")("release", REFUND))
        assert "train" in line

    def test_a_release_of_another_pack_is_not_activated(self, run, releases, home):
        before = entries(home)
        (line,) = refused(run("activate", REFUND, releases[PRIORITY][0].digest))
        assert PRIORITY in line
        assert entries(home) == before

    @pytest.mark.parametrize("digest", ["0" * 64, "zz", "*", "", "."])
    def test_a_release_that_is_not_there_is_not_activated(self, run, digest):
        assert len(refused(run("activate", REFUND, digest))) == 1


class TestDeciding:
    def test_decide_prints_the_reply_of_the_api(self, run, facts, api, releases):
        printed = json.loads(run("decide", REFUND, facts, "--customer", "C-1", "--case", "R-1", "--json").stdout)
        replied = api.decide(REFUND, ending(releases[REFUND][0], "decline", "score")).json
        assert printed.keys() == replied.keys()
        assert printed["links"].keys() == replied["links"].keys()
        for same in ("pack", "release", "outcome", "score", "margin", "decisive", "rules", "attributions", "reasons"):
            assert printed[same] == replied[same]

    def test_it_is_remembered_and_shown_again(self, run, facts, home):
        before = entries(home)
        decided = run("decide", REFUND, facts, "--json").stdout
        assert entries(home) == before + 1
        shown = json.loads(run("show", json.loads(decided)["id"], "--json").stdout)
        assert shown == json.loads(decided)

    def test_as_text_it_says_the_outcome_and_what_speaks_for_and_against(self, run, facts):
        english, spanish = (run("decide", REFUND, facts, "--lang", one).stdout for one in ("en", "es"))
        for said in ("Not approved", "Speaks for", "Speaks against", "The score decided"):
            assert said in english
        assert "En contra" in spanish

    def test_facts_may_come_from_stdin(self, run, facts):
        result = run("decide", REFUND, "-", "--json", input=facts.read_text("utf-8"))
        assert json.loads(result.stdout)["outcome"] == "decline"

    def test_rejects_of_two_runs_stand_beside_each_of_their_outputs(self, run, tmp_path):
        (tmp_path / "in.ndjson").write_text('{"amount": -1}\n')
        for kind in ("parquet", "ndjson"):
            run("bulk", REFUND, tmp_path / "in.ndjson", tmp_path / f"out.{kind}", "--dry-run")
        found = sorted(one.name for one in tmp_path.glob("*.rejects.*"))
        assert found == ["out.ndjson.rejects.ndjson", "out.parquet.rejects.ndjson"]

    def test_sampled_facts_can_be_decided(self, run):
        line = run("packs", "sample", PRIORITY, "-n", 1).stdout
        assert run("decide", PRIORITY, "-", "--json", input=line).exit_code == 0

    def test_each_mistaken_fact_is_one_line(self, run, facts, home):
        before = entries(home)
        said = json.loads(facts.read_text("utf-8")) | {"amount": -1, "reason": "aliens", "horoscope": "Leo"}
        lines = refused(run("decide", REFUND, "-", input=json.dumps(said)))
        assert {line.partition(":")[0] for line in lines} == {"facts.amount", "facts.reason", "facts.horoscope"}
        assert entries(home) == before

    @pytest.mark.parametrize("text", ["", "{", "[]", "7", "[" * 20_000, '{"amount": NaN}', "\udcff"])
    def test_a_file_that_holds_no_facts_is_refused_and_not_stumbled_over(self, run, home, text):
        before = entries(home)
        assert refused(run("decide", REFUND, "-", input=text.encode("utf-8", "surrogateescape")))
        assert entries(home) == before

    @pytest.mark.parametrize("words", [("decide", "horoscope", "-"), ("show", "x"), ("letter", "x"), ("keys", "revoke", "x")])
    def test_what_is_not_there_is_said_in_one_line(self, run, words):
        assert len(refused(run(*words, input="{}"))) == 1

    def test_customer_and_case_are_checked_as_at_every_door(self, run, facts, home):
        before = entries(home)
        lines = refused(run("decide", REFUND, facts, "--customer", "A/1", "--case", "R\u202e1"))
        assert [line.partition(":")[0] for line in lines] == ["customer", "case"]
        assert entries(home) == before

    def test_a_fact_given_twice_is_refused_and_not_chosen_from(self, run, facts, home):
        before = entries(home)
        twice = facts.read_text("utf-8").replace('"amount": ', '"amount": 1, "amount": ')
        (line,) = refused(run("decide", REFUND, "-", input=twice))
        assert "twice" in line
        assert entries(home) == before

    @pytest.mark.parametrize("language", ["it", "en-XX", "x"])
    def test_a_language_nobody_speaks_is_refused(self, run, facts, language, home):
        before = entries(home)
        (line,) = refused(run("decide", REFUND, facts, "--lang", language))
        assert "en, es" in line
        assert entries(home) == before

    @pytest.mark.parametrize(
        ("words", "names"),
        [
            (("--customer", ""), ["customer"]),
            (("--customer", "   "), ["customer"]),
            (("--case", ""), ["case"]),
            (("--customer", "x" * 129), ["customer"]),
            (("--customer", "a\nb", "--case", " "), ["customer", "case"]),
        ],
        ids=repr,
    )
    def test_a_reference_that_the_api_would_refuse_is_refused_here_too(self, run, facts, home, words, names):
        before = entries(home)
        assert [line.partition(":")[0] for line in refused(run("decide", REFUND, facts, *words))] == names
        assert entries(home) == before

    def test_who_opted_out_is_shown_without_empty_headings(self, run, facts, services):
        set_preference("C-out", "opted_out", "test", services)
        said = run("decide", REFUND, facts, "--customer", "C-out").stdout
        assert "A person decides" in said
        assert not re.search(r"Speaks (for|against)|Score:", said)


class TestLetter:
    @pytest.fixture
    def decided(self, run, facts):
        return json.loads(run("decide", REFUND, facts, "--case", "R-4711", "--json").stdout)["id"]

    def test_it_is_the_letter_of_the_service_in_every_form(self, run, decided, services, api):
        for form in ("text", "html", "pdf"):
            for language in ("en", "es"):
                printed = run("letter", decided, "--lang", language, "--format", form).stdout_bytes
                assert printed == api.get(f"/v1/decisions/{decided}/letter", query_string={"format": form, "lang": language}).data

    def test_out_writes_the_same_to_a_file_and_nothing_to_the_terminal(self, run, decided, tmp_path):
        for form in ("html", "pdf"):
            path = tmp_path / f"letter.{form}"
            result = run("letter", decided, "--format", form, "--out", path)
            assert (result.exit_code, result.stdout) == (0, "")
            assert path.read_bytes() == run("letter", decided, "--format", form).stdout_bytes

    def test_show_says_which_letters_were_sent(self, run, decided):
        for form in ("pdf", "html", "html"):
            run("letter", decided, "--format", form)
        sent = [line.split("UTC: ")[1] for line in run("show", decided).stdout.splitlines() if " UTC: letter" in line]
        assert sent == [f"letter ({form}, en), command: {user()}" for form in ("pdf", "html")]

    @pytest.mark.parametrize("where", ["nowhere/letter.txt", "a-file/letter.txt"])
    def test_a_place_that_cannot_be_written_to_is_said_in_one_line(self, run, decided, tmp_path, where):
        (tmp_path / "a-file").write_text("")
        (line,) = refused(run("letter", decided, "--out", tmp_path / where))
        assert "cannot be written" in line

    @pytest.mark.parametrize("words", [("letter", "--format", "pdf"), ("letter",), ("dossier",)])
    def test_a_file_about_a_case_belongs_to_its_owner_alone_also_where_it_was_there_before(self, run, decided, tmp_path, words):
        for before in (False, True):
            path = tmp_path / f"{words[-1]}-{before}"
            if before:
                path.touch(mode=0o644)
            assert run(words[0], decided, *words[1:], "--out", path).exit_code == 0
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert path.stat().st_size > 1_000

    def test_so_does_each_letter_of_many(self, run, decided, tmp_path):
        assert run("letters", tmp_path / "letters", "--since", "2020-01-01", "--format", "text").exit_code == 0
        modes = {stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "letters").glob("*.txt")}
        assert modes == {0o600}

    def test_a_pdf_is_not_printed_onto_a_terminal(self, run, decided, home):
        before = entries(home)
        command = [str(Path(sys.executable).parent / "explainer"), "letter", decided, "--format", "pdf"]
        environment = {**os.environ, "EXPLAINER_HOME": str(home), "EXPLAINER_MODELS": str(MODELS)}
        seen, terminal = pty.openpty()
        done = subprocess.run(command, env=environment, stdout=terminal, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        os.close(terminal)
        with pytest.raises(OSError, match="Input/output error"):  # nothing was written, and nobody holds the other side
            os.read(seen, 1)
        os.close(seen)
        assert (done.returncode, done.stderr) == (1, "explainer: a terminal cannot show a PDF: name a file, --out FILE\n")
        assert entries(home) == before

    def test_a_locale_nobody_knows_is_refused(self, run, decided):
        assert len(refused(run("letter", decided, "--lang", "en-XX"))) == 1


class TestKeys:
    def test_a_key_is_made_listed_and_revoked(self, run):
        key = run("keys", "create", "--name", "crm", "--role", "integrator", "--role", "auditor", "--days", 7).stdout.strip()
        assert re.fullmatch(r"exk_[0-9a-f]{12}_\S{43}", key)
        key_id, secret = key.split("_", 2)[1:]
        listed = run("keys", "list").stdout
        assert f"{key_id}  until " in listed
        assert "integrator,auditor" in listed
        assert secret not in listed
        assert run("keys", "revoke", key_id).exit_code == 0
        assert f"{key_id}  revoked" in run("keys", "list").stdout
        assert len(refused(run("keys", "revoke", key_id))) == 1

    def test_as_json(self, run):
        key = json.loads(run("keys", "create", "--name", "crm", "--role", "agent", "--json").stdout)["key"]
        (listed,) = json.loads(run("keys", "list", "--json").stdout)
        assert (listed["id"], listed["name"], listed["roles"]) == (key.split("_")[1], "crm", ["agent"])
        assert (listed["expires_at"], listed["revoked_at"]) == (None, None)
        assert key.split("_", 2)[2] not in json.dumps(listed)

    def test_revoking_as_json(self, run):
        key_id = run("keys", "create", "--name", "crm", "--role", "agent").stdout.split("_")[1]
        assert json.loads(run("keys", "revoke", key_id, "--json").stdout) == {"revoked": key_id}

    def test_a_key_made_here_opens_the_api(self, run, api):
        key = run("keys", "create", "--name", "crm", "--role", "agent").stdout.strip()
        assert api.get("/v1/packs", None, headers={"Authorization": f"Bearer {key}"}).status_code == 200

    def test_help_names_every_role(self, run):
        said = " ".join(run("keys", "create", "--help").stdout.split())
        assert f"What it may do: {', '.join(ROLES[:-1])} or {ROLES[-1]};" in said

    def test_a_role_that_does_not_exist_is_refused(self, run):
        (line,) = refused(run("keys", "create", "--name", "crm", "--role", "king"))
        assert "integrator" in line


class TestIndex:
    def test_rebuild_index_says_how_many_entries_are_indexed(self, run, facts, home):
        decided = json.loads(run("decide", REFUND, facts, "--json").stdout)["id"]
        before = rows(home, "SELECT * FROM entry_index ORDER BY 1")
        result = run("rebuild-index")
        assert (result.exit_code, result.stdout) == (0, f"{entries(home)} entries are indexed\n")
        assert rows(home, "SELECT * FROM entry_index ORDER BY 1") == before
        assert decided in {one[0] for one in before}
        assert json.loads(run("rebuild-index", "--json").stdout) == {"indexed": entries(home)}


class TestManners:
    def test_settings_that_cannot_be_used_are_all_named(self, run):
        (line,) = refused(run("keys", "list", env={"EXPLAINER_PORT": "many", "EXPLAINER_HOEM": "x"}))
        assert "EXPLAINER_PORT" in line
        assert "EXPLAINER_HOEM" in line

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            *(("PORT", one) for one in ("0", "-1", "99999")),
            *((name, one) for name in ("THREADS", "WORKERS", "BODY_LIMIT", "LINK_HOURS", "LETTER_DAYS") for one in ("0", "-8")),
            ("LETTER_DAYS", "31"),
            ("WORKERS", "2"),
        ],
    )
    def test_a_number_no_deployment_can_work_with_is_named(self, run, name, value):
        (line,) = refused(run("serve", env={f"EXPLAINER_{name}": value}))
        assert line.startswith(f"EXPLAINER_{name}: ")

    def test_all_of_them_at_once_and_with_every_other_mistake(self, run):
        wrong = {"PORT": "99999", "THREADS": "many", "LINK_HOURS": "-1", "WORKERS": "3", "HOEM": "x"}
        (line,) = refused(run("serve", env={f"EXPLAINER_{name}": value for name, value in wrong.items()}))
        assert all(f"EXPLAINER_{name}: " in line for name in wrong)

    @pytest.mark.parametrize("words", [("keys", "create", "--name", "x", "--role", "agent"), ("train", PRIORITY), ("serve",)])
    @pytest.mark.parametrize("home", [Path("/dev/null"), Path("/dev/null/home")])
    def test_a_home_that_cannot_be_made_is_said_in_one_line(self, home, words):
        result = runner(home)(*words, input="{}")
        assert (result.exit_code, result.stdout) == (1, "")
        last = result.stderr.splitlines()[-1]  # training says first that it began
        assert last.startswith(f"explainer: EXPLAINER_HOME: {home} cannot be made a folder: ")

    @pytest.mark.parametrize(
        "words",
        [
            *(("show", "x"), ("letter", "x"), ("letters", "out", "--since", "2026-01-01"), ("dossier", "x", "--out", "x.html")),
            *(
                ("replay", "--all"),
                ("links", "revoke", "x"),
                ("ledger", "verify"),
                ("ledger", "export", "out"),
                ("ledger", "rotate"),
            ),
            *(("customers", "export", "C"), ("customers", "erase", "C", "--yes"), ("customers", "hold", "C", "--reason", "x")),
            *(("customers", "expire"), ("keys", "list"), ("keys", "revoke", "x"), ("rebuild-index",), ("vault", "rotate")),
            *(("decide", REFUND, "-"), ("bulk", REFUND, "in.csv", "out.parquet"), ("activate", REFUND, "x")),
        ],
        ids=" ".join,
    )
    def test_in_a_home_without_a_ledger_it_says_where_it_looked_and_makes_nothing(self, tmp_path, monkeypatch, words):
        monkeypatch.chdir(tmp_path)
        (line,) = refused(runner(Path("var"))(*words, input="{}"))
        assert line == f"there is no ledger in {tmp_path / 'var'}: say with EXPLAINER_HOME where yours is"
        assert list(tmp_path.iterdir()) == []

    def test_a_server_whose_port_is_taken_says_so_in_one_line_and_makes_nothing(self, tmp_path):
        with closing(socket.create_server(("127.0.0.1", 0))) as other:
            port = other.getsockname()[1]
            (line,) = refused(runner(tmp_path / "home")("serve", env={"EXPLAINER_PORT": str(port)}))
        assert line == f"port {port} is in use; choose another with EXPLAINER_PORT"
        assert not (tmp_path / "home").exists()

    def test_an_address_that_is_not_this_machine_s_is_named_with_its_setting(self, tmp_path):
        (line,) = refused(runner(tmp_path / "home")("serve", env={"EXPLAINER_HOST": "192.0.2.1"}))
        assert line.startswith("192.0.2.1, port 8080: ")
        assert "EXPLAINER_HOST" in line

    def test_a_pack_that_is_not_in_use_is_told_which_are(self, run):
        (line,) = refused(run("decide", "horoscope", "-", input="{}"))
        assert line.endswith("in use: priority_scoring, refund_approval")

    def test_a_server_does_not_start_on_an_index_that_lost_rows(self, run, home):
        with closing(sqlite3.connect(home / "ledger.sqlite3")) as connection, connection:
            connection.execute("DELETE FROM entry_index")
        (line,) = refused(run("serve"))
        assert "rebuild-index" in line

    @pytest.mark.parametrize(
        "words", [("fly",), ("decide",), ("packs", "sample", REFUND, "-n", "0"), ("letter", "x", "--format", "doc")]
    )
    def test_a_command_that_is_not_understood_ends_with_2(self, run, words):
        result = run(*words)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr

    @pytest.mark.parametrize("words", [("packs", "sample", REFUND, "-n", "1"), ("show", "x"), ("fly",)])
    def test_the_installed_command_ends_with_the_same_codes(self, run, home, words):
        command = [str(Path(sys.executable).parent / "explainer"), *words]
        environment = {**os.environ, "EXPLAINER_HOME": str(home), "EXPLAINER_MODELS": str(MODELS)}
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)
        result = run(*words)
        assert (done.returncode, done.stdout) == (result.exit_code, result.stdout)
        assert bool(done.stderr) == bool(done.returncode)
