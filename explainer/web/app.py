"""The app: settings, routes, problems and headers, put together once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, Response, request, send_from_directory
from werkzeug.middleware.proxy_fix import ProxyFix

import explainer
from explainer.service.doors.people import Issuer
from explainer.service.wiring import Services
from explainer.web.api import bulk, customers, decisions, health, ledger, letters, packs
from explainer.web.auth import EVERYBODY, guard, roles
from explainer.web.pages import docs, dossier, embed, views
from explainer.web.pages.embed import FRAME
from explainer.web.problems import ProblemApi, register_problems
from explainer.web.schemas import SECURITY

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ABOUT = (
    "Decides customer cases and explains every decision in plain language. Programs send an API key with each request, as "
    "`Authorization: Bearer exk_…`. To try requests out on this page, press Authorize and paste a key: `make demo` prints "
    "some, `explainer keys create` makes others."
)
KEPT_SECONDS = 300  # a browser asks again for a stylesheet or script: one panel after the other costs two requests
# The documentation page's own library writes style attributes; no page about a case does.
DOCS_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")


def create_app(services: Services) -> Flask:
    """Build the app of one process.

    Raises:
        Contradiction: a route does not say who may use it.
    """
    app = Flask("explainer", static_folder=None)
    app.extensions |= {"explainer": services, "issuer": Issuer(services.settings.oidc_issuer)}
    app.config |= {
        "API_TITLE": "explainer",
        "API_VERSION": explainer.__version__,
        "OPENAPI_VERSION": "3.1.0",
        "MAX_CONTENT_LENGTH": services.settings.body_limit,
        "MAX_FORM_MEMORY_SIZE": services.settings.body_limit,
    }
    app.url_map.strict_slashes = False
    api = ProblemApi(app, spec_kwargs={"security": [{"ApiKey": []}], "info": {"description": ABOUT}})
    for name, scheme in SECURITY.items():
        api.spec.components.security_scheme(name, scheme)
    for one in (decisions, letters, bulk, customers, packs, ledger, health):
        api.register_blueprint(one.blueprint)
    for page in (views, dossier, embed, docs):
        app.register_blueprint(page.blueprint)
    _small_routes(app, api)
    register_problems(app)
    app.after_request(_headers(services.settings.desktops))
    guard(app)
    if services.settings.base_url.startswith("https"):
        app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _small_routes(app: Flask, api: ProblemApi) -> None:
    @app.get("/openapi.json")
    @roles(EVERYBODY)
    def openapi() -> dict[str, Any]:
        """The OpenAPI document."""
        document: dict[str, Any] = api.spec.to_dict()
        return document

    @app.get("/static/<name>")
    @roles(EVERYBODY)
    def static(name: str) -> Response:
        """A stylesheet or script of our own."""
        return send_from_directory(explainer.__path__[0] + "/views/static", name, max_age=KEPT_SECONDS)


def _headers(desktops: Sequence[str]) -> Callable[[Response], Response]:
    """What every response says of itself; only the panel's frame can be embedded, and only by these desktops."""
    framed = POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(desktops)}") if desktops else POLICY
    policies = {"/docs": DOCS_POLICY, FRAME: framed}

    def write(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policies.get(request.path, POLICY)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"  # links hold tokens
        if not request.path.startswith(("/static/", "/docs")):
            response.headers["Cache-Control"] = "no-store"
        return response

    return write
