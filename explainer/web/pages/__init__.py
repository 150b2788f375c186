"""The pages, for people with a browser."""
