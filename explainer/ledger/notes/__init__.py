"""Notes: what a log signs and others keep: checkpoints, receipts, and which key signs them."""
