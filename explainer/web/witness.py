"""The witness's own door: a process and a key apart from any ledger, which remembers heads and signs what goes on from them.

Anybody may hand a checkpoint over and anybody may read what was seen: a checkpoint proves
itself by its log's signature, and holds nothing about a person.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from gunicorn.app.base import BaseApplication

from explainer.errors import BadNote, BadSettings, Unavailable
from explainer.ledger.keys.master import load_master_key, make_master_key
from explainer.ledger.keys.vault import derive
from explainer.ledger.notes.checkpoint import LONGEST_NOTE, WITNESS, Signer, read_key
from explainer.ledger.tree.witness import SIZE_TYPE, Heads, Keeper, Refusal, Standing, read_request

PLAIN = "text/plain"
STATUS = {"malformed": 400, "not-signed": 403, "unknown-log": 404, "inconsistent": 422}  # as the protocol says


def open_keeper(folder: Path, logs: Sequence[str], now: Callable[[], float]) -> Keeper:
    """The witness of a folder; its key lies there too, made on first use, mode 0600.

    Args:
        logs: keys of the logs it knows.

    Raises:
        BadNote: one of them is no key.
        BadSettings: the folder or the key cannot be used.
    """
    known = [read_key(one) for one in logs]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSettings(f"{folder} cannot be made a folder: {error.strerror}") from error
    path = folder / "master.key"
    master = load_master_key(path) if path.exists() else make_master_key(path)
    signer = Signer.from_seed(f"witness-{master.fingerprint}", WITNESS, derive(master.secret, "witness"))
    return Keeper(Heads(folder), known, signer, now)


def create_witness(keeper: Keeper) -> Flask:
    """The app of a witness: c2sp.org/tlog-witness, and two routes that show what it has seen."""
    app = Flask("witness", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 2 * LONGEST_NOTE
    app.add_url_rule("/add-checkpoint", "add", lambda: _take(keeper), methods=["POST"])
    app.add_url_rule("/newest", "newest", lambda: _lines(filter(None, [keeper.newest(_origin())])))
    app.add_url_rule("/heads", "heads", lambda: _lines(keeper.every(_origin())))
    app.add_url_rule("/healthz", "healthz", lambda: _said("ok", 200))
    app.register_error_handler(Unavailable, lambda error: _said(str(error), 503))
    return app


def _take(keeper: Keeper) -> Response:
    """Take a checkpoint that goes on from the newest one."""
    try:
        old, proof, note = read_request(request.get_data().decode(errors="replace"))
    except BadNote as error:
        return _said(str(error), 400)
    answer = keeper.consider(old, proof, note)
    if isinstance(answer, Standing):
        return Response(f"{answer.size}\n", 409, mimetype=SIZE_TYPE)
    if isinstance(answer, Refusal):
        return _said(answer.why, STATUS[answer.code])
    return Response("".join(answer.lines), mimetype=PLAIN)


def _origin() -> str:
    return request.args.get("origin", "")


def _said(what: str, status: int) -> Response:
    return Response(f"{what}\n", status, mimetype=PLAIN)


def _lines(notes: Iterable[str]) -> Response:
    return Response("".join(json.dumps(note) + "\n" for note in notes), mimetype="application/jsonl")


class WitnessServer(BaseApplication):  # type: ignore[misc]
    """gunicorn with one process: heads are locked by file, so that more would be safe and useless."""

    def __init__(self, keeper: Keeper, host: str, port: int, announce: Callable[[], None]) -> None:
        self._keeper, self._bind, self._announce = keeper, f"{host}:{port}", announce
        super().__init__()

    def load_config(self) -> None:
        """Told once, by gunicorn."""
        chosen = {
            "bind": self._bind,
            "workers": 1,
            "threads": 4,
            "worker_class": "gthread",
            "accesslog": None,
            "loglevel": "warning",
        }
        chosen |= {"control_socket_disable": True, "post_worker_init": lambda _worker: self._announce()}
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Called in the worker."""
        return create_witness(self._keeper)
