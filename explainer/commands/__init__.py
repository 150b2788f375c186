"""Commands: what is typed, a module for each subject; `cli` puts them together."""
