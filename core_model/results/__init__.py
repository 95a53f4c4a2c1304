"""Results of other systems (GVHMR, WHAM, 4D-Humans, ...) as Takes, read without running anything.

Needs numpy only and also runs inside Blender.
"""
