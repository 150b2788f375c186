"""Dates read back: whether words name a day, or a time of it, as the locale's own patterns (CLDR) write it.

Whichever language a pack adds, the words are Babel's; what can be wrong is which day they
were asked for.
"""

from __future__ import annotations

from datetime import date, datetime

from babel import Locale
from babel.dates import format_date, format_skeleton


def says_day(words: str, day: date, locale: str) -> bool:
    """Whether words name this day and no other: `4 May 2026`, `4. Mai 2026`."""
    return _plain(words) == _plain(str(format_date(day, "long", locale=Locale.parse(locale, sep="-"))))


def says_time(words: str, at: datetime, locale: str) -> bool:
    """Whether words name this local time to the minute: `4. Mai 2026, 11:30`."""
    day = str(format_skeleton("yMMMd", at.date(), locale=Locale.parse(locale, sep="-")))
    return _plain(words) == _plain(f"{day}, {at.hour:02}:{at.minute:02}")


def _plain(words: str) -> str:
    """The words, whichever kind of space is between them."""
    return " ".join(words.split())
