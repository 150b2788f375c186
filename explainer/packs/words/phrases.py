"""Phrases: every word a customer or agent reads, said in one language with its values.

A pack's words stand over the shared words of models/phrases, and the few that a region says
in its own way over those of its language.  A region that the pack does not declare reads the
words, numbers and dates of its language, so that a whole letter speaks as its recorded
reasons do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from fluent.runtime import FluentBundle
from fluent.runtime.resolver import CurrentEnvironment, ResolverEnvironment
from fluent.runtime.types import FluentFloat, fluent_number
from fluent.syntax import ast

from explainer.errors import UnknownLanguage, Unspeakable
from explainer.packs.definition import Pack
from explainer.packs.words.ftl import Way, laid_over, plain_text, sayings, variables_of, ways

SAID = 8192  # sentences remembered in each language


class Counted(NamedTuple):
    """A number already in words, by which a phrase can still choose: `{ $n -> [0] you had no refunds *[other] you had { $n } }`."""

    words: str
    number: float


class _Counted(FluentFloat):
    """The same for Fluent, which chooses by the number and says the words."""

    words: str

    def format(self, _: Locale) -> str:
        return self.words


class Phrases:
    """One language's words, ready to be said."""

    def __init__(self, locale: str, *layers: str) -> None:
        self.locale = locale  # a language of the pack: en, or en-GB where the pack declares that region
        self.language = language_of(locale)
        words = laid_over(layers)
        self._bundle = FluentBundle([locale, self.language], use_isolating=False)
        self._bundle.add_resource(ast.Resource([*words]))
        said = [(key, pattern) for entry in words for key, pattern, _ in sayings(entry)]
        self._patterns = dict(said)
        self._uses = {key: variables_of(pattern) for key, pattern in said}
        self._plain = {key: plain for key, pattern in said if (plain := plain_text(pattern)) is not None}
        self._remembered: Callable[..., str] = lru_cache(SAID, typed=True)(self._say)

    @cached_property
    def babel(self) -> Locale:
        """How the language writes numbers, money and lists."""
        return Locale.parse(self.locale, sep="-")

    def uses(self, key: str) -> set[str]:
        """The variables that a message names."""
        return self._uses.get(key, set())

    def say(self, key: str, **values: Hashable) -> str:
        """Say a message, or `message.attribute`, on one line; what is more than text around values is remembered.

        Raises:
            Unspeakable: no such words, or a value they need was not given.
        """
        if values and key in self._plain and {str}.issuperset(map(type, map(values.get, self._uses[key]))):
            return self._checked(key, self._plain[key] % values, [])
        return self._remembered(key, **values)

    def _say(self, key: str, **values: Hashable) -> str:
        name, _, attribute = key.partition(".")
        if not self.knows(key):
            raise Unspeakable(f"no words for {key} in {self.locale}")
        message = self._bundle.get_message(name)
        pattern = message.attributes[attribute] if attribute else message.value
        assert pattern is not None  # knows() has said so
        given = {name: _for_fluent(value) for name, value in values.items()}
        errors: list[Exception] = []
        try:  # not through the bundle, which would take a number for what it is and lose its words
            said = str(pattern(ResolverEnvironment(self._bundle, errors, CurrentEnvironment(given))))
        except ValueError as error:  # more than Fluent puts into one text
            raise Unspeakable(f"{key} in {self.locale}: {error}") from error
        return self._checked(key, said, errors)

    def ways(self, key: str) -> tuple[Way, ...]:
        """Every way in which a message can be said, for whoever hears one and asks what it says.

        Raises:
            Unspeakable: no such words.
        """
        if key not in self._patterns:
            raise Unspeakable(f"no words for {key} in {self.locale}")
        return tuple(ways(self._patterns[key], self._patterns))

    def _checked(self, key: str, text: str, errors: Sequence[object]) -> str:
        if errors or "{" in text:
            raise Unspeakable(f"{key} in {self.locale}: {'; '.join(map(str, errors)) or 'unresolved placeholder'}")
        if not ("  " in text or "\n" in text or "\t" in text or text[:1] == " " or text[-1:] == " "):
            return text
        # Not split(): no-break spaces stay, which French sets before : ; ? ! and many languages before a unit.
        return " ".join([word for word in text.replace("\n", " ").replace("\t", " ").split(" ") if word])

    def is_plain(self, key: str) -> bool:
        """Whether a message is text and variables alone, the same whatever they are."""
        return key in self._plain

    def knows(self, key: str) -> bool:
        """Whether there are words for a message, or for `message.attribute`."""
        return key in self._patterns and not key.startswith("-")  # terms are parts of messages, and nobody says them alone


def _for_fluent(value: Hashable) -> object:
    if isinstance(value, Counted):
        counted = _Counted(value.number)
        counted.words = value.words
        return counted
    return fluent_number(value) if isinstance(value, int | float) else value


class Vocabulary:
    """All the languages of one pack."""

    def __init__(self, pack: Pack, files: Mapping[str, str], shared: Mapping[str, str]) -> None:
        self._files, self._shared = files, shared
        self._open: dict[str, Phrases] = {}
        self.languages = pack.languages

    def speak(self, locale: str) -> Phrases:
        """The words for a locale, or those of its language when the region has none of its own.

        Raises:
            UnknownLanguage: the pack has no words in that language, or nobody knows that locale.
        """
        spoken = locale if locale in self.languages else language_of(locale)
        if spoken not in self.languages or not is_known(locale):
            raise UnknownLanguage(self.languages)
        if spoken not in self._open:
            both = dict.fromkeys((language_of(spoken), spoken))  # a language is its own only layer
            own = (self._files.get(f"phrases/{one}.ftl", "") for one in both)
            self._open[spoken] = Phrases(spoken, *(self._shared.get(one, "") for one in both), *own)
        return self._open[spoken]

    @cached_property
    def every(self) -> tuple[Phrases, ...]:
        """One set of phrases for each language the pack declares."""
        return tuple(self.speak(one) for one in self.languages)


def language_of(locale: str) -> str:
    """The language of a region: `en-GB` → `en`; of a language, itself."""
    return locale.split("-")[0]


@lru_cache(256)
def is_known(locale: str) -> bool:
    """Whether numbers and dates can be written for a locale."""
    try:
        Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


@lru_cache(8192)
def named_by(key: str, languages: tuple[Phrases, ...]) -> tuple[str, ...]:
    """The variables that a message names in any of these languages, in the order of their names."""
    return tuple(sorted(set[str]().union(*[phrases.uses(key) for phrases in languages])))


def level_key(level: str) -> str:
    """The attribute that holds a category level's words: `Left at-door` → `level-Left_at_door`."""
    return "level-" + re.sub(r"[^A-Za-z0-9]+", "_", level).strip("_")


def source_key(source: str) -> str:
    """The message that says where a value comes from: `order system` → `source-order_system`."""
    return "source-" + re.sub(r"[^a-z0-9]+", "_", source.lower()).strip("_")
