"""The first shape of the vault: the deployment's secrets and one key per customer, retention class and year.

A step is a photograph: it repeats the columns and never imports `tables`, which moves on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "vault_0001"
down_revision = None

ASCII = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make both tables of the vault."""
    outside, leaf = "outside the record", "under the leaf hash"
    op.create_table(
        "secrets",
        sa.Column("name", ASCII, primary_key=True, comment=f"{outside}: which secret of the deployment"),
        sa.Column("wrapped", sa.LargeBinary, nullable=False, comment=f"{outside}: the secret under the master key"),
    )
    op.create_table(
        "data_keys",
        sa.Column("key_id", ASCII, primary_key=True, comment=f"{leaf}: as in the leaf of each entry it seals"),
        sa.Column("subject", ASCII, nullable=False, comment=f"{outside}: keyed digest of the customer's reference"),
        sa.Column("retention", sa.Text, nullable=False, comment=f"{outside}: retention class"),
        sa.Column("year", sa.Integer, nullable=False, comment=f"{outside}: UTC year of the entries it seals"),
        sa.Column("epoch", sa.Integer, nullable=False, comment=f"{outside}: which master key wraps it, counted from 1"),
        sa.Column(
            "wrapped", sa.LargeBinary, nullable=False, comment=f"{leaf}: the key under the master key; the leaf commits to it"
        ),
        sa.Column("commitment", ASCII, nullable=False, comment=f"{leaf}: as in the leaf of each entry it seals"),
        sa.UniqueConstraint("subject", "retention", "year", name="data_keys_subject"),
    )
