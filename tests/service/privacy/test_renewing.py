"""Renewing: by file or by environment, while others work, and what was decided before is read after."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace

import pytest
from click.testing import CliRunner

from explainer.cli import main
from explainer.errors import BadSettings, MasterKeyMissing
from explainer.ledger.keys.master import MasterKey, load_master_key
from explainer.service.decide import Case, decide
from explainer.service.inspect import find
from explainer.service.privacy.renewing import rotate
from explainer.service.wiring import open_services
from tests.support import MODELS

NEXT = MasterKey(b"\x77" * 32)


@pytest.fixture
def decided(services, sampled):
    return decide(Case("refund_approval", "C-A", "R-1", "en", sampled("refund_approval", 1)[0]), "k", services).record


class TestByFile:
    def test_the_command_changes_the_key_and_others_go_on(self, home, services, decided, sampled):
        before = load_master_key(home / "master.key")
        done = CliRunner().invoke(
            main, ["vault", "rotate", "--json"], env={"EXPLAINER_HOME": str(home), "EXPLAINER_MODELS": str(MODELS)}
        )
        assert json.loads(done.stdout)["keys"] == 2  # the customer's, and that of entries about nobody
        assert load_master_key(home / "master.key") != before
        assert find(decided.id, services).record.case == "R-1"
        case = Case("refund_approval", "C-new", "R-2", "en", sampled("refund_approval", 1)[0])
        assert find(decide(case, "k2", services).record.id, services).record.case == "R-2"

    def test_a_backup_of_before_opens_while_the_key_before_is_there_and_never_again(self, home, settings, clock, services, decided):
        backup = (home / "vault.sqlite3").read_bytes()
        rotate("test", services)
        services.close()
        (home / "vault.sqlite3").write_bytes(backup)
        with closing(open_services(settings, clock)) as restored:
            assert find(decided.id, restored).record.case == "R-1"
        (home / "master.key.before").unlink()
        with pytest.raises(MasterKeyMissing):
            open_services(settings, clock)

    def test_the_ledger_says_so(self, services, decided):
        rotate("test", services)
        (said,) = [one.id for one in services.ledger.newest_first("rotation")]
        assert services.ledger.search(kind="rotation")[0][0].id == said


class TestByEnvironment:
    @pytest.fixture
    def given(self, home, settings):
        return replace(settings, master_key=load_master_key(home / "master.key").text)

    def test_the_next_key_is_asked_for(self, given, clock):
        with closing(open_services(given, clock)) as opened, pytest.raises(BadSettings, match="EXPLAINER_MASTER_KEY_NEXT"):
            rotate("test", opened)

    def test_it_is_used_and_from_then_on_enough(self, given, clock, services, decided):
        with closing(open_services(replace(given, master_key_next=NEXT.text), clock)) as opened:
            assert rotate("test", opened) == 2
        with closing(open_services(replace(given, master_key=NEXT.text), clock)) as fresh:
            assert find(decided.id, fresh).record.case == "R-1"
        with pytest.raises(MasterKeyMissing):
            open_services(given, clock)
