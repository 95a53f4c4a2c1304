"""The Take: one person's motion in one clip, as a record, as a file and among the files of a folder.

Needs numpy only and also runs inside Blender.
"""

from core_model.take.take import Take

__all__ = ["Take"]
