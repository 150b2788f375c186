"""Words: phrase files, what they must say, and saying it in a language."""
