"""The doors: how people without an API key come to a page."""
