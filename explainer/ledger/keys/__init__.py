"""Keys: the master key, one key per customer under it, and the way from one master key to the next."""
