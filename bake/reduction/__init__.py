"""Few Bezier keys instead of one on every frame, within bounds; without Blender."""
