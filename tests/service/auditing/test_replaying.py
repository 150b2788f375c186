"""Replaying: what was decided comes out again, and whatever was changed is named, where and why."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from explainer.attributions.kernel import Kernel
from explainer.cli import main
from explainer.errors import UnknownDecision
from explainer.ledger.canonical import decode
from explainer.oversight.consent import OPTED_OUT
from explainer.service import bulk
from explainer.service.auditing import bulkreplay
from explainer.service.auditing.bulkreplay import replay_all
from explainer.service.auditing.replaying import Asked, replay_some
from explainer.service.decide import Case, decide
from explainer.service.inspect import COMMAND, FORMS, REPLAY, Recipient, Wanted, find, rebuild_index, send_letter
from explainer.service.oversee import set_preference
from explainer.service.releases import activate
from explainer.verify import ABSTAINED, DIFFERS, ERASED, SAME
from tests.support import SHIPPED

REFUND = "refund_approval"


def silently(_done: int, _all: int) -> None:
    """Nobody is told."""


def decided(services, sampled, count: int, pack: str = REFUND) -> list[str]:
    """Ids of freshly recorded decisions."""
    cases = [bulk.Given(row, facts, f"C-{row}", f"{pack}-{row}", "en") for row, facts in enumerate(sampled(pack, count))]
    found = bulk.decide_all(cases, pack, services)
    return [one.id for one in found]


def replayed(services, *ids: str, **how):
    return replay_some(Asked("test", ids, **{"full": True} | how), services)


def ends(result, level: str, part: str) -> set[str]:
    return {one.end for one in result.counts if (one.level, one.part) == (level, part)}


def change(services, query: str, *values: object) -> None:
    """Change the database behind our back."""
    with closing(sqlite3.connect(services.settings.home / "ledger.sqlite3")) as connection:
        connection.execute(query, values)
        connection.commit()


class TestOneDecision:
    def test_everything_about_it_comes_out_again_from_bytes_to_letters(self, services, sampled):
        (one,) = decided(services, sampled, 1)
        for form in FORMS:
            send_letter(find(one, services), Wanted(form, "es"), Recipient(COMMAND, "tester"), services)
        services.sealer().seal()
        result = replayed(services, one, lightgbm=True)
        assert {finding.end for finding in result.counts} == {SAME}
        said = {(finding.level, finding.part, finding.by) for finding in result.counts}
        assert {("E0", "leaf and box", "ledger"), ("E0", "checkpoint", "ledger")} <= said
        assert {("E2", "attributions", by) for by in ("kernel", "counting")} <= said
        assert {("E1", "margin", by) for by in ("kernel", "reader", "LightGBM")} <= said
        assert {("E3", f"letter {form} es", "ledger") for form in FORMS} <= said
        assert {("E3", "recourse", "kernel"), ("E3", "text de customer", "kernel")} <= said

    def test_before_it_is_sealed_the_proof_abstains(self, services, sampled):
        result = replayed(services, *decided(services, sampled, 1))
        assert ends(result, "E0", "proof") == ends(result, "E0", "checkpoint") == {ABSTAINED}
        assert not result.differs

    def test_a_case_that_software_did_not_decide_is_replayed_as_one(self, services, sampled):
        set_preference("C-1", OPTED_OUT, "test", services)
        one = decide(Case(REFUND, "C-1", "R-1", "en", sampled(REFUND, 1)[0]), "key", services).record.id
        result = replayed(services, one)
        assert ends(result, "E1", "outcome") == ends(result, "E1", "margin") == {SAME}
        assert ends(result, "E2", "attributions") == set()  # there are none to have an opinion on
        assert not result.differs

    def test_the_result_is_remembered_and_says_nothing_about_the_person(self, services, sampled):
        (one,) = decided(services, sampled, 1)
        replayed(services, one)
        (entry,) = services.ledger.newest_first(REPLAY)
        said = decode(entry.body)
        assert (entry.leaf["refs"], said["about"], said["by"], said["differs"]) == ([one], one, "test", [])
        assert ["E1", "margin", "same", "reader", 1] in said["counts"]
        assert ["E2", "attributions", "same", "counting", 1] in said["counts"]
        assert b"C-0" not in entry.body
        assert rebuild_index(services) > 0  # it can be found again from its box

    def test_an_unknown_id_is_refused(self, services):
        with pytest.raises(UnknownDecision):
            replayed(services, services.new_id())


class TestWhatWasChanged:
    def test_a_flipped_bit_in_the_box_is_a_finding_and_hides_no_other_decision(self, services, sampled):
        broken, sound = decided(services, sampled, 2)
        change(services, "UPDATE entries SET box = zeroblob(length(box)) WHERE id = ?", broken)
        result = replayed(services, broken, sound)
        assert [(one, finding.part) for one, finding in result.unequal if finding.end == DIFFERS][:1] == [(broken, "leaf and box")]
        assert ends(result, "E1", "margin") == {SAME}
        assert result.differs

    def test_a_leaf_that_is_not_the_sealed_one_is_a_finding(self, services, sampled):
        one, other = decided(services, sampled, 2)
        services.sealer().seal()
        numbers = dict(rows_of(services, "SELECT entry_id, number FROM leaves"))
        change(services, "UPDATE leaves SET number = -1 WHERE entry_id = ?", one)
        change(services, "UPDATE leaves SET number = ? WHERE entry_id = ?", numbers[one], other)
        result = replayed(services, other)
        assert ends(result, "E0", "proof") == ends(result, "E0", "checkpoint") == {DIFFERS}

    def test_an_erased_customer_is_erased_and_no_mismatch(self, services, sampled):
        (one,) = decided(services, sampled, 1)
        with closing(sqlite3.connect(services.settings.home / "vault.sqlite3")) as connection:
            connection.execute("DELETE FROM data_keys WHERE key_id = ?", (services.ledger.entry(one).leaf["key"],))
            connection.commit()
        result = replayed(services, one)
        assert ends(result, "E1", "decision") == {ERASED}
        assert ends(result, "E2", "attributions") == set()
        assert not result.differs

    def test_a_release_that_is_gone_abstains_and_one_that_was_changed_differs(self, services, sampled):
        (one,) = decided(services, sampled, 1)
        folder = services.settings.home / "releases" / services.active_digest(REFUND)
        services.registry._opened.clear()
        (folder / "card.html").write_text("changed")
        assert ends(replayed(services, one), "E1", "release") == {DIFFERS}
        folder.rename(folder.with_name("away"))
        assert ends(replayed(services, one), "E1", "release") == {ABSTAINED}

    def test_a_retired_release_still_replays(self, services, sampled, clock):
        (one,) = decided(services, sampled, 1)
        files = services.registry.files(services.active_digest(REFUND))
        del files["manifest.json"]
        policy = files["policy.yaml"].replace(b"at_least: 1000}", b"at_least: 2000}")
        services.registry.propose(REFUND, files | {"policy.yaml": policy})
        activate(REFUND, services.registry.publish(REFUND).digest, services, by="test")
        clock.move(days=400)
        result = replayed(services, one)
        assert find(one, services).release.digest != services.active_digest(REFUND)
        assert {finding.end for finding in result.counts if finding.level > "E0"} == {SAME}

    def test_a_letter_that_was_sent_otherwise_is_a_finding(self, services, sampled, monkeypatch):
        (one,) = decided(services, sampled, 1)
        found = find(one, services)
        send_letter(replace(found, seal="7-0123456789abcdef"), Wanted("text", "en"), Recipient(COMMAND, "tester"), services)
        assert ends(replayed(services, one), "E3", "letter text en") == {DIFFERS}
        monkeypatch.setattr("explainer.service.auditing.replaying.__version__", "another")
        assert ends(replayed(services, one), "E3", "letter text en") == {ABSTAINED}


def crooked(kernel: Kernel) -> Kernel:
    """A kernel whose first table gives to one feature what it takes from another: everything still adds up."""
    tables = kernel.tables
    first, second = tables.column[:2]
    assert first != second
    push, end = tables.push.copy(), int(tables.at[1])
    push[0 : end : int(tables.pitch[0])] += 0.01
    push[1 : end : int(tables.pitch[0])] -= 0.01
    return Kernel(kernel.book, kernel.masks, tables._replace(push=push))


class TestASecondOpinion:
    @pytest.fixture
    def misled(self, services, sampled):
        """Three decisions that a wrong kernel has recorded, which is the one that replays them."""
        release, kernel = services.serving(REFUND).release, services.serving(REFUND).kernel
        services._kernels[release.digest] = crooked(kernel)
        return decided(services, sampled, 3)

    def test_finds_what_kernel_and_record_have_wrong_together(self, services, misled):
        result = replayed(services, *misled)
        by_end = {(one.by, one.end): count for one, count in result.counts.items() if one.level == "E2"}
        assert by_end == {("kernel", SAME): 3, ("counting", DIFFERS): 3}
        differing = [(one, finding) for one, finding in result.unequal if finding.end == DIFFERS]
        assert [(one, finding.by) for one, finding in differing] == [(one, "counting") for one in misled]
        assert all("1.0e-02 apart at most, for " in finding.why for _, finding in differing)
        assert result.differs

    def test_is_asked_in_full_of_all_and_not_where_only_numbers_are(self, services, misled):
        numbers, full = (replay_all(Asked("test", full=full), services, silently) for full in (False, True))
        assert {(one.by, one.end) for one in numbers.counts if one.level == "E2"} == {("kernel", SAME)}
        assert {(one.by, one.end) for one in full.counts if one.level == "E2"} == {("kernel", SAME), ("counting", DIFFERS)}

    def test_judges_each_case_by_its_own_of_whatever_day_and_none_without_a_model(self, services, sampled, clock):
        early = decided(services, sampled, 2)
        clock.move(days=3)
        set_preference("C-7", OPTED_OUT, "test", services)
        late = [
            decide(Case(REFUND, f"C-{row}", f"R-{row}", "en", facts), f"late-{row}", services).record.id
            for row, facts in zip((7, 8), sampled(REFUND, 2), strict=True)
        ]
        result = replayed(services, *early, *late)
        by_end = {(one.by, one.end): count for one, count in result.counts.items() if one.level == "E2"}
        assert by_end == {("kernel", SAME): 3, ("counting", SAME): 3}


class TestMany:
    def test_hundreds_of_both_packs_are_equal_to_the_bit_by_kernel_and_by_reader(self, services, sampled):
        for pack in SHIPPED:
            decided(services, sampled, 200, pack)
        services.sealer().seal()
        told = []
        result = replay_all(Asked("test"), services, lambda done, of: told.append((done, of)))
        assert (result.decisions, {one.end for one in result.counts}) == (400, {SAME})
        assert {by: result.counts[one] for one in result.counts if one.part == "margin" for by in [one.by]} == {
            "kernel": 400,
            "reader": 400,
        }
        assert told[-1] == (400, 400)

    def test_since_a_day_leaves_out_what_came_before(self, services, sampled, clock):
        decided(services, sampled, 3)
        clock.move(days=2)
        late = decide(Case(REFUND, "C-9", "R-9", "en", sampled(REFUND, 1)[0]), "late", services)
        result = replay_all(Asked("test", since=late.record.at - timedelta(days=1)), services, silently)
        assert result.decisions == 1

    def test_other_processes_find_the_same(self, services, sampled, monkeypatch):
        decided(services, sampled, 30)
        alone = replay_all(Asked("test"), services, silently)
        monkeypatch.setattr(bulkreplay, "FEW", 0)
        assert replay_all(Asked("test"), services, silently).counts == alone.counts

    @pytest.mark.torture
    @pytest.mark.parametrize("pack", SHIPPED)
    def test_ten_thousand_are_equal_to_the_bit(self, pack, services, sampled):
        for start in range(0, 10_000, 500):
            cases = [bulk.Given(row, facts, f"C-{row}", f"{pack}-{row}") for row, facts in enumerate(sampled(pack, 500), start)]
            bulk.decide_all(cases, pack, services)
        result = replay_all(Asked("test"), services, silently)
        assert {(one.level, one.end) for one in result.counts} == {("E0", SAME), ("E0", ABSTAINED), ("E1", SAME), ("E2", SAME)}
        assert result.decisions == 10_000


class TestTheCommand:
    def test_it_ends_with_an_error_when_anything_differs_and_says_what(self, services, sampled, monkeypatch):
        monkeypatch.setenv("EXPLAINER_HOME", str(services.settings.home))
        (one,) = decided(services, sampled, 1)
        well = CliRunner().invoke(main, ["replay", one])
        assert (well.exit_code, "E1  margin" in well.output) == (0, True)
        assert "E2  attributions             counting  same       1" in well.output
        assert "not asked" not in well.output
        change(services, "UPDATE entries SET leaf_hash = zeroblob(32) WHERE id = ?", one)
        ill = CliRunner().invoke(main, ["replay", "--all"])
        assert ill.exit_code == 1
        assert "not asked: E2 attributions (counting); E3 reasons, recourse, words and letters; --full asks" in ill.output
        assert "counting" in json.loads(CliRunner().invoke(main, ["replay", "--all", "--json"]).stdout)["not_asked"][0]
        assert f"{one}  E0 leaf and box (ledger): differs, entry {one}: its leaf does not have its leaf hash" in ill.output

    def test_it_wants_to_know_which_decisions(self, services, monkeypatch):
        monkeypatch.setenv("EXPLAINER_HOME", str(services.settings.home))
        assert "say which decisions" in CliRunner().invoke(main, ["replay"]).stderr


def rows_of(services, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(services.settings.home / "ledger.sqlite3")) as connection:
        return connection.execute(query).fetchall()
