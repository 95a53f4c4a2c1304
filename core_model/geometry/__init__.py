"""Rotations and cameras: numbers only."""
