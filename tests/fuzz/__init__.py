"""Damaged files by the thousand for everything that reads one: `make fuzz`."""
