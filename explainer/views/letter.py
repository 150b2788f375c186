"""The letter: one decision told to the customer it is about, in their language.

The first layer fits a page: decision, who decided, why, what happens, how to reach a
person.  Details follow.  Every word of the body comes from the record and its release, so
that it is the same to the byte whenever it is written; what only the ledger knows stands
in a footer, which is added when the record has its place there.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from explainer.packs.release import Release
from explainer.record import DecisionRecord
from explainer.views import letter_parts as parts
from explainer.views.letter_parts import Section, Told
from explainer.views.showing import addresses_in, own_name, page, ways_to_reach

WIDTH = 76  # characters of a line in the plain text letter
BELOW = "  "  # begins what is left of a long case number: no line of it looks like another fact
NUMBER, COUNT = "①", "②"  # stand for what is known later: a page's number and how many there are, or a fact's name and value


@dataclass(frozen=True, slots=True)
class Letter:
    """The body of a letter before it becomes HTML, text or PDF."""

    language: str
    day: date  # of the decision
    sender: tuple[str, ...]
    title: str
    facts: tuple[tuple[str, str], ...]  # date, case number, decision
    greeting: str
    opening: tuple[str, str]  # the decision and software's part in it
    first: tuple[Section, ...]
    closing: tuple[str, ...]  # lines: a greeting, and from whom
    details_title: str
    details: tuple[Section, ...]
    page_number: str  # with NUMBER and COUNT
    save: str  # what leads from the page to the PDF
    others: tuple[tuple[str, str], ...]  # the other languages of the pack: (code, its own name)
    languages: str  # what these are called
    pair: str  # how plain text says that a fact is so: `① : ②`, in the language's own way
    links: Mapping[str, str]  # phone, e-mail and web addresses → where they lead on a page


@dataclass(frozen=True, slots=True)
class Footer:
    """What joins a letter to its place in the ledger."""

    title: str
    text: str
    code: str  # verification code of the record's entry
    seal: str = ""  # as the text names it, where it is sealed


def write_letter(record: DecisionRecord, release: Release, locale: str) -> Letter:
    """Tell one decision to its customer.

    Args:
        locale: a language of the pack, or a regional form of one.

    Raises:
        UnknownLanguage: the pack has no words in that language.
    """
    told = Told(record, release, release.vocabulary.speak(locale))
    organisation, say = release.organisation, told.phrases.say
    return Letter(
        language=told.phrases.locale,
        day=told.day,
        sender=(organisation.name, *(line for line in organisation.address if line != organisation.name)),
        title=parts.title(told),
        facts=parts.facts(told),
        greeting=say("letter-greeting"),
        opening=parts.opening(told),
        first=parts.first_layer(told),
        closing=_closing(told),
        details_title=say("letter-details"),
        details=parts.details(told),
        page_number=say("letter-page", page=NUMBER, pages=COUNT),
        save=say("letter-save"),
        others=tuple((one, own_name(one)) for one in release.pack.languages if one != told.phrases.locale),
        languages=say("panel-languages"),
        pair=say("letter-pair", name=NUMBER, value=COUNT),
        links=_links(told),
    )


def write_footer(release: Release, locale: str, code: str, seal: str | None = None) -> Footer:
    """The footer in the language of the letter.

    Args:
        code: verification code of the record's entry.
        seal: size and first digits of the first sealed root over it; None: it is not sealed yet.
    """
    phrases = release.vocabulary.speak(locale)
    said = [phrases.say("letter-code-text")]
    if seal and phrases.knows("letter-sealed"):  # a release made before has no words for it
        said.append(phrases.say("letter-sealed", seal=seal))
    return Footer(phrases.say("letter-code"), " ".join(said), code, seal or "")


def as_html(letter: Letter, footer: Footer, pdf: str | None = None) -> str:
    """The letter as a page.

    Args:
        pdf: address of the same letter as PDF; None: the page leads nowhere, to no other language either.
    """
    return page("letter.html", letter=letter, footer=footer, pdf=pdf)


def as_text(letter: Letter, footer: Footer) -> str:
    """The letter as plain text, lines of at most 76 characters."""
    said = ["\n".join(letter.sender), letter.title.upper()]
    said.append("\n".join(_fill(_pair(letter, *fact), under=BELOW) for fact in letter.facts))
    said += [_fill(one) for one in (letter.greeting, *letter.opening)]
    said += [text for section in letter.first for text in _section_text(section, letter)]
    said.append("\n".join(map(_fill, letter.closing)))
    said.append(f"{'-' * WIDTH}\n{letter.details_title.upper()}")
    said += [text for section in letter.details for text in _section_text(section, letter)]
    said.append(f"{'-' * WIDTH}\n{_pair(letter, footer.title, footer.code)}\n{_fill(footer.text)}")
    return "\n\n".join(said) + "\n"


def _pair(letter: Letter, name: str, value: str) -> str:
    return letter.pair.replace(NUMBER, name).replace(COUNT, value)


def _closing(told: Told) -> tuple[str, ...]:
    """The greeting at the end, with the name on a line of its own."""
    before, _, after = told.phrases.say("letter-closing", name=NUMBER).partition(NUMBER)
    return tuple(filter(None, (before.strip(), f"{told.organisation.name}{after}")))


def _links(told: Told) -> dict[str, str]:
    """Where phone numbers and addresses in a letter lead: only those that the organisation wrote, never what a case holds."""
    return addresses_in(told.of_the_organisation(told.organisation.authority)) | ways_to_reach(told.organisation)


def _section_text(section: Section, letter: Letter) -> list[str]:
    said = [f"{section.heading}\n{'=' * len(section.heading)}", *map(_fill, section.paragraphs)]
    if section.items:
        leads = [f"{rank}. " if section.ordered else "- " for rank in range(1, len(section.items) + 1)]
        said.append("\n".join(map(_fill, section.items, leads)))
    if section.rows:
        said.append("\n".join(_fill(f"{_pair(letter, row[0], row[1])} ({row[2]})", "- ") for row in section.rows))
    return [*said, *map(_fill, section.below)]


def _fill(text: str, lead: str = "", under: str = "") -> str:
    below = under or " " * len(lead)
    return textwrap.fill(text, WIDTH, initial_indent=lead, subsequent_indent=below, break_on_hyphens=False)
