"""Verbs: each use case reads like a recipe and owns its transaction."""
