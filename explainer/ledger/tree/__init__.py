"""The tree: one order over all entries, proved by hashes, signed, and witnessed by others."""
