"""Running: bring a store to its newest shape, once, whoever starts at the same time."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, column, inspect, select, table, text

from explainer.errors import Unavailable
from explainer.ledger.engines import reading, writing

Branch = Literal["ledger", "vault"]

FOLDER = Path(__file__).parent

_MIGRATION_LOCK = {"ledger": 0x6C656467, "vault": 0x7661756C}  # PostgreSQL advisory locks, in its 64-bit space


def migrate(engine: Engine, branch: Branch = "ledger") -> None:
    """Bring a store to the newest shape; quick when it is there, safe when two processes start together.

    Args:
        engine: from `open_engine`.
        branch: which of the two stores the database is.

    Raises:
        Unavailable: the database did not answer, or a newer explainer has migrated it.
    """
    with reading(engine) as connection:
        if _version(connection, branch) == _newest(branch):
            return
    from alembic import command  # a tenth of a second, which no start needs that finds all in shape
    from alembic.util import CommandError

    config = _alembic(branch)
    try:
        with writing(engine) as connection:
            if engine.dialect.name == "postgresql":  # SQLite's write lock is held already
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK[branch]})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise Unavailable(f"the {branch} store has a shape this version does not know; is a newer one in use?") from error


def _version_table(branch: Branch) -> str:
    return f"{branch}_version"


def _alembic(branch: Branch) -> Any:
    """Alembic's configuration, without its ini file: folders inside the package, nothing printed."""
    from alembic.config import Config

    config = Config()
    folder = str(FOLDER).replace("%", "%%")
    config.set_main_option("script_location", folder)
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{folder}/{branch}")
    config.attributes["version_table"] = _version_table(branch)
    return config


def _version(connection: Connection, branch: Branch) -> str | None:
    """The migration a store is at; None before the first."""
    if not inspect(connection).has_table(_version_table(branch)):
        return None
    found: str | None = connection.scalar(select(column("version_num")).select_from(table(_version_table(branch))))
    return found


def _newest(branch: Branch) -> str:
    """The last migration there is: `ledger_0002` for ledger/v0002_panel_tokens.py."""
    last = max(path.name for path in (FOLDER / branch).glob("v*.py"))
    return f"{branch}_{last[1:5]}"
