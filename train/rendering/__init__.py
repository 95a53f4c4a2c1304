"""The clips that the project renders itself, with their truth."""
