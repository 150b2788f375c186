"""Auth: every route says which roles may use it, and the app does not start when one forgets.

Programs come with an API key in `Authorization: Bearer`, people with a token of their
company's sign-in; browsers with a signed link, and the page itself looks at that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Request, current_app, g, request

from explainer.errors import AccessDenied, Contradiction
from explainer.service import access
from explainer.service.access import ROLES, Caller
from explainer.service.doors.people import person
from explainer.service.inspect import LINK, Recipient
from explainer.service.wiring import Services
from explainer.web.problems import Unauthenticated

View = TypeVar("View", bound=Callable[..., Any])
EVERYBODY = "everybody"  # no key needed: nothing about a case is shown
BY_LINK = "by link"  # the page itself checks a signed link, or a key


def roles(*allowed: str) -> Callable[[View], View]:
    """Declare who may use a route: roles, or EVERYBODY, or BY_LINK."""

    def declare(view: View) -> View:
        view.allowed_roles = frozenset(allowed)  # type: ignore[attr-defined]
        return view

    return declare


def services() -> Services:
    """What the use cases work with in this app."""
    found: Services = current_app.extensions["explainer"]
    return found


def caller() -> Caller:
    """Who asks."""
    found: Caller = g.caller
    return found


def reader(channel: str, by: str = LINK) -> Recipient | None:
    """To whom this answer goes; None: only its headers were asked for (HEAD), and nobody reads it."""
    return None if request.method == "HEAD" else Recipient(channel, by)


def guard(app: Flask) -> None:
    """Check the declaration of every route now, and every request from now on.

    Raises:
        Contradiction: a route declares no role, or one that does not exist.
    """
    for rule in app.url_map.iter_rules():
        declared = _declared(app, rule.endpoint)
        if not declared or declared - {*ROLES, EVERYBODY, BY_LINK}:
            raise Contradiction(f"{rule.rule} must declare who may use it")
    app.before_request(_admit)


def _declared(app: Flask, endpoint: str) -> frozenset[str]:
    found: frozenset[str] = getattr(app.view_functions[endpoint], "allowed_roles", frozenset())
    return found


def _admit() -> None:
    if request.endpoint is None:
        return  # no such page: 404 follows
    allowed = _declared(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    if allowed & {EVERYBODY, BY_LINK}:
        return
    admit_by_key(allowed)


def admit_by_key(allowed: frozenset[str]) -> None:
    """Admit whoever comes with a key that has one of these roles."""
    g.caller = _by_key(request)
    if not g.caller.roles & allowed:
        which = "the role" if len(allowed) == 1 else "one of the roles"
        raise AccessDenied(f"this needs {which} {', '.join(sorted(allowed))}")


def _by_key(asked: Request) -> Caller:
    kind, _, presented = asked.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not presented:
        raise Unauthenticated("send an API key as Authorization: Bearer …")
    try:
        if services().settings.oidc_issuer and presented.count(".") == 2:  # a key has none
            return person(presented.strip(), current_app.extensions["issuer"], services())
        return access.caller_of(presented.strip(), services())
    except AccessDenied as error:
        raise Unauthenticated(str(error)) from error
