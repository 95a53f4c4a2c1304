"""Hands: their landmarks in pictures, followed through a clip, turned into finger rotations."""
