"""Source and target at rest beside each other, drawn over the 3D View as their maps have them."""

from typing import TYPE_CHECKING, Any

import bpy
import numpy as np

from ..settings import settings_of
from .maps import has_map, map_settings, read_map

if TYPE_CHECKING:
    from bake.retarget.maps.bone_map import BoneMap

_SOURCE, _TARGET = (1.0, 0.65, 0.2, 1.0), (0.35, 0.75, 1.0, 1.0)
_ASIDE = 0.7  # of the target's height
_WIDTH = 3.0

_handle: Any = None
_known: tuple[Any, list[tuple[np.ndarray, tuple[float, float, float, float]]]] | None = None
"""What was drawn last, and for which maps and places."""


def lines(
    scene: bpy.types.Scene,
) -> list[tuple[np.ndarray, tuple[float, float, float, float]]]:
    """Return lines (2 L, 3), world, and their colour: the target where it is, the source beside.

    A take's is our own body. The source is as tall as the target, and stands on the same floor.
    """
    settings = settings_of(scene).retarget
    target = settings.target
    if target is None or not has_map(target):
        return []
    ours = _joint_lines(target, read_map(target))
    if not len(ours):
        return []
    source = settings.armature if settings.source == "ARMATURE" else None
    if settings.source != "ARMATURE":
        theirs = _body_lines()
    elif source is None or not has_map(source):
        return [(ours, _TARGET)]
    else:
        theirs = _joint_lines(source, read_map(source))
    low, high = ours.min(axis=0), ours.max(axis=0)
    height = high[2] - low[2]
    theirs = theirs * height / max(np.ptp(theirs[:, 2]), 1e-9)
    place = np.array([high[0] + _ASIDE * height, (low[1] + high[1]) / 2, low[2]])
    middle = (theirs.min(axis=0) + theirs.max(axis=0)) / 2
    theirs = theirs + place - [theirs[:, 0].min(), middle[1], theirs[:, 2].min()]
    return [(ours, _TARGET), (theirs, _SOURCE)]


def _joint_lines(armature: bpy.types.Object, bone_map: "BoneMap") -> np.ndarray:
    from bake.retarget.in_blender.rigs import read_rig
    from bake.retarget.joints import NEXT

    rig = read_rig(armature)
    places, heads, tails = rig.place_of(), rig.world_heads(), rig.world_tails()
    bones = {
        joint: [places[bone] for bone in mapped.bones if bone in places]
        for joint, mapped in bone_map.joints.items()
    }
    points = []
    for joint, found in bones.items():
        if found:
            after = [bones[each][0] for each in NEXT.get(joint, ()) if bones.get(each)]
            points += [heads[found[0]], heads[after[0]] if after else tails[found[-1]]]
    return np.array(points).reshape(-1, 3)


def _body_lines() -> np.ndarray:
    from bake.scene.rig.pose_bones import rest_in_world
    from core_model.body.model import default_body
    from core_model.body.skeleton import PARENTS

    joints = rest_in_world(default_body(), np.zeros(10))[0]
    pairs = [(joints[parent], joints[index]) for index, parent in enumerate(PARENTS) if index]
    return np.array(pairs).reshape(-1, 3)


def _draw() -> None:
    scene, space = bpy.context.scene, bpy.context.space_data
    if scene is None or not settings_of(scene).retarget.show_rest:
        return
    if not isinstance(space, bpy.types.SpaceView3D) or not space.overlay.show_overlays:
        return
    import gpu
    from gpu_extras.batch import batch_for_shader

    shader = gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")
    shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
    shader.uniform_float("lineWidth", _WIDTH)
    for points, colour in _remembered(scene):
        shader.uniform_float("color", colour)
        corners: Any = points.astype(np.float32)
        batch_for_shader(shader, "LINES", {"pos": corners}).draw(shader)


def _remembered(
    scene: bpy.types.Scene,
) -> list[tuple[np.ndarray, tuple[float, float, float, float]]]:
    """Return `lines`, worked out anew only where maps or places changed."""
    global _known
    state = _state(scene)
    if _known is None or _known[0] != state:
        _known = (state, lines(scene))
    return _known[1]


def _state(scene: bpy.types.Scene) -> Any:
    settings = settings_of(scene).retarget
    things = [settings.source]
    for armature in (settings.target, settings.armature):
        if armature is not None:
            names = [bone.name for j in map_settings(armature).joints for bone in j.bones]
            things.append((armature.session_uid, names, [list(r) for r in armature.matrix_world]))
    return things


def add_ghost() -> None:
    """Begin to draw."""
    global _handle
    _handle = bpy.types.SpaceView3D.draw_handler_add(_draw, (), "WINDOW", "POST_VIEW")


def remove_ghost() -> None:
    """Draw no more."""
    global _handle, _known
    if _handle is not None:
        bpy.types.SpaceView3D.draw_handler_remove(_handle, "WINDOW")
    _handle = _known = None
