"""The panel inside another company's desktop: an empty page, which a one-time token fills.

The page itself holds nothing about a case.  Its script takes a token from the desktop that
embeds it and posts it here with that desktop's origin, for which only the browser vouches:
to whoever gets hold of it unused, a token is a key to one panel, once and for two minutes.
Which desktops may embed the page at all is a header of the app.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from explainer.service import access, inspect
from explainer.service.doors import links
from explainer.service.inspect import DESKTOP, Recipient
from explainer.views.panel import as_page
from explainer.views.showing import page
from explainer.web.auth import BY_LINK, EVERYBODY, roles, services
from explainer.web.pages.door import language_of
from explainer.web.pages.views import letter_address
from explainer.web.problems import speaking

blueprint = Blueprint("embed", __name__)
FRAME = "/embed/panel"


@blueprint.get(FRAME)
@roles(EVERYBODY)
def frame() -> str:
    """The empty page."""
    words = speaking().say
    said = {"title": words("panel-title"), "waiting": words("embed-waiting"), "trouble": words("door-trouble")}
    return page("embed.html", language=speaking().locale, origins=services().settings.desktops, **said)


@blueprint.post(FRAME)
@roles(BY_LINK)
def fill() -> Response | str:
    """The panel that a token opens."""
    origin = request.form.get("origin", "")
    decision_id = access.redeem_panel_token(request.form.get("token", ""), origin, services())
    found = inspect.find(decision_id, services())
    language = language_of(found)
    until = links.link_end("panel", found.release, services())
    to, letter = Recipient(DESKTOP, origin), letter_address(found, language, until)
    return as_page(inspect.show_panel(found, language, letter, to, services=services()), framed=True)
