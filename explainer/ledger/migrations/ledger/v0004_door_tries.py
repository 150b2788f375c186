"""How often something wrong was typed at the door of a link: there for an hour.

A step is a photograph: it repeats the columns and never imports `tables`, which moves on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "ledger_0004"
down_revision = "ledger_0003"

ASCII = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the one table."""
    outside = "outside the record"
    op.create_table(
        "door_tries",
        sa.Column(
            "link", ASCII, primary_key=True, comment=f"{outside}: keyed digest of a link at whose door something wrong was typed"
        ),
        sa.Column("tries", sa.Integer, nullable=False, comment=f"{outside}: how often"),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment=f"{outside}: when that is forgotten, microseconds since 1970 UTC"
        ),
    )
