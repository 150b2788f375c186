"""The parts of a letter: what each heading holds, in words of the release.

First layer: why, what would have changed it, what happens now, how to reach a person.
Details: the data with its sources, what was not used, how well the software works, who
is responsible.  A case that a person will decide is not told as if software had decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from explainer.decisions.deciding import BAND, PERMISSION, RULE, SAFEGUARD, SCORE, Decision
from explainer.explanations.reasons import AGAINST, FOR
from explainer.explanations.wording import CUSTOMER, RECOURSE, Sentence, show_value
from explainer.packs.definition import Organisation
from explainer.packs.release import Release
from explainer.packs.words.phrases import Phrases, source_key
from explainer.record import DecisionRecord
from explainer.views.disclosure import RULE_PERSON, part_of_software, sentences_of, with_a_person
from explainer.views.showing import local, phone_of, show_day, show_similar

NO_RECOURSE = "no-recourse"  # how the code of a sentence begins that says why nothing would have changed the outcome


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of the letter with what stands under it."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()  # a list
    ordered: bool = False  # whether the order of the list is part of what is said
    below: tuple[str, ...] = ()  # paragraphs after the list
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What the parts of one letter are made of."""

    record: DecisionRecord
    release: Release
    phrases: Phrases

    @property
    def decision(self) -> Decision:
        """The decision it is about."""
        return self.record.explained.decision

    @property
    def organisation(self) -> Organisation:
        """Who is responsible, as the release says."""
        return self.release.organisation

    @property
    def phone(self) -> str:
        """Its number, which no line breaks."""
        return phone_of(self.organisation)

    @property
    def is_open(self) -> bool:
        """Whether a person has yet to decide."""
        return with_a_person(self.record, self.release.pack)

    @property
    def day(self) -> date:
        """The day of the decision where the organisation is."""
        return local(self.record.at, self.organisation).date()

    @property
    def reach(self) -> str:
        """Where to call or write, in a sentence."""
        return self.phrases.say("letter-reach", phone=self.phone, email=self.organisation.email)

    def sentences(self, reader: str) -> tuple[Sentence, ...]:
        """What was recorded for a reader in the language of this letter."""
        return sentences_of(self.record, reader, self.phrases.locale)

    def of_the_organisation(self, words: dict[str, str]) -> str:
        """What the organisation says in the language of this letter, or else in its own."""
        return words.get(self.phrases.language) or words[self.organisation.default_language]


def title(told: Told) -> str:
    """What the letter is about."""
    return told.phrases.say(_either("letter-title", told), subject=told.phrases.say("pack-subject"))


def facts(told: Told) -> tuple[tuple[str, str], ...]:
    """Date, case number and decision, each with its name."""
    say = told.phrases.say
    return (
        (say("letter-date"), show_day(told.day, told.phrases)),
        (say("letter-case"), told.record.case),
        (say("letter-decision"), say(f"outcome-{told.decision.outcome}")),
    )


def opening(told: Told) -> tuple[str, str]:
    """The decision in a sentence, and software's part in it."""
    say = told.phrases.say
    return say(f"outcome-{told.decision.outcome}.headline"), say(f"part-{part_of_software(told.record, told.release.pack)}")


def first_layer(told: Told) -> tuple[Section, ...]:
    """What everybody should read; it fits on the first page."""
    say = told.phrases.say
    return (_why(told), *_change(told), Section(say("letter-next"), (_effect(told),)), _person(told))


def details(told: Told) -> tuple[Section, ...]:
    """What can be looked up: data, quality, responsibility."""
    say, organisation = told.phrases.say, told.organisation
    used = told.decision.decisive != PERMISSION  # where software took no part, nothing was used yet
    return (
        _data(told),
        *((Section(say("letter-not-used"), (say("not-used"),)),) if used else ()),
        *_quality(told),
        Section(
            say("letter-responsible"),
            (
                say("letter-responsible-text", name=organisation.name, privacy=organisation.privacy_contact),
                say("letter-authority", authority=told.of_the_organisation(organisation.authority)),
            ),
        ),
    )


def _either(key: str, told: Told) -> str:
    """The key of words about a decision, or of those for a case that a person has yet to decide."""
    return f"{key}-open" if told.is_open else key


def _why(told: Told) -> Section:
    """The principal reasons; with whom the case was compared only where the score counted."""
    said, say = told.sentences(CUSTOMER), told.phrases.say
    heading = say("letter-why")
    if told.decision.decisive in {PERMISSION, SAFEGUARD}:
        return Section(heading, (say("letter-why-person"),))
    lead = say(_leading_up(told, said)) if said else say("letter-why-none")
    if told.decision.decisive in {SCORE, BAND} and told.phrases.knows("compared-with"):
        lead = f"{say('compared-with')} {lead}"
    return Section(heading, (lead,), tuple(one.text for one in said), ordered=len(said) > 1)


def _leading_up(told: Told, said: tuple[Sentence, ...]) -> str:
    """The key of the words before the reasons: a rule is never told as if it were a score."""
    directions = {one.direction for one in said}
    if told.decision.decisive == RULE:
        by_person = part_of_software(told.record, told.release.pack) == RULE_PERSON
        return "letter-why-rule-person" if by_person else "letter-why-rule"
    if told.decision.decisive == BAND or len(directions) > 1:
        return "letter-why-both"
    return {FOR: "letter-why-for", AGAINST: "letter-why-against"}[directions.pop()]


def _change(told: Told) -> tuple[Section, ...]:
    """What would have changed the outcome, or that nothing would; absent where it is open or could not be better."""
    if told.is_open or not told.release.pack.favour(told.decision.outcome):
        return ()
    said, say = told.sentences(RECOURSE), told.phrases.say
    heading, texts = say("letter-change"), tuple(one.text for one in said)
    if not said:
        return (Section(heading, (say("letter-change-text"),)),)
    if said[0].code.startswith(NO_RECOURSE):
        return (Section(heading, texts),)
    now = (say("letter-change-now", n=len(texts)),) if told.phrases.knows("letter-change-now") else ()  # a release may be older
    return (Section(heading, (say("letter-change-any"),) if len(texts) > 1 else (), texts, below=now),)


def _effect(told: Told) -> str:
    """What happens now: as the decisive rule says, or else as the outcome does."""
    by_rule = f"rule-{told.decision.rule}.effect"
    return told.phrases.say(by_rule if told.phrases.knows(by_rule) else f"outcome-{told.decision.outcome}.effect")


def _person(told: Told) -> Section:
    """How to reach a person, give a view, contest and opt out, and until when."""
    say, opted_out = told.phrases.say, told.decision.decisive == PERMISSION
    until = show_day(told.day + timedelta(days=told.release.pack.contest_days), told.phrases)
    hours = told.of_the_organisation(told.organisation.phone_hours)
    return Section(
        say(_either("letter-person", told)),
        (
            say(_either("letter-person-text", told), phone=told.phone, hours=hours, email=told.organisation.email),
            say("letter-view") if told.is_open else say("letter-contest", until=until),
            say("letter-opted-out" if opted_out else _either("letter-opt-out", told)),
        ),
    )


def _data(told: Told) -> Section:
    """Every fact of the case with its value, its source and how to correct it."""
    row, say = told.record.explained.row, told.phrases.say
    return Section(
        say("letter-data-person" if told.decision.decisive == PERMISSION else "letter-data"),
        (f"{say(_either('letter-data-text', told))} {told.reach}",),
        columns=tuple(say(f"letter-data-{one}") for one in ("fact", "value", "source")),
        rows=tuple(
            (
                say(f"feature-{one.name}"),
                show_value(one, row.facts[one.name], told.phrases, row.adjusted.get(one.name)),
                say(source_key(one.source)),
            )
            for one in told.release.pack.features
        ),
    )


def _quality(told: Told) -> tuple[Section, ...]:
    """How well the software works and what was checked; where it took no part, its figures say nothing."""
    if told.decision.decisive == PERMISSION:
        return ()
    say, margin = told.phrases.say, told.decision.margin
    said = [say("letter-quality-text", cases=told.release.metrics["cases"])]
    if margin is not None and told.decision.decisive != RULE:
        said += filter(None, [show_similar(margin, told.release.uncertainty, told.phrases)])
    return (Section(say("letter-quality"), (*said, f"{say('letter-fairness')} {told.reach}")),)
