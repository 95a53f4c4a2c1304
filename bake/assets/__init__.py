"""Motions as assets: marked, tagged, with a picture, in a catalogue."""
