"""Databases of pictures of people with their joints, as MAED's data preparation lays them out."""
