"""The server: gunicorn with threads; each process opens its own databases and models."""

from __future__ import annotations

import errno
import socket
import sys
from contextlib import closing
from typing import Any

import structlog
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from explainer.errors import ExplainerError, Unavailable
from explainer.ledger.tree.sealing import Round
from explainer.ledger.tree.worker import start_worker
from explainer.service.wiring import open_services
from explainer.settings import Settings
from explainer.web.app import create_app
from explainer.web.problems import steps

log = structlog.get_logger()


def check_port(settings: Settings) -> None:
    """Make sure that the address can be listened on, before anything is done.

    Raises:
        Unavailable: it cannot; most often another program has the port.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with closing(socket.socket(family)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host.strip("[]"), settings.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Unavailable(f"port {settings.port} is in use; choose another with EXPLAINER_PORT") from error
            where = f"{settings.host}, port {settings.port}"
            raise Unavailable(f"{where}: {error.strerror}; see EXPLAINER_HOST and EXPLAINER_PORT") from error


class Discreet(Logger):  # type: ignore[misc]
    """gunicorn's own log, without what callers sent: it quotes what is no HTTP, and addresses hold ids and tokens."""

    def warning(self, msg: object, *args: object, **_: object) -> None:
        """As gunicorn says it; but of a request that is none only that there was one, and of an error no message."""
        said = "Invalid request" if str(msg).startswith("Invalid request") else msg
        self.error_log.warning(said, *(_way() if str(one).startswith("Traceback") else one for one in args))

    def exception(self, msg: object, *_: object, **__: object) -> None:
        """What gunicorn did, without the address for which it did so; the kind of an error and the way to it."""
        self.error_log.error("%s: %s", str(msg).partition(" %")[0], _way())


def _way() -> str:
    """The kind of the error that is at hand and the way to it, without its message."""
    error = sys.exc_info()[1]
    return f"{type(error).__name__} {steps(error) if error else []}"


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, configured by our settings alone."""

    def __init__(self, settings: Settings, announce: Any = None) -> None:
        self._settings, self._announce = settings, announce
        super().__init__()

    def load_config(self) -> None:
        """Told once, by gunicorn."""
        chosen = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "workers": self._settings.workers,
            "threads": self._settings.threads,
            "worker_class": "gthread",
            "timeout": 60,
            "graceful_timeout": 20,
            "accesslog": None,  # paths hold ids and links hold tokens
            "logger_class": Discreet,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": lambda _worker: self._begin(),
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Called in each worker: nothing heavy is loaded before the fork, which LightGBM would not survive."""
        services = open_services(self._settings)
        for name in services.packs():
            services.serving(name)
        self._sealer = services.sealer()
        return create_app(services)

    def _begin(self) -> None:
        """Called in each worker when it is about to answer: only now may sealing take time, and the first to come seals."""
        if self._announce:
            self._announce()
        start_worker(self._sealer, _tell)


def _tell(said: Round | ExplainerError) -> None:
    """Log what an operator has to look into: ids and places, never facts."""
    if isinstance(said, ExplainerError):
        log.error("not sealed", code=said.code, error=str(said))
    elif said.tampered:
        log.error("changed before it was sealed", entries=said.tampered)
    elif said.silent:
        log.warning("not witnessed", witnesses=said.silent)
