"""Figures out to engines and other programs, and their motions as assets: the panel Export."""
