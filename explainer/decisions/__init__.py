"""Facts to outcome: the row a model sees, the rules in force, the margin, the decision."""
