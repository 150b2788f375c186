"""Many decisions over HTTP: lines in, lines out, the bad ones answered with their mistakes."""

import json

import pytest

from explainer.ledger.notes.checkpoint import open_note
from tests.cases import entries

REFUND = "refund_approval"


def lines_of(cases):
    return b"".join(json.dumps(one).encode() + b"\n" for one in cases)


def case(facts, number, **more):
    return {"customer": f"C-{number}", "case": f"R-{number}", "facts": facts} | more


def send(api, data, lang="en", mimetype="application/x-ndjson"):
    return api.call("POST", f"/v1/packs/{REFUND}/decisions/bulk?lang={lang}", data=data, headers={"Content-Type": mimetype})


def answers(response):
    return [json.loads(line) for line in response.text.splitlines()]


class TestLines:
    def test_each_case_is_answered_in_order_and_remembered(self, api, services, sampled):
        before, cases = entries(services.settings.home), sampled(REFUND, 250)
        said = answers(send(api, lines_of(case(facts, at) for at, facts in enumerate(cases))))
        assert [one["row"] for one in said] == list(range(1, 251))
        assert entries(services.settings.home) == before + 250
        told = api.get(f"/v1/decisions/{said[7]['id']}").json
        assert (told["outcome"], told["margin"]) == (said[7]["outcome"], said[7]["margin"])
        assert [one["text"] for one in told["reasons"]["customer"]] == said[7]["text_en"]

    def test_each_answer_has_a_receipt_that_its_holder_can_show(self, api, services, sampled):
        for said in answers(send(api, lines_of(case(facts, at) for at, facts in enumerate(sampled(REFUND, 3))))):
            receipt = said["receipt"]
            text, _ = open_note(receipt["note"], [services.log_key.public])
            assert text == f"receipt\n{said['id']}\n{receipt['leaf_hash']}\n{receipt['seal_by']}\n"
            assert receipt == api.get(f"/v1/decisions/{said['id']}").json["receipt"]

    def test_a_bad_one_is_answered_with_its_mistakes_and_the_rest_goes_on(self, api, sampled):
        (facts,) = sampled(REFUND, 1)
        body = lines_of([case(facts, 1), case(facts | {"photos": "x"}, 2)]) + b"{\n\n" + lines_of([case(facts, 3)])
        first, second, third, last = answers(send(api, body))
        assert (first["row"], last["row"]) == (1, 5)
        assert second == {"row": 2, "mistakes": {"facts": {"photos": "must be a whole number"}}}
        assert third["row"] == 3
        assert set(third["mistakes"]) == {"line"}

    def test_a_line_beyond_the_limit_is_refused_and_the_next_is_read(self, api, services, sampled):
        (facts,) = sampled(REFUND, 1)
        long = b'{"case": "' + b"x" * services.settings.body_limit + b'"}\n'
        refused, decided = answers(send(api, long + lines_of([case(facts, 1)])))
        assert refused == {"row": 1, "mistakes": {"line": f"must have at most {services.settings.body_limit} bytes"}}
        assert decided["id"]

    def test_a_stream_may_be_longer_than_the_limit_of_a_body(self, api, services, sampled):
        (facts,) = sampled(REFUND, 1)
        data = lines_of(case(facts, at) for at in range(services.settings.body_limit // 400))
        assert len(data) > services.settings.body_limit
        assert all("id" in one for one in answers(send(api, data)))

    def test_sentences_come_in_the_language_asked_for(self, api, sampled):
        (facts,) = sampled(REFUND, 1)
        (said,) = answers(send(api, lines_of([case(facts, 1)]), lang="es"))
        assert said["text_es"]

    def test_nothing_is_answered_with_nothing(self, api):
        assert send(api, b"").text == ""


class TestRefusals:
    @pytest.mark.parametrize(
        ("mimetype", "lang", "status"), [("application/json", "en", 415), ("application/x-ndjson", "tlh", 422)]
    )
    def test_come_before_anything_is_decided(self, api, services, sampled, mimetype, lang, status):
        before = entries(services.settings.home)
        response = send(api, lines_of([case(sampled(REFUND, 1)[0], 1)]), lang, mimetype)
        assert (response.status_code, response.mimetype) == (status, "application/problem+json")
        assert entries(services.settings.home) == before

    def test_another_type_is_told_which_one_is_taken(self, api, sampled):
        problem = send(api, lines_of([case(sampled(REFUND, 1)[0], 1)]), "en", "application/json").json
        assert "must be application/x-ndjson" in problem["detail"]
        assert "JSON" not in problem["title"]

    def test_a_failure_on_the_way_is_the_last_line(self, api, services, sampled):
        with services.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE entry_index")
        (said,) = answers(send(api, lines_of([case(sampled(REFUND, 1)[0], 1)])))
        assert said["error"] in {"unavailable", "outcome-unknown"}
