"""Plain: whether everything a customer may read is short and easy enough, said with values as real cases have them.

Each sentence is measured alone, with every value it may hold; all of them together, each
once, are measured as the text of that language.  Names cannot be helped: names, addresses
and codes count as one short word.  What only agents read is not measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_percent

from explainer.errors import Unspeakable
from explainer.explanations.readability import LEAST_WORDS, MEASURES, MOST_WORDS, count, sentences, words
from explainer.explanations.wording import CLIPPED, show_value
from explainer.packs.definition import Fact, Feature, Organisation, Pack
from explainer.packs.words.ftl import written_in
from explainer.packs.words.phrases import Phrases, Vocabulary, language_of

# By customers: agents read it, or only checks do.
UNREAD = re.compile(r"(panel|agent|history|strength|direction)-|.*\.agent$|.*-words$")
NAME = "x"  # stands for a name, an address or a code
STEPS = 7  # a number is tried at both ends of its range and evenly between: singular, plural, days with hours
ENDS = (".", "?", "!", ":")  # what is no sentence, such as a heading or a label, has no grade


def unplain(
    pack: Pack, organisation: Organisation, files: Mapping[str, str], shared: Mapping[str, str], *, languages: Sequence[str] = ()
) -> list[str]:
    """Every sentence that is too long or too hard, with its file and line.

    Words that are missing or cannot be said are left to `check_words`.

    Args:
        files: the pack's files, name → text.
        shared: language → text of the shared words.
        languages: those to read; all of the pack's when none is named.
    """
    mistakes: list[str] = []
    for language, said in _all_said(pack, organisation, files, shared, languages=languages):
        own, frame = written_in(language, files, shared)
        for written in (frame, own):
            here = [key for key in written.line if key in said and (written is own or key not in own.words)]
            mistakes += [
                f"{written.file}:{written.line[key]}: {key}: {why}" for key in here for why in _too_hard(said[key], language)
            ]
        mistakes += [f"{own.file}:1: {why}" for why in _too_hard_together(said, language)]
    return mistakes


def scores(pack: Pack, organisation: Organisation, files: Mapping[str, str], shared: Mapping[str, str]) -> dict[str, float]:
    """Language → the score, on its own scale, of all that a customer of the pack may read; for languages that have a measure."""
    every = _all_said(pack, organisation, files, shared)
    return {
        language: measure.score(count(_view(said), language_of(language)))
        for language, said in every
        if (measure := MEASURES.get(language_of(language)))
    }


def _all_said(
    pack: Pack, organisation: Organisation, files: Mapping[str, str], shared: Mapping[str, str], *, languages: Sequence[str] = ()
) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Each language of a pack with all that a customer may read in it: key → the texts it may become."""
    vocabulary = Vocabulary(pack, files, shared)
    for language in languages or pack.languages:
        own, frame = written_in(language, files, shared)
        uses = set().union(*own.variables.values(), *frame.variables.values())
        reader = _Reader(pack, vocabulary.speak(language), uses, organisation)
        keys = [key for key in frame.words | own.words if not UNREAD.match(key)]
        yield language, {key: list(reader.sayings(key)) for key in keys}


class _Reader:
    """Says the phrases of one language with the values that cases have."""

    def __init__(self, pack: Pack, phrases: Phrases, uses: Iterable[str], organisation: Organisation) -> None:
        self.pack, self.phrases = pack, phrases
        locale = Locale.parse(phrases.locale, sep="-")
        self.values: dict[str, str | int] = {
            **dict.fromkeys(uses, NAME),
            **dict.fromkeys(("rate", "low", "high"), str(format_percent(0.83, locale=locale))),
            "n": 12,
            "cases": 1234,
            "hours": organisation.phone_hours.get(phrases.language, NAME),
            "until": str(format_date(date(2026, 11, 25), "long", locale=locale)),
        }
        self.values |= {"subject": _longest(self._said("pack-subject")), "event": _longest(self._said("score-event"))}
        self.values["label"] = _longest(label for one in pack.features for label in self._said(f"feature-{one.name}"))

    def sayings(self, key: str) -> Iterator[str]:
        """The texts that a phrase may become: a reason with each value of its feature, all else with usual values."""
        name = re.match(r"reason-(\w+)\.(?:for|against)$", key)
        if name and name[1] in self.pack.feature:
            for value in self._shown(self.pack.feature[name[1]], zero=not self.phrases.knows(f"{key}-zero")):
                yield from self._said(key, value=value)
        elif key.startswith("rule-"):
            used = self.phrases.uses(key) & set(self.pack.feature)
            yield from self._said(key, **{one: _longest(self._shown(self.pack.feature[one])) for one in used})
        else:
            yield from self._said(key)

    def _said(self, key: str, **more: str) -> list[str]:
        try:
            return [self.phrases.say(key, **self.values | more)]
        except Unspeakable:
            return []

    def _shown(self, feature: Feature, *, zero: bool = True) -> list[str]:
        """The values of a feature in words, with or without a number that is 0."""
        if feature.sensitive or feature.verbatim:
            return [NAME]
        shown = []
        for fact, change in _facts(feature):
            if fact == 0 and fact is not False and not zero:
                continue
            try:
                shown.append(show_value(feature, fact, self.phrases, change))
            except Unspeakable:
                continue
        return shown


def _facts(feature: Feature) -> Iterator[tuple[Fact, str | None]]:
    """Values a case may have, with what reading changed about them."""
    if feature.type == "boolean":
        yield from ((True, None), (False, None))
    yield from ((level, None) for level in feature.levels)
    if feature.low is not None and feature.high is not None:
        step = (feature.high - feature.low) / STEPS
        yield from ((round(feature.low + step * place), None) for place in range(STEPS + 1))
        if feature.clip:
            yield (round(feature.high), CLIPPED)


def _longest(texts: Iterable[str]) -> str:
    return max(texts, key=lambda text: (len(words(text)), len(text)), default=NAME)


def _too_hard(texts: Iterable[str], language: str) -> Iterator[str]:
    """Why one phrase is not plain: its longest sentence, and its hardest one."""
    each = [one for text in texts for one in sentences(text)]
    longest = _longest(each)
    if len(words(longest)) > MOST_WORDS:
        yield f"{len(words(longest))} words; at most {MOST_WORDS}: split it: “{longest}”"
    measure, plain = MEASURES.get(language_of(language)), language_of(language)
    if measure is None:
        return
    scored = [(measure.score(count(one, plain)), one) for one in each if len(words(one)) >= LEAST_WORDS]
    hardest = min(scored, key=lambda one: one[0] if measure.ease else -one[0], default=None)
    if hardest and measure.fails(hardest[0], measure.alone):
        yield f"{measure.said(hardest[0], measure.alone)}: use shorter words or fewer: “{hardest[1]}”"


def _too_hard_together(said: Mapping[str, list[str]], language: str) -> Iterator[str]:
    measure, plain = MEASURES.get(language_of(language)), language_of(language)
    view = _view(said)
    if measure and view:
        score = measure.score(count(view, plain))
        if measure.fails(score, measure.whole):
            yield f"all that a customer reads: {measure.said(score, measure.whole)}: use shorter words and sentences"


def _view(said: Mapping[str, list[str]]) -> str:
    """All sentences of a language as one text: each phrase with its longest values, what is said again and again only once."""
    each = (one for texts in said.values() for one in sentences(_longest(texts)) if one.endswith(ENDS))
    return " ".join(re.sub(r"\s?:$", ".", one) for one in dict.fromkeys(each))  # `This spoke for you:` ends as a list begins
