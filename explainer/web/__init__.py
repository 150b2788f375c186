"""HTTP and nothing else: schema in, use case, view out."""
