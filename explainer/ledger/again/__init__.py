"""Again: what is stored, read a second time for those who trust nobody."""
