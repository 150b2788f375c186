"""Audit: many cases, or one case again."""
