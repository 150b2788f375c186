"""Attributions to reasons and sentences: why, in words."""
