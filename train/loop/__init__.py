"""The loop that every training runs, and what it has at hand."""
