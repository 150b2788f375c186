"""Proofreading: numbers that nobody declared or that differ between languages, and phrases left unfinished or untranslated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from babel import Locale

from explainer.packs.definition import Pack, Rule, Test, tests_in
from explainer.packs.words.ftl import Written, written_in
from explainer.packs.words.phrases import is_known, language_of

UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b|\?\?\?")
LEAST_WORDS = 3  # fewer may well be the same in two languages: a name, a code, a unit
DECLARED = "en"  # how declarations write numbers


def numbers(texts: Iterable[str], language: str) -> set[str]:
    """The numbers written in digits, read as a language writes them, and codes of letters and digits.

    >>> sorted(numbers(["From 1,000.50 euros on, P2."], "en")), sorted(numbers(["Ab 1.000,50 Euro P2."], "de"))
    (['1000.5', 'P2'], ['1000.5', 'P2'])
    """
    group, decimal, pattern = _digits(language)
    found = (one for text in texts for one in pattern.finditer(text))
    return {one["code"] + _plain(re.sub(group, "", one["digits"]).replace(decimal, ".")) for one in found}


@lru_cache(64)
def _digits(language: str) -> tuple[str, str, re.Pattern[str]]:
    symbols = Locale.parse(language if is_known(language) else DECLARED, sep="-").number_symbols["latn"]
    group = "[ \u00a0\u202f]" if symbols["group"].isspace() else re.escape(symbols["group"])
    digits = rf"(?:\d{{1,3}}(?:{group}\d{{3}})+(?!\d)|\d+)(?:{re.escape(symbols['decimal'])}\d+)?"
    return group, symbols["decimal"], re.compile(rf"(?P<code>[^\W\d_]*)(?P<digits>{digits})")


def _plain(number: object) -> str:
    return f"{Decimal(str(number)).normalize():f}"


def undeclared_numbers(pack: Pack, own: Written, language: str) -> Iterator[tuple[str, str]]:
    """Numbers in the words of a rule that the rule does not know: each key with what is wrong."""
    for rule in pack.rules:
        for key in (f"rule-{rule.code}.{reader}" for reader in ("customer", "agent", "effect")):
            if key in own.line:
                known = _known(rule, pack) | _labels(key, rule, own, language)
                for one in sorted(_said(key, own, language) - known):
                    yield key, f"says {one}, which this rule does not know: its numbers are {_listed(known)}"


def _known(rule: Rule, pack: Pack) -> set[str]:
    """The numbers that a rule declares: its conditions, source, years and days in force, and the codes of its outcome."""
    codes = [one.code for one in pack.outcomes]
    lifted = codes[: codes.index(rule.outcome) + 1] if rule.at_least in codes else [rule.outcome]
    days = [one for one in (rule.in_force_from, rule.in_force_to) if one]
    known = numbers([rule.source, *lifted], DECLARED) | {str(part) for one in days for part in (one.year, one.day)}
    return known.union(*(_bounds(test, pack) for test in tests_in(rule.when)))


def _bounds(test: Test, pack: Pack) -> set[str]:
    """The numbers of a condition; of whole numbers, below 15 is 14 at most, and at least 15 is more than 14."""
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    found = numbers([one for one in values if isinstance(one, str)], DECLARED)
    counted = [one for one in values if isinstance(one, int | float) and not isinstance(one, bool)]
    feature = pack.feature.get(test.feature)  # None: its own mistake was noted
    whole = test.operator in {"below", "at_least"} and feature is not None and feature.type == "integer"
    return found | {_plain(one - less) for one in counted for less in ((0, 1) if whole else (0,))}


def _labels(key: str, rule: Rule, own: Written, language: str) -> set[str]:
    """The numbers in the texts of a rule's outcome and in the labels of the features that it or its words name."""
    named = {test.feature for test in tests_in(rule.when)} | own.variables[key]
    keys = [f"outcome-{rule.outcome}{part}" for part in ("", ".headline", ".effect", ".instead")]
    return set[str]().union(*(_said(one, own, language) for one in [*keys, *(f"feature-{name}" for name in named)]))


def _said(key: str, own: Written, language: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """The numbers of a message and of those that it refers to."""
    others = own.references.get(key, set()) - seen - {key}
    return numbers(own.texts.get(key, ()), language).union(*(_said(one, own, language, seen | {key}) for one in others))


def differing_numbers(own: Written, language: str, first: Written, other: str) -> Iterator[tuple[str, str]]:
    """Messages whose numbers are not those of the first language: each key with both."""
    for key in own.line:
        here, there = _said(key, own, language), _said(key, first, other)
        if key in first.words and here != there:
            yield key, f"its numbers are {_listed(here)}; in {other} they are {_listed(there)}"


def _listed(found: set[str]) -> str:
    return ", ".join(sorted(found, key=lambda one: (len(one), one))) or "none"


def unfinished(own: Written) -> Iterator[tuple[str, str]]:
    """Messages that somebody meant to write later: each key with what is wrong."""
    for key in own.line:
        text = "".join(own.texts[key])
        if found := UNFINISHED.search(text):
            yield key, f"is not finished: it says {found[0]}"
        elif not text.strip() and not own.variables[key] and not own.references[key]:
            yield key, "says nothing"


def untranslated(pack: Pack, files: Mapping[str, str], shared: Mapping[str, str]) -> list[str]:
    """Phrases of three words or more that say in one language what the pack's first language, or shared English, says."""
    originals = [one for language in (*pack.languages[:1], DECLARED) for one in written_in(language, files, shared)]
    mistakes = []
    for language in pack.languages:
        others = [one for one in originals if language_of(one.language) != language_of(language)]
        for own in written_in(language, files, shared):
            for key, line in own.line.items():
                same = [one.language for one in others if one.words.get(key) == own.words[key]]
                if same and len(re.findall(r"[^\W\d_]+", own.words[key])) >= LEAST_WORDS:
                    mistakes.append(f"{own.file}:{line}: {key}: is still in {same[0]}: “{own.words[key]}”")
    return mistakes
