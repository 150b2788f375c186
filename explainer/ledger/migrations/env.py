"""Alembic's entry: bring one store to its newest shape, on the connection and in the transaction it is given."""

from __future__ import annotations

from alembic import context


def upgrade() -> None:
    """Run the steps that are missing; the caller opened the transaction and will commit it."""
    given = context.config.attributes
    context.configure(connection=given["connection"], version_table=given["version_table"])
    context.run_migrations()


if __name__ == "env_py":  # the name under which Alembic loads this file; a plain import does nothing
    upgrade()
