"""The index: by what an entry can be found.

Two tables derived from the sealed boxes, for searches and for nothing else.  They may be
thrown away and made again, and rows of an erased person are removed; the log itself stays mute.  Customers and cases
appear as keyed digests, so that a copy of the index alone names nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, select, text

from explainer.errors import BadQuery
from explainer.ledger.engines import some_at_a_time
from explainer.ledger.entry import Terms, is_id, microseconds, moment
from explainer.ledger.tables import door_tries, entries, entry_index, panel_tokens, rule_index

LOOKED_UP = (entry_index, rule_index, panel_tokens, door_tries)  # what leads to a person's entries, and goes with the person
LARGEST_PAGE = 500  # rows a search returns at most

Digest = Callable[[str, str], str]  # domain ("customer", "case"), reference → keyed digest

_NEW_INDEX, _NEW_RULE = insert(entry_index), insert(rule_index)
_FOUND = select(
    entry_index.c.entry_id,
    entry_index.c.kind,
    entry_index.c.at,
    entry_index.c.about,
    entry_index.c.pack,
    entry_index.c.outcome,
    entry_index.c.decisive,
    entry_index.c.release,
)


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the index is told about an entry."""

    id: str
    kind: str
    at: datetime
    terms: Terms


@dataclass(frozen=True, slots=True)
class Found:
    """A row of a search: what the index knows about an entry, and nothing about a person."""

    id: str
    kind: str
    at: datetime
    about: str | None
    pack: str | None
    outcome: str | None
    decisive: str | None
    release: str | None


# Writing ----------------------------------------------------------------------------------------


def write_index(connection: Connection, indexed: Sequence[Indexed], digest: Digest) -> None:
    """Write the derived rows of some entries, in the transaction of the connection."""
    if indexed:
        connection.execute(_NEW_INDEX, [_row(one, digest) for one in indexed])
    if rules := _rules(indexed):
        connection.execute(_NEW_RULE, rules)


def unlike(connection: Connection, indexed: Sequence[Indexed], digest: Digest) -> list[str]:
    """Ids of the entries whose stored rows are not what `write_index` would write."""
    rows, rules = {one.id: _row(one, digest) for one in indexed}, {(one["entry_id"], one["rule"]) for one in _rules(indexed)}
    stored, fired = dict[str, dict[str, Any]](), set[tuple[str, str]]()
    for some in some_at_a_time(rows):
        found = connection.execute(select(entry_index).where(entry_index.c.entry_id.in_(some))).mappings()
        stored |= {row["entry_id"]: dict(row) for row in found}
        fired |= {(one, rule) for one, rule in connection.execute(select(rule_index).where(rule_index.c.entry_id.in_(some)))}
    strange = {one for one, _ in fired ^ rules}
    return [one for one, row in rows.items() if stored.get(one) != row or one in strange]


def clear_index(connection: Connection) -> None:
    """Remove every derived row; writers wait until the transaction ends, so that no entry slips in unindexed."""
    if connection.dialect.name == "postgresql":  # on SQLite the transaction holds the only write lock
        connection.execute(text("LOCK TABLE entry_index, rule_index IN EXCLUSIVE MODE"))
    connection.execute(delete(rule_index))
    connection.execute(delete(entry_index))


def _rules(indexed: Sequence[Indexed]) -> list[dict[str, str]]:
    return [{"entry_id": one.id, "rule": rule} for one in indexed for rule in dict.fromkeys(one.terms.rules)]


def _row(one: Indexed, digest: Digest) -> dict[str, Any]:
    terms = one.terms
    return {
        "entry_id": one.id,
        "kind": one.kind,
        "at": microseconds(one.at),
        "customer": None if terms.customer is None else digest("customer", terms.customer),
        "case_digest": None if terms.case is None else digest("case", terms.case),
        "about": terms.about,
        "pack": terms.pack,
        "outcome": terms.outcome,
        "decisive": terms.decisive,
        "release": terms.release,
    }


# Erasing ----------------------------------------------------------------------------------------


def sealed_by(connection: Connection, key_ids: Iterable[str]) -> list[str]:
    """Ids of the entries that some data keys seal, in order; the derived tables are not asked."""
    found = (
        connection.execute(select(entries.c.id).where(entries.c.key_id.in_(some))).scalars() for some in some_at_a_time(key_ids)
    )
    return sorted(one for ids in found for one in ids)


def forget(connection: Connection, entry_ids: Iterable[str]) -> None:
    """Remove what can be looked up about some entries: their derived rows, and tokens and wrong tries at their doors."""
    for some in some_at_a_time(entry_ids):
        connection.execute(delete(rule_index).where(rule_index.c.entry_id.in_(some)))
        connection.execute(delete(entry_index).where(entry_index.c.entry_id.in_(some)))
        connection.execute(delete(panel_tokens).where(panel_tokens.c.decision.in_(some)))
        connection.execute(delete(door_tries).where(door_tries.c.decision.in_(some)))


def keys_with_rows(connection: Connection) -> set[str]:
    """Data keys of the entries that have a row."""
    return set(connection.execute(select(entries.c.key_id).join(entry_index).distinct()).scalars())


# Completeness -----------------------------------------------------------------------------------


def counts_agree(connection: Connection) -> bool:
    """Whether there are as many rows as entries: quick, and true as long as no row was removed."""
    counts = select(*(select(func.count()).select_from(table).scalar_subquery() for table in (entries, entry_index)))
    in_all, indexed = connection.execute(counts).one()
    return bool(in_all == indexed)


def keys_without_rows(connection: Connection) -> set[str]:
    """Data keys of the entries that have no row."""
    absent = ~select(entry_index.c.entry_id).where(entry_index.c.entry_id == entries.c.id).exists()
    return set(connection.execute(select(entries.c.key_id).where(absent).distinct()).scalars())


# Searching --------------------------------------------------------------------------------------


def matching(terms: Mapping[str, str | None], rule: str | None) -> list[ColumnElement[bool]]:
    """Conditions: each named column of the index equals its term (None: any), and the rule fired.

    Raises:
        BadQuery: a term that no column can hold.
    """
    equal = [entry_index.c[column] == _comparable(term) for column, term in terms.items() if term is not None]
    if rule is None:
        return equal
    fired = select(rule_index.c.entry_id).where(rule_index.c.rule == _comparable(rule))
    return [*equal, entry_index.c.entry_id.in_(fired)]


def between(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    """Conditions: not earlier than `since`, earlier than `until`.

    Raises:
        BadQuery: a time without a time zone.
    """
    if any(time is not None and time.tzinfo is None for time in (since, until)):
        raise BadQuery("the times of a search need a time zone")
    earliest = [] if since is None else [entry_index.c.at >= microseconds(since)]
    return earliest if until is None else [*earliest, entry_index.c.at < microseconds(until)]


def page(
    connection: Connection, wanted: Sequence[ColumnElement[bool]], after: str | None, limit: int
) -> tuple[list[Found], str | None]:
    """One page of what meets all conditions, newest first, and the cursor of the next page.

    Raises:
        BadQuery: a cursor or limit that makes no sense.
    """
    if not 1 <= limit <= LARGEST_PAGE:
        raise BadQuery(f"a page has 1 to {LARGEST_PAGE} rows")
    if after is not None and not is_id(after):
        raise BadQuery("this cursor did not come from a search")
    beyond = [] if after is None else [entry_index.c.entry_id < after]
    query: Select[Any] = _FOUND.where(*wanted, *beyond).order_by(entry_index.c.entry_id.desc()).limit(limit + 1)
    rows = connection.execute(query).all()
    found = [Found(row[0], row[1], moment(row[2]), *row[3:]) for row in rows[:limit]]
    return found, found[-1].id if len(rows) > limit else None


def _comparable(term: str) -> str:
    """A term that both databases can compare: no NUL, no half of a surrogate pair."""
    if not term.isprintable():
        raise BadQuery("a search term holds characters that cannot be printed")
    return term
