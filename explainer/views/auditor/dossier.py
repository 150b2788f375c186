"""The dossier: everything about one case on one page, for whoever must judge it years later.

Record in words, place in the sealed log, policy in force with its sources, score and
attributions, letters as sent, what happened since, and the model card.  Its labels are in
English; what was said about the case is in a language of the pack.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from markupsafe import Markup

from explainer.decisions.policy import in_force
from explainer.explanations.wording import CUSTOMER, show_value
from explainer.packs.definition import Pack
from explainer.packs.release import Release
from explainer.packs.words.phrases import Phrases
from explainer.record import DecisionRecord
from explainer.views.disclosure import sentences_of
from explainer.views.panel import Panel, build_panel
from explainer.views.showing import local, page


@dataclass(frozen=True, slots=True)
class Place:
    """Where the record stands in the ledger."""

    code: str  # verification code
    leaf_hash: str
    writer: str  # and as which of its entries
    number: int | None  # leaf of the tree; None: not sealed yet
    checkpoint: str  # size and root, as on a letter
    note: str  # the signed checkpoint
    key: str  # that signed it
    proof: tuple[str, ...]  # hashes, hex


@dataclass(frozen=True, slots=True)
class Sent:
    """One letter that left: to whom, and its words written again."""

    at: datetime
    form: str
    locale: str
    to: str  # by which door, and who
    sha256: str  # of what was sent
    again: str  # how writing it again ended: same | differs | abstained
    text: str  # as plain text


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of the ledger about the case or its customer."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """One rule of the policy, as it stood on the day of the decision."""

    code: str
    said: str  # fired | did not fire | not in force
    outcome: str
    dates: str
    source: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the case: what it was, where from, and what it did to the margin."""

    label: str
    name: str
    value: str
    source: str
    push: float | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """All of it, already in words."""

    panel: Panel  # outcome, reasons, score and recourse, as the agent saw them
    record: DecisionRecord
    release: Release
    place: Place
    customer_reads: tuple[str, ...]
    facts: tuple[Fact, ...]
    policy: tuple[Ruled, ...]
    letters: tuple[Sent, ...]
    history: tuple[Happened, ...]
    card: Markup


def build_dossier(
    record: DecisionRecord, release: Release, place: Place, locale: str, *, letters: Sequence[Sent], history: Sequence[Happened]
) -> Dossier:
    """Put one record before an auditor.

    Raises:
        UnknownLanguage: the pack has no words in that language.
    """
    phrases = release.vocabulary.speak(locale)
    return Dossier(
        panel=build_panel(record, release, locale, ""),
        record=record,
        release=release,
        place=place,
        customer_reads=tuple(one.text for one in sentences_of(record, CUSTOMER, locale)),
        facts=tuple(_facts(record, release.pack, phrases)),
        policy=tuple(_policy(record, release)),
        letters=tuple(letters),
        history=tuple(sorted(history, key=lambda one: one.at)),
        card=_card(release),
    )


def as_page(dossier: Dossier, *, alone: bool = False) -> str:
    """The dossier as a page.

    Args:
        alone: as one file that leads nowhere, with its styles inside.
    """
    style = files("explainer.views").joinpath("static", "explainer.css").read_text("utf-8") if alone else ""
    return page("dossier.html", dossier=dossier, say=dossier.panel.words.say, style=Markup(style))  # noqa: S704 -- our own file


def _facts(record: DecisionRecord, pack: Pack, phrases: Phrases) -> list[Fact]:
    row, split = record.explained.row, record.explained.attribution
    pushes = dict(zip(split.features, split.phi.tolist(), strict=True)) if split else {}
    return [
        Fact(
            phrases.say(f"feature-{one.name}"),
            one.name,
            show_value(one, row.facts[one.name], phrases, row.adjusted.get(one.name)),
            one.source,
            pushes.get(one.name),
        )
        for one in pack.features
    ]


def _policy(record: DecisionRecord, release: Release) -> list[Ruled]:
    day, said = local(record.at, release.organisation).date(), {one.code: one.fired for one in record.explained.decision.rules}
    ruled = []
    for one in release.pack.rules:
        ended = "fired" if said.get(one.code) else "did not fire" if one.code in said else "not asked"
        outcome = one.then or f"at least {one.at_least}"
        dates = f"from {one.in_force_from}" + (f" to {one.in_force_to}" if one.in_force_to else "")
        ruled.append(Ruled(one.code, ended if in_force(one, day) else "not in force", outcome, dates, one.source))
    return ruled


def _card(release: Release) -> Markup:
    """What stands inside the card's own page, two levels of headings lower; its bytes were checked with the release."""
    inside = re.search(r"<main[^>]*>(.*)</main>", release.card, flags=re.DOTALL)
    lower = re.sub(r"(</?h)([1-4])", lambda found: f"{found[1]}{int(found[2]) + 2}", inside[1] if inside else "")
    return Markup(lower)  # noqa: S704 -- made by our own template from escaped values
