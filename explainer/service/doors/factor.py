"""The second factor: who opens a letter by a link also types its case number.

Five wrong tries, each within an hour of the one before, close the link for an hour.  They
are counted where every process sees it, under a keyed digest of the link.
"""

from __future__ import annotations

import hmac
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import case as either
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from explainer.errors import TooManyTries
from explainer.ledger.engines import reading, writing
from explainer.ledger.entry import microseconds
from explainer.ledger.keys.vault import keyed_digest
from explainer.ledger.tables import door_tries
from explainer.service.wiring import Services
from explainer.settings import CASE_NUMBER

TRIES = 5
CLOSED = timedelta(hours=1)

_NEW_TRY = {kind.dialect.name: kind.insert(door_tries) for kind in (sqlite, postgresql)}


def asks_case(view: str, services: Services) -> bool:
    """Whether the door of a view asks for the case number: a customer's does, an agent's does not."""
    return view == "letter" and services.settings.letter_factor == CASE_NUMBER


def fits(typed: str, case: str, link: tuple[str, str, datetime], services: Services) -> bool:
    """Whether somebody at the door of a link typed the case number of its decision.

    Each try is counted before it is looked at, so that many at one moment count too.

    Args:
        link: view, decision, and until when it opens it.

    Raises:
        TooManyTries: it was wrong too often, and the link is closed for a while.
    """
    named, now = keyed_digest(services.vault.secret("links"), repr(link).encode()).hex(), services.clock()
    until = microseconds(now + CLOSED)
    again = {"tries": door_tries.c.tries + 1, "until": either((door_tries.c.tries < TRIES, until), else_=door_tries.c.until)}
    one_more = _NEW_TRY[services.engine.dialect.name].values(link=named, tries=1, until=until)
    if _is_closed(named, now, services):  # nothing is written for who knocks at a closed door again and again
        raise TooManyTries
    with writing(services.engine) as connection:
        connection.execute(delete(door_tries).where(door_tries.c.until <= microseconds(now)))
        counted = one_more.on_conflict_do_update(index_elements=["link"], set_=again).returning(door_tries.c.tries)
        tries = connection.execute(counted).scalar_one()
        right = tries <= TRIES and hmac.compare_digest(_plain(typed), _plain(case))
        if right:
            connection.execute(delete(door_tries).where(door_tries.c.link == named))
    if tries > TRIES:
        raise TooManyTries
    return right


def _is_closed(named: str, now: datetime, services: Services) -> bool:
    """Whether a link was tried wrongly so often that it is closed for now."""
    closed = select(door_tries.c.tries).where(
        door_tries.c.link == named, door_tries.c.tries >= TRIES, door_tries.c.until > microseconds(now)
    )
    with reading(services.engine) as connection:
        return connection.execute(closed).first() is not None


def _plain(number: str) -> bytes:
    """A case number without what people type in their own way: blanks, capitals, wide letters.

    >>> _plain(" r-47 11") == _plain("R-4711")
    True
    """
    return "".join(unicodedata.normalize("NFKC", number).casefold().split()).encode(errors="surrogatepass")
