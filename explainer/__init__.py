"""explainer: automated customer decisions, each explained, recorded and open to contest."""

__version__ = "0.1.0"
