"""Exported files in a real engine, and before the readers of others: what they make of them."""
