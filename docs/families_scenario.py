"""Show every character of a folder beside the figure that it follows, in a Blender with a window.

Blender runs it as `blender --python families_scenario.py -- FOLDER`, for `draw_families.py`.
"""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "int_mocap_addon" / "gui"))

bpy: Any = importlib.import_module("bpy")
_hand = importlib.import_module("hand")
_ASIDE = 1.3  # metres, between figure and character
_MIDDLE, _AWAY = 0.85, 3.0  # metres: how high the eye looks, and from where
_TURN = (0.76, 0.64, 0.07, 0.08)


def show(hand: Any, plan: dict[str, Any]) -> Any:
    """Take a picture of each family; yields as `hand.play` wants it."""
    for thing in list(bpy.data.objects):
        bpy.data.objects.remove(thing)
    with hand.in_view():
        bpy.ops.screen.screen_full_area(use_hide_panels=True)
    yield 1.0
    space = hand.view.spaces.active
    space.show_region_toolbar = space.show_region_ui = space.show_region_header = False
    space.show_gizmo = False
    space.overlay.show_text = space.overlay.show_cursor = space.overlay.show_extras = False
    space.shading.color_type = "OBJECT"
    scene = bpy.context.scene
    for name in plan["families"]:
        there = append(hand.folder / "own.blend", -_ASIDE / 2)
        there += append(hand.folder / f"{name}.blend", _ASIDE / 2)
        scene.frame_set(plan["frame"])
        yield 0.5
        rigs = [each for each in there if each.type == "ARMATURE"]
        for rig in rigs:
            body = any(each.type == "MESH" and each.find_armature() == rig for each in there)
            rig.show_in_front = not body
            rig.hide_set(body)
        hips = rigs[0].matrix_world @ rigs[0].pose.bones["pelvis"].head
        view = space.region_3d
        view.view_perspective = "PERSP"
        view.view_rotation = _TURN
        view.view_location = (hips.x + _ASIDE / 2, hips.y, _MIDDLE)
        view.view_distance = _AWAY
        yield 1.0
        yield from hand.picture(name)
        bpy.data.batch_remove(there)


def append(path: Path, aside: float) -> list[Any]:
    """Bring the armatures and meshes of a file into the scene, moved to the side."""
    with bpy.data.libraries.load(str(path)) as (there, wanted):
        wanted.objects = list(there.objects)
    things = [each for each in wanted.objects if each.type in ("ARMATURE", "MESH")]
    shapes = {
        bone.custom_shape for each in things if each.type == "ARMATURE" for bone in each.pose.bones
    }
    carrier = bpy.data.objects.new("aside", None)
    bpy.context.scene.collection.objects.link(carrier)
    carrier.location.x = aside
    for thing in things:
        if thing in shapes:
            continue
        bpy.context.scene.collection.objects.link(thing)
        thing.hide_viewport = False
        if thing.parent is None:
            thing.parent = carrier
    bpy.context.view_layer.update()
    return [each for each in things if each not in shapes] + [carrier]


if __name__ == "__main__":
    folder = Path(sys.argv[-1])
    bpy.context.preferences.view.show_splash = False
    the_hand = _hand.Hand(folder)
    plan_of_today = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    _hand.play(show(the_hand, plan_of_today), the_hand)
