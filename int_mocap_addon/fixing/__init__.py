"""Mending a pose by hand, so that it does not pop: the panel Fix Pose."""
