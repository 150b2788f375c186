"""Typed: who types a command, and what it works with."""

from __future__ import annotations

import os
import pwd
from typing import Any

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
