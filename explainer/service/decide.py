"""Decide: one case from permission to receipt; nothing is told before it is remembered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from explainer.decisions.features import read_facts
from explainer.envelope import check_references
from explainer.errors import AlreadyRemembered, Contradiction
from explainer.ledger.store import Draft, Opened, Terms
from explainer.oversight.consent import OPTED_OUT
from explainer.packs.release import Release
from explainer.record import DecisionRecord, read_record
from explainer.road import travel, without_model
from explainer.service.oversee import permission_of
from explainer.service.wiring import Services
from explainer.views.showing import local

DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Case:
    """One case as it came through the door; a customer who could not opt out by name cannot be decided about.

    Raises:
        BadCase: customer or case number are not what `envelope` allows.
    """

    pack: str
    customer: str
    case: str
    locale: str
    facts: Mapping[str, Any]

    def __post_init__(self) -> None:
        check_references(customer=self.customer, case=self.case)

    def request(self) -> bytes:
        """The same case gives the same bytes: how a retry is told from another request."""
        said = [self.pack, self.customer, self.case, self.locale, self.facts]
        return json.dumps(said, sort_keys=True).encode()  # any JSON text and any whole number: mistakes in them are found later


@dataclass(frozen=True, slots=True)
class Answer:
    """A remembered decision, and whether it was remembered before this call."""

    record: DecisionRecord
    replayed: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """A decision that nobody may be told yet: its draft is still to be appended."""

    record: DecisionRecord
    draft: Draft


def decide(case: Case, idempotency_key: str, services: Services, *, request: bytes | None = None) -> Answer:
    """Decide, explain and remember one case.

    Args:
        request: by which a retry is told from another request; the case itself when left out.

    Raises:
        OutcomeUnknown: the commit's end is unknown; ask again with the same key.
        What `prepare` raises.
    """
    step = prepare(case, idempotency_key, services, request=request)
    if isinstance(step, Answer):
        return step
    try:
        services.ledger.append(step.draft)
    except AlreadyRemembered:  # the same key won the race in another thread or process
        return decide(case, idempotency_key, services, request=request)
    return Answer(step.record, replayed=False)


def prepare(case: Case, idempotency_key: str, services: Services, *, request: bytes | None = None) -> Answer | Prepared:
    """Decide and explain one case, or find what was decided before; arguments as `decide`.

    Raises:
        UnknownPack, UnknownLanguage, BadFacts: nothing is stored.
        IdempotencyConflict: the key came before with another body.
        Erased: the key came before, and its customer was erased since.
    """
    if any(isinstance(fact, list | dict) for fact in case.facts.values()):
        read_facts(case.facts, services.serving(case.pack).release.pack)  # refuses: no pack asks for such a fact
    request = case.request() if request is None else request
    before = services.ledger.remembered(idempotency_key, request, case.customer)
    if before is not None:
        return Answer(_record(before), replayed=True)
    serving = services.serving(case.pack)
    release = serving.release
    release.vocabulary.speak(case.locale)
    permission, at = permission_of(case.customer, services), services.clock()
    if permission.automation == OPTED_OUT:
        explained = without_model(case.facts, release)
    else:
        explained = travel(case.facts, release, serving.kernel, day_of(at, release))
    new_id = services.new_id()
    record = DecisionRecord(new_id, at, case.pack, release.digest, case.customer, case.case, case.locale, permission, explained)
    return Prepared(record, _draft(record, idempotency_key, request))


def day_of(at: datetime, release: Release) -> date:
    """The day of a decision, by which rules are in force: the organisation's own."""
    return local(at, release.organisation).date()


def terms_of(record: DecisionRecord) -> Terms:
    """By what a decision can be found; made again from the box when the index is rebuilt."""
    decision = record.explained.decision
    return Terms(
        customer=record.customer,
        case=record.case,
        pack=record.pack,
        outcome=decision.outcome,
        decisive=decision.decisive,
        release=record.release,
        rules=tuple(one.code for one in decision.fired),
    )


def _draft(record: DecisionRecord, idempotency_key: str, request: bytes) -> Draft:
    return Draft(
        id=record.id,
        kind=DECISION,
        at=record.at,
        subject=record.customer,
        body=record.to_bytes(),
        terms=terms_of(record),
        release=record.release,
        idempotency_key=idempotency_key,
        request=request,
    )


def _record(entry: Opened) -> DecisionRecord:
    if entry.kind != DECISION or entry.body is None:
        raise Contradiction("an Idempotency-Key leads to something that is not a decision")
    return read_record(entry.body)
