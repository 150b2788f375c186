"""What an attacker works on: the same ledgers as in the ledger's own tests."""

from __future__ import annotations

from tests.ledger.conftest import database, house, ledger, postgres, postgres_stores, sqlite_templates
from tests.ledger.tree.conftest import sealed

__all__ = ["database", "house", "ledger", "postgres", "postgres_stores", "sealed", "sqlite_templates"]
