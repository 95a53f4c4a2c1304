"""All that a file holds, as plain values, so that two scenes can be compared."""

from typing import Any

import bpy
import numpy as np

_KINDS = ("actions", "armatures", "cameras", "collections", "materials", "meshes", "movieclips")


def dump() -> dict[str, Any]:
    """Return what the current file holds: names, places, curves, drivers and meshes."""
    found: dict[str, Any] = {
        kind: sorted(each.name for each in getattr(bpy.data, kind)) for kind in _KINDS
    }
    for thing in bpy.data.objects:
        found[thing.name] = _object(thing)
    for scene in bpy.data.scenes:
        found[f"scene {scene.name}"] = (
            scene.frame_start,
            scene.frame_end,
            scene.render.fps,
            scene.render.fps_base,
            scene.camera and scene.camera.name,
        )
    return found


def curves(holder: Any) -> dict[str, Any]:
    """Return keys, their kinds and interpolation for every curve of an action or of drivers."""
    found = {}
    for curve in holder:
        points = curve.keyframe_points
        values = np.empty(2 * len(points), np.float32)
        points.foreach_get("co", values)
        kinds = [(point.type, point.interpolation) for point in points]
        # Sums of numpy differ in their last bit by where in memory the numbers lie.
        rounded = (values.round(5) + 0.0).tolist()
        found[f"{curve.data_path} {curve.array_index}"] = (rounded, kinds)
    return found


def _object(thing: Any) -> dict[str, Any]:
    animation = thing.animation_data
    found: dict[str, Any] = {
        "parent": thing.parent and thing.parent.name,
        "collections": [each.name for each in thing.users_collection],
        "matrix": [list(row) for row in thing.matrix_world],
        "properties": {
            name: list(value) if hasattr(value, "to_list") else value
            for name, value in thing.items()
            # Fingerprints tell apart what sums of numpy differ in, see `curves`.
            if not hasattr(value, "items") and not name.startswith("mocap_written")
        },
        "modifiers": [(each.type, each.name) for each in thing.modifiers],
        "hidden": (thing.hide_viewport, thing.hide_render),
        "drivers": curves(animation.drivers) if animation else {},
        "action": animation and animation.action and animation.action.name,
    }
    if animation and animation.action:
        found["curves"] = curves(_fcurves(animation))
    if thing.type == "ARMATURE":
        found["bones"] = [
            (bone.name, [list(row) for row in bone.matrix_local]) for bone in thing.data.bones
        ]
        found["modes"] = [bone.rotation_mode for bone in thing.pose.bones]
    if thing.type == "MESH":
        found["vertices"] = [tuple(vertex.co) for vertex in thing.data.vertices]
    if thing.type == "CAMERA":
        data = thing.data
        found["lens"] = (data.lens, data.shift_x, data.shift_y, data.clip_start, data.clip_end)
        found["backgrounds"] = [
            (image.clip.name, image.clip.frame_start, image.clip.frame_offset, image.alpha)
            for image in data.background_images
            if image.clip
        ]
    return found


def _fcurves(animation: Any) -> Any:
    if bpy.app.version < (4, 4, 0):
        return animation.action.fcurves
    strip = animation.action.layers[0].strips[0]
    return strip.channelbag(animation.action_slot).fcurves
