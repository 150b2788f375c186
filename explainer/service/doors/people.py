"""People: whoever comes with a token of the company's own sign-in (OpenID Connect), and the roles it gives them.

A token is taken when the issuer signed it with a key that it publishes, for this service, and
for this moment.  The keys are found by the issuer's discovery document when the first
token comes, kept for an hour, and asked for again when a token names another; never more
than once a minute.
"""

from __future__ import annotations

import json
import math
import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.request import HTTPRedirectHandler, build_opener

import jwt

from explainer.errors import AccessDenied, IssuerSilent
from explainer.service.access import ROLES, Caller
from explainer.service.wiring import Services
from explainer.settings import is_safe_address

PEOPLE = frozenset(ROLES) - {"integrator"}  # which is a program's
ALGORITHMS = frozenset({"RS256", "ES256", "EdDSA"})  # each with a public key, and none that can be mistaken for another's secret
LEEWAY_SECONDS = 30  # how far the issuer's clock and ours may be apart
KEPT_SECONDS, AGAIN_SECONDS, AFTER_FAILURE_SECONDS = 3_600.0, 60.0, 5.0
ANSWER_SECONDS, LONGEST_ANSWER = 5, 1_000_000
WAIT_SECONDS = 1.0  # for another request that is asking the issuer
LATEST = 1e12  # seconds since 1970: no time of a token is beyond
DISCOVERY = "/.well-known/openid-configuration"
# Ids that an issuer counts or draws: numbers, UUIDs and hexadecimal digits; anything else may be somebody's name or address.
_DRAWN = re.compile(r"[0-9]{1,20}|[0-9a-f]{16,64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_NOT_OURS = "this token does not open anything here"
_NO_ANSWER = (OSError, HTTPException, ValueError, KeyError, TypeError, AttributeError, RecursionError)


class Issuer:
    """The keys with which the company's sign-in signs.

    Args:
        address: of the issuer, as its tokens name it.
        now: seconds that only go on, such as time.monotonic.
    """

    def __init__(self, address: str, now: Callable[[], float] = time.monotonic) -> None:
        self._address, self._now = address, now
        self._keys: dict[str, jwt.PyJWK] = {}
        self._kept_until = self._again_at = -math.inf
        self._silent = False
        self._asking = threading.Lock()

    def key(self, name: str) -> jwt.PyJWK:
        """The key of a name.

        Raises:
            AccessDenied: the issuer publishes none of that name.
            IssuerSilent: it does not answer, or not as OpenID Connect has it.
        """
        if not self._knows(name):
            if not self._asking.acquire(timeout=WAIT_SECONDS):  # or whoever waits holds up all else that is asked of us
                raise IssuerSilent(f"{self._address} has not answered yet")
            try:
                if not self._knows(name):
                    self._ask()
            finally:
                self._asking.release()
        if name not in self._keys:
            raise AccessDenied(_NOT_OURS)
        return self._keys[name]

    def _knows(self, name: str) -> bool:
        return name in self._keys and self._now() < self._kept_until

    def _ask(self) -> None:
        """Fetch the keys anew, unless they were a moment ago."""
        if self._now() >= self._again_at:
            self._silent = True
            try:
                self._keys = _published(self._address)
                self._silent, self._kept_until = False, self._now() + KEPT_SECONDS
            finally:  # counted from the end: a silent issuer takes its time
                self._again_at = self._now() + (AFTER_FAILURE_SECONDS if self._silent else AGAIN_SECONDS)
        elif self._silent:
            raise IssuerSilent(f"{self._address} did not answer a moment ago")


def person(token: str, issuer: Issuer, services: Services) -> Caller:
    """Who comes with a token, and what they may do here; nothing, when it names no role of ours.

    Raises:
        AccessDenied: it is not of our issuer, not for us, or not for now; which of them is not said.
        IssuerSilent: the issuer does not answer.
    """
    settings = services.settings
    try:
        head = jwt.get_unverified_header(token)
        if head["alg"] not in ALGORITHMS:
            raise AccessDenied(_NOT_OURS)
        key = issuer.key(str(head["kid"]))
        said = jwt.decode(
            token,
            key,
            algorithms=sorted(ALGORITHMS & {key.algorithm_name}),
            audience=settings.oidc_audience,
            issuer=settings.oidc_issuer,
            options={"require": ["iss", "aud", "exp", "sub"], "verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
    except (jwt.PyJWTError, KeyError, ValueError, TypeError, RecursionError) as error:  # whatever was sent as a token
        raise AccessDenied(_NOT_OURS) from error
    if not _is_in_time(said, services.clock()):  # by the clock of all else here, which is not the library's
        raise AccessDenied(_NOT_OURS)
    claimed = said.get(settings.oidc_roles_claim)
    given = {one for one in claimed if isinstance(one, str)} if isinstance(claimed, list) else set()
    return Caller(_named(said["sub"], services), PEOPLE & given)


def _is_in_time(said: Mapping[str, Any], now: datetime) -> bool:
    until, since = said["exp"], said.get("nbf", 0)
    numbers = all(isinstance(one, int | float) and -LATEST < one < LATEST for one in (until, since))
    return numbers and since - LEEWAY_SECONDS <= now.timestamp() < until + LEEWAY_SECONDS


def _named(subject: str, services: Services) -> str:
    """How a person is remembered: by the issuer's id, or by a keyed digest of what may be a name or an address."""
    return f"person {subject if _DRAWN.fullmatch(subject) else services.vault.index_digest('person', subject)[:16]}"


# Asking the issuer ------------------------------------------------------------------------------


class _Straight(HTTPRedirectHandler):
    """Follows nobody elsewhere: the issuer says its addresses itself."""

    def redirect_request(self, *_: object) -> None:
        """Do not."""


def _published(address: str) -> dict[str, jwt.PyJWK]:
    """The keys that an issuer publishes now, by name."""
    try:
        found = _read(address.rstrip("/") + DISCOVERY)
        if found["issuer"] != address:
            raise IssuerSilent(f"what answers at {address} says that it is another issuer")
        keys = jwt.PyJWKSet.from_dict(_read(str(found["jwks_uri"]))).keys
    except (*_NO_ANSWER, jwt.PyJWTError) as error:
        raise IssuerSilent(f"{address} does not answer as OpenID Connect has it: {type(error).__name__}") from error
    signing = (one for one in keys if one.key_id and one.public_key_use in {None, "sig"} and one.algorithm_name in ALGORITHMS)
    return {str(one.key_id): one for one in signing}


def _read(address: str) -> Any:
    if not is_safe_address(address):
        raise ValueError("an address that others can read or change on its way")
    until, body = time.monotonic() + ANSWER_SECONDS, b""
    with build_opener(_Straight).open(address, timeout=ANSWER_SECONDS) as answer:
        while some := answer.read1(LONGEST_ANSWER):
            body += some
            if len(body) > LONGEST_ANSWER or time.monotonic() > until:
                raise ValueError("an answer that is too long, or takes too long")
    return json.loads(body)
