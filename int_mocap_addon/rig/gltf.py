"""What Blender's glTF exporter asks of an add-on: motions of other figures are not exported.

With one armature it exports every action of the file that moves bones of any name.
"""

from typing import Any

import bpy


class glTF2ExportUserExtension:  # noqa: N801 - the exporter looks for this name
    """Found by the exporter in every add-on that is enabled."""

    def gather_actions_hook(
        self, animated: bpy.types.Object | None, gathered: Any, export_settings: Any
    ) -> None:
        """Take the actions out that were baked for other figures.

        Parameters
        ----------
        animated : bpy.types.Object or None
            That is being exported.
        gathered : object
            The exporter's list of actions, before Blender 4.4, or its dictionary.
        export_settings : dict
            Of the exporter.
        """
        from bake.scene.animation.own_channel import is_of

        if animated is None:
            return
        if hasattr(gathered, "blender_actions"):
            gathered.blender_actions = [
                action for action in gathered.blender_actions if is_of(action, animated)
            ]
            return
        for key, uses in list(gathered.actions.items()):
            if not is_of(uses[0].action, animated):
                del gathered.actions[key]
