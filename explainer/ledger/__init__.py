"""The ledger: memory that cannot be changed quietly, and from which a person can be erased."""
