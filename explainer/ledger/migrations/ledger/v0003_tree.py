"""The sealed tree: which entry stands where, the hashes of every whole span, checkpoints and who cosigned them.

Every entry that is here already waits to be sealed.  A step is a photograph: it repeats
the columns and never imports `tables`, which moves on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "ledger_0003"
down_revision = "ledger_0002"

ASCII = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
ROOT, SIGNED = "under the root", "signed"


def upgrade() -> None:
    """Make the tables; there is no way down, because checkpoints are out in the world."""
    _order()
    _checkpoints()
    op.execute("INSERT INTO unsealed (entry_id) SELECT id FROM entries")


def _order() -> None:
    op.create_table(
        "unsealed",
        sa.Column(
            "entry_id", ASCII, sa.ForeignKey("entries.id"), primary_key=True, comment="derived: an entry that has no leaf yet"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leaves",
        sa.Column("number", NUMBER, primary_key=True, autoincrement=False, comment=f"{ROOT}: place in the one order, from 0"),
        sa.Column(
            "entry_id", ASCII, sa.ForeignKey("entries.id"), nullable=False, comment=f"{ROOT}: the entry whose leaf stands there"
        ),
        sa.UniqueConstraint("entry_id", name="leaves_entry"),
    )
    op.create_table(
        "nodes",
        sa.Column("place", NUMBER, primary_key=True, autoincrement=False, comment=f"{ROOT}: which whole span; see tree/merkle.py"),
        sa.Column("hash", sa.LargeBinary, nullable=False, comment=f"{ROOT}: its hash, 32 bytes"),
    )


def _checkpoints() -> None:
    op.create_table(
        "checkpoints",
        sa.Column(
            "epoch", sa.Integer, primary_key=True, autoincrement=False, comment=f"{SIGNED}: in the origin, the note's first line"
        ),
        sa.Column("size", NUMBER, primary_key=True, autoincrement=False, comment=f"{SIGNED}: leaves, the note's second line"),
        sa.Column("note", sa.Text, nullable=False, comment=f"{SIGNED}: origin, size and root with the log's signature"),
        sa.Column("signed_at", sa.BigInteger, nullable=False, comment="outside the record: a claim, microseconds since 1970 UTC"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cosignatures",
        sa.Column("epoch", sa.Integer, primary_key=True, autoincrement=False, comment=f"{SIGNED}: of the checkpoint"),
        sa.Column("size", NUMBER, primary_key=True, autoincrement=False, comment=f"{SIGNED}: of the checkpoint"),
        sa.Column("witness", sa.Text, primary_key=True, comment=f"{SIGNED}: name of the witness's key"),
        sa.Column("line", sa.Text, nullable=False, comment=f"{SIGNED}: the witness's signature over the checkpoint and its time"),
        sqlite_with_rowid=False,
    )
