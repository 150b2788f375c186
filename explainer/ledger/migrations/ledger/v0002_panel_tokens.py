"""Tokens that open one why panel once: there until they are used, or too old.

A step is a photograph: it repeats the columns and never imports `tables`, which moves on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "ledger_0002"
down_revision = "ledger_0001"

ASCII = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the one table."""
    outside = "outside the record"
    op.create_table(
        "panel_tokens",
        sa.Column(
            "digest", ASCII, primary_key=True, comment=f"{outside}: digest of a token that opens one panel once, never the token"
        ),
        sa.Column("decision", ASCII, nullable=False, comment=f"{outside}: id of the decision whose panel it opens"),
        sa.Column("origin", sa.Text, nullable=False, comment=f"{outside}: origin of the desktop it was made for"),
        sa.Column("expires_at", sa.BigInteger, nullable=False, comment=f"{outside}: microseconds since 1970 UTC"),
    )
