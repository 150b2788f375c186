"""Phrases: every word a customer or agent reads, said in one language with its values.

The only door to Fluent.  A pack's words stand over the shared words of models/phrases.
A regional locale such as en-GB reads the words, numbers and dates of its language, so
that a whole letter speaks as its recorded reasons do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from babel import Locale, UnknownLocaleError
from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import fluent_number
from fluent.syntax import FluentParser, ast

from explainer.errors import UnknownLanguage, Unspeakable
from explainer.packs.definition import Feature, Pack

# Which words of a language say that something spoke for, or against: `spoke for | counted for`.
MARKS = {"for": "direction-for-words", "against": "direction-against-words"}
SAID = 8192  # sentences remembered in each language


class Phrases:
    """One language's words, ready to be said."""

    say: Callable[..., str]  # `_say`, remembered

    def __init__(self, locale: str, shared: str, own: str) -> None:
        self.locale = locale  # a language of the pack: en, or en-GB where the pack has a file of that name
        self.language = locale.split("-")[0]
        self._bundle = FluentBundle([locale, self.language], use_isolating=False)
        self._bundle.add_resource(FluentResource(shared))
        self._bundle.add_resource(FluentResource(own), allow_overrides=True)
        written = _Written(shared, ""), _Written(own, "")
        self._uses = written[1].variables
        self._plain = written[0].plain | written[1].plain
        self.say = lru_cache(SAID, typed=True)(self._say)

    def uses(self, key: str) -> set[str]:
        """The variables that a message of the pack's own names."""
        return self._uses.get(key, set())

    def _say(self, key: str, **values: Hashable) -> str:
        """Say a message, or `message.attribute`, on one line; what was said of late is remembered.

        Raises:
            Unspeakable: no such words, or a value they need was not given.
        """
        plain = self._plain.get(key)
        if plain is not None and all(isinstance(values.get(name), str) for name in plain[1::2]):
            parts = [str(values[part]) if place % 2 else part for place, part in enumerate(plain)]
            return self._checked(key, "".join(parts), [])
        name, _, attribute = key.partition(".")
        if not self.knows(key):
            raise Unspeakable(f"no words for {key} in {self.locale}")
        message = self._bundle.get_message(name)
        pattern = message.attributes[attribute] if attribute else message.value
        assert pattern is not None  # knows() has said so
        given = {name: fluent_number(value) if isinstance(value, int | float) else value for name, value in values.items()}
        said, errors = self._bundle.format_pattern(pattern, given)
        return self._checked(key, str(said), errors)

    def _checked(self, key: str, text: str, errors: Sequence[object]) -> str:
        if errors or "{" in text:
            raise Unspeakable(f"{key} in {self.locale}: {'; '.join(map(str, errors)) or 'unresolved placeholder'}")
        return " ".join(text.split())

    def knows(self, key: str) -> bool:
        """Whether there are words for a message, or for `message.attribute`."""
        name, _, attribute = key.partition(".")
        if not self._bundle.has_message(name):
            return False
        message = self._bundle.get_message(name)
        return attribute in message.attributes if attribute else message.value is not None


class Vocabulary:
    """All the languages of one pack."""

    def __init__(self, pack: Pack, files: Mapping[str, str], shared: Mapping[str, str]) -> None:
        self._files = {one: files[f"phrases/{one}.ftl"] for one in pack.languages}
        self._shared = shared
        self._open: dict[str, Phrases] = {}
        self.languages = pack.languages

    def speak(self, locale: str) -> Phrases:
        """The words for a locale, or those of its language when the region has none of its own.

        Raises:
            UnknownLanguage: the pack has no words in that language, or nobody knows that locale.
        """
        language = locale if locale in self._files else locale.split("-")[0]
        if language not in self._files or not is_known(locale):
            raise UnknownLanguage(self.languages)
        if language not in self._open:
            shared = self._shared.get(language) or self._shared.get(language.split("-")[0], "")
            self._open[language] = Phrases(language, shared, self._files[language])
        return self._open[language]

    @cached_property
    def every(self) -> tuple[Phrases, ...]:
        """One set of phrases for each language the pack declares."""
        return tuple(self.speak(one) for one in self.languages)


def is_known(locale: str) -> bool:
    """Whether numbers and dates can be written for a locale."""
    try:
        Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def level_key(level: str) -> str:
    """The attribute that holds a category level's words: `Left at-door` → `level-Left_at_door`."""
    return "level-" + re.sub(r"[^A-Za-z0-9]+", "_", level).strip("_")


def source_key(source: str) -> str:
    """The message that says where a value comes from: `order system` → `source-order_system`."""
    return "source-" + re.sub(r"[^a-z0-9]+", "_", source.lower()).strip("_")


def required_words(pack: Pack) -> dict[str, frozenset[str]]:
    """Every message (or message.attribute) a pack must have → the variables it may use."""
    nothing: frozenset[str] = frozenset()
    words = dict.fromkeys(("pack-name", "pack-subject", "not-used", "score-event"), nothing)
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
    everything = frozenset(one.name for one in pack.features if not one.sensitive)
    for rule in pack.rules:
        words |= {f"rule-{rule.code}.{reader}": everything for reader in ("customer", "agent")}
    return words


def optional_words(pack: Pack) -> dict[str, frozenset[str]]:
    """What a pack may say besides, where its usual words would sound wrong → the variables it may use.

    `feature-x.zero` and `reason-x.for-zero` for a number that is 0, `rule-x.effect` for what happens
    after this rule decided, and `group-x` for a group of one feature whose label is long for a picture.
    """
    nothing: frozenset[str] = frozenset()
    numbers = [one.name for one in pack.features if one.type in {"number", "integer"}]
    words = {f"feature-{name}.zero": nothing for name in numbers}
    words |= {f"reason-{name}.{way}-zero": nothing for name in numbers for way in ("for", "against")}
    words |= {f"group-{group}": nothing for group in pack.groups}
    return words | {f"rule-{rule.code}.effect": nothing for rule in pack.rules}


def _value_parts(feature: Feature) -> Iterator[str]:
    yield ""
    if feature.missing:
        yield ".missing"
    if feature.type == "boolean":
        yield from (".yes", ".no")
    if feature.levels and not feature.verbatim:
        yield from (f".{level_key(level)}" for level in feature.levels)


class _Written:
    """What one .ftl file says: messages with their lines and variables."""

    def __init__(self, text: str, file: str) -> None:
        self.file, self.text = file, text
        self.line: dict[str, int] = {}
        self.variables: dict[str, set[str]] = {}
        self.references: dict[str, set[str]] = {}
        self.words: dict[str, str] = {}  # without values, on one line, in lower case
        self.plain: dict[str, tuple[str, ...]] = {}  # those of text and variables alone: text, variable, text, …
        self.mistakes: list[str] = []
        for entry in FluentParser().parse(text).body:
            if isinstance(entry, ast.Junk):
                why = entry.annotations[0].message if entry.annotations else "cannot be read"
                self.mistakes.append(f"{file}:{self._line(entry)}: {why}")
            elif isinstance(entry, ast.Message | ast.Term):
                self._entry(entry)

    def _entry(self, entry: ast.Message | ast.Term) -> None:
        name = ("-" if isinstance(entry, ast.Term) else "") + entry.id.name
        parts = [(name, entry.value, entry)] + [(f"{name}.{one.id.name}", one.value, one) for one in entry.attributes]
        for key, pattern, node in parts:
            if pattern is None:
                continue
            if key in self.line:
                self.mistakes.append(f"{self.file}:{self._line(node)}: {key}: said twice")
            self.line[key] = self._line(node)
            found = list(_inside(pattern))
            plain = _plain(pattern)
            if plain is not None:
                self.plain[key] = plain
            self.variables[key] = {one.id.name for one in found if isinstance(one, ast.VariableReference)}
            written = "".join(one.value for one in found if isinstance(one, ast.TextElement))
            self.words[key] = " ".join(written.casefold().split())
            self.references[key] = {_name(one) for one in found if isinstance(one, ast.MessageReference | ast.TermReference)}

    def _line(self, node: ast.SyntaxNode) -> int:
        return self.text.count("\n", 0, node.span.start if node.span else 0) + 1


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
        file = f"phrases/{language}.ftl"
        if file not in files:
            continue  # `reading` has said so
        own, frame = _Written(files[file], file), _Written(shared.get(language, ""), f"models/phrases/{language}.ftl")
        mistakes += (
            [] if language in shared else [f"models/phrases/{language}.ftl:1: the shared words of this language are missing"]
        )
        mistakes += own.mistakes
        mistakes += [f"{file}:1: {key}: missing" for key in required if key not in own.line]
        for key, line in own.line.items():
            mistakes += [f"{file}:{line}: {why}" for why in _why_wrong(key, own, frame, declared) if not _among(key, unknown)]
        mistakes += _wrong_together(pack, own, frame)
    return mistakes


def _wrong_together(pack: Pack, own: _Written, frame: _Written) -> Iterator[str]:
    """What a pack and the shared words lack together, and shared sentences that do not say the pack's direction words."""
    for key in MARKS.values():
        if key not in own.line and key not in frame.line:
            yield f"{frame.file}:1: {key}: missing"
    units = {one.unit for one in pack.features if one.unit and not one.unit.isupper() and one.unit != "percent"}
    yield from (f"{frame.file}:1: unit-{unit}: missing" for unit in sorted(units) if f"unit-{unit}" not in frame.line)
    for side in MARKS:
        key = f"value-unknown.{side}"
        if key in frame.line and key not in own.line:
            yield from (f"{own.file}:1: {why}" for why in _wrong_side(key, side, own, frame))


def check_shared(shared: Mapping[str, str]) -> list[str]:
    """Every mistake in the shared words: each language must say the same things with the same variables."""
    written = {language: _Written(text, f"models/phrases/{language}.ftl") for language, text in sorted(shared.items())}
    everything = {key for one in written.values() for key in one.line}
    mistakes = [why for one in written.values() for why in one.mistakes]
    for one in written.values():
        mistakes += [f"{one.file}:1: {key}: missing" for key in sorted(everything - set(one.line))]
        for key, line in one.line.items():
            most = set().union(*(other.variables.get(key, set()) for other in written.values()))
            mistakes += [f"{one.file}:{line}: {key}: does not use ${name}" for name in sorted(most - one.variables[key])]
    return mistakes


def _why_wrong(key: str, own: _Written, frame: _Written, declared: Mapping[str, frozenset[str]]) -> Iterator[str]:
    if key.startswith("-"):
        return
    if key not in declared and key not in frame.line:
        yield f"{key}: nothing of this name is declared"
        return
    allowed = declared.get(key) or frozenset(frame.variables.get(key, ()))
    for name in sorted(own.variables[key] - allowed):
        yield f"{key}: no such value: ${name}"
    if key.startswith("reason-") and allowed and not own.variables[key]:
        yield f"{key}: does not say $value, the customer's own"
    for name in sorted(own.references[key] - set(own.line) - set(frame.line)):
        yield f"{key}: no such message: {name}"
    if said := re.fullmatch(r"(?:reason-\w+|value-unknown)\.(for|against)(?:-missing|-zero)?", key):
        yield from _wrong_side(key, said[1], own, frame)


def _wrong_side(key: str, side: str, own: _Written, frame: _Written) -> Iterator[str]:
    """Why a reason's sentence does not say which way it counted: its words are what the customer believes."""
    words = own.words.get(key) or frame.words[key]
    for way, name in MARKS.items():
        marks = [one.strip() for one in own.words.get(name, frame.words.get(name, "")).split("|") if one.strip()]
        said = [mark for mark in marks if re.search(rf"\b{re.escape(mark)}\b", words)]
        if way == side and marks and not said:
            yield f"{key}: says none of {name} ({' | '.join(marks)})"
        if way != side and said:
            yield f"{key}: says {said[0]!r}, one of {name}"


def _among(key: str, unknown: tuple[str, ...]) -> bool:
    """Whether a key is among those nobody can judge."""
    return key.startswith(unknown)


def _plain(pattern: ast.Pattern) -> tuple[str, ...] | None:
    """Text, variable, text, … of a pattern that holds nothing else; Fluent is not needed to say it with texts."""
    parts = [""]
    for one in pattern.elements:
        if isinstance(one, ast.TextElement):
            parts[-1] += one.value
        elif isinstance(one.expression, ast.VariableReference):
            parts += [one.expression.id.name, ""]
        else:
            return None
    return tuple(parts)


def _name(node: ast.MessageReference | ast.TermReference) -> str:
    attribute = f".{node.attribute.name}" if node.attribute else ""
    return ("-" if isinstance(node, ast.TermReference) else "") + node.id.name + attribute


def _inside(node: ast.SyntaxNode) -> Iterator[ast.SyntaxNode]:
    """Every node below a pattern."""
    yield node
    for value in vars(node).values():
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.SyntaxNode):
                yield from _inside(child)
