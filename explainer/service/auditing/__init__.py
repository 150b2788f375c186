"""Auditing: the use cases of whoever checks: replay, the dossier of one case, a sealed pack."""
