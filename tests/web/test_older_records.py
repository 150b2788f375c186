"""Records of every version, stored years ago, are read, shown to everybody who may see them, and replayed."""

from __future__ import annotations

import pytest

from explainer.ledger.canonical import decode, encode
from explainer.ledger.store import Draft
from explainer.record import READ, read_record
from explainer.service.auditing.bulkreplay import replay_all
from explainer.service.auditing.replaying import Asked, replay_some
from explainer.service.decide import DECISION, terms_of
from explainer.service.inspect import find
from explainer.verify import DIFFERS, SAME
from tests.cases import ending

REFUND = "refund_approval"
IN_VERSION_1 = ("code", "direction", "strength", "text")  # of a sentence; the golden record of that version has no others


def as_version_1(body):
    """A record as its first version wrote it: no recourse, and sentences that do not say what they assert."""
    texts = {
        language: {reader: [{name: one[name] for name in IN_VERSION_1} for one in said] for reader, said in readers.items()}
        for language, readers in body["texts"].items()
    }
    for readers in texts.values():
        readers.pop("recourse", None)
    return {name: one for name, one in body.items() if name != "recourse"} | {"texts": texts, "v": 1}


@pytest.fixture(params=READ, ids="v{}".format)
def stored(request, api, services):
    """A decision that the ledger holds in one version of the record."""
    facts = ending(services.serving(REFUND).release, "decline", "score")
    made = services.ledger.entry(api.decide(REFUND, facts).json["id"])
    body = decode(made.body) | {"id": services.new_id()}
    data = encode(body if request.param == 2 else as_version_1(body))
    record = read_record(data)
    draft = Draft(record.id, DECISION, made.at, record.customer, data, terms_of(record), release=record.release)
    services.ledger.append(draft)
    assert decode(services.ledger.entry(record.id).body)["v"] == request.param
    return record


@pytest.mark.parametrize(("path", "role"), [("letter", "agent"), ("panel", "agent"), ("dossier", "auditor")])
def test_it_is_shown(stored, api, path, role):
    shown = api.get(f"/{path}/{stored.id}", role)
    assert shown.status_code == 200
    said = stored.explained.texts["en"]["agent" if path == "panel" else "customer"]
    assert any(one.text.split(".")[0] in shown.text for one in said)


def test_it_is_found_with_all_that_it_says(stored, services):
    found = find(stored.id, services).record
    assert found.explained.reasons == stored.explained.reasons
    assert found.explained.texts == stored.explained.texts


@pytest.mark.parametrize("full", [False, True], ids=["numbers", "full"])
def test_it_is_replayed_alone_and_among_all(stored, services, full):
    services.sealer().seal()
    result = replay_some(Asked("test", (stored.id,), full=full), services)
    assert {one.end for one in result.counts} == {SAME}
    assert any(one.level == "E2" for one in result.counts)
    every = replay_all(Asked("test", full=full), services, lambda _done, _all: None)
    assert every.decisions == 2
    assert not any(one.end == DIFFERS for one in every.counts)
