"""What a decision model is: declarations, words and releases; nothing here scores."""
