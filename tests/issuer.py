"""An issuer: a small sign-in of OpenID Connect on this machine, with real keys, that can be told to misbehave.

with open_issuer() as issuer:
    issuer.token(roles=["auditor"])
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from tests.support import Clock

AUDIENCE = "explainer"
NOW = Clock().now.timestamp()
MADE = {
    "RS256": (lambda: rsa.generate_private_key(65537, 2048), RSAAlgorithm),
    "ES256": (lambda: ec.generate_private_key(ec.SECP256R1()), ECAlgorithm),
    "EdDSA": (ed25519.Ed25519PrivateKey.generate, OKPAlgorithm),
}


@dataclass
class LittleIssuer:
    """What it signs with, what it publishes, and how often it was asked."""

    address: str
    keys: dict[str, tuple[str, Any]] = field(default_factory=dict)  # kid → algorithm, private key
    said: dict[str, bytes] = field(default_factory=dict)  # path → what it answers instead
    asked: list[str] = field(default_factory=list)

    def add_key(self, kid: str, algorithm: str) -> None:
        self.keys[kid] = (algorithm, MADE[algorithm][0]())

    def public(self, kid: str) -> dict[str, Any]:
        algorithm, key = self.keys[kid]
        return MADE[algorithm][1].to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig"}

    def answer(self, path: str) -> bytes:
        self.asked.append(path)
        if path in self.said:
            return self.said[path]
        if path == "/jwks":
            return json.dumps({"keys": [self.public(kid) for kid in self.keys]}).encode()
        return json.dumps({"issuer": self.address, "jwks_uri": f"{self.address}/jwks"}).encode()

    def claims(self, **more: Any) -> dict[str, Any]:
        usual = {"iss": self.address, "aud": AUDIENCE, "sub": "42", "exp": NOW + 300, "nbf": NOW - 10, "roles": ["auditor"]}
        return {name: one for name, one in (usual | more).items() if one is not None}

    def token(self, kid: str = "first", *, head: dict[str, Any] | None = None, **more: Any) -> str:
        algorithm, key = self.keys[kid]
        return jwt.encode(self.claims(**more), key, algorithm, {"kid": kid} | (head or {}))


@contextmanager
def open_issuer() -> Iterator[LittleIssuer]:
    """Serve one until the end of the block; it has one key, `first`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = issuer.answer(self.path)
            if body.startswith(b"to "):
                self.send_response(302)
                self.send_header("Location", body[3:].decode())
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        issuer = LittleIssuer(f"http://127.0.0.1:{server.server_port}")
        issuer.add_key("first", "RS256")
        thread = Thread(target=server.serve_forever, name="issuer", daemon=True)
        thread.start()
        yield issuer
        server.shutdown()
        thread.join()
