"""Typed: who types a command, what it works with, and how a refusal is said."""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from typing import Any

from explainer.errors import BadCase, BadFacts, BadInput, BadPack, ExplainerError
from explainer.settings import read_settings


def user() -> str:
    """Who types, as this machine knows them."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's number without a name
        return f"user {os.getuid()}"


def services(*, new: bool = False) -> Any:
    """The services of the settings; loaded when a command needs them and not for `--help`.

    Args:
        new: a home that has no ledger yet gets one; else the command says where it looked, and makes nothing.
    """
    from explainer.service.wiring import open_services, require_ledger

    settings = read_settings()
    if not new:
        require_ledger(settings)
    return open_services(settings)


def write_privately(path: Path, data: bytes) -> None:
    """Write what is about a person into a file that its owner alone can read, also where it was there before.

    Raises:
        BadInput: it cannot be written.
    """
    try:
        path.touch(mode=0o600)
        if path.is_file():  # and no terminal or pipe
            path.chmod(0o600)
        path.write_bytes(data)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}") from error


def lines(error: ExplainerError) -> list[str]:
    """What a refusal says, each mistake on a line of its own."""
    if isinstance(error, BadPack):
        return list(error.mistakes)
    if isinstance(error, BadCase):
        return [f"{name}: {why}" for name, why in error.mistakes.items()]
    if isinstance(error, BadFacts):
        return [f"facts.{name}: {why}" for name, why in error.mistakes.items()]
    return [" ".join(str(error).split())]
