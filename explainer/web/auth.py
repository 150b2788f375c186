"""Auth: every route says which roles may use it, and the app does not start when one forgets.

Programs come with an API key in `Authorization: Bearer`.  Browsers come with a signed
link; its token is posted once and then kept in a cookie for that one page.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Flask, Request, Response, current_app, g, make_response, redirect, request

from explainer.errors import AccessDenied, Contradiction
from explainer.packs.words.phrases import Phrases
from explainer.service import access
from explainer.service.access import ROLES, Caller
from explainer.service.wiring import Services
from explainer.views.showing import page
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
    g.caller = _by_key(request)
    if not g.caller.roles & allowed:
        raise AccessDenied(f"this needs one of the roles {', '.join(sorted(allowed))}")


def _by_key(asked: Request) -> Caller:
    kind, _, presented = asked.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not presented:
        raise Unauthenticated("send an API key as Authorization: Bearer …")
    try:
        return access.caller_of(presented.strip(), services())
    except AccessDenied as error:
        raise Unauthenticated(str(error)) from error


def admit_by_link(view: str, decision_id: str, allowed: frozenset[str], door: Callable[[], Phrases]) -> Response | datetime | None:
    """Admit to a page by key or by cookie; otherwise answer with the door, which holds no data.

    Args:
        view: which page, `panel` or `letter`.
        allowed: roles whose keys open it too.
        door: the words of the door, in the language asked for.

    Returns:
        Until when the link admits: what the page leads to must not stay open longer. None: admitted by key. Otherwise the door.
    """
    if "Authorization" in request.headers:
        g.caller = _by_key(request)
        if not g.caller.roles & allowed:
            raise AccessDenied(f"this needs one of the roles {', '.join(sorted(allowed))}")
        return None
    if cookie := request.cookies.get(_cookie(view)):
        try:
            return access.opens(cookie, view, decision_id, services())
        except AccessDenied:
            pass  # an old cookie: the link may still open
    token = request.args.get("t", "")
    if not token:
        raise Unauthenticated("open this page by the link you were given")
    access.opens(token, view, decision_id, services())
    words = door()
    said = {name: words.say(f"door-{name}") for name in ("title", "text", "button")}
    return make_response(
        page("door.html", language=words.locale, action=request.full_path.split("?")[0] + _asked(), token=token, **said)
    )


def open_door(view: str, decision_id: str) -> Response:
    """Turn a posted token into a cookie for this one page, and show the page."""
    token = request.form.get("token", "")
    until: datetime = access.opens(token, view, decision_id, services())
    response = make_response(redirect(request.path + _asked(), 303))
    response.set_cookie(
        _cookie(view), token, expires=until, path=request.path, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response


def _asked() -> str:
    """Language and form of the page, as the address asked for them; a letter and its PDF have the same door."""
    asked = {name: request.args.get(name, "") for name in ("lang", "format")}
    kept = {name: value for name, value in asked.items() if value.replace("-", "").isalpha()}
    return f"?{urlencode(kept)}" if kept else ""


def _cookie(view: str) -> str:
    return f"explainer_{view}"
