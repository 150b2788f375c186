"""Migrations: the shapes that the two stores have had, one step a file, and the way from each to the newest."""
