"""Letters read back: whether what a customer reads is what the record and its release hold, section by section.

Each section must stand in its place, under its heading, and hold the paragraphs that are due
and no others.  Those that speak of the case are held against its record; of the rest it is
heard that they are the words of the release for this place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from explainer.decisions.deciding import BAND, PERMISSION, RULE, SAFEGUARD, SCORE
from explainer.decisions.features import FeatureRow
from explainer.explanations.hearing import hear, says_fact, says_whole
from explainer.explanations.reasons import FOR
from explainer.explanations.standing import wrong_similar
from explainer.explanations.wording import CUSTOMER, RECOURSE
from explainer.packs.definition import Pack
from explainer.packs.release import Release
from explainer.packs.words.phrases import Phrases, source_key
from explainer.record import DecisionRecord
from explainer.views.disclosure import RULE_PERSON, part_of_software, sentences_of, with_a_person
from explainer.views.letter import Letter
from explainer.views.letter_parts import NO_RECOURSE, Section
from explainer.views.readback.dates import says_day
from explainer.views.showing import FEWEST

Check = Callable[[str], bool]  # whether a paragraph, or what a variable stands for, is as it must be


@dataclass(frozen=True, slots=True)
class _Due:
    """One section as it must be: the key of its heading, a check for each paragraph, and its list."""

    heading: str
    said: tuple[Check, ...]
    items: tuple[str, ...] = ()
    below: tuple[Check, ...] = ()
    table: bool = False


def misprints(letter: Letter, record: DecisionRecord, release: Release) -> list[str]:
    """Where a letter, read back from its words, does not say what its record holds: one line for each finding."""
    reader = _Reader(record, release, release.vocabulary.speak(letter.language))
    rows = next((one.rows for one in letter.details if one.rows), ())
    found = [*_wrong_table(rows, record.explained.row, release.pack, reader.phrases), *reader.wrong_opening(letter)]
    if [row[2:] for row in rows] != [(reader.phrases.say(source_key(one.source)),) for one in release.pack.features]:
        found.append("table: another source of a fact")
    found += reader.wrong_frame(letter)
    for sections, due in ((letter.first, reader.first()), (letter.details, reader.details())):
        if [one.heading for one in sections] != [reader.phrases.say(one.heading) for one in due]:
            found.append("it has other sections, or in another order")
        found += [f"{one.heading}: {why}" for one, section in zip(due, sections, strict=False) for why in _wrong(section, one)]
    return found


def _wrong_table(rows: Sequence[tuple[str, ...]], row: FeatureRow, pack: Pack, phrases: Phrases) -> Iterator[str]:
    """What is wrong with a table of the facts, each row a name, a value and more."""
    if len(rows) != len(pack.features):
        yield f"a table of {len(rows)} facts for {len(pack.features)}"
    for (label, value, *_), feature in zip(rows, pack.features, strict=False):
        if label != phrases.say(f"feature-{feature.name}"):
            yield f"table: another name for {feature.name}"
        if not says_fact(feature, value, row.facts[feature.name], phrases, change=row.adjusted.get(feature.name)):
            yield f"table: its words do not say the case's {feature.name}"


def _wrong(section: Section, due: _Due) -> Iterator[str]:
    for where, said, checks in (("", section.paragraphs, due.said), (" below its list", section.below, due.below)):
        if len(said) != len(checks):
            yield f"{len(said)} paragraphs{where} for {len(checks)}"
        for number, (text, right) in enumerate(zip(said, checks, strict=False), 1):
            if not right(text):
                yield f"paragraph {number}{where} says something else"
    if section.items != due.items:
        yield "its list is not the recorded one in its order"
    if bool(section.rows) != due.table:
        yield "a table where none is due, or none"


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who knows the record and hears the words of its release."""

    record: DecisionRecord
    release: Release
    phrases: Phrases

    def wrong_opening(self, letter: Letter) -> Iterator[str]:
        """What is wrong with sender, title, day, case, outcome and software's part."""
        outcome, ((_, day), (_, case), (_, decided)) = self.record.explained.decision.outcome, letter.facts
        organisation = self.release.organisation
        if letter.sender != (organisation.name, *(one for one in organisation.address if one != organisation.name)):
            yield "it comes from somebody else"
        if not self._heard(self._either("letter-title"), subject=self._heard("pack-subject"))(letter.title):
            yield "its title says something else"
        if letter.day != self._day or not says_day(day, self._day, self.phrases.locale):
            yield "it names another day"
        if case != self.record.case:
            yield "it names another case"
        if decided != self.phrases.say(f"outcome-{outcome}") or not self._heard(f"outcome-{outcome}.headline")(letter.opening[0]):
            yield "it tells another outcome"
        if not self._heard(f"part-{part_of_software(self.record, self.release.pack)}")(letter.opening[1]):
            yield "it tells otherwise what software did"

    def wrong_frame(self, letter: Letter) -> Iterator[str]:
        """What is wrong with the words around the sections, and with where its numbers and addresses lead."""
        around = {"letter-greeting": letter.greeting, "letter-details": letter.details_title, "letter-save": letter.save}
        around |= dict(zip(("letter-date", "letter-case", "letter-decision"), [name for name, _ in letter.facts], strict=True))
        columns = next((one.columns for one in letter.details if one.rows), ())
        around |= dict(zip([f"letter-data-{one}" for one in ("fact", "value", "source")], columns, strict=False))
        closing = self._heard("letter-closing", name=_is(self.release.organisation.name))
        if (
            len(columns) != 3
            or not closing(" ".join(letter.closing))
            or not all(self._heard(key)(said) for key, said in around.items())
        ):
            yield "the words around it are others"
        leads = {one: {f"mailto:{one}", f"https://{one}", one, "tel:" + re.sub("[^+0-9]", "", one)} for one in letter.links}
        if not all(to in leads[one] for one, to in letter.links.items()):
            yield "an address in it leads elsewhere"

    def first(self) -> list[_Due]:
        """The sections that everybody should read."""
        decision = self.record.explained.decision
        by_rule = f"rule-{decision.rule}.effect"
        effect = self._heard(by_rule if self.phrases.knows(by_rule) else f"outcome-{decision.outcome}.effect")
        best = not self.release.pack.favour(decision.outcome)
        change = [] if self._open or best else [self._change()]
        return [self._why(), *change, _Due("letter-next", (effect,)), self._person()]

    def details(self) -> list[_Due]:
        """The sections to look things up in."""
        organisation, seen = self.release.organisation, self.record.explained.decision.decisive != PERMISSION
        responsible = self._heard("letter-responsible-text", name=_is(organisation.name), privacy=_is(organisation.privacy_contact))
        authority = self._heard("letter-authority", authority=_is(self._own(organisation.authority)))
        data = "letter-data" if seen else "letter-data-person"
        return [
            _Due(data, (self._reaching(self._either("letter-data-text")),), table=True),
            *([_Due("letter-not-used", (self._heard("not-used"),)), self._quality()] if seen else []),
            _Due("letter-responsible", (responsible, authority)),
        ]

    def _why(self) -> _Due:
        """Reasons under words that say which way they point, and with whom the case was compared where the score counted."""
        decision, said = self.record.explained.decision, sentences_of(self.record, CUSTOMER, self.phrases.locale)
        if decision.decisive in {PERMISSION, SAFEGUARD}:
            return _Due("letter-why", (self._heard("letter-why-person"),))
        ways = {one.direction for one in said}
        key = (
            "letter-why-both"
            if decision.decisive == BAND or len(ways) > 1
            else f"letter-why-{'for' if ways == {FOR} else 'against'}"
        )
        if decision.decisive == RULE:
            by_person = part_of_software(self.record, self.release.pack) == RULE_PERSON
            key = "letter-why-rule-person" if by_person else "letter-why-rule"
        lead = self._heard(key if said else "letter-why-none")
        if decision.decisive in {SCORE, BAND} and self.phrases.knows("compared-with"):
            lead = _after(f"{self.phrases.say('compared-with')} ", lead)
        return _Due("letter-why", (lead,), tuple(one.text for one in said))

    def _change(self) -> _Due:
        """The recorded changes, or the recorded words that there is none."""
        said = sentences_of(self.record, RECOURSE, self.phrases.locale)
        texts = tuple(one.text for one in said)
        if not said:
            return _Due("letter-change", (self._heard("letter-change-text"),))
        if said[0].code.startswith(NO_RECOURSE):
            return _Due("letter-change", tuple(map(_is, texts)))
        any_one = (self._heard("letter-change-any"),) if len(texts) > 1 else ()
        now = (_is(self.phrases.say("letter-change-now", n=len(texts))),) if self.phrases.knows("letter-change-now") else ()
        return _Due("letter-change", any_one, texts, now)

    def _person(self) -> _Due:
        """Where and until when a person can be asked, and that customers may keep software out of it."""
        organisation, decisive = self.release.organisation, self.record.explained.decision.decisive
        reach = {
            "phone": _is(organisation.phone),
            "email": _is(organisation.email),
            "hours": _is(self._own(organisation.phone_hours)),
        }
        last = self._day + timedelta(days=self.release.pack.contest_days)
        contest = self._heard("letter-contest", until=lambda words: says_day(words, last, self.phrases.locale))
        own_view = self._heard("letter-view") if self._open else contest
        opt_out = self._heard("letter-opted-out" if decisive == PERMISSION else self._either("letter-opt-out"))
        return _Due(self._either("letter-person"), (self._heard(self._either("letter-person-text"), **reach), own_view, opt_out))

    def _quality(self) -> _Due:
        """How well the software works, how similar cases ended where the score decided, and what was checked of fairness."""
        decision, phrases, bands = self.record.explained.decision, self.phrases, self.release.uncertainty
        cases = self._heard("letter-quality-text", cases=lambda words: says_whole(words, self.release.metrics["cases"], phrases))
        checks, margin = [cases], decision.margin
        if margin is not None and decision.decisive != RULE:
            wrong = partial(wrong_similar, margin=margin, bands=bands, fewest=FEWEST, phrases=phrases)
            checks += [lambda words: not [*wrong(words)]] if [*wrong(None)] else []  # of too few it is not told
        return _Due("letter-quality", (*checks, self._reaching("letter-fairness")))

    def _heard(self, key: str, **parts: Check) -> Check:
        """That a text is a phrase whose variables stand for what they must."""

        def right(text: str) -> bool:
            heard = hear(key, text, self.phrases)
            return heard is not None and all(name in heard and said(heard[name]) for name, said in parts.items())

        return right

    def _reaching(self, key: str) -> Check:
        """The same, followed by where to call and write."""
        phone, email = self.release.organisation.phone, self.release.organisation.email
        return _after(f"{self.phrases.say(key)} ", self._heard("letter-reach", phone=_is(phone), email=_is(email)))

    def _own(self, words: dict[str, str]) -> str:
        return words.get(self.phrases.language) or words[self.release.organisation.default_language]

    def _either(self, key: str) -> str:
        return f"{key}-open" if self._open else key

    @property
    def _open(self) -> bool:
        return with_a_person(self.record, self.release.pack)

    @property
    def _day(self) -> date:
        return self.record.at.astimezone(ZoneInfo(self.release.organisation.time_zone)).date()


def _is(due: str) -> Check:
    """That words are these, whichever kind of space is between them."""
    return lambda words: words.split() == due.split()


def _after(begin: str, right: Check) -> Check:
    """That a text begins so and goes on as it must."""
    return lambda text: text.startswith(begin) and right(text.removeprefix(begin))
