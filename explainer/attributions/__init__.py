"""A margin split among the features that moved it: numbers, not words."""
