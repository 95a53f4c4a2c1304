"""Builds the Blender extension: manifest, wheels, zip and repository (see `build_addon.py`).

Developers' code: it runs outside Blender and is in no zip.
"""
