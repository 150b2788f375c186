"""Tables: every column the ledger and the vault keep, and what guards each of them.

Each column's comment begins with one of these phrases, and a test reads them all:

- `under the leaf hash`: changing it contradicts the entry's leaf, and so its proof;
- `under the root`: changing it contradicts a signed checkpoint of the tree;
- `signed`: it carries a signature of its own;
- `derived`: worked out from what is under the hashes, and can be worked out again;
- `outside the record`: who may knock, and where keys are filed; no decision rests on it.

Two stores, two databases: `ledger` keeps entries, `vault` keeps the keys that open
them.  Times are whole microseconds since 1970, UTC, because SQLite forgets time zones.
The tables in being are made by `migrations/`; a test holds the two equal.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

UNDER_LEAF = "under the leaf hash"
UNDER_ROOT = "under the root"
SIGNED = "signed"
DERIVED = "derived"
OUTSIDE = "outside the record"

ASCII = Text().with_variant(Text(collation="C"), "postgresql")  # ids and digests: ordered by byte, everywhere
NUMBER = BigInteger().with_variant(Integer, "sqlite")  # as a primary key there it is the row's own number

# What the application's role may do to a table in PostgreSQL; an entry's tables it only reads and adds to.
MAY = "may"
READ = {MAY: "SELECT"}
APPEND = {MAY: "SELECT, INSERT"}
FORGET = {MAY: "SELECT, INSERT, DELETE"}  # what is derived, is used once, or is destroyed when a person is erased

ledger = MetaData()
vault = MetaData()

entries = Table(
    "entries",
    ledger,
    Column("id", ASCII, primary_key=True, comment=f"{UNDER_LEAF}: UUIDv7, as in the leaf"),
    Column("leaf", LargeBinary, nullable=False, comment=f"{UNDER_LEAF}: the clear canonical bytes themselves"),
    Column("leaf_hash", LargeBinary, nullable=False, comment=f"{UNDER_LEAF}: SHA256(0x00 ‖ leaf), what a proof starts from"),
    Column("box", LargeBinary, nullable=False, comment=f"{UNDER_LEAF}: nonce ‖ ciphertext, its SHA-256 is in the leaf"),
    Column("idempotency", ASCII, comment=f"{UNDER_LEAF}: MAC of the Idempotency-Key, as in the leaf"),
    Column("kind", ASCII, nullable=False, comment=f"{UNDER_LEAF}: decision, review, consent, activation …, as in the leaf"),
    Column("key_id", ASCII, nullable=False, comment=f"{UNDER_LEAF}: id of the data key that seals it, as in the leaf"),
    UniqueConstraint("idempotency", name="entries_idempotency"),
    Index("entries_kind", "kind", "key_id", "id"),
    info=APPEND,
)

entry_index = Table(
    "entry_index",
    ledger,
    Column("entry_id", ASCII, ForeignKey("entries.id"), primary_key=True, comment=f"{DERIVED}: the entry"),
    Column("kind", Text, nullable=False, comment=f"{DERIVED}: decision, review, override, release …"),
    Column("at", BigInteger, nullable=False, comment=f"{DERIVED}: claimed time, microseconds since 1970 UTC"),
    Column("customer", ASCII, comment=f"{DERIVED}: keyed digest of the customer's reference"),
    Column("case_digest", ASCII, comment=f"{DERIVED}: keyed digest of the case number"),
    Column("about", ASCII, comment=f"{DERIVED}: id of the decision the entry is about"),
    Column("pack", Text, comment=f"{DERIVED}: name of the pack"),
    Column("outcome", Text, comment=f"{DERIVED}: outcome of a decision"),
    Column("decisive", Text, comment=f"{DERIVED}: what decided: rule, score or band"),
    Column("release", Text, comment=f"{DERIVED}: digest of the release"),
    Index("entry_index_kind", "kind", "entry_id"),
    Index("entry_index_pack", "pack", "kind", "entry_id"),
    Index("entry_index_customer", "customer", "kind", "entry_id"),
    Index("entry_index_case", "case_digest"),
    Index("entry_index_about", "about"),
    sqlite_with_rowid=False,
    info=FORGET,
)

rule_index = Table(
    "rule_index",
    ledger,
    Column("entry_id", ASCII, ForeignKey("entries.id"), primary_key=True, comment=f"{DERIVED}: the entry"),
    Column("rule", Text, primary_key=True, comment=f"{DERIVED}: a policy rule that fired"),
    Index("rule_index_rule", "rule", "entry_id"),
    sqlite_with_rowid=False,
    info=FORGET,
)

unsealed = Table(
    "unsealed",
    ledger,
    Column("entry_id", ASCII, ForeignKey("entries.id"), primary_key=True, comment=f"{DERIVED}: an entry that has no leaf yet"),
    sqlite_with_rowid=False,
    info=FORGET,
)

leaves = Table(
    "leaves",
    ledger,
    Column("number", NUMBER, primary_key=True, autoincrement=False, comment=f"{UNDER_ROOT}: place in the one order, from 0"),
    Column("entry_id", ASCII, ForeignKey("entries.id"), nullable=False, comment=f"{UNDER_ROOT}: the entry whose leaf stands there"),
    UniqueConstraint("entry_id", name="leaves_entry"),
    info=APPEND,
)

nodes = Table(
    "nodes",
    ledger,
    Column("place", NUMBER, primary_key=True, autoincrement=False, comment=f"{UNDER_ROOT}: which whole span; see tree/merkle.py"),
    Column("hash", LargeBinary, nullable=False, comment=f"{UNDER_ROOT}: its hash, 32 bytes"),
    info=APPEND,
)

checkpoints = Table(
    "checkpoints",
    ledger,
    Column("epoch", Integer, primary_key=True, autoincrement=False, comment=f"{SIGNED}: in the origin, the note's first line"),
    Column("size", NUMBER, primary_key=True, autoincrement=False, comment=f"{SIGNED}: leaves, the note's second line"),
    Column("note", Text, nullable=False, comment=f"{SIGNED}: origin, size and root with the log's signature"),
    Column("signed_at", BigInteger, nullable=False, comment=f"{OUTSIDE}: a claim, microseconds since 1970 UTC"),
    sqlite_with_rowid=False,
    info=APPEND,
)

cosignatures = Table(
    "cosignatures",
    ledger,
    Column("epoch", Integer, primary_key=True, autoincrement=False, comment=f"{SIGNED}: of the checkpoint"),
    Column("size", NUMBER, primary_key=True, autoincrement=False, comment=f"{SIGNED}: of the checkpoint"),
    Column("witness", Text, primary_key=True, comment=f"{SIGNED}: name of the witness's key"),
    Column("line", Text, nullable=False, comment=f"{SIGNED}: the witness's signature over the checkpoint and its time"),
    sqlite_with_rowid=False,
    info=APPEND,
)

api_keys = Table(
    "api_keys",
    ledger,
    Column("id", ASCII, primary_key=True, comment=f"{OUTSIDE}: public half of an API key"),
    Column("name", Text, nullable=False, comment=f"{OUTSIDE}: whom the operator gave it to"),
    Column("role", Text, nullable=False, comment=f"{OUTSIDE}: what it may do"),
    Column("digest", ASCII, nullable=False, comment=f"{OUTSIDE}: digest of the secret half, never the secret"),
    Column("created_at", BigInteger, nullable=False, comment=f"{OUTSIDE}: microseconds since 1970 UTC"),
    Column("expires_at", BigInteger, comment=f"{OUTSIDE}: microseconds since 1970 UTC; null: no end"),
    Column("revoked_at", BigInteger, comment=f"{OUTSIDE}: microseconds since 1970 UTC; null: in use"),
    info={MAY: "SELECT, INSERT, UPDATE (revoked_at)"},
)

panel_tokens = Table(
    "panel_tokens",
    ledger,
    Column("digest", ASCII, primary_key=True, comment=f"{OUTSIDE}: digest of a token that opens one panel once, never the token"),
    Column("decision", ASCII, nullable=False, comment=f"{OUTSIDE}: id of the decision whose panel it opens"),
    Column("origin", Text, nullable=False, comment=f"{OUTSIDE}: origin of the desktop it was made for"),
    Column("expires_at", BigInteger, nullable=False, comment=f"{OUTSIDE}: microseconds since 1970 UTC"),
    info=FORGET,
)

door_tries = Table(
    "door_tries",
    ledger,
    Column("link", ASCII, primary_key=True, comment=f"{OUTSIDE}: keyed digest of a link at whose door something wrong was typed"),
    Column("decision", ASCII, nullable=False, comment=f"{OUTSIDE}: id of the decision to which it leads"),
    Column("tries", Integer, nullable=False, comment=f"{OUTSIDE}: how often, of late"),
    Column("until", BigInteger, nullable=False, comment=f"{OUTSIDE}: when that is forgotten, microseconds since 1970 UTC"),
    Column("in_all", Integer, nullable=False, comment=f"{OUTSIDE}: how often at all"),
    Column("ends", BigInteger, nullable=False, comment=f"{OUTSIDE}: end of the link, microseconds since 1970 UTC"),
    Index("door_tries_decision", "decision"),
    info={MAY: "SELECT, INSERT, UPDATE (tries, until, in_all), DELETE"},
)

secrets = Table(
    "secrets",
    vault,
    Column("name", ASCII, primary_key=True, comment=f"{OUTSIDE}: which secret of the deployment"),
    Column("wrapped", LargeBinary, nullable=False, comment=f"{OUTSIDE}: the secret under the master key"),
    Column("epoch", Integer, nullable=False, server_default="1", comment=f"{OUTSIDE}: which master key wraps it: the one in force"),
    info=READ,
)

data_keys = Table(
    "data_keys",
    vault,
    Column("key_id", ASCII, primary_key=True, comment=f"{UNDER_LEAF}: as in the leaf of each entry it seals"),
    Column("subject", ASCII, nullable=False, comment=f"{OUTSIDE}: keyed digest of the customer's reference"),
    Column("retention", Text, nullable=False, comment=f"{OUTSIDE}: retention class"),
    Column("year", Integer, nullable=False, comment=f"{OUTSIDE}: UTC year of the entries it seals"),
    Column("epoch", Integer, nullable=False, comment=f"{OUTSIDE}: which master key wraps it, counted from 1"),
    Column("wrapped", LargeBinary, nullable=False, comment=f"{UNDER_LEAF}: the key under the master key; the leaf commits to it"),
    Column("commitment", ASCII, nullable=False, comment=f"{UNDER_LEAF}: as in the leaf of each entry it seals"),
    UniqueConstraint("subject", "retention", "year", name="data_keys_subject"),
    info=FORGET,
)
