"""An animator's first minutes, played in a real Blender: capture, cancel, capture again, play.

Blender runs it as `blender --python scenario.py -- FOLDER`; `FOLDER/plan.json` says with what.
"""

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

bpy: Any = importlib.import_module("bpy")
_hand = importlib.import_module("hand")
Failed, Gaps, Hand, Scenario = _hand.Failed, _hand.Gaps, _hand.Hand, _hand.Scenario

Euler: Any = importlib.import_module("mathutils").Euler
ADDON = "bl_ext.user_default.int_mocap"
_NOTICED = 2.5  # seconds after which the panel has looked for the engine again
_PATIENCE = 60.0  # seconds, for what happens at once on a machine that is not busy


def first_minutes(hand: Any, plan: dict[str, Any]) -> Any:
    """Go through everything; yields as `hand.play` wants it."""
    tasks = importlib.import_module(f"{ADDON}.tasks")
    yield from hand.open_tab("Mocap")
    yield from hand.rest()
    yield from hand.picture("engine")
    use_engine(plan)
    yield _NOTICED
    yield from hand.rest()
    yield from hand.picture("start")
    settings = bpy.context.scene.int_mocap
    settings.capture.use_range = True
    settings.capture.start, settings.capture.end = 0.0, plan["seconds"]
    bpy.ops.wm.save_as_mainfile(filepath=str(hand.folder / "scene.blend"))
    settings.capture.clip = plan["clip"]
    yield 1.0
    yield from hand.rest()
    yield from hand.picture("panel")

    gaps = Gaps(hand)
    yield 2.0
    hand.notes["idle"] = gaps.stop()
    yield from capture_and_cancel(hand, tasks, plan)
    yield from capture_to_the_end(hand, tasks)
    yield from see_the_figure(hand)
    yield from look_and_play(hand)
    yield from go_through_doubts(hand)
    yield from capture_a_portrait_clip(hand, tasks, plan)
    yield from bake_a_long_take(hand, tasks, plan)
    yield from look_at_the_panel(hand)


def use_engine(plan: dict[str, Any]) -> None:
    """Set the preferences as the plan says."""
    preferences = bpy.context.preferences.addons[ADDON].preferences
    preferences.engine_python = plan["engine"]
    preferences.takes_folder = plan["takes"]


def stage_of(tasks: Any) -> Callable[[], str]:
    """Return a function that tells what the current task is doing."""
    return lambda: tasks.current().progress.text if tasks.current() else ""


def capture_and_cancel(hand: Any, tasks: Any, plan: dict[str, Any]) -> Any:
    """Press Capture for the whole clip, see the bar move, press Cancel: nothing may be left."""
    before = inventory(plan)
    capture = bpy.context.scene.int_mocap.capture
    capture.use_range = False
    bpy.ops.wm.save_mainfile()
    was_dirty = bpy.data.is_dirty
    yield from hand.press_button("int_mocap.capture")
    yield from hand.wait("the capture started", tasks.current, _PATIENCE)
    yield from hand.rest()
    hand.notes["asks_before_quitting"] = bpy.data.is_dirty and not was_dirty
    shown: set[tuple[str, float | None]] = set()

    def moves() -> bool:
        if tasks.current():
            progress = tasks.current().progress
            shown.add((progress.text, progress.fraction))
        return len({fraction for _, fraction in shown if fraction}) > 2

    yield from hand.wait("the progress moved", moves, 240)
    yield from hand.picture("capturing")
    yield from hand.in_workspace("Modeling", "elsewhere")
    yield from hand.press_button("int_mocap.cancel")
    pressed = time.perf_counter()
    yield from hand.wait("the capture ended", lambda: tasks.current() is None, _PATIENCE)
    hand.notes["cancel_seconds"] = round(time.perf_counter() - pressed, 2)
    capture.use_range = True
    if inventory(plan) != before:
        raise Failed(f"Cancelling left something behind: {inventory(plan)}, not {before}.")


def inventory(plan: dict[str, Any]) -> list[Any]:
    """Return what a capture adds to."""
    folder = Path(plan["takes"])
    files = sorted(str(path) for path in folder.rglob("*")) if folder.exists() else []
    counted = (bpy.data.objects, bpy.data.actions, bpy.data.armatures, bpy.data.meshes)
    return [files, [len(each) for each in counted], len(bpy.context.scene.int_mocap.takes)]


def capture_to_the_end(hand: Any, tasks: Any) -> Any:
    """Capture again without looking away, and measure whether Blender stayed awake.

    The takes are listed once the engine is done; what follows is baking.
    """
    takes = bpy.context.scene.int_mocap.takes
    gaps = Gaps(hand, stage_of(tasks))
    yield from hand.press_button("int_mocap.capture")
    yield from hand.wait("the capture started", tasks.current, _PATIENCE)
    began = time.perf_counter()
    yield from hand.wait("the capture ended", lambda: takes or not tasks.current(), 300)
    hand.notes["capture_seconds"] = round(time.perf_counter() - began, 1)
    hand.notes["capturing"] = gaps.stop()
    yield from hand.wait("the take was baked", lambda: not tasks.current(), 300)
    hand.notes["said"] = tasks.last_outcome().text
    if len(takes) != 1 or takes[0].armature is None:
        raise Failed(f"After the capture there is no take with an armature: {hand.notes['said']}")


def see_the_figure(hand: Any) -> Any:
    """Look at what there is after the capture, without touching anything."""
    scene = bpy.context.scene
    scene.frame_set((scene.frame_start + scene.frame_end) // 2)
    yield from hand.rest()
    yield from hand.picture("seen")
    take, region = scene.int_mocap.takes[0], hand.view.spaces.active.region_3d
    hand.notes["seen"] = {
        "active": bpy.context.view_layer.objects.active == take.armature,
        "through_camera": region.view_perspective == "CAMERA" and scene.camera == take.camera,
        "overlap": overlap(scene, take),
    }


def overlap(scene: Any, take: Any) -> float:
    """Return what the body's box and the person's share, as the camera sees both.

    Intersection over union; the person's box is that around their landmarks and the crown, see
    `test_silhouette`.
    """
    numpy = importlib.import_module("numpy")
    to_view = importlib.import_module("bpy_extras.object_utils").world_to_camera_view
    with numpy.load(bpy.path.abspath(take.path)) as content:
        times, landmarks = content["times"], content["keypoints2d"][:, :, :2]
    now = take.clip_start + (scene.frame_current - take.baked_start) / take.baked_rate
    person = landmarks[numpy.argmin(abs(times - now))]
    eyes, ankles = person[[2, 5]].mean(axis=0), person[[27, 28]].mean(axis=0)
    person = numpy.concatenate((person, [eyes + 0.07 * (eyes - ankles)]))
    (left, top), (right, bottom) = person.min(axis=0), person.max(axis=0)
    body = take.body.evaluated_get(bpy.context.evaluated_depsgraph_get())
    points = [to_view(scene, take.camera, body.matrix_world @ v.co) for v in body.data.vertices]
    size = take.camera["mocap_size"]
    x = numpy.array([point.x for point in points]) * size[0]
    y = (1 - numpy.array([point.y for point in points])) * size[1]
    wide, high = min(x.max(), right) - max(x.min(), left), min(y.max(), bottom) - max(y.min(), top)
    both = max(wide, 0) * max(high, 0)
    union = (x.max() - x.min()) * (y.max() - y.min()) + (right - left) * (bottom - top) - both
    return round(float(both / union), 3)


def look_and_play(hand: Any) -> Any:
    """Look at the result from the front and through its camera, and play it."""
    armature = bpy.context.scene.int_mocap.takes[0].armature
    bpy.context.scene.frame_set(bpy.context.scene.frame_end // 2)
    space = hand.view.spaces.active
    space.region_3d.view_perspective = "PERSP"
    space.shading.color_type = "MATERIAL"
    space.region_3d.view_location = armature.pose.bones[0].head + armature.location
    space.region_3d.view_distance = 4.5
    space.region_3d.view_rotation = Euler((1.35, 0.0, 0.45)).to_quaternion()
    yield from hand.rest()
    yield from hand.picture("captured")
    with hand.in_view():
        bpy.ops.int_mocap.look_through_camera()
    shown = bpy.context.scene.frame_current
    yield from hand.strike("SPACE")
    yield from hand.wait(
        "the animation played", lambda: bpy.context.scene.frame_current != shown, 10
    )
    yield 0.5
    yield from hand.strike("SPACE")
    playing = [screen for screen in bpy.data.screens if screen.is_animation_playing]
    if playing:
        raise Failed("The animation did not stop.")
    yield from hand.picture("camera")
    with hand.in_view():
        bpy.ops.view3d.view_camera()


def go_through_doubts(hand: Any) -> Any:
    """Give the take two doubtful ranges and go to the second."""
    scene = bpy.context.scene
    take = scene.int_mocap.takes[0]
    take.doubtful.clear()
    for name, start, end in (("Left Arm", 0.3, 0.6), ("Head", 0.9, 1.2)):
        item = take.doubtful.add()
        item.name, item.start, item.end = name, take.clip_start + start, take.clip_start + end
    scene.int_mocap.active_take = 0
    scene.frame_set(scene.frame_start)
    yield from hand.scroll(7)
    yield from hand.press_button("int_mocap.step_doubtful", times=2, last=True)
    hand.notes["doubtful_frame"] = scene.frame_current
    yield from hand.rest()
    yield from hand.picture("doubtful")


def capture_a_portrait_clip(hand: Any, tasks: Any, plan: dict[str, Any]) -> Any:
    """Capture some frames of a portrait clip in a scene of its own, and see them; then go back."""
    before = hand.window.scene
    with hand.in_view():
        bpy.ops.scene.new(type="NEW")
    yield 1.0
    scene = hand.window.scene
    scene.int_mocap.capture.clip = plan["portrait"]
    scene.int_mocap.capture.hands = False
    yield from hand.to_the_top()
    yield from hand.press_button("int_mocap.capture")
    takes = scene.int_mocap.takes
    yield from hand.wait("the portrait clip was captured", lambda: len(takes), 300)
    yield from hand.wait("it was baked", lambda: not tasks.current(), 300)
    if takes[0].armature is None:
        raise Failed(f"The portrait clip was not baked: {tasks.last_outcome().text}")
    scene.frame_set((scene.frame_start + scene.frame_end) // 2)
    yield from hand.rest()
    yield from hand.picture("portrait")
    region = hand.view.spaces.active.region_3d
    hand.notes["portrait"] = {
        "size": [scene.render.resolution_x, scene.render.resolution_y],
        "through_camera": region.view_perspective == "CAMERA" and scene.camera == takes[0].camera,
        "overlap": overlap(scene, takes[0]),
    }
    hand.window.scene = before
    yield 1.0
    yield from hand.to_the_top()
    yield from hand.scroll(7)


def bake_a_long_take(hand: Any, tasks: Any, plan: dict[str, Any]) -> Any:
    """Load a long take and bake it, and measure whether Blender stayed awake."""
    bpy.ops.int_mocap.load_takes(filepath=plan["long_take"])
    yield from hand.scroll(12)
    gaps = Gaps(hand, stage_of(tasks))
    yield from hand.press_button("int_mocap.bake")
    yield from hand.wait("the baking started", tasks.current, _PATIENCE)
    began = time.perf_counter()
    yield from hand.wait("the baking ended", lambda: tasks.current() is None, 300)
    hand.notes["bake_seconds"] = round(time.perf_counter() - began, 1)
    hand.notes["baking"] = gaps.stop()
    take = bpy.context.scene.int_mocap.takes[-1]
    hand.notes["baked_frames"] = list(take.armature.animation_data.action.frame_range)
    yield from hand.rest()
    yield from hand.picture("takes")


def look_at_the_panel(hand: Any) -> Any:
    """Look at the tab enlarged, in the light theme and narrow, and at the preferences."""
    preferences = bpy.context.preferences
    yield from hand.to_the_top()
    preferences.view.ui_scale = 1.5
    yield 1.0
    yield from hand.rest()
    yield from hand.picture("large")
    preferences.view.ui_scale = 1.0
    (light,) = [
        path
        for folder in bpy.utils.preset_paths("interface_theme")
        if (path := Path(folder) / "Blender_Light.xml").exists()
    ]
    bpy.ops.script.execute_preset(
        filepath=str(light), menu_idname="USERPREF_MT_interface_theme_presets"
    )
    yield 1.0
    yield from hand.rest()
    yield from hand.picture("light")
    yield from hand.narrow_sidebar(195)
    yield from hand.rest()
    yield from hand.picture("narrow")
    yield from hand.scroll(30)
    yield from hand.picture("narrow_below")
    hand.notes["narrow_width"] = hand.region("UI").width
    bpy.ops.int_mocap.open_preferences()
    yield 2.0
    yield from hand.picture("preferences")


if __name__ == "__main__":
    folder = Path(sys.argv[-1])
    bpy.context.preferences.view.show_splash = False
    the_hand = Hand(folder)
    plan_of_today = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    _hand.play(first_minutes(the_hand, plan_of_today), the_hand)
