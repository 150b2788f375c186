"""People over machines, one case at a time: pure state folded over ledger entries."""
