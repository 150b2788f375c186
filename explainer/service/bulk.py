"""Bulk: many cases at once, each over the whole road, with the same results as one by one.

A case that cannot be decided is given back with every mistake and the rest goes on.  A
case is known by pack, customer and case number: sent again, its stored answer returns.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from explainer.attributions.attribution import Attribution
from explainer.decisions.features import MANY, stacked
from explainer.decisions.scoring import score
from explainer.envelope import Unreadable, read_strictly
from explainer.errors import AlreadyRemembered, BadCase, BadFacts, Erased, IdempotencyConflict, UnknownLanguage
from explainer.explanations.wording import CUSTOMER, RECOURSE
from explainer.oversight.consent import OPTED_OUT
from explainer.packs.release import Release
from explainer.road import Explained, travel_together, without_model
from explainer.service.decide import Answer, Asked, Case, Prepared, Refusal, decide, misnamed, mistakes_of, prepare_all
from explainer.service.inspect import signed_receipt
from explainer.service.oversee import permissions_of
from explainer.service.wiring import Services, Serving
from explainer.views.disclosure import sentences_in

ENVELOPE = ("customer", "case", "locale")


class Given(NamedTuple):
    """One case as it was read, with its place in the input."""

    row: int  # from 1
    facts: Mapping[str, Any]
    customer: str = ""  # may be left out where nothing is recorded
    case: str = ""
    locale: str = "en"
    mistakes: Mapping[str, Any] | None = None  # found in reading it: it is not decided, and what else is wrong is said with them


class Result(NamedTuple):
    """One decided case."""

    row: int
    id: str | None  # None: nothing was recorded
    explained: Explained
    receipt: Mapping[str, str] | None = None  # signed, as for a single decision


class Rejected(NamedTuple):
    """One case that was not decided, with every mistake by field name."""

    row: int
    mistakes: Mapping[str, Any]


Outcome = Result | Rejected


def read_line(row: int, line: bytes, locale: str) -> Given | Rejected:
    """One line of NDJSON: a case as the API takes it, or a case's facts alone; rejected when nobody can say what it holds.

    Args:
        locale: of cases that name none.
    """
    try:
        said = read_strictly(line)
    except Unreadable as error:
        return Rejected(row, {place or "line": why for place, why in error.mistakes.items()})
    if not isinstance(said, dict):
        return Rejected(row, {"line": "must be an object"})
    if b"\\u" in line and not _can_be_written(said):
        return Rejected(row, {"line": "holds half of a surrogate pair"})
    if "facts" not in said:
        said = {name: said.pop(name) for name in ENVELOPE if name in said} | {"facts": said}
    mistakes = {name: "no such field" for name in said if name not in (*ENVELOPE, "facts")}
    mistakes |= {name: "must be text" for name in ENVELOPE if not isinstance(said.get(name, ""), str)}
    facts = said["facts"]
    if not isinstance(facts, dict):
        facts, mistakes["facts"] = {}, "must be an object"
    if any(isinstance(value, list | dict) for value in facts.values()):  # no pack asks for such a fact, and it only takes room
        facts = {name: [] if isinstance(value, list | dict) else value for name, value in facts.items()}
    names = {name: said[name] for name in ENVELOPE if name in said and name not in mistakes}
    return Given(row, facts, **{"locale": locale, **names}, mistakes=mistakes or None)


def rehearse(
    batch: Sequence[Given],
    serving: Serving,
    day: date,
    language: str,
    *,
    opted_out: frozenset[str] = frozenset(),
    recourse: bool = False,
) -> list[Outcome]:
    """Decide cases without remembering them; nothing of it may be told to anybody.

    Args:
        day: of the decisions, in the organisation's time zone.
        language: the one in which they are explained.
        opted_out: customers whose cases go to a person.
        recourse: whether to look for what would have changed each outcome; it takes about twice as long as all the rest.

    Raises:
        UnknownLanguage: the pack has no words in it.
    """
    release, phrases = serving.release, serving.release.vocabulary.speak(language)
    every = {_names(one) for one in batch}
    bad = {names for names in every if misnamed(_checked(names), release)}
    wrong = {one.row: _rejected(one, release) for one in batch if one.mistakes or _names(one) in bad}
    asked = [one.facts for one in batch if one.row not in wrong and one.customer not in opted_out]
    readers = (CUSTOMER, RECOURSE) if recourse else (CUSTOMER,)
    together = iter(travel_together(asked, release, serving.kernel, day, readers=readers, languages=(phrases,)))
    found: list[Outcome] = []
    for one in batch:
        if one.row in wrong:
            found.append(wrong[one.row])
        else:
            found.append(_outcome(one, _alone(one, serving) if one.customer in opted_out else next(together)))
    return found


def decide_all(batch: Sequence[Given], pack: str, services: Services) -> list[Outcome]:
    """Decide, explain and remember cases: durable together when this returns.

    Raises:
        UnknownPack: no case is decided.
        OutcomeUnknown: the commit's end is unknown; send the same cases again.
    """
    read, release = [_asked(one, pack) for one in batch], services.serving(pack).release
    prepared = iter(prepare_all([one for one in read if one], pack, services))
    steps = [next(prepared) if one else None for one in read]
    services.log_keys.refresh()  # no sealer need be at work in this process, to hear of another key
    try:
        kept = services.ledger.append_all([step.draft for step in steps if isinstance(step, Prepared)])
    except AlreadyRemembered:  # a case stands twice in the batch, or another process was first
        ends = [_one_by_one(asked, services) for asked in read]
    else:
        receipts = iter(kept)
        ends = [Answer(step.record, next(receipts), replayed=False) if isinstance(step, Prepared) else step for step in steps]
    return [_ended(one, end, release, services) for one, end in zip(batch, ends, strict=True)]


def opted_out_among(batch: Sequence[Given], services: Services) -> frozenset[str]:
    """Customers of some cases who do not want software to decide."""
    permissions = permissions_of({one.customer for one in batch if one.customer}, services)
    return frozenset(customer for customer, one in permissions.items() if one.automation == OPTED_OUT)


def columns_of(results: Sequence[Result], release: Release, language: str, *, recourse: bool = False) -> dict[str, Sequence[Any]]:
    """Decided cases as the columns in which they are told.

    Args:
        recourse: whether to tell what would have changed the outcome.
    """
    said, names = [one.explained for one in results], release.pack.names
    margins = [one.decision.margin for one in said]
    pushes = _pushes([one.attribution for one in said], names)
    return {
        "row": [one.row for one in results],
        "id": [one.id for one in results],
        "receipt": [one.receipt for one in results],
        "outcome": [one.decision.outcome for one in said],
        "score": [None if margin is None else score(margin) for margin in margins],
        "margin": margins,
        "decisive": [one.decision.decisive for one in said],
        **{f"phi_{name}": column for name, column in zip(names, pushes, strict=True)},
        "reasons": [[reason.code for reason in (one.reasons or {}).get(CUSTOMER, ())] for one in said],
        f"text_{language}": [_texts(one, CUSTOMER, language) for one in said],
        **({f"recourse_{language}": [_texts(one, RECOURSE, language) for one in said]} if recourse else {}),
    }


def as_line(outcome: Outcome, release: Release, language: str, *, recourse: bool = False) -> dict[str, Any]:
    """One outcome as NDJSON tells it; a rejected case says `mistakes` and nothing else, a rehearsed one has no `id` or `receipt`.

    Args:
        recourse: as `columns_of`.
    """
    if isinstance(outcome, Rejected):
        return {"row": outcome.row, "mistakes": outcome.mistakes}
    line = {name: value for name, (value,) in columns_of([outcome], release, language, recourse=recourse).items()}
    if line["id"] is None:
        del line["id"], line["receipt"]
    return line


def _texts(said: Explained, reader: str, language: str) -> list[str]:
    return [sentence.text for sentence in sentences_in(said, reader, language)]


def _pushes(splits: Sequence[Attribution | None], names: tuple[str, ...]) -> Sequence[Sequence[float | None]]:
    """Attributions by feature of a release; what was stored before may be an older release's, with others."""
    if len(splits) >= MANY and all(one and one.features == names for one in splits):
        return [*stacked([one.phi for one in splits if one], len(names)).T]
    known = [dict(zip(one.features, one.phi.tolist(), strict=True)) if one else {} for one in splits]
    return [[one.get(name) for one in known] for name in names]


def _can_be_written(said: Any) -> bool:
    try:
        json.dumps(said, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _names(one: Given) -> tuple[str, str, str]:
    return one.customer, one.case, one.locale


def _checked(names: tuple[str, str, str], *, recorded: bool = False) -> dict[str, str]:
    """The names of a case that have to be right; where nothing is recorded, customer and case number may be left out."""
    return {name: value for name, value in zip(ENVELOPE, names, strict=True) if value or recorded or name == "locale"}


def _rejected(one: Given, release: Release, *, recorded: bool = False) -> Rejected:
    """A case with everything that is wrong with it: found in reading it, in its names and in its facts."""
    found, read = mistakes_of(_checked(_names(one), recorded=recorded), one.facts, release), dict(one.mistakes or {})
    if isinstance(read.get("facts"), Mapping):
        read["facts"] = found.get("facts", {}) | read["facts"]
    return Rejected(one.row, found | read)


def _outcome(one: Given, said: Explained | BadFacts) -> Outcome:
    return Rejected(one.row, {"facts": said.mistakes}) if isinstance(said, BadFacts) else Result(one.row, None, said)


def _alone(one: Given, serving: Serving) -> Explained | BadFacts:
    try:
        return without_model(one.facts, serving.release)
    except BadFacts as mistakes:
        return mistakes


def _asked(one: Given, pack: str) -> Asked | None:
    """A case to be decided; None: it has mistakes that are seen without its release."""
    try:
        case = None if one.mistakes else Case(pack, one.customer, one.case, one.locale, one.facts)
    except BadCase:
        return None
    return Asked(case, _key(one, pack), _request(one, pack)) if case else None


def _one_by_one(asked: Asked | None, services: Services) -> Answer | Refusal | None:
    if asked is None:
        return None
    try:
        return decide(asked.case, asked.idempotency_key, services, request=asked.request)
    except (BadFacts, UnknownLanguage, IdempotencyConflict, Erased) as error:
        return error


def _ended(one: Given, step: Answer | Refusal | None, release: Release, services: Services) -> Outcome:
    if isinstance(step, Answer):
        return Result(one.row, step.record.id, step.record.explained, signed_receipt(step.receipt, services))
    if isinstance(step, IdempotencyConflict):
        return Rejected(one.row, {"case": "was decided before with other facts; give it another number"})
    if isinstance(step, Erased):
        return Rejected(one.row, {"customer": str(step)})
    rejected = _rejected(one, release, recorded=True)
    return Rejected(one.row, {**_own(step), **rejected.mistakes})  # its own too: another release may have become active meanwhile


def _own(refusal: BadFacts | UnknownLanguage | None) -> dict[str, Any]:
    if isinstance(refusal, BadFacts):
        return {"facts": refusal.mistakes}
    return {} if refusal is None else {"locale": str(refusal)}


def _request(one: Given, pack: str) -> bytes:
    """The same case gives the same bytes from every form of file, in whatever language: 0.0 is 0, and absent is null."""
    facts = {name: _plainly(value) for name, value in one.facts.items() if value is not None}
    return json.dumps([pack, one.customer, one.case, facts], sort_keys=True).encode()


def _plainly(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _key(one: Given, pack: str) -> str:
    """The Idempotency-Key of a case: the same for the same case of the same customer, whoever sends it in whatever file."""
    named = json.dumps([pack, one.customer, one.case]).encode()
    return f"bulk/{hashlib.sha256(named).hexdigest()}"
