"""How often something wrong was typed at the door of a link at all, until when the link lasts, and to which decision it leads.

The counts of before were kept for an hour and filed in another way: they are not carried on.
A step is a photograph: it repeats the columns and never imports `tables`, which moves on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "ledger_0005"
down_revision = "ledger_0004"

ASCII = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the one table anew."""
    outside = "outside the record"
    op.drop_table("door_tries")
    op.create_table(
        "door_tries",
        sa.Column(
            "link", ASCII, primary_key=True, comment=f"{outside}: keyed digest of a link at whose door something wrong was typed"
        ),
        sa.Column("decision", ASCII, nullable=False, comment=f"{outside}: id of the decision to which it leads"),
        sa.Column("tries", sa.Integer, nullable=False, comment=f"{outside}: how often, of late"),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment=f"{outside}: when that is forgotten, microseconds since 1970 UTC"
        ),
        sa.Column("in_all", sa.Integer, nullable=False, comment=f"{outside}: how often at all"),
        sa.Column("ends", sa.BigInteger, nullable=False, comment=f"{outside}: end of the link, microseconds since 1970 UTC"),
    )
    op.create_index("door_tries_decision", "door_tries", ["decision"])
