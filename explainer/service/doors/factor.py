"""The second factor: who opens a letter by a link also types its case number.

Five wrong tries, each within an hour of the one before, close the link for an hour; fifty
in all close it for good, whatever clocks say.  They are counted where every process sees
it, under a keyed digest of the link.  A month after its link has ended a count goes with
the next try at any door, so that no clock that is less than a month fast takes one away
from a link that still opens; it goes before that when the right number takes back the only
try, and when the customer is erased.
"""

from __future__ import annotations

import hmac
import math
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, and_, delete, func, or_, select, update
from sqlalchemy import case as either
from sqlalchemy.dialects import postgresql, sqlite

from explainer.errors import LinkClosed, TooManyTries
from explainer.ledger.engines import reading, some_at_a_time, writing
from explainer.ledger.entry import microseconds, moment
from explainer.ledger.tables import door_tries
from explainer.service.wiring import Services
from explainer.settings import CASE_NUMBER

TRIES, IN_ALL = 5, 50
CLOSED = timedelta(hours=1)
KEPT = timedelta(days=30)  # beyond the end of a link

_NEW_TRY = {kind.dialect.name: kind.insert(door_tries) for kind in (sqlite, postgresql)}
_COUNTS = (door_tries.c.tries, door_tries.c.until, door_tries.c.in_all)


class Link(NamedTuple):
    """The link at whose door somebody stands."""

    name: str  # a keyed digest of what it says
    decision: str
    until: datetime


def asks_case(view: str, services: Services) -> bool:
    """Whether the door of a view asks for the case number: a customer's does, an agent's does not."""
    return view == "letter" and services.settings.letter_factor == CASE_NUMBER


def count_closed(decisions: Sequence[str], services: Services) -> dict[str, int]:
    """How many links to some decisions are closed for good; decisions without one are left out."""
    links = func.count().label("links")
    closed = select(door_tries.c.decision, links).where(door_tries.c.in_all >= IN_ALL).group_by(door_tries.c.decision)
    found: dict[str, int] = {}
    with reading(services.engine) as connection:
        for some in some_at_a_time(decisions):
            rows = connection.execute(closed.where(door_tries.c.decision.in_(some)))
            found |= {row.decision: row.links for row in rows}
    return found


def fits(typed: str, case: str, link: Link, services: Services) -> bool:
    """Whether somebody at the door of a link typed the case number of its decision.

    Each try is counted before it is looked at, so that many at one moment count too.

    Raises:
        TooManyTries: it was wrong too often, and the link is closed for a while.
        LinkClosed: it was wrong far too often, and the link is closed for good.
    """
    now, mine = services.clock(), door_tries.c.link == link.name
    with reading(services.engine) as connection:
        before = connection.execute(select(*_COUNTS).where(mine)).one_or_none()
    if before:  # nothing is written for who knocks at a closed door again and again
        lapsed = before.until <= microseconds(now)
        _refuse_beyond(1 if lapsed else before.tries + 1, before.until, before.in_all + 1, now)
    with writing(services.engine) as connection:
        connection.execute(delete(door_tries).where(door_tries.c.ends <= microseconds(now - KEPT)))
        tries, until, in_all = _count(connection, link, now)
        right = tries <= TRIES and in_all <= IN_ALL and hmac.compare_digest(_plain(typed), _plain(case))
        if right:  # the others stay counted: not everybody who tries here need be the customer
            connection.execute(update(door_tries).where(mine).values(tries=0, in_all=door_tries.c.in_all - 1))
            connection.execute(delete(door_tries).where(mine, door_tries.c.in_all == 0))
    _refuse_beyond(tries, until, in_all, now)
    return right


def _count(connection: Connection, link: Link, now: datetime) -> tuple[int, int, int]:
    """Count one more try; returns how many there were of late, when that is forgotten, and how many in all."""
    closing, lapsed = microseconds(now + CLOSED), door_tries.c.until <= microseconds(now)
    longer = and_(door_tries.c.tries < TRIES, door_tries.c.until < closing)  # never shorter: another's clock may be ahead
    read = or_(lapsed, door_tries.c.tries < TRIES)  # the others of a rush are refused unread
    first = {"link": link.name, "decision": link.decision, "ends": microseconds(link.until)}
    again = {
        "tries": either((lapsed, 1), else_=door_tries.c.tries + 1),
        "until": either((or_(lapsed, longer), closing), else_=door_tries.c.until),
        "in_all": either((read, door_tries.c.in_all + 1), else_=door_tries.c.in_all),
    }
    one_more = _NEW_TRY[connection.dialect.name].values(**first, tries=1, until=closing, in_all=1)
    counted = one_more.on_conflict_do_update(index_elements=["link"], set_=again).returning(*_COUNTS)
    tries, until, in_all = connection.execute(counted).one()
    return tries, until, in_all


def _refuse_beyond(tries: int, until: int, in_all: int, now: datetime) -> None:
    """Refuse a try that is one too many."""
    if in_all > IN_ALL:
        raise LinkClosed
    if tries > TRIES:
        raise TooManyTries(math.ceil((moment(until) - now).total_seconds()))


def _plain(number: str) -> bytes:
    """A case number without what people type in their own way: blanks, capitals, wide letters.

    >>> _plain(" r-47 11") == _plain("R-4711")
    True
    """
    return "".join(unicodedata.normalize("NFKC", number).casefold().split()).encode(errors="surrogatepass")
