"""Which master key is in force: the one that wraps the root secret, counted from 1.

A step is a photograph: it repeats the columns and never imports `tables`, which moves on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "vault_0002"
down_revision = "vault_0001"


def upgrade() -> None:
    """Add the column; every vault made before is under its first master key."""
    about = "outside the record: which master key wraps it: the one in force"
    op.add_column("secrets", sa.Column("epoch", sa.Integer, nullable=False, server_default="1", comment=about))
