"""Reading a pack: from the texts of its files to one checked `Pack`, or every mistake in it.

`files` maps a name inside the pack (`pack.yaml`, `phrases/en.ftl`, …) to its text, so
the same reading serves a folder under models/ and a published release.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marshmallow import Schema, ValidationError

from explainer.errors import BadPack
from explainer.packs import schemas
from explainer.packs.definition import (
    Action,
    Band,
    Clause,
    Every,
    Feature,
    Organisation,
    Outcome,
    Pack,
    Rule,
    Some,
    Test,
    Training,
)
from explainer.packs.yamlread import Lines, Path, read_yaml

MONOTONE = {"up": 1, "down": -1, "none": 0}
OPERATORS = ("is", "in", "below", "at_least", "missing")


def read_pack(files: Mapping[str, str], folder: str) -> Pack:
    """Read the four declarations of a pack.

    Args:
        files: name inside the pack → text.
        folder: the folder's name, which must be the pack's.

    Raises:
        BadPack: with every mistake of every file, `file:line: what`.
    """
    reading = _Reading(files, folder)
    pack = reading.pack()
    if reading.mistakes or pack is None:
        raise BadPack(reading.mistakes)
    return pack


def read_organisation(text: str) -> Organisation:
    """Read models/organisation.yaml.

    Raises:
        BadPack: with every mistake.
    """
    raw, lines = read_yaml(text, "organisation.yaml")
    loaded = _load(schemas.OrganisationSchema(), raw, lines)
    if loaded is not None:
        try:
            ZoneInfo(loaded["time_zone"])
        except (ZoneInfoNotFoundError, ValueError):
            lines.mistake(("time_zone",), "no such time zone")
    if lines.mistakes or loaded is None:
        raise BadPack(lines.mistakes)
    return Organisation(**{**loaded, "address": tuple(loaded["address"])})


def read_examples(files: Mapping[str, str], pack: Pack) -> list[dict[str, Any]]:
    """Read examples/*.yaml: facts with the outcome they must have.

    Raises:
        BadPack: with every mistake.
    """
    found: list[dict[str, Any]] = []
    mistakes: list[str] = []
    for file in sorted(name for name in files if name.startswith("examples/")):
        raw, lines = read_yaml(files[file], file)
        if not isinstance(raw, list):
            lines.mistake((), "must be a list of examples")
        for index, one in enumerate(raw if isinstance(raw, list) else []):
            loaded = _load(schemas.ExampleSchema(), one, lines, (index,))
            if loaded is not None:
                loaded["on"] = _day(loaded["on"], lines, (index, "on"))
                _known(loaded["outcome"], [o.code for o in pack.outcomes], lines, (index, "outcome"), "outcome")
                found.append(loaded)
        mistakes += lines.mistakes
    if mistakes:
        raise BadPack(mistakes)
    return found


class _Reading:
    """One pass over the files of a pack, gathering mistakes as it goes."""

    def __init__(self, files: Mapping[str, str], folder: str) -> None:
        self.files, self.folder = files, folder
        self.lines: list[Lines] = []

    @property
    def mistakes(self) -> list[str]:
        return [one for lines in self.lines for one in lines.mistakes]

    def pack(self) -> Pack | None:
        head = self._head()
        names, features = self._features()
        rules = self._rules(head, names, features)
        training = self._training(names)
        if head is None or training is None or self.mistakes:
            return None
        outcomes = tuple(Outcome(**one) for one in head["outcomes"])
        return Pack(
            name=head["pack"],
            title=head["title"],
            owner=head["owner"],
            purpose=" ".join(head["purpose"].split()),
            score_meaning=head["score_meaning"],
            score_shown=head["score_shown"],
            outcomes=outcomes,
            bands=tuple(Band(**one) for one in head["bands"]),
            languages=tuple(head["languages"]),
            contest_days=head["contest_days"],
            features=tuple(features.values()),
            rules=tuple(rules),
            training=training,
        )

    def _read(self, file: str) -> tuple[Any, Lines]:
        if file not in self.files:
            lines = Lines(file)
            lines.mistake((), "this file is missing")
            raw = None
        else:
            raw, lines = read_yaml(self.files[file], file)
            if not isinstance(raw, dict) and not lines.mistakes:
                lines.mistake((), "must be a mapping of names to values")
                raw = None
        self.lines.append(lines)
        return raw, lines

    def _head(self) -> dict[str, Any] | None:
        raw, lines = self._read("pack.yaml")
        head = _load(schemas.PackSchema(), raw, lines) if raw is not None else None
        if head is None:
            return raw if isinstance(raw, dict) else None
        if head["pack"] != self.folder:
            lines.mistake(("pack",), f"must be the folder's name, {self.folder}")
        _check_outcomes(head, lines)
        for index, language in enumerate(head["languages"]):
            if f"phrases/{language}.ftl" not in self.files:
                lines.mistake(("languages", index), f"phrases/{language}.ftl is missing")
        return head

    def _features(self) -> tuple[tuple[str, ...], dict[str, Feature]]:
        raw, lines = self._read("features.yaml")
        features: dict[str, Feature] = {}
        for name, declared in (raw or {}).items():
            if not schemas.NAME.regex.match(name):
                lines.mistake((name,), str(schemas.NAME.error))
            loaded = _load(schemas.FeatureSchema(), declared, lines, (name,))
            if loaded is not None:
                features[name] = _feature(name, loaded)
        return tuple(raw or ()), features

    def _rules(self, head: dict[str, Any] | None, names: Sequence[str], features: Mapping[str, Feature]) -> list[Rule]:
        raw, lines = self._read("policy.yaml")
        codes = _codes(head)
        found: dict[str, Rule] = {}
        declared = (raw or {}).get("rules")
        if raw is not None and (not isinstance(declared, list) or set(raw) != {"rules"}):
            lines.mistake((), "must hold one list, `rules`")
        for index, one in enumerate(declared if isinstance(declared, list) else []):
            rule = _Clauses(lines, names, features).rule(one, ("rules", index), codes)
            if rule is not None and rule.code in found:
                lines.mistake(("rules", index, "code"), "another rule has this code")
            if rule is not None:
                found[rule.code] = rule
        return list(found.values())

    def _training(self, names: Sequence[str]) -> Training | None:
        raw, lines = self._read("training.yaml")
        loaded = _load(schemas.TrainingSchema(), raw, lines) if raw is not None else None
        if loaded is None:
            return None
        for name in loaded["columns"]:
            _known(name, names, lines, ("columns", name), "feature")
        for index, group in enumerate(loaded["audit_groups"]):
            if group in names:
                lines.mistake(("audit_groups", index), "an audit group is never a feature")
        reference = loaded.pop("reference")
        return Training(
            **{**loaded, "audit_groups": tuple(loaded["audit_groups"])},
            reference_rows=reference["rows"],
            reference_where=reference["where"],
        )


class _Clauses:
    """Reads rules; knows which features exist and what they may be compared with."""

    def __init__(self, lines: Lines, names: Sequence[str], features: Mapping[str, Feature]) -> None:
        self.lines, self.names, self.features = lines, names, features

    def rule(self, raw: Any, path: Path, codes: Sequence[str] | None) -> Rule | None:
        loaded = _load(schemas.RuleSchema(), raw, self.lines, path)
        if loaded is None:
            return None
        when = self.clause(loaded["when"], (*path, "when"))
        loaded["in_force_from"] = _day(loaded["in_force_from"], self.lines, (*path, "from"))
        if loaded["in_force_to"] is not None:
            loaded["in_force_to"] = _day(loaded["in_force_to"], self.lines, (*path, "to"))
            if loaded["in_force_to"] and loaded["in_force_from"] and loaded["in_force_to"] < loaded["in_force_from"]:
                self.lines.mistake((*path, "to"), "ends before it begins")
        if (loaded["then"] is None) == (loaded["at_least"] is None):
            self.lines.mistake(path, "needs either `then` or `at_least`")
        for key in ("then", "at_least"):
            if loaded[key] is not None and codes is not None:
                _known(loaded[key], codes, self.lines, (*path, key), "outcome")
        return Rule(**{**loaded, "when": when}) if when is not None else None

    def clause(self, raw: Any, path: Path) -> Clause | None:
        if isinstance(raw, dict) and len(raw) == 1 and (kind := next(iter(raw))) in {"all", "any"}:
            if not isinstance(raw[kind], list) or not raw[kind]:
                self.lines.mistake((*path, kind), "must be a list of at least one clause")
                return None
            parts = [self.clause(one, (*path, kind, index)) for index, one in enumerate(raw[kind])]
            clauses = tuple(one for one in parts if one is not None)
            return Every(clauses) if kind == "all" else Some(clauses)
        if isinstance(raw, dict) and "feature" in raw and len(raw) == 2:
            operator = next(key for key in raw if key != "feature")
            return self.test(raw["feature"], operator, raw[operator], path)
        self.lines.mistake(path, "must be {all: […]}, {any: […]} or {feature: …, and one of " + ", ".join(OPERATORS) + "}")
        return None

    def test(self, name: Any, operator: str, value: Any, path: Path) -> Test | None:
        if operator not in OPERATORS:
            self.lines.mistake((*path, operator), f"no such comparison; use one of {', '.join(OPERATORS)}")
            return None
        _known(name, self.names, self.lines, (*path, "feature"), "feature")
        feature = self.features.get(name) if isinstance(name, str) else None
        why = _why_not(feature, operator, value) if feature else None
        if why:
            self.lines.mistake((*path, operator), why)
        return Test(str(name), operator, tuple(value) if isinstance(value, list) else value)


def _why_not(feature: Feature, operator: str, value: Any) -> str | None:
    """Why a feature cannot be compared like this, or None."""
    if operator == "missing":
        if not isinstance(value, bool):
            return "say true or false"
        return None if feature.missing else "this feature is never missing"
    if operator in {"below", "at_least"}:
        if feature.type not in {"number", "integer"}:
            return "only a number can be below or at least something"
        return None if _is_number(value) else "must be a number"
    wanted = value if operator == "in" else [value]
    if not isinstance(wanted, list) or not wanted:
        return "must be a list"
    if feature.type == "category":
        strange = [str(one) for one in wanted if one not in feature.levels]
        return f"no such level: {', '.join(strange)}" if strange else None
    fits = isinstance if feature.type == "boolean" else (lambda one, _: _is_number(one))
    return (
        None
        if all(fits(one, bool) for one in wanted)
        else f"must be {'true or false' if feature.type == 'boolean' else 'a number'}"
    )


def _check_outcomes(head: Mapping[str, Any], lines: Lines) -> None:
    codes = [one["code"] for one in head["outcomes"]]
    if len(set(codes)) < len(codes):
        lines.mistake(("outcomes",), "an outcome is named twice")
    if [one["code"] for one in head["outcomes"] if one["person"]] != ["refer"]:
        lines.mistake(("outcomes",), "exactly one outcome, `refer`, needs person: true, so that every case can reach people")
    edges = [one["at_least"] for one in head["bands"]]
    if edges[-1] is not None or any(edge is None for edge in edges[:-1]):
        lines.mistake(("bands",), "every band but the last needs at_least")
    elif any(not math.isfinite(edge) for edge in edges[:-1]):
        lines.mistake(("bands",), "at_least must be a finite margin")
    elif any(high <= low for high, low in pairwise(edges[:-1])):
        lines.mistake(("bands",), "bands go from the highest margin down")
    for index, one in enumerate(head["bands"]):
        _known(one["outcome"], codes, lines, ("bands", index, "outcome"), "outcome")
    ranks = [codes.index(one["outcome"]) for one in head["bands"] if one["outcome"] in codes]
    if ranks != sorted(ranks):
        lines.mistake(("bands",), "a higher band must have an outcome at least as favourable")


def _feature(name: str, declared: Mapping[str, Any]) -> Feature:
    low, high = declared["range"] or (None, None)
    action = declared["action"]
    return Feature(
        name=name,
        type=declared["type"],
        source=declared["source"],
        group=declared["group"],
        unit=declared["unit"],
        low=low,
        high=high,
        clip=declared["beyond"] == "clip",
        missing=None if declared["missing"] == "refuse" else declared["missing"],
        levels=tuple(declared["levels"] or ()),
        unknown_is_missing=declared["unknown"] == "missing",
        verbatim=declared["verbatim"],
        monotone=MONOTONE[declared["monotone"]],
        action=None if action is None else Action(**{**action, "to": tuple(action["to"])}),
    )


def _load(schema: Schema, raw: Any, lines: Lines, path: Path = ()) -> dict[str, Any] | None:
    """Load through a schema; None, with every mistake noted, when it does not fit."""
    if not isinstance(raw, dict):
        lines.mistake(path, "must be a mapping of names to values")
        return None
    try:
        loaded: dict[str, Any] = schema.load(raw)
    except ValidationError as error:
        lines.mistakes_of(error.normalized_messages(), path)  # type: ignore[no-untyped-call]
        return None
    return loaded


def _codes(head: Mapping[str, Any] | None) -> list[str] | None:
    """Outcome codes of a head that may itself be full of mistakes."""
    outcomes = (head or {}).get("outcomes")
    if not isinstance(outcomes, list):
        return None
    return [str(one.get("code")) for one in outcomes if isinstance(one, dict)]


def _known(name: Any, known: Sequence[str], lines: Lines, path: Path, what: str) -> None:
    if name not in known:
        lines.mistake(path, f"no such {what}: {name}")


def _day(value: Any, lines: Lines, path: Path) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    lines.mistake(path, "must be a day such as 2026-05-04")
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
