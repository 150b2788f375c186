"""Access: API keys with roles, stored hashed, and tokens that open one panel once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from explainer.errors import AccessDenied, BadInput, TokenSpent, UnknownKey, UnknownOrigin
from explainer.ledger.engines import reading, writing
from explainer.ledger.entry import microseconds, moment
from explainer.ledger.tables import api_keys, panel_tokens
from explainer.service.wiring import Services

ROLES = ("integrator", "agent", "supervisor", "auditor", "operator", "privacy_officer")
PANEL_TOKEN_SECONDS = 120  # on its way from a desktop's server through its page into the panel's frame


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what they may do."""

    name: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known about a key; never its secret."""

    id: str
    name: str
    roles: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


def create_key(name: str, roles: tuple[str, ...], days: int | None, services: Services) -> str:
    """Make a key; the answer is the only time its secret is seen.

    Raises:
        BadInput: no role, or one that does not exist.
    """
    strange = sorted(set(roles) - set(ROLES))
    if strange or not roles:
        raise BadInput(f"no such role: {', '.join(strange) or '(none)'}; roles are {', '.join(ROLES)}")
    key_id, secret, now = secrets.token_hex(6), secrets.token_urlsafe(32), services.clock()
    row = {
        "id": key_id,
        "name": name,
        "role": ",".join(dict.fromkeys(roles)),
        "digest": _digest(secret),
        "created_at": microseconds(now),
        "expires_at": None if days is None else microseconds(now + timedelta(days=days)),
    }
    with writing(services.engine) as connection:
        connection.execute(insert(api_keys).values(**row))
    return f"exk_{key_id}_{secret}"


def list_keys(services: Services) -> list[ApiKey]:
    """Every key ever made, oldest first."""
    with reading(services.engine) as connection:
        rows = connection.execute(select(api_keys).order_by(api_keys.c.created_at)).all()
    return [
        ApiKey(
            row.id, row.name, tuple(row.role.split(",")), moment(row.created_at), _moment(row.expires_at), _moment(row.revoked_at)
        )
        for row in rows
    ]


def revoke_key(key_id: str, services: Services) -> None:
    """Let a key open nothing any more, from now on.

    Raises:
        UnknownKey: no such key, or it was revoked before.
    """
    fitting = (api_keys.c.id == key_id) & api_keys.c.revoked_at.is_(None)
    with writing(services.engine) as connection:
        done = connection.execute(update(api_keys).where(fitting).values(revoked_at=microseconds(services.clock())))
    if not done.rowcount:
        raise UnknownKey(f"no key {key_id} is in use")


def caller_of(presented: str, services: Services) -> Caller:
    """Who presents a key.

    Raises:
        AccessDenied: unknown, expired or revoked; which of them is not said.
    """
    _, _, rest = presented.partition("exk_")
    key_id, _, secret = rest.partition("_")
    with reading(services.engine) as connection:
        row = connection.execute(select(api_keys).where(api_keys.c.id == key_id)).one_or_none()
    now = microseconds(services.clock())
    # The digest is compared also when there is no row, so that time tells nothing.
    fits = secrets.compare_digest(_digest(secret), row.digest if row else "")
    if row is None or not fits or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        raise AccessDenied("this API key does not open anything here")
    return Caller(row.name, frozenset(row.role.split(",")))


def issue_panel_token(decision_id: str, origin: str, services: Services) -> tuple[str, datetime]:
    """A token that opens the panel of one decision once, on a page of one origin, and until when; only its digest is kept.

    Raises:
        UnknownOrigin: desktops of that origin may not embed panels.
    """
    if origin not in services.settings.desktops:
        raise UnknownOrigin
    token, now = f"ext_{secrets.token_urlsafe(32)}", services.clock()
    until = now + timedelta(seconds=PANEL_TOKEN_SECONDS)
    row = {"digest": _digest(token), "decision": decision_id, "origin": origin, "expires_at": microseconds(until)}
    with writing(services.engine) as connection:
        connection.execute(delete(panel_tokens).where(panel_tokens.c.expires_at <= microseconds(now)))
        connection.execute(insert(panel_tokens).values(**row))
    return token, until


def redeem_panel_token(token: str, origin: str, services: Services) -> str:
    """The decision whose panel a token opens; from now on it opens nothing, whoever else comes with it at this moment.

    Args:
        origin: of the desktop that passed it on, as the browser vouches for it.

    Raises:
        TokenSpent: used, too old, made for another origin, or none of ours; in each case it is gone.
    """
    spent = delete(panel_tokens).where(panel_tokens.c.digest == _digest(token)).returning(*panel_tokens.c)
    with writing(services.engine) as connection:
        row = connection.execute(spent).one_or_none()
    if row is None or row.origin != origin or row.expires_at <= microseconds(services.clock()):
        raise TokenSpent
    return str(row.decision)


def _digest(secret: str) -> str:
    """Hash of a secret of 256 random bits: too many to guess, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else moment(micros)
