"""Offline: from a table of past cases to a candidate for release."""
