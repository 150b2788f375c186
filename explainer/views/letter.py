"""The letter: one decision told to the customer it is about, in their language.

The first layer fits a page: decision, who decided, why, what happens, how to reach a
person.  Details follow.  A case that a person will decide is not told as if software
had decided it.  Every word comes from the release; the verification code is a footer,
added when the record has its place in the ledger.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from explainer.decisions.deciding import BAND, PERMISSION, RULE, SAFEGUARD
from explainer.explanations.reasons import AGAINST, FOR
from explainer.explanations.wording import CUSTOMER, show_value
from explainer.packs.definition import Organisation
from explainer.packs.release import Release
from explainer.packs.words.phrases import Phrases, source_key
from explainer.record import DecisionRecord
from explainer.views.disclosure import RULE_PERSON, part_of_software, sentences_of, with_a_person
from explainer.views.showing import local, page, show_day, show_similar

WIDTH = 76  # characters of a line in the plain text letter


@dataclass(frozen=True, slots=True)
class Section:
    """One heading of the letter with what stands under it."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()  # a numbered list: the order is part of what is said
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter before it becomes HTML or text."""

    language: str
    sender: tuple[str, ...]
    title: str
    facts: tuple[tuple[str, str], ...]  # date, case number, decision
    opening: tuple[str, ...]  # the decision and software's part in it
    first: tuple[Section, ...]
    details_title: str
    details: tuple[Section, ...]
    code_title: str
    code_text: str
    code: str
    links: Mapping[str, str]  # phone and e-mail addresses → where they lead on a page


def write_letter(record: DecisionRecord, release: Release, locale: str, code: str) -> Letter:
    """Tell one decision to its customer.

    Args:
        locale: a language of the pack, or a regional form of one.
        code: verification code of the record's entry.

    Raises:
        UnknownLanguage: the pack has no words in that language.
    """
    phrases, organisation = release.vocabulary.speak(locale), release.organisation
    outcome = record.explained.decision.outcome
    day = local(record.at, organisation).date()
    return Letter(
        language=phrases.locale,
        sender=(organisation.name, *(line for line in organisation.address if line != organisation.name)),
        title=phrases.say(_either("letter-title", record, release), subject=phrases.say("pack-subject")),
        facts=(
            (phrases.say("letter-date"), show_day(day, phrases)),
            (phrases.say("letter-case"), record.case),
            (phrases.say("letter-decision"), phrases.say(f"outcome-{outcome}")),
        ),
        opening=(
            phrases.say(f"outcome-{outcome}.headline"),
            phrases.say(f"part-{part_of_software(record, release.pack)}"),
        ),
        first=(
            _why(record, release, phrases),
            Section(phrases.say("letter-next"), (_effect(record, phrases),)),
            _person(record, day + timedelta(days=release.pack.contest_days), release, phrases),
        ),
        details_title=phrases.say("letter-details"),
        details=_details(record, release, phrases),
        code_title=phrases.say("letter-code"),
        code_text=phrases.say("letter-code-text"),
        code=code,
        links=_links(organisation),
    )


def as_html(letter: Letter) -> str:
    """The letter as a page."""
    return page("letter.html", letter=letter)


def as_text(letter: Letter) -> str:
    """The letter as plain text, lines of at most 76 characters."""
    parts = ["\n".join(letter.sender), letter.title.upper()]
    parts.append("\n".join(_fill(f"{name}: {value}") for name, value in letter.facts))
    parts += [_fill(one) for one in letter.opening]
    parts += [text for section in letter.first for text in _section_text(section)]
    parts.append(f"{'-' * WIDTH}\n{letter.details_title.upper()}")
    parts += [text for section in letter.details for text in _section_text(section)]
    parts.append(f"{'-' * WIDTH}\n{letter.code_title}: {letter.code}\n{_fill(letter.code_text)}")
    return "\n\n".join(parts) + "\n"


def _either(key: str, record: DecisionRecord, release: Release) -> str:
    """The key of words about a decision, or of those for a case that a person has yet to decide."""
    return f"{key}-open" if with_a_person(record, release.pack) else key


def _links(organisation: Organisation) -> dict[str, str]:
    mail = {address: f"mailto:{address}" for address in (organisation.email, organisation.privacy_contact)}
    return {organisation.phone: "tel:" + re.sub(r"[^+0-9]", "", organisation.phone), **mail}


def _why(record: DecisionRecord, release: Release, phrases: Phrases) -> Section:
    decision, said = record.explained.decision, sentences_of(record, CUSTOMER, phrases.locale)
    heading = phrases.say("letter-why")
    if decision.decisive in {PERMISSION, SAFEGUARD}:
        return Section(heading, (phrases.say("letter-why-person"),))
    if not said:
        return Section(heading, (phrases.say("letter-why-none"),))
    directions = {one.direction for one in said}
    if decision.decisive == RULE:
        intro = "letter-why-rule-person" if part_of_software(record, release.pack) == RULE_PERSON else "letter-why-rule"
    elif decision.decisive == BAND or len(directions) > 1:
        intro = "letter-why-both"
    else:
        intro = {FOR: "letter-why-for", AGAINST: "letter-why-against"}[directions.pop()]
    return Section(heading, (phrases.say(intro),), tuple(one.text for one in said))


def _effect(record: DecisionRecord, phrases: Phrases) -> str:
    """What happens now: as the decisive rule says, or else as the outcome does."""
    decision = record.explained.decision
    by_rule = f"rule-{decision.rule}.effect"
    return phrases.say(by_rule if phrases.knows(by_rule) else f"outcome-{decision.outcome}.effect")


def _person(record: DecisionRecord, until: date, release: Release, phrases: Phrases) -> Section:
    organisation = release.organisation
    hours = organisation.phone_hours.get(phrases.language) or organisation.phone_hours[organisation.default_language]
    open_case, opted_out = with_a_person(record, release.pack), record.explained.decision.decisive == PERMISSION
    return Section(
        phrases.say(_either("letter-person", record, release)),
        (
            phrases.say("letter-person-text", phone=organisation.phone, hours=hours, email=organisation.email),
            phrases.say("letter-view") if open_case else phrases.say("letter-contest", until=show_day(until, phrases)),
            phrases.say("letter-opted-out" if opted_out else "letter-opt-out"),
        ),
    )


def _details(record: DecisionRecord, release: Release, phrases: Phrases) -> tuple[Section, ...]:
    organisation, decision = release.organisation, record.explained.decision
    authority = organisation.authority.get(phrases.language) or organisation.authority[organisation.default_language]
    responsible = phrases.say("letter-responsible-text", name=organisation.name, privacy=organisation.privacy_contact)
    change = Section(phrases.say("letter-change"), (phrases.say("letter-change-text"),))
    could_be_better = not with_a_person(record, release.pack) and release.pack.favour(decision.outcome) > 0
    quality = Section(phrases.say("letter-quality"), _quality(record, release, phrases))
    return (
        *((change,) if could_be_better else ()),
        _data(record, release, phrases),
        Section(phrases.say("letter-not-used"), (phrases.say("not-used"),)),
        *((quality,) if decision.decisive != PERMISSION else ()),
        Section(phrases.say("letter-responsible"), (responsible, phrases.say("letter-authority", authority=authority))),
    )


def _data(record: DecisionRecord, release: Release, phrases: Phrases) -> Section:
    row, by_person = record.explained.row, record.explained.decision.decisive == PERMISSION
    return Section(
        phrases.say("letter-data-person" if by_person else "letter-data"),
        (phrases.say(_either("letter-data-text", record, release)),),
        columns=tuple(phrases.say(f"letter-data-{one}") for one in ("fact", "value", "source")),
        rows=tuple(
            (
                phrases.say(f"feature-{one.name}"),
                show_value(one, row.facts[one.name], phrases, row.adjusted.get(one.name)),
                phrases.say(source_key(one.source)),
            )
            for one in release.pack.features
        ),
    )


def _quality(record: DecisionRecord, release: Release, phrases: Phrases) -> tuple[str, ...]:
    margin = record.explained.decision.margin
    said = [phrases.say("letter-quality-text", cases=release.metrics["cases"])]
    if margin is not None and record.explained.decision.decisive != RULE:
        said.append(show_similar(margin, release.uncertainty, phrases))
    return (*said, phrases.say("letter-fairness"))


def _section_text(section: Section) -> list[str]:
    parts = [f"{section.heading}\n{'=' * len(section.heading)}", *(_fill(one) for one in section.paragraphs)]
    if section.reasons:
        parts.append("\n".join(_fill(one, f"{rank}. ") for rank, one in enumerate(section.reasons, 1)))
    if section.rows:
        parts.append("\n".join(_fill(f"{row[0]}: {row[1]} ({row[2]})", "- ") for row in section.rows))
    return parts


def _fill(text: str, lead: str = "") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_on_hyphens=False)
