"""The Take, one person's motion in one clip: the record, its file, and folders of such files.

Needs numpy only and also runs inside Blender.
"""

from core_model.take.footage import Footage
from core_model.take.take import Take

__all__ = ["Footage", "Take"]
