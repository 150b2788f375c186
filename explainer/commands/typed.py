"""Typed: who types a command, what it works with, and how a refusal is said."""

from __future__ import annotations

import os
import pwd
from typing import Any

from explainer.errors import BadCase, BadFacts, BadPack, ExplainerError
from explainer.settings import read_settings


def user() -> str:
    """Who types, as this machine knows them."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's number without a name
        return f"user {os.getuid()}"


def services() -> Any:
    """The services of the settings; loaded when a command needs them and not for `--help`."""
    from explainer.service.wiring import open_services

    return open_services(read_settings())


def lines(error: ExplainerError) -> list[str]:
    """What a refusal says, each mistake on a line of its own."""
    if isinstance(error, BadPack):
        return list(error.mistakes)
    if isinstance(error, BadCase):
        return [f"{name}: {why}" for name, why in error.mistakes.items()]
    if isinstance(error, BadFacts):
        return [f"facts.{name}: {why}" for name, why in error.mistakes.items()]
    return [" ".join(str(error).split())]
