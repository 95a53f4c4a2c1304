"""Finishing tools: each makes a new take of one or two of the list."""
