"""Showing: numbers, days, addresses and pages the way all views show them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, get_timezone_location
from babel.numbers import format_percent
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from explainer.decisions.scoring import score
from explainer.packs.definition import MarginBand, Organisation, Pack
from explainer.packs.words.phrases import Phrases

FEWEST = 50  # past cases: how fewer of them ended is not said, for they could be recognised

_pages = Environment(
    loader=PackageLoader("explainer.views"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


# A web or e-mail address, without the mark that ends its sentence.
ADDRESS = re.compile(r"(?:https://|www\.)[^\s<>()\"]*[^\s<>()\".,;:!?]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def addresses_in(text: str) -> dict[str, str]:
    """Web and e-mail addresses in a text, each with where it leads.

    >>> addresses_in("Ask office@board.example (www.board.example).")
    {'office@board.example': 'mailto:office@board.example', 'www.board.example': 'https://www.board.example'}
    """
    ways = {"https://": "", "www.": "https://"}
    found = ADDRESS.findall(text)
    return {one: next((way + one for begin, way in ways.items() if one.startswith(begin)), f"mailto:{one}") for one in found}


def pieces(text: str, links: Mapping[str, str]) -> list[tuple[str, str | None]]:
    """A text cut into pieces, each with the address where it leads, or None.

    >>> pieces("Write to a@b.example!", {"a@b.example": "mailto:a@b.example"})
    [('Write to ', None), ('a@b.example', 'mailto:a@b.example'), ('!', None)]
    """
    longest_first = sorted(map(re.escape, links), key=len, reverse=True)
    parts = re.split(f"({'|'.join(longest_first)})", text) if links else [text]
    return [(part, links.get(part)) for part in parts if part]


def linked(text: str, links: Mapping[str, str]) -> Markup:
    """A text for a page in which each given name, such as an e-mail address, leads somewhere.

    >>> linked("Write to a@b.example & wait", {"a@b.example": "mailto:a@b.example"})
    Markup('Write to <a href="mailto:a@b.example">a@b.example</a> &amp; wait')
    """
    return Markup("").join(
        escape(part) if to is None else Markup('<a href="{}">{}</a>').format(to, part) for part, to in pieces(text, links)
    )


def unbroken(text: str, word: str) -> Markup:
    """A text for a page in which one word, such as a number with a hyphen, stays on one line.

    >>> unbroken("The number 310-0a9e.", "310-0a9e")
    Markup('The number <span class="unbroken">310-0a9e</span>.')
    """
    return Markup("").join(
        escape(part) if to is None else Markup('<span class="unbroken">{}</span>').format(part)
        for part, to in pieces(text, {word: word} if word else {})
    )


_pages.filters |= {"linked": linked, "unbroken": unbroken}


def page(template: str, **context: object) -> str:
    """Render one page; every value in it is escaped."""
    return _pages.get_template(template).render(**context)


def phone_of(organisation: Organisation) -> str:
    """Its number, which no line breaks."""
    return organisation.phone.replace(" ", "\u00a0")


def ways_to_reach(organisation: Organisation) -> dict[str, str]:
    """Its phone number and e-mail addresses, each with where it leads."""
    mail = {address: f"mailto:{address}" for address in (organisation.email, organisation.privacy_contact)}
    return {phone_of(organisation): "tel:" + re.sub(r"[^+0-9]", "", organisation.phone), **mail}


def show_contact(organisation: Organisation, phrases: Phrases) -> Markup:
    """Where somebody who cannot open a page can call or write."""
    said = phrases.say("door-contact", phone=phone_of(organisation), email=organisation.email)
    return linked(said, ways_to_reach(organisation))


def local(at: datetime, organisation: Organisation) -> datetime:
    """A UTC time on the organisation's clock."""
    return at.astimezone(ZoneInfo(organisation.time_zone))


def show_day(day: date, phrases: Phrases) -> str:
    """A day in full, on one line: `4 May 2026`."""
    return str(format_date(day, "long", locale=Locale.parse(phrases.locale, sep="-"))).replace(" ", "\u00a0")


def show_time(at: datetime, phrases: Phrases) -> str:
    """A local time to the minute, the day as the language writes it: `4. Mai 2026, 11:30`."""
    return f"{format_skeleton('yMMMd', at, tzinfo=at.tzinfo, locale=Locale.parse(phrases.locale, sep='-'))}, {at:%H:%M}"


def show_place(organisation: Organisation, phrases: Phrases) -> str:
    """Where the organisation's clock stands, as its time zone names it: `Dublin`."""
    zone = ZoneInfo(organisation.time_zone)
    return str(get_timezone_location(zone, locale=Locale.parse(phrases.locale, sep="-"), return_city=True))


def language_name(language: str, told_in: str) -> str:
    """What a language is called in another, or in itself.

    >>> language_name("es", "en"), language_name("es", "es")
    ('Spanish', 'español')
    """
    return str(Locale.parse(language, sep="-").get_display_name(told_in.replace("-", "_")))


def own_name(language: str) -> str:
    """What a language calls itself where it stands alone: `Español`."""
    name = language_name(language, language)
    return name[:1].upper() + name[1:]


def show_share(share: float, phrases: Phrases) -> str:
    """A share of 1 as a whole percentage."""
    return str(format_percent(round(share, 2), locale=Locale.parse(phrases.locale, sep="-")))


def show_score(margin: float, pack: Pack, phrases: Phrases) -> str:
    """A margin as the pack shows its score: `83 %` or `83 of 100`."""
    if pack.score_shown == "points":
        return phrases.say("points", n=round(score(margin) * 100))
    return show_share(score(margin), phrases)


def show_similar(margin: float, bands: Sequence[MarginBand], phrases: Phrases) -> str | None:
    """How past cases with a similar score ended: how many, what share, and within which limits; None: too few to say so."""
    band = similar_cases(margin, bands)
    if band.cases < FEWEST:
        return None
    shares = {"rate": band.rate, "low": band.rate_low, "high": band.rate_high}
    shown = {name: show_share(share, phrases) for name, share in shares.items()}
    return phrases.say("similar-cases", cases=band.cases, event=phrases.say("score-event"), **shown)


def similar_cases(margin: float, bands: Sequence[MarginBand]) -> MarginBand:
    """The band of held-out cases that a margin falls into."""
    return next(band for band in bands if band.high is None or margin < band.high)
