"""Changes of a case: what its customer could have done, and which of it would have led elsewhere."""
