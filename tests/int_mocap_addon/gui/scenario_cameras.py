"""A performance filmed with two phones, captured in a real Blender: list, order, capture, look.

Blender runs it as `blender --python scenario_cameras.py -- FOLDER`; `FOLDER/plan.json` says with
what.
"""

import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

bpy: Any = importlib.import_module("bpy")
_hand = importlib.import_module("hand")
_export = importlib.import_module("scenario_export")
Euler: Any = importlib.import_module("mathutils").Euler

ADDON = "bl_ext.user_default.int_mocap"
SHOWN = ("left_wrist", "right_wrist", "left_ankle", "right_ankle")
_PATIENCE = 60.0


def two_phones(hand: Any, plan: dict[str, Any]) -> Any:
    """Go through everything; yields as `hand.play` wants it."""
    tasks = importlib.import_module(f"{ADDON}.tasks")
    for each in list(bpy.data.objects):
        bpy.data.objects.remove(each)
    preferences = bpy.context.preferences.addons[ADDON].preferences
    preferences.engine_python, preferences.takes_folder = plan["engine"], plan["takes"]
    scene = bpy.context.scene
    capture = scene.int_mocap.capture
    bpy.ops.wm.save_as_mainfile(filepath=str(hand.folder / "scene.blend"))
    capture.clip, capture.quality, capture.hands = plan["clip"], "fast", False
    yield from hand.open_tab("Mocap")
    yield 2.5  # the panel looks for the engine
    yield from hand.open_panel("int_mocap.add_view", below="int_mocap.capture")
    for clip in plan["others"]:
        yield from add_camera(hand, clip)
    hand.notes["added"] = names()
    yield from hand.press_button("int_mocap.move_view", edge=True)
    yield from hand.wait("it was moved", lambda: names() != hand.notes["added"], _PATIENCE)
    hand.notes["moved"] = names()
    yield from hand.press_button("int_mocap.remove_view", edge=True)
    yield from hand.wait("it was taken off", lambda: len(names()) == 1, _PATIENCE)
    hand.notes["left"] = names()

    yield from hand.press_button("int_mocap.capture")
    yield from hand.wait("the capture started", tasks.current, _PATIENCE)
    began = time.perf_counter()
    yield from hand.rest()
    yield from hand.wait("the capture ended", lambda: not tasks.current(), 600)
    hand.notes["seconds"] = round(time.perf_counter() - began, 1)
    hand.notes["said"] = tasks.last_outcome().text
    if not scene.int_mocap.takes or scene.int_mocap.takes[0].armature is None:
        raise _hand.Failed(f"There is no figure: {hand.notes['said']}")
    item = capture.views[0]
    hand.notes["told"] = [item.told_by, item.found]
    take = scene.int_mocap.takes[0]
    hand.notes["take"] = bpy.path.abspath(take.path)
    scene.frame_set((scene.frame_start + scene.frame_end) // 2)
    hand.notes["seconds_of_clip"] = (
        take.clip_start + (scene.frame_current - take.baked_start) / take.baked_rate
    )
    yield from look_from_above(hand, take)
    yield from hand.picture("cameras")
    hand.notes["cameras"] = [
        {
            "name": camera.name,
            "first": camera == take.camera,
            "behind": [bool(each.clip or each.image) for each in camera.data.background_images],
            "seen": seen(scene, take.armature, camera),
        }
        for camera in bpy.data.objects
        if camera.type == "CAMERA"
    ]
    other = next(each for each in bpy.data.objects if each.type == "CAMERA" and each != take.camera)
    yield from look_through(hand, other)
    yield from hand.picture("second_camera")


def add_camera(hand: Any, clip: str) -> Any:
    """Press Add Camera and choose a clip in the file browser."""
    before = len(names())
    yield from hand.press_button("int_mocap.add_view", edge=before > 0)
    yield from hand.wait("the file dialog opened", _export.file_dialog, _PATIENCE)
    yield 1.0
    yield from _export.choose(hand, clip)
    yield from hand.wait("the clip was added", lambda: len(names()) > before, _PATIENCE)


def names() -> list[str]:
    """Return the clips in the list."""
    return [Path(item.clip).stem for item in bpy.context.scene.int_mocap.capture.views]


def look_from_above(hand: Any, take: Any) -> Any:
    """Look at the figure and at both cameras from above."""
    space = hand.view.spaces.active
    space.region_3d.view_perspective = "PERSP"
    space.shading.color_type = "MATERIAL"
    objects = [each for each in bpy.data.objects if each.type == "CAMERA"] + [take.armature]
    for each in list(bpy.data.objects):
        each.select_set(each in objects)
    space.region_3d.view_rotation = Euler((0.95, 0.0, 0.3)).to_quaternion()
    yield 0.3
    with hand.in_view():
        bpy.ops.view3d.view_selected()
    yield 0.5
    space.region_3d.view_distance *= 0.65
    for each in list(bpy.data.objects):
        each.select_set(each == take.armature)
    yield from hand.rest()


def look_through(hand: Any, camera: Any) -> Any:
    """Look through a camera, as Ctrl and 0 of the number pad do."""
    bpy.context.view_layer.objects.active = camera
    with hand.in_view():
        bpy.ops.view3d.object_as_camera()
    yield 1.0
    yield from hand.rest()


def seen(scene: Any, armature: Any, camera: Any) -> dict[str, list[float]]:
    """Return where a camera sees joints, in shares of its picture from the left and from above.

    The picture of a scene is the first camera's: a frame of another shape is cut or widened.
    """
    to_view = importlib.import_module("bpy_extras.object_utils").world_to_camera_view
    found = {}
    for name in SHOWN:
        place = to_view(scene, camera, armature.matrix_world @ armature.pose.bones[name].head)
        found[name] = [place.x, 1 - place.y]
    return found


if __name__ == "__main__":
    folder = Path(sys.argv[-1])
    bpy.context.preferences.view.show_splash = False
    the_hand = _hand.Hand(folder)
    plan_of_today = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    _hand.play(two_phones(the_hand, plan_of_today), the_hand)
