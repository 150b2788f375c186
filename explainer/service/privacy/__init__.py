"""Privacy: what is held about one customer, for how long, and how it ends."""
