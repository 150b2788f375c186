"""Support: a clock that stands still, and an API client that speaks for a role."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from explainer.attributions.kernel import Kernel
from explainer.packs.definition import Pack
from explainer.packs.registry import read_models
from explainer.packs.release import Release, check_pack
from explainer.service.wiring import Services

ROOT = Path(__file__).parent.parent
MODELS = ROOT / "models"
SHIPPED = ("refund_approval", "priority_scoring")


@cache
def declared(name: str) -> Pack:
    """A pack of models/, read and checked once: nobody changes it."""
    return check_pack(read_models(MODELS, name), name)


@dataclass
class Clock:
    """A clock that stands still until it is told to move."""

    now: datetime = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


def with_open(services: Services, releases: dict[str, tuple[Release, Kernel]]) -> Services:
    """Services that have those releases open already: hundreds of tests would each read and fold them anew."""
    for release, kernel in releases.values():
        services.registry._opened[release.digest] = release
        services._kernels[release.digest] = kernel
    return services


def enter(browser: FlaskClient, link: str, case: str | None = None) -> TestResponse:
    """What somebody sees who follows a link, types the case number where its door asks for it, and presses the button."""
    door = browser.get(link)
    (action,), (token,) = re.findall(r'action="([^"]*)"', door.text), re.findall(r'name="token" value="([^"]*)"', door.text)
    typed = {"token": token} | ({"case": case} if case is not None and 'name="case"' in door.text else {})
    return browser.post(action.replace("&amp;", "&"), data=typed, follow_redirects=True)


@dataclass
class Api:
    """An HTTP client of one app, speaking for a role."""

    client: FlaskClient
    keys: dict[str, str]
    _count: list[int] = field(default_factory=lambda: [0])

    def call(self, method: str, path: str, role: str | None = "integrator", **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.keys[role]}"} if role else {}
        return self.client.open(path, method=method, headers=headers | more.pop("headers", {}), **more)

    def get(self, path: str, role: str | None = "integrator", **more: Any) -> TestResponse:
        return self.call("GET", path, role, **more)

    def decide(self, pack: str, facts: dict[str, Any], key: str | None = None, **body: Any) -> TestResponse:
        """Post a case; a fresh Idempotency-Key, customer and case number unless given."""
        self._count[0] += 1
        number = self._count[0]
        said = {"customer": f"C-{number}", "case": f"R-{number}", "facts": facts} | body
        headers = {"Idempotency-Key": key or f"test-{number}"}
        return self.call("POST", f"/v1/packs/{pack}/decisions", json=said, headers=headers)
