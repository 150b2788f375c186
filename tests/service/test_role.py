"""The whole service on PostgreSQL under the application's role, with the rights that `explainer ledger grants` prints."""

from __future__ import annotations

import json
from contextlib import closing

import psycopg
import pytest

from explainer.service.access import create_key, revoke_key
from explainer.service.auditing.exporting import export_pack
from explainer.service.auditing.replaying import Asked, replay_some
from explainer.service.inspect import rebuild_index, verifier
from explainer.service.privacy.erasing import erase, expire
from explainer.service.releases import activate
from explainer.service.wiring import open_services
from explainer.settings import Settings
from explainer.web.app import create_app
from tests.support import MODELS, SHIPPED, Api, Clock, enter
from tests.test_cli import runner

REFUND = SHIPPED[0]
ORIGIN = "https://desktop.example"

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]


@pytest.fixture
def place(home, postgres):
    """Services under the role, over tables that their owner made with one command."""
    url, vault_url = postgres.database(), postgres.database()
    postgres.execute("DROP ROLE IF EXISTS app_of_a_test")
    postgres.execute("CREATE ROLE app_of_a_test LOGIN")
    owner = {"EXPLAINER_DATABASE_URL": url, "EXPLAINER_VAULT_URL": vault_url}
    for store, address in (("ledger", url), ("vault", vault_url)):
        printed = runner(home)("ledger", "grants", "app_of_a_test", "--store", store, env=owner)
        assert printed.exit_code == 0, printed.stderr
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(printed.stdout)
    urls = {"database_url": url, "vault_url": vault_url}
    under = {name: one.replace("postgres@", "app_of_a_test@") for name, one in urls.items()}
    with closing(open_services(Settings(home=home, models=MODELS, panel_origins=ORIGIN, **under), Clock())) as services:
        yield services
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP OWNED BY app_of_a_test")
    with psycopg.connect(vault_url, autocommit=True) as connection:
        connection.execute("DROP OWNED BY app_of_a_test")


def test_everything_that_serving_needs_it_may(place, sampled, tmp_path):
    """Release, decide, show, prove, replay, export, erase and expire."""
    activate(REFUND, next(one.name for one in (place.settings.home / "releases").iterdir() if _decides(one)), place, by="test")
    keys = {role: create_key(role, (role,), None, place) for role in ("integrator", "auditor", "privacy_officer")}
    api, facts = Api(create_app(place).test_client(), keys), sampled(REFUND, 3)
    ids = [api.decide(REFUND, one, customer="C-1").json["id"] for one in facts]
    line = json.dumps({"customer": "C-2", "case": "B-1", "facts": facts[0]}).encode()
    sent = api.call("POST", f"/v1/packs/{REFUND}/decisions/bulk", data=line, headers={"Content-Type": "application/x-ndjson"})
    assert json.loads(sent.text)["receipt"]
    assert place.sealer().seal().complete
    assert api.get(f"/v1/decisions/{ids[0]}/proof").status_code == 200
    assert api.get(f"/v1/decisions/{ids[0]}/letter?format=text").status_code == 200
    assert api.call("POST", f"/v1/decisions/{ids[0]}/panel-tokens", json={"origin": ORIGIN}).status_code == 201
    browser, link = api.client.application.test_client(), api.get(f"/v1/decisions/{ids[0]}").json["links"]["letter"]
    assert [enter(browser, link, case).status_code for case in ("x", "y", "R-1")] == [403, 403, 200]
    assert api.call("POST", f"/v1/decisions/{ids[1]}/links/revocations", "privacy_officer", json={"view": "all"}).status_code == 201
    assert api.get("/readyz", None).status_code == 200
    revoke_key(keys.pop("auditor").split("_")[1], place)
    assert not replay_some(Asked("test", tuple(ids), full=True), place).differs
    assert export_pack(tmp_path / "pack", (), place, by="test").entries > 5
    # And the letter that left by the API, the one that was opened, who read the answer, and two revocations.
    assert erase("C-1", "test", place).erasure.entries == 8
    place.clock.move(days=2_000)
    assert expire("test", place).entries >= 1
    assert rebuild_index(place) > 3
    assert place.sealer().seal().complete
    assert verifier(place).verify().findings == []
    assert place.needless_rights() == []


def _decides(release):
    return "pack: refund_approval" in (release / "pack.yaml").read_text("utf-8")


def test_who_serves_with_more_is_told(home, postgres):
    settings = Settings(home=home, models=MODELS, database_url=postgres.database())
    with closing(open_services(settings)) as services:
        assert "UPDATE entries" in services.needless_rights()
        assert "UPDATE data_keys" in services.needless_rights()
