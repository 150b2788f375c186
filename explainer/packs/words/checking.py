"""Checking words: what a pack's phrase files must say, may say, and say wrongly, each mistake with its file and line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from explainer.packs.definition import Action, Feature, Pack
from explainer.packs.words.ending import misnamed_outcomes
from explainer.packs.words.ftl import Written, missing, written_in
from explainer.packs.words.phrases import language_of, level_key, source_key
from explainer.packs.words.proofreading import differing_numbers, undeclared_numbers, unfinished
from explainer.packs.words.telling import OPPOSITES, alike, families, left_out, listed, negated, unasserted, unsaid_rules

# Which words of a language say that something spoke for, or against: `spoke for | counted for`.
MARKS = {"for": "direction-for-words", "against": "direction-against-words"}


def required_words(pack: Pack) -> dict[str, frozenset[str]]:
    """Every message (or message.attribute) a pack must have → the variables it may use."""
    nothing: frozenset[str] = frozenset()
    words = dict.fromkeys(("pack-name", "pack-subject", "not-used", "score-event", "compared-with"), nothing)
    for outcome in pack.outcomes:
        words |= dict.fromkeys((f"outcome-{outcome.code}{part}" for part in ("", ".headline", ".effect")), nothing)
    words |= {source_key(feature.source): nothing for feature in pack.features}
    words |= {f"group-{group}": nothing for group, members in pack.members.items() if len(members) > 1}
    for feature in pack.features:
        words |= {f"feature-{feature.name}{part}": nothing for part in _value_parts(feature)}
        value = nothing if feature.sensitive else frozenset({"value"})
        words |= {f"reason-{feature.name}.{part}": value for part in ("for", "against")}
        if feature.missing:
            words |= {f"reason-{feature.name}.{part}-missing": nothing for part in ("for", "against")}
    words |= _action_words(pack)
    everything = frozenset(one.name for one in pack.features if not one.sensitive)
    for rule in pack.rules:
        words |= {f"rule-{rule.code}.{reader}": everything for reader in ("customer", "agent")}
    return words


def optional_words(pack: Pack) -> dict[str, frozenset[str]]:
    """What a pack may say besides, where its usual words would sound wrong → the variables it may use.

    `feature-x.zero` and `reason-x.for-zero` for a number that is 0, `rule-x.effect` for what happens
    after this rule decided, `outcome-x.instead` before there is anything that a customer can do,
    and `group-x` for a group of one feature whose label is long for a picture.
    """
    nothing: frozenset[str] = frozenset()
    numbers = [one.name for one in pack.features if one.type in {"number", "integer"}]
    words = {f"feature-{name}.zero": nothing for name in numbers}
    words |= {f"reason-{name}.{way}-zero": nothing for name in numbers for way in ("for", "against")}
    words |= {f"outcome-{one.code}.instead": nothing for one in pack.outcomes[:-1]}
    words |= {f"group-{group}": nothing for group in pack.groups}
    return words | {f"rule-{rule.code}.effect": nothing for rule in pack.rules}


def _action_words(pack: Pack) -> dict[str, frozenset[str]]:
    """What a customer could have done, and what we would have done then: needed once anything can be done."""
    words: dict[str, frozenset[str]] = {}
    for feature in pack.features:
        if feature.action is not None:
            words |= {key: frozenset({"value"} if says else ()) for key, says in action_keys(feature, feature.action).items()}
    better = pack.outcomes[:-1] if words else ()
    return words | {f"outcome-{one.code}.instead": frozenset[str]() for one in better}


def action_keys(feature: Feature, action: Action) -> dict[str, bool]:
    """The messages that say a change of a feature → whether they say its $value: levels and truth values have a message each."""
    if feature.type == "boolean":
        ends = {"up": ("yes",), "down": ("no",)}.get(action.direction or "", ("yes", "no"))
        return {f"action-{feature.name}.{end}": False for end in ends}
    if feature.levels and not feature.verbatim:
        return {f"action-{feature.name}.{level_key(level)}": False for level in action.to}
    return {f"action-{feature.name}": True}


def _value_parts(feature: Feature) -> Iterator[str]:
    yield ""
    if feature.missing:
        yield ".missing"
    if feature.type == "boolean":
        yield from (".yes", ".no")
    if feature.levels and not feature.verbatim:
        yield from (f".{level_key(level)}" for level in feature.levels)


def check_words(pack: Pack, files: Mapping[str, str], shared: Mapping[str, str], unknown: tuple[str, ...] = ()) -> list[str]:
    """Every mistake in a pack's phrase files: missing or unknown messages, wrong variables.

    Args:
        files: the pack's files, name → text.
        shared: language → text of the shared words.
        unknown: beginnings of keys of which the declarations do not say enough to judge them.
    """
    required = {key: uses for key, uses in required_words(pack).items() if not _among(key, unknown)}
    declared = required | optional_words(pack)
    mistakes: list[str] = []
    for language in pack.languages:
        if f"phrases/{language}.ftl" not in files:
            continue  # `reading` has said so
        own, frame = written_in(language, files, shared)
        if language_of(language) not in shared:
            mistakes.append(f"{frame.file}:1: the shared words of this language are missing")
        mistakes += own.mistakes
        first = written_in(pack.languages[0], files, shared)[0]
        mistakes += [missing(key, own, first) for key in required if key not in own.words]
        for key, line in own.line.items():
            mistakes += [f"{own.file}:{line}: {why}" for why in _why_wrong(key, own, frame, declared) if not _among(key, unknown)]
        mistakes += _placed(own, (*undeclared_numbers(pack, own, language), *_misread(own, language, first)), unknown)
        mistakes += _placed(own, (*alike(families(pack), own, frame), *unsaid_rules(pack, own), *unasserted(own, frame)), unknown)
        mistakes += _placed(own, misnamed_outcomes(pack, own, frame), unknown)
        mistakes += _wrong_together(pack, own, frame)
    return mistakes


def _misread(own: Written, language: str, first: Written) -> Iterator[tuple[str, str]]:
    """What is unfinished, and numbers that are not those of the first language."""
    yield from unfinished(own)
    if own.file != first.file:
        yield from differing_numbers(own, language, first, first.language)


def _placed(own: Written, found: Iterable[tuple[str, str]], unknown: tuple[str, ...] = ()) -> list[str]:
    return [f"{own.file}:{own.line[key]}: {key}: {why}" for key, why in found if not _among(key, unknown)]


def _wrong_together(pack: Pack, own: Written, frame: Written) -> Iterator[str]:
    """What a pack and the shared words lack together, and shared sentences that do not say the pack's direction words."""
    for key in MARKS.values():
        if key not in own.words and key not in frame.words:
            yield f"{frame.file}:1: {key}: missing"
    units = {one.unit for one in pack.features if one.unit and not one.unit.isupper() and one.unit != "percent"}
    yield from (f"{frame.file}:1: unit-{unit}: missing" for unit in sorted(units) if f"unit-{unit}" not in frame.words)
    for side in MARKS:
        key = f"value-unknown.{side}"
        if key in frame.words and key not in own.words:
            yield from (f"{own.file}:1: {why}" for why in _wrong_side(key, side, own, frame))


def check_shared(shared: Mapping[str, str]) -> list[str]:
    """Every mistake in the shared words: each language must say the same things with the same variables; a region, some of them."""
    written = {language: Written(text, f"models/phrases/{language}.ftl") for language, text in sorted(shared.items())}
    everything = {key for language, one in written.items() if language_of(language) == language for key in one.line}
    mistakes = [why for one in written.values() for why in one.mistakes]
    first = written.get("en") or next(iter(written.values()), Written("", ""))
    for language, one in written.items():
        mistakes += _placed(one, (*_misread(one, language, first), *alike(iter(OPPOSITES), one, one), *unasserted(one, one)))
        if language_of(language) not in shared or language_of(language) == language:
            mistakes += [missing(key, one, first) for key in sorted(everything - set(one.line))]
        else:
            mistakes += [f"{one.file}:{one.line[key]}: {key}: no language says this" for key in sorted(set(one.line) - everything)]
        for key, line in one.line.items():
            most = set().union(*(other.variables.get(key, set()) for other in written.values()))
            mistakes += [f"{one.file}:{line}: {key}: does not use ${name}" for name in sorted(most - one.variables[key])]
    return mistakes


def _why_wrong(key: str, own: Written, frame: Written, declared: Mapping[str, frozenset[str]]) -> Iterator[str]:
    if key.startswith("-"):
        return
    if key not in declared and key not in frame.words:
        yield f"{key}: nothing of this name is declared"
        return
    allowed = declared.get(key) or frozenset(frame.variables.get(key, ()))
    for name in sorted(own.variables[key] - allowed):
        yield f"{key}: no such value: ${name}"
    if key not in declared:
        yield from left_out(key, own, frame)
    if key.startswith(("reason-", "action-")) and allowed and not own.variables[key]:
        yield f"{key}: does not say $value, the customer's own"
    for name in sorted(own.references[key] - set(own.words) - set(frame.words)):
        yield f"{key}: no such message: {name}"
    if said := re.fullmatch(r"(?:reason-\w+|value-unknown)\.(for|against)(?:-missing|-zero)?", key):
        yield from _wrong_side(key, said[1], own, frame)


def _wrong_side(key: str, side: str, own: Written, frame: Written) -> Iterator[str]:
    """Why a reason's sentence does not say which way it counted: its words are what the customer believes."""
    words = own.words.get(key) or frame.words[key]
    for way, name in MARKS.items():
        marks = listed(name, own, frame)
        said = [mark for mark in marks if re.search(rf"\b{re.escape(mark)}\b", words)]
        if way == side and marks and not said:
            yield f"{key}: says none of {name} ({' | '.join(marks)})"
        if way == side and (no := negated(words, said, own, frame)):
            yield f"{key}: {no} {said[0]!r}, which turns it round"
        if way != side and said:
            yield f"{key}: says {said[0]!r}, one of {name}"


def _among(key: str, unknown: tuple[str, ...]) -> bool:
    """Whether a key is among those nobody can judge."""
    return key.startswith(unknown)
