"""The door of a page: a link shows it and it holds no data; its button gives the browser a cookie for that one page.

At the door of a letter its customer types the case number too: who only has the link stays outside.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from urllib.parse import urlencode

from flask import Response, make_response, redirect, request

from explainer.errors import AccessDenied, UnknownLanguage
from explainer.service import inspect
from explainer.service.doors import factor, links
from explainer.service.inspect import Remembered
from explainer.views.showing import page, show_contact
from explainer.web.auth import admit_by_key, services
from explainer.web.problems import Unauthenticated


def admit(view: str, decision_id: str, allowed: frozenset[str]) -> Response | datetime | None:
    """Admit to a page by key or by cookie; otherwise answer with the door.

    Args:
        view: which page, `panel` or `letter`.
        allowed: roles whose keys open it too.

    Returns:
        Until when the link admits: what the page leads to must not stay open longer. None: admitted by key. Otherwise the door.
    """
    if "Authorization" in request.headers:
        admit_by_key(allowed)
        return None
    if cookie := request.cookies.get(_cookie(view)):
        with suppress(AccessDenied):  # an old cookie: the link may still open
            return links.opens(cookie, view, decision_id, services(), kind=links.OPENED)
    token = request.args.get("t", "")
    if not token:
        raise Unauthenticated("open this page by the link you were given")
    links.opens(token, view, decision_id, services())
    return _door(view, inspect.find(decision_id, services()), token)


def open_door(view: str, decision_id: str) -> Response:
    """Turn a posted token into a cookie for this one page, and show the page; or the door again, when the wrong case was typed."""
    token = request.form.get("token", "")
    until = links.opens(token, view, decision_id, services())
    if factor.asks_case(view, services()):
        found, typed = inspect.find(decision_id, services()), request.form.get("case", "")
        link = factor.Link(links.named(token, services()), decision_id, until)
        if not factor.fits(typed, found.record.case, link, services()):
            return _door(view, found, token, wrong=True)
    response = make_response(redirect(request.path + _asked(), 303))
    response.set_cookie(
        _cookie(view),
        links.admission(token, services()),
        expires=until,
        path=request.path,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


def language_of(found: Remembered) -> str:
    """The language asked for when the pack speaks it, else the case's own."""
    try:
        return found.release.vocabulary.speak(request.args.get("lang", "")).locale
    except UnknownLanguage:
        return found.record.locale


def _door(view: str, found: Remembered, token: str, *, wrong: bool = False) -> Response:
    """The page without data; `wrong`: what was typed there is not the case number."""
    words, asks = found.release.vocabulary.speak(language_of(found)), factor.asks_case(view, services())
    text = "door-case" if asks and words.knows("door-case") else "door-text"  # a release made before has no words for it
    said = {
        "sender": found.release.organisation.name,
        "title": words.say("door-title"),
        "text": words.say(text),
        "button": words.say("door-button"),
        "label": words.say("letter-case") if asks else None,
        "contact": show_contact(found.release.organisation, words) if asks else None,  # for who does not know the number
        "mistake": words.say("door-case.wrong") if wrong and text == "door-case" else None,
    }
    shown = page("door.html", language=words.locale, action=request.path + _asked(), token=token, **said)
    return make_response(shown, 403 if wrong else 200)


def _asked() -> str:
    """Language and form of the page, as the address asked for them; a letter and its PDF have the same door."""
    asked = {name: request.args.get(name, "") for name in ("lang", "format")}
    kept = {name: value for name, value in asked.items() if value.replace("-", "").isalpha()}
    return f"?{urlencode(kept)}" if kept else ""


def _cookie(view: str) -> str:
    return f"explainer_{view}"
