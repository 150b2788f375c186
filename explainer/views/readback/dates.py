"""Dates heard: whether words name a day, or a time of it, by the months and figures that they hold."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import get_month_names


def says_day(words: str, day: date, locale: str) -> bool:
    """Whether words name this day and no other: `4 May 2026`, `4. Mai 2026`.

    Args:
        locale: the language whose months they name.
    """
    said = [int(one) for one in re.findall(r"[0-9]+", words)]
    months = [month for one in re.findall(r"[^\W\d_]+", words.casefold()) if (month := _months(locale).get(one))]
    return months == [day.month] and said in ([day.day, day.year], [day.year, day.day])


def says_time(words: str, at: datetime, locale: str) -> bool:
    """Whether words name this local time to the minute: `4. Mai 2026, 11:30`."""
    day, _, clock = words.rpartition(", ")
    return clock == f"{at.hour:02}:{at.minute:02}" and says_day(day, at.date(), locale)


@lru_cache(64)
def _months(locale: str) -> dict[str, int]:
    """The names of months, whole and shortened → their number."""
    spoken = Locale.parse(locale, sep="-")
    widths = [get_month_names(width, "format", spoken) for width in ("abbreviated", "wide")]
    return {str(name).casefold().strip("."): month for names in widths for month, name in names.items()}
