"""Every column is guarded by the leaf hash, can be derived again, or is none of the record's business."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect

from explainer.ledger import tables

COLUMNS = [column for store in (tables.ledger, tables.vault) for table in store.sorted_tables for column in table.columns]
GUARDS = (tables.UNDER_LEAF, tables.UNDER_ROOT, tables.SIGNED, tables.DERIVED, tables.OUTSIDE)


def guard_of(column):
    return next((guard for guard in GUARDS if (column.comment or "").startswith(f"{guard}: ")), None)


class TestGuards:
    @pytest.mark.parametrize("column", COLUMNS, ids=str)
    def test_every_column_says_what_guards_it(self, column):
        assert guard_of(column) is not None

    def test_every_column_of_the_entries_is_under_the_leaf_hash(self):
        assert {guard_of(column) for column in tables.entries.columns} == {tables.UNDER_LEAF}

    def test_every_column_of_an_index_is_derived(self):
        indices = [*tables.entry_index.columns, *tables.rule_index.columns, *tables.unsealed.columns]
        assert {guard_of(column) for column in indices} == {tables.DERIVED}

    def test_every_column_of_the_tree_is_under_its_root(self):
        assert {guard_of(column) for column in [*tables.leaves.columns, *tables.nodes.columns]} == {tables.UNDER_ROOT}

    def test_what_was_signed_says_so_but_for_the_time_which_is_a_claim(self):
        guards = {column.name: guard_of(column) for column in [*tables.checkpoints.columns, *tables.cosignatures.columns]}
        assert {name for name, guard in guards.items() if guard != tables.SIGNED} == {"signed_at"}

    def test_nothing_is_in_the_databases_that_the_list_does_not_know(self, house):
        for store, known in ((house.ledger_store, tables.ledger), (house.vault_store, tables.vault)):
            inspector = inspect(house.engine(store))
            found = {(table, column["name"]) for table in inspector.get_table_names() for column in inspector.get_columns(table)}
            listed = {(table.name, column.name) for table in known.sorted_tables for column in table.columns}
            assert {(table, name) for table, name in found if not table.endswith("_version")} == listed
