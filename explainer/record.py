"""The record: everything said about one decision, to canonical bytes and back.

Floats are kept as their 64 bits, so a record read years later holds the numbers that
were used.  Every version ever written stays readable.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np
import orjson

from explainer.attributions.attribution import Attribution
from explainer.decisions.deciding import Decision
from explainer.decisions.features import FeatureRow
from explainer.decisions.policy import RuleResult
from explainer.errors import Contradiction
from explainer.explanations.changing.recourse import Change, Line, NoRecourse, Recourse
from explainer.explanations.reasons import Reason
from explainer.explanations.wording import Sentence
from explainer.ledger.canonical import decode, encode_floats, from_bits
from explainer.road import Explained

VERSION = 2  # what is written; 1, before there was recourse, is read too
READ = (1, 2)


@dataclass(frozen=True, slots=True)
class Permission:
    """What the customer last said about automated decisions, as it stood when the case came in."""

    automation: str = "allowed"  # allowed | opted_out
    entry: str | None = None  # id of the consent entry that said so; None: nothing was ever said
    since: str | None = None  # RFC 3339 time of that entry


@dataclass(frozen=True, slots=True, eq=False)
class DecisionRecord:
    """One decision: who, when, by which release, under which permission, and all that explains it."""

    id: str
    at: datetime  # UTC
    pack: str
    release: str  # digest
    customer: str
    case: str
    locale: str  # the language the case was sent in; every language of the pack is recorded
    permission: Permission
    explained: Explained

    def to_bytes(self) -> bytes:
        """Canonical bytes: the same record always gives the same."""
        return encode_floats(self._body())

    def _body(self) -> dict[str, Any]:
        said = self.explained
        return {
            "v": VERSION,
            "id": self.id,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "pack": self.pack,
            "release": self.release,
            "customer": self.customer,
            "case": self.case,
            "locale": self.locale,
            "permission": _flat(self.permission),
            "facts": said.row.facts,
            "row": said.row.x.tolist(),
            "adjusted": said.row.adjusted,
            "decision": {**said.decision._asdict(), "rules": [_flat(one) for one in said.decision.rules]},
            "attribution": said.attribution and _attribution_body(said.attribution),
            "reasons": said.reasons and {reader: [one._asdict() for one in found] for reader, found in said.reasons.items()},
            "texts": said.texts and {language: _texts_body(readers) for language, readers in said.texts.items()},
            "safeguard": said.safeguard,
            "recourse": _recourse_body(said.recourse),
        }


def read_record(data: bytes) -> DecisionRecord:
    """Open a record from its canonical bytes.

    Raises:
        Contradiction: a version that this reader does not know.
    """
    return record_of(body_of(data))


def body_of(data: bytes) -> dict[str, Any]:
    """A record's fields as they were written, with live floats."""
    body: dict[str, Any] = lively(decode(data))
    return body


def numbers_of(data: bytes) -> dict[str, Any]:
    """The same without its words, many times as fast: of bytes that were proved and are not compared again."""
    body = _without_texts(data) | {"reasons": None, "texts": None, "recourse": None}
    body["row"] = _floats(body["row"])
    if body["attribution"]:
        body["attribution"]["phi"] = _floats(body["attribution"]["phi"])
    return body | {name: _numbers(body[name]) for name in ("facts", "decision", "attribution") if body[name]}


def _without_texts(data: bytes) -> dict[str, Any]:
    """A record's fields but for its texts, which are most of its bytes and stand before its version, the last.

    Inside a string every quote is escaped, so the mark is the name of a field: the record's own, if all that
    stands before it ends with one brace; a fact may have that name too.
    """
    try:
        said: dict[str, Any] = orjson.loads(data[: data.find(b',"texts":')] + data[data.rfind(b',"v":') :])
    except ValueError:
        said = orjson.loads(data)
    return said


def _numbers(written: Mapping[str, Any]) -> dict[str, Any]:
    """Values of which some are floats, and none holds others that are."""
    return {name: from_bits(one["f64"]) if type(one) is dict else one for name, one in written.items()}


def _floats(written: Sequence[Mapping[str, str]]) -> list[float]:
    return list(struct.unpack(f">{len(written)}d", bytes.fromhex("".join([one["f64"] for one in written]))))


def record_of(body: Mapping[str, Any]) -> DecisionRecord:
    """A record from its fields; raises as `read_record`."""
    if body["v"] not in READ:
        raise Contradiction(f"a record of version {body['v']}; this reader knows {', '.join(map(str, READ))}")
    return DecisionRecord(
        id=body["id"],
        at=datetime.fromisoformat(body["at"]),
        pack=body["pack"],
        release=body["release"],
        customer=body["customer"],
        case=body["case"],
        locale=body["locale"],
        permission=Permission(**body["permission"]),
        explained=_explained(body),
    )


def _explained(body: Mapping[str, Any]) -> Explained:
    return Explained(
        row=FeatureRow(np.array(body["row"], dtype=np.float64), body["facts"], body["adjusted"]),
        decision=_decision(body["decision"]),
        attribution=_attribution(body["attribution"]),
        reasons=body["reasons"] and {reader: tuple(Reason(**one) for one in found) for reader, found in body["reasons"].items()},
        texts=body["texts"]
        and {
            language: {reader: tuple(map(_sentence, found)) for reader, found in readers.items()}
            for language, readers in body["texts"].items()
        },
        safeguard=body["safeguard"],
        recourse=_recourse(body.get("recourse")),
    )


def _attribution_body(attribution: Attribution) -> dict[str, Any]:
    return {
        "method": attribution.method,
        "features": list(attribution.features),
        "phi": attribution.phi.tolist(),
        "baseline": attribution.baseline,
        "margin": attribution.margin,
        "gap": attribution.gap,
    }


def _attribution(body: Mapping[str, Any] | None) -> Attribution | None:
    if body is None:
        return None
    phi = np.array(body["phi"], dtype=np.float64)
    return Attribution(tuple(body["features"]), phi, body["baseline"], body["margin"], body["method"])


def _recourse_body(recourse: Recourse | None) -> Any:
    """Lines as a list, why there is none as a mapping."""
    if recourse is None or isinstance(recourse, NoRecourse):
        return recourse and _flat(recourse)
    return [{**_flat(line), "changes": [_flat(one) for one in line.changes]} for line in recourse]


def _recourse(body: Any) -> Recourse | None:
    if body is None:
        return None
    if isinstance(body, Mapping):
        return NoRecourse(**body)
    return tuple(Line(**{**line, "changes": tuple(Change(**one) for one in line["changes"])}) for line in body)


def _decision(body: Mapping[str, Any]) -> Decision:
    return Decision(**{**body, "rules": tuple([_rule_result(**one) for one in body["rules"]])})


_rule_result = lru_cache(4096)(RuleResult)  # a policy has a few, each fired or not


def _texts_body(readers: Mapping[str, Sequence[Sentence]]) -> dict[str, list[dict[str, Any]]]:
    return {reader: [_sentence_body(one) for one in found] for reader, found in readers.items()}


def _sentence_body(one: Sentence) -> dict[str, Any]:
    body: dict[str, Any] = dict(zip(Sentence._fields, one, strict=True))
    body["facts"] = dict(one.facts)
    return body


def _sentence(body: Mapping[str, Any]) -> Sentence:
    return Sentence(**{**body, "facts": tuple(sorted(body.get("facts", {}).items()))})  # version 1 has none


def _flat(value: Any) -> dict[str, Any]:
    """A value's own fields, by name."""
    return {name: getattr(value, name) for name in value.__slots__}


def lively(value: Any) -> Any:
    """What `encode_floats` wrote, with live floats."""
    if isinstance(value, dict):
        if value.keys() == {"f64"}:
            return from_bits(value["f64"])
        return {name: lively(one) if type(one) in _HOLDERS else one for name, one in value.items()}
    return [lively(one) if type(one) in _HOLDERS else one for one in value] if isinstance(value, list) else value


_HOLDERS = (dict, list)
