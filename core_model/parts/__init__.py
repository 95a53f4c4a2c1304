"""Clips that are too long to be captured in one: in overlapping parts, joined in one world."""
