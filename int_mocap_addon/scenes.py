"""The scene that a task works on, which the user may rename meanwhile."""

import bpy

from core_model.errors import MocapError


class SceneOfTask:
    """A scene, found again at every step by what neither renaming nor undo changes.

    Parameters
    ----------
    name : str
        Of the scene when the task begins.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._id = bpy.data.scenes[name].session_uid

    def find(self) -> bpy.types.Scene:
        """Return the scene.

        Raises
        ------
        MocapError
            When it was deleted.
        """
        for scene in bpy.data.scenes:
            if scene.session_uid == self._id:
                return scene
        raise MocapError(f"The scene {self.name} is not there any more.")

    def is_shown(self) -> bool:
        """Return whether the user has the scene before them."""
        return bpy.context.scene == self.find()
