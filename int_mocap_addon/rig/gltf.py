"""What Blender's glTF add-on asks of others.

Its exporter writes, with one armature, every action of the file that moves bones of any name:
motions of other figures are left out. Its importer passes by what a file says of a human's bones.
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


class glTF2ImportUserExtension:  # noqa: N801 - the importer looks for this name
    """Found by the importer in every add-on that is enabled."""

    def gather_import_scene_after_nodes_hook(
        self, gltf_scene: Any, blender_scene: bpy.types.Scene, gltf: Any
    ) -> None:
        """Keep with the armatures which bone is which, where the file is a VRM.

        Parameters
        ----------
        gltf_scene : object
            The importer's.
        blender_scene : bpy.types.Scene
        gltf : object
            The importer, with what it read and made.
        """
        from bake.retarget.in_blender.told_bones import remember_bones
        from bake.retarget.maps.vrm_file import joints_in

        nodes = {
            number: node
            for number, node in gltf.vnodes.items()
            if getattr(node, "blender_bone_name", None)
        }
        names = {number: node.blender_bone_name for number, node in nodes.items()}
        joints = joints_in(gltf.data.extensions or {}, names)
        for number in {node.bone_arma for node in nodes.values()} if joints else ():
            remember_bones(gltf.vnodes[number].blender_object, joints)
