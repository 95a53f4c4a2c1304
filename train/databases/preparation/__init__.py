"""Databases from the data sets as their makers give them out, in MAED's layout."""
