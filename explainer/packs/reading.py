"""Reading a pack: from the texts of its files to one checked `Pack`, or every mistake in it.

`files` maps a name inside the pack (`pack.yaml`, `phrases/en.ftl`, …) to its text, so
the same reading serves a folder under models/ and a published release.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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
from explainer.packs.yamlread import Lines, Path, day, known, load, load_some, read_yaml

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
    drafted = draft_pack(files, folder)
    if drafted.mistakes:
        raise BadPack(drafted.mistakes)
    return drafted.pack


@dataclass(frozen=True, slots=True)
class Draft:
    """A pack as far as its files can be read, so that its words and examples can be checked in the same go."""

    pack: Pack  # whole when there are no mistakes, else with stand-ins
    mistakes: tuple[str, ...]
    unknown: tuple[str, ...]  # beginnings of phrase keys that nobody can judge until those mistakes are mended


def draft_pack(files: Mapping[str, str], folder: str) -> Draft:
    """Read the four declarations of a pack, with every mistake; arguments as `read_pack`."""
    reading = _Reading(files, folder)
    pack = reading.pack()
    return Draft(pack, tuple(one for lines in reading.lines for one in lines.mistakes), tuple(reading.unknown))


def read_organisation(text: str) -> Organisation:
    """Read models/organisation.yaml.

    Raises:
        BadPack: with every mistake.
    """
    raw, lines = read_yaml(text, "organisation.yaml")
    loaded = load(schemas.OrganisationSchema(), raw, lines)
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
            loaded = load_some(schemas.ExampleSchema(), one, lines, (index,))
            if "on" in loaded:
                loaded["on"] = day(loaded["on"], lines, (index, "on"))
            if "outcome" in loaded and pack.outcomes:
                known(loaded["outcome"], [o.code for o in pack.outcomes], lines, (index, "outcome"), what="outcome")
            found.append(loaded | {"where": lines.where((index,))})
        mistakes += lines.mistakes
    if mistakes:
        raise BadPack(mistakes)
    return found


class _Reading:
    """One pass over the files of a pack, gathering mistakes as it goes."""

    def __init__(self, files: Mapping[str, str], folder: str) -> None:
        self.files, self.folder = files, folder
        self.lines: list[Lines] = []
        self.unknown: list[str] = []

    def pack(self) -> Pack:
        head = self._head()
        names, features = self._features()
        codes = [one["code"] for one in head["outcomes"]] if "outcomes" in head else None  # None: they could not be read
        rules = self._rules(codes, names, features)
        training = self._training(names)
        return Pack(
            name=self.folder,
            title=head.get("title", ""),
            owner=head.get("owner", ""),
            purpose=" ".join(head.get("purpose", "").split()),
            score_meaning=head.get("score_meaning", ""),
            score_shown=head.get("score_shown", ""),
            outcomes=tuple(Outcome(**one) for one in head.get("outcomes", ())),
            bands=tuple(Band(**one) for one in head.get("bands", ())),
            languages=tuple(head.get("languages", ())),
            contest_days=head.get("contest_days", 0),
            features=tuple(features.values()),
            rules=tuple(rules),
            training=training,
            retention_months=head.get("retention_months"),
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

    def _head(self) -> dict[str, Any]:
        raw, lines = self._read("pack.yaml")
        head = load_some(schemas.PackSchema(), raw, lines) if raw is not None else {}
        if head.get("pack", self.folder) != self.folder:
            lines.mistake(("pack",), f"must be the folder's name, {self.folder}")
        if "outcomes" in head:
            _check_outcomes(head["outcomes"], head.get("bands", ()), lines)
        else:
            self.unknown.append("outcome-")
        for index, language in enumerate(head.get("languages", ())):
            if f"phrases/{language}.ftl" not in self.files:
                lines.mistake(("languages", index), f"phrases/{language}.ftl is missing")
        if "languages" not in head:
            head["languages"] = sorted(name[len("phrases/") : -len(".ftl")] for name in self.files if name.startswith("phrases/"))
        return head

    def _features(self) -> tuple[tuple[str, ...], dict[str, Feature]]:
        raw, lines = self._read("features.yaml")
        features: dict[str, Feature] = {}
        if raw is None:
            self.unknown += ["feature-", "reason-", "source-", "group-", "rule-", "action-"]
        for name, declared in (raw or {}).items():
            if not schemas.NAME.regex.match(name):
                lines.mistake((name,), str(schemas.NAME.error))
            loaded = load_some(schemas.FeatureSchema(), declared, lines, (name,))
            self.unknown += [] if "source" in loaded else ["source-"]
            if isinstance(declared, dict) and "levels" not in loaded and _are_words(declared.get("levels")):
                loaded["levels"] = declared["levels"]  # of a category that is wrong in another way, or names one twice
            if not {"type", "levels", "missing"} <= loaded.keys():
                self.unknown += [f"feature-{name}.", f"reason-{name}.", "group-"]
            if not {"type", "levels", "action"} <= loaded.keys():
                self.unknown.append(f"action-{name}")
            features[name] = _feature(name, loaded)
        clauses = _Clauses(lines, tuple(raw or ()), features)
        return tuple(raw or ()), {name: clauses.action(one, features) for name, one in features.items()}

    def _rules(self, codes: Sequence[str] | None, names: Sequence[str], features: Mapping[str, Feature]) -> list[Rule]:
        raw, lines = self._read("policy.yaml")
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
        if not isinstance(declared, list) or len(found) < len(declared):
            self.unknown.append("rule-")
        return list(found.values())

    def _training(self, names: Sequence[str]) -> Training:
        raw, lines = self._read("training.yaml")
        loaded = load_some(schemas.TrainingSchema(), raw, lines) if raw is not None else {}
        for name in loaded.get("columns", ()):
            known(name, names, lines, ("columns", name), what="feature")
        for index, group in enumerate(loaded.get("audit_groups", ())):
            if group in names:
                lines.mistake(("audit_groups", index), "an audit group is never a feature")
        reference = loaded.pop("reference", {"rows": 0, "where": {}})
        blank = {"data": "", "target": "", "time": "", "held_out": 0.0, "seed": 0, "lightgbm": {}, "columns": {}}
        return Training(
            **{**blank, **loaded, "audit_groups": tuple(loaded.get("audit_groups", ()))},
            reference_rows=reference["rows"],
            reference_where=reference["where"],
        )


class _Clauses:
    """Reads rules; knows which features exist and what they may be compared with."""

    def __init__(self, lines: Lines, names: Sequence[str], features: Mapping[str, Feature]) -> None:
        self.lines, self.names, self.features = lines, names, features

    def rule(self, raw: Any, path: Path, codes: Sequence[str] | None) -> Rule | None:
        """One rule, with stand-ins for what is mistaken; None when not even its code can be read."""
        loaded = load_some(schemas.RuleSchema(), raw, self.lines, path)
        when = self.clause(loaded["when"], (*path, "when")) if "when" in loaded else None
        first, last = (self._day_of(loaded, key, path) for key in ("from", "to"))
        if first and last and last < first:
            self.lines.mistake((*path, "to"), "ends before it begins")
        if {"then", "at_least"} <= loaded.keys() and (loaded["then"] is None) == (loaded["at_least"] is None):
            self.lines.mistake(path, "needs either `then` or `at_least`")
        for key in ("then", "at_least"):
            if loaded.get(key) is not None and codes is not None:
                known(loaded[key], codes, self.lines, (*path, key), what="outcome")
        if "code" not in loaded:
            return None
        return Rule(
            code=loaded["code"],
            when=when or Every(()),
            in_force_from=first or date.min,
            source=loaded.get("source", ""),
            then=loaded.get("then"),
            at_least=loaded.get("at_least"),
            in_force_to=last,
        )

    def action(self, feature: Feature, features: Mapping[str, Feature]) -> Feature:
        """A feature whose action has its condition read and what it brings along checked."""
        if feature.action is None:
            return feature
        path: Path = (feature.name, "action")
        when: Any = feature.action.when  # as it was written
        for name, value in feature.action.together:
            here, other = (*path, "together", name), features.get(name)
            known(name, self.names, self.lines, here, what="feature")
            others = [one.name for one in features.values() if one.action and name in dict(one.action.together)]
            if other is not None and (why := _why_not_brought(other, value, others, feature)):
                self.lines.mistake(here, why)
        read = None if when is None else self.clause(when, (*path, "when"))
        return replace(feature, action=replace(feature.action, when=read))

    def _day_of(self, loaded: Mapping[str, Any], key: str, path: Path) -> date | None:
        said = loaded.get(f"in_force_{key}")
        return None if said is None else day(said, self.lines, (*path, key))

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
        known(name, self.names, self.lines, (*path, "feature"), what="feature")
        feature = self.features.get(name) if isinstance(name, str) else None
        why = _why_not(feature, operator, value) if feature else None
        if why:
            self.lines.mistake((*path, operator), why)
        return Test(str(name), operator, tuple(value) if isinstance(value, list) else value)


def _why_not(feature: Feature, operator: str, value: Any) -> str | None:
    """Why a feature cannot be compared like this, or None."""
    if not feature.type or (feature.type == "category" and not feature.levels):
        return None  # its own mistake was noted
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


def _why_not_brought(feature: Feature, value: Any, others: Sequence[str], by: Feature) -> str | None:
    """Why a change cannot bring a fact along, or None: each fact has one bringer, who is not brought itself."""
    if feature.name == by.name:
        return "a change does not bring itself along"
    if others != [by.name]:
        return "another change brings this fact along too"
    if feature.action is not None and feature.action.together:
        return "a fact that brings others along cannot be brought along"
    if feature.low is not None and feature.high is not None and _is_number(value) and not feature.low <= value <= feature.high:
        return "must be within its range"
    return _why_not(feature, "missing", True) if value is None else _why_not(feature, "is", value)


def _check_outcomes(outcomes: Sequence[Mapping[str, Any]], bands: Sequence[Mapping[str, Any]], lines: Lines) -> None:
    codes = [one["code"] for one in outcomes]
    if len(set(codes)) < len(codes):
        lines.mistake(("outcomes",), "an outcome is named twice")
    if [one["code"] for one in outcomes if one["person"]] != ["refer"]:
        lines.mistake(("outcomes",), "exactly one outcome, `refer`, needs person: true, so that every case can reach people")
    if bands:
        _check_bands(codes, bands, lines)


def _check_bands(codes: Sequence[str], bands: Sequence[Mapping[str, Any]], lines: Lines) -> None:
    edges = [one["at_least"] for one in bands]
    if edges[-1] is not None or any(edge is None for edge in edges[:-1]):
        lines.mistake(("bands",), "every band but the last needs at_least")
    elif any(not math.isfinite(edge) for edge in edges[:-1]):
        lines.mistake(("bands",), "at_least must be a finite margin")
    elif any(high <= low for high, low in pairwise(edges[:-1])):
        lines.mistake(("bands",), "bands go from the highest margin down")
    for index, one in enumerate(bands):
        known(one["outcome"], codes, lines, ("bands", index, "outcome"), what="outcome")
    ranks = [codes.index(one["outcome"]) for one in bands if one["outcome"] in codes]
    if ranks != sorted(ranks):
        lines.mistake(("bands",), "a higher band must have an outcome at least as favourable")


def _feature(name: str, declared: Mapping[str, Any]) -> Feature:
    low, high = declared.get("range") or (None, None)
    action = declared.get("action")
    return Feature(
        name=name,
        type=declared.get("type", ""),
        source=declared.get("source", ""),
        group=declared.get("group", ""),
        unit=declared.get("unit"),
        low=low,
        high=high,
        clip=declared.get("beyond") == "clip",
        missing=None if declared.get("missing", "refuse") == "refuse" else declared["missing"],
        levels=tuple(declared.get("levels") or ()),
        unknown_is_missing=declared.get("unknown") == "missing",
        verbatim=declared.get("verbatim", False),
        sensitive=declared.get("sensitive", False),
        monotone=MONOTONE[declared.get("monotone", "none")],
        action=None
        if action is None
        else Action(**{**action, "to": tuple(action["to"]), "together": tuple(action["together"].items())}),
    )


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
