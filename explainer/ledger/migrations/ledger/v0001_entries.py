"""The first shape of the ledger: entries, their derived indices, API keys.

A step is a photograph: it repeats the columns and never imports `tables`, which moves on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "ledger_0001"
down_revision = None

ASCII = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make all tables of the ledger; there is no way down, because entries are never dropped."""
    _entries()
    _entry_index()
    _rule_index()
    _api_keys()


def _entries() -> None:
    leaf = "under the leaf hash"
    op.create_table(
        "entries",
        sa.Column("id", ASCII, primary_key=True, comment=f"{leaf}: UUIDv7, as in the leaf"),
        sa.Column("leaf", sa.LargeBinary, nullable=False, comment=f"{leaf}: the clear canonical bytes themselves"),
        sa.Column("leaf_hash", sa.LargeBinary, nullable=False, comment=f"{leaf}: SHA256(0x00 ‖ leaf), what a proof starts from"),
        sa.Column("box", sa.LargeBinary, nullable=False, comment=f"{leaf}: nonce ‖ ciphertext, its SHA-256 is in the leaf"),
        sa.Column("idempotency", ASCII, comment=f"{leaf}: MAC of the Idempotency-Key, as in the leaf"),
        sa.Column("kind", ASCII, nullable=False, comment=f"{leaf}: decision, review, consent, activation …, as in the leaf"),
        sa.Column("key_id", ASCII, nullable=False, comment=f"{leaf}: id of the data key that seals it, as in the leaf"),
        sa.UniqueConstraint("idempotency", name="entries_idempotency"),
    )
    op.create_index("entries_kind", "entries", ["kind", "key_id", "id"])


def _entry_index() -> None:
    derived = "derived"
    op.create_table(
        "entry_index",
        sa.Column("entry_id", ASCII, sa.ForeignKey("entries.id"), primary_key=True, comment=f"{derived}: the entry"),
        sa.Column("kind", sa.Text, nullable=False, comment=f"{derived}: decision, review, override, release …"),
        sa.Column("at", sa.BigInteger, nullable=False, comment=f"{derived}: claimed time, microseconds since 1970 UTC"),
        sa.Column("customer", ASCII, comment=f"{derived}: keyed digest of the customer's reference"),
        sa.Column("case_digest", ASCII, comment=f"{derived}: keyed digest of the case number"),
        sa.Column("about", ASCII, comment=f"{derived}: id of the decision the entry is about"),
        sa.Column("pack", sa.Text, comment=f"{derived}: name of the pack"),
        sa.Column("outcome", sa.Text, comment=f"{derived}: outcome of a decision"),
        sa.Column("decisive", sa.Text, comment=f"{derived}: what decided: rule, score or band"),
        sa.Column("release", sa.Text, comment=f"{derived}: digest of the release"),
        sqlite_with_rowid=False,
    )
    op.create_index("entry_index_kind", "entry_index", ["kind", "entry_id"])
    op.create_index("entry_index_pack", "entry_index", ["pack", "kind", "entry_id"])
    op.create_index("entry_index_customer", "entry_index", ["customer", "kind", "entry_id"])
    op.create_index("entry_index_case", "entry_index", ["case_digest"])
    op.create_index("entry_index_about", "entry_index", ["about"])


def _rule_index() -> None:
    derived = "derived"
    op.create_table(
        "rule_index",
        sa.Column("entry_id", ASCII, sa.ForeignKey("entries.id"), primary_key=True, comment=f"{derived}: the entry"),
        sa.Column("rule", sa.Text, primary_key=True, comment=f"{derived}: a policy rule that fired"),
        sqlite_with_rowid=False,
    )
    op.create_index("rule_index_rule", "rule_index", ["rule", "entry_id"])


def _api_keys() -> None:
    outside = "outside the record"
    op.create_table(
        "api_keys",
        sa.Column("id", ASCII, primary_key=True, comment=f"{outside}: public half of an API key"),
        sa.Column("name", sa.Text, nullable=False, comment=f"{outside}: whom the operator gave it to"),
        sa.Column("role", sa.Text, nullable=False, comment=f"{outside}: what it may do"),
        sa.Column("digest", ASCII, nullable=False, comment=f"{outside}: digest of the secret half, never the secret"),
        sa.Column("created_at", sa.BigInteger, nullable=False, comment=f"{outside}: microseconds since 1970 UTC"),
        sa.Column("expires_at", sa.BigInteger, comment=f"{outside}: microseconds since 1970 UTC; null: no end"),
        sa.Column("revoked_at", sa.BigInteger, comment=f"{outside}: microseconds since 1970 UTC; null: in use"),
    )
