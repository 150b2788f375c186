"""Decide: one case from permission to receipt; nothing is told before it is remembered.

What was remembered is read once more before it is told again: where a text disagrees with
its record, a person decides, and that is remembered first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from explainer.decisions.features import read_facts
from explainer.envelope import CHECKS, check_references
from explainer.errors import AlreadyRemembered, BadFacts, Contradiction, Erased, IdempotencyConflict, Unfaithful, UnknownLanguage
from explainer.ledger.canonical import encode as canonical
from explainer.ledger.entry import class_of
from explainer.ledger.store import Draft, Opened, Receipt, Terms
from explainer.oversight.consent import OPTED_OUT
from explainer.packs.release import Release
from explainer.record import DecisionRecord, Permission, read_record
from explainer.road import Explained, contradictions, referred, travel_together, without_model
from explainer.service.oversee import permissions_of
from explainer.service.wiring import Services
from explainer.views.showing import local

DECISION, REFERRAL = "decision", "referral"

Refusal = BadFacts | UnknownLanguage | IdempotencyConflict | Erased  # of one case, for a reason in itself


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
class Asked:
    """A case with the key under which it is decided once, and what tells a retry from another request."""

    case: Case
    idempotency_key: str
    request: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """A remembered decision, the receipt of its entry, and whether it was remembered before this call."""

    record: DecisionRecord
    receipt: Receipt
    replayed: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """A decision that nobody may be told yet: its draft is still to be appended."""

    record: DecisionRecord
    draft: Draft


def misnamed(names: Mapping[str, str], release: Release) -> dict[str, str]:
    """What is wrong with the names of a case, by field.

    Args:
        names: those of `customer`, `case` and `locale` that are to be looked at.
    """
    found = {name: why for name, check in CHECKS.items() if name in names and (why := check(names[name]))}
    try:
        if "locale" in names:
            release.vocabulary.speak(names["locale"])
    except UnknownLanguage as error:
        found["locale"] = str(error)
    return found


def mistakes_of(names: Mapping[str, str], facts: Mapping[str, Any], release: Release) -> dict[str, Any]:
    """Everything that is wrong with a case, by field, and under `facts` by fact; every door says it like this.

    Args:
        names: as `misnamed`.
    """
    found: dict[str, Any] = misnamed(names, release)
    try:
        read_facts(facts, release.pack)
    except BadFacts as error:
        found["facts"] = error.mistakes
    return found


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
        receipt = services.ledger.append(step.draft)
    except AlreadyRemembered:  # the same key won the race in another thread or process
        return decide(case, idempotency_key, services, request=request)
    return Answer(step.record, receipt, replayed=False)


def prepare(case: Case, idempotency_key: str, services: Services, *, request: bytes | None = None) -> Answer | Prepared:
    """Decide and explain one case, or find what was decided before; arguments as `decide`.

    Raises:
        UnknownPack, UnknownLanguage, BadFacts: nothing is stored.
        IdempotencyConflict: the key came before with another body.
        Erased: the key came before, and its customer was erased since.
        ReleaseTampered, ReleaseMissing: the release that made what was decided before is not what or where it was.
    """
    if any(isinstance(fact, list | dict) for fact in case.facts.values()):
        read_facts(case.facts, services.serving(case.pack).release.pack)  # refuses: no pack asks for such a fact
    asked = Asked(case, idempotency_key, case.request() if request is None else request)
    (step,) = prepare_all([asked], case.pack, services)
    if isinstance(step, Answer | Prepared):
        return step
    raise step


def prepare_all(asked: Sequence[Asked], pack: str, services: Services) -> list[Answer | Prepared | Refusal]:
    """Decide and explain cases of one pack together, or find what was decided before; a refusal is returned, not raised.

    Raises:
        UnknownPack: no case is decided.
    """
    seen = services.ledger.seen(one.idempotency_key for one in asked)
    before = [_before(one, services) if one.idempotency_key in seen else None for one in asked]
    fresh = [one for one, said in zip(asked, before, strict=True) if said is None]
    prepared = iter(_prepare_fresh(fresh, pack, services))
    return [next(prepared) if said is None else said for said in before]


def _before(asked: Asked, services: Services) -> Answer | Refusal | None:
    """What was decided under the same key."""
    try:
        found = services.ledger.remembered(asked.idempotency_key, asked.request, asked.case.customer)
    except (IdempotencyConflict, Erased) as refusal:
        return refusal
    return None if found is None else Answer(as_told(_record(found), services)[0], found.receipt, replayed=True)


def _prepare_fresh(asked: Sequence[Asked], pack: str, services: Services) -> list[Prepared | Refusal]:
    """Permission first: a case that software may not decide does not travel."""
    serving = services.serving(pack)
    permissions, at = permissions_of((one.case.customer for one in asked), services), services.clock()
    stopped = [_stopped(one.case, permissions[one.case.customer], serving.release) for one in asked]
    going = [one.case.facts for one, end in zip(asked, stopped, strict=True) if end is None]
    arrived = iter(travel_together(going, serving.release, serving.kernel, day_of(at, serving.release)))
    prepared: list[Prepared | Refusal] = []
    for one, end in zip(asked, stopped, strict=True):
        said = next(arrived) if end is None else end
        if isinstance(said, Explained):
            case, new_id, permission = one.case, services.new_id(), permissions[one.case.customer]
            release = serving.release.digest
            record = DecisionRecord(new_id, at, pack, release, case.customer, case.case, case.locale, permission, said)
            prepared.append(Prepared(record, _draft(record, one, serving.release)))
        else:
            prepared.append(said)
    return prepared


def _stopped(case: Case, permission: Permission, release: Release) -> Explained | Refusal | None:
    """How a case ends that must not travel; None: software may decide it."""
    try:
        release.vocabulary.speak(case.locale)
        return without_model(case.facts, release) if permission.automation == OPTED_OUT else None
    except (UnknownLanguage, BadFacts) as refusal:
        return refusal


def as_told(record: DecisionRecord, services: Services) -> tuple[DecisionRecord, Release]:
    """A remembered decision as it may be told, and the release that made it.

    Raises:
        ReleaseTampered, ReleaseMissing: that release is not what or where it was.
    """
    release = services.registry.open(record.release)
    if findings := contradictions(record.explained, release, release.vocabulary.every):
        refer(record, release, findings, services)
        explained = record.explained
        record = replace(record, explained=referred(explained.row, explained.decision, release.pack, Unfaithful.code))
    return record, release


def refer(record: DecisionRecord, release: Release, findings: Sequence[str], services: Services) -> None:
    """Hand a decision that cannot be told as it was recorded to a person: remembered once, before anybody is told."""
    said = {
        "v": 1,
        "customer": record.customer,
        "about": record.id,
        "pack": record.pack,
        "check": Unfaithful.code,
        "findings": list(findings),
    }
    draft = about(record, release, REFERRAL, said, services=services)
    key = f"\x1f{REFERRAL}/{record.id}"  # no client's Idempotency-Key begins with a control character
    with suppress(AlreadyRemembered):
        services.ledger.append(replace(draft, idempotency_key=key, request=b""))


def about(record: DecisionRecord, release: Release, kind: str, said: Mapping[str, Any], *, services: Services) -> Draft:
    """An entry about a decision: kept as long as the decision itself."""
    kept = class_of(release.pack.retention_months)
    return Draft(
        services.new_id(),
        kind,
        services.clock(),
        record.customer,
        canonical(said),
        terms_about(said),
        refs=(record.id,),
        retention=kept,
    )


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


def terms_about(said: Mapping[str, Any]) -> Terms:
    """By what an entry about a decision can be found."""
    return Terms(customer=said["customer"], about=said["about"], pack=said["pack"])


def _draft(record: DecisionRecord, asked: Asked, release: Release) -> Draft:
    return Draft(
        id=record.id,
        kind=DECISION,
        at=record.at,
        subject=record.customer,
        body=record.to_bytes(),
        terms=terms_of(record),
        release=record.release,
        idempotency_key=asked.idempotency_key,
        request=asked.request,
        retention=class_of(release.pack.retention_months),
    )


def _record(entry: Opened) -> DecisionRecord:
    if entry.kind != DECISION or entry.body is None:
        raise Contradiction("an Idempotency-Key leads to something that is not a decision")
    return read_record(entry.body)
