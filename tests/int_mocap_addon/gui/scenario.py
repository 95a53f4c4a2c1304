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
_PATIENCE = 60.0  # seconds, for what happens at once on a machine that is not busy


def first_minutes(hand: Any, plan: dict[str, Any]) -> Any:
    """Go through everything; yields as `hand.play` wants it."""
    tasks = importlib.import_module(f"{ADDON}.tasks")
    tidy_up(plan)
    settings = bpy.context.scene.int_mocap
    settings.capture.use_range = True
    settings.capture.start, settings.capture.end = 0.0, plan["seconds"]
    yield from hand.open_tab("Mocap")
    bpy.ops.wm.save_as_mainfile(filepath=str(hand.folder / "scene.blend"))
    settings.capture.clip = plan["clip"]
    yield from hand.rest()
    yield from hand.picture("panel")

    gaps = Gaps(hand)
    yield 2.0
    hand.notes["idle"] = gaps.stop()
    yield from capture_and_cancel(hand, tasks, plan)
    yield from capture_to_the_end(hand, tasks)
    yield from look_and_play(hand)
    yield from bake_a_long_take(hand, tasks, plan)


def tidy_up(plan: dict[str, Any]) -> None:
    """Start with an empty scene and the engine of the plan."""
    for each in list(bpy.data.objects):
        bpy.data.objects.remove(each)
    preferences = bpy.context.preferences.addons[ADDON].preferences
    preferences.engine_python = plan["engine"]
    preferences.takes_folder = plan["takes"]


def stage_of(tasks: Any) -> Callable[[], str]:
    """Return a function that tells what the current task is doing."""
    return lambda: tasks.current().progress.text if tasks.current() else ""


def capture_and_cancel(hand: Any, tasks: Any, plan: dict[str, Any]) -> Any:
    """Press Capture, see the bar move, press Cancel: nothing may be left."""
    before = inventory(plan)
    yield from hand.press_button("int_mocap.capture")
    yield from hand.wait("the capture started", tasks.current, _PATIENCE)
    yield from hand.rest()
    shown: set[tuple[str, float | None]] = set()

    def moves() -> bool:
        if tasks.current():
            progress = tasks.current().progress
            shown.add((progress.text, progress.fraction))
        return len({fraction for _, fraction in shown if fraction}) > 2

    yield from hand.wait("the progress moved", moves, 90)
    yield from hand.picture("capturing")
    yield from hand.press_button("int_mocap.cancel")
    pressed = time.perf_counter()
    yield from hand.wait("the capture ended", lambda: tasks.current() is None, _PATIENCE)
    hand.notes["cancel_seconds"] = round(time.perf_counter() - pressed, 2)
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
    yield from hand.wait("the capture ended", lambda: takes or not tasks.current(), 150)
    hand.notes["capture_seconds"] = round(time.perf_counter() - began, 1)
    hand.notes["capturing"] = gaps.stop()
    yield from hand.wait("the take was baked", lambda: not tasks.current(), 60)
    hand.notes["said"] = tasks.last_outcome().text
    if len(takes) != 1 or takes[0].armature is None:
        raise Failed(f"After the capture there is no take with an armature: {hand.notes['said']}")


def look_and_play(hand: Any) -> Any:
    """Look at the result from the front and through its camera, and play it."""
    armature = bpy.context.scene.int_mocap.takes[0].armature
    with hand.in_view():
        bpy.ops.object.select_all(action="DESELECT")
    bpy.context.scene.frame_set(bpy.context.scene.frame_end // 2)
    space = hand.view.spaces.active
    space.shading.color_type = "MATERIAL"
    if space.region_3d.view_perspective != "CAMERA":
        raise Failed("The view does not look through the take's camera after the capture.")
    space.region_3d.view_perspective = "PERSP"
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


def bake_a_long_take(hand: Any, tasks: Any, plan: dict[str, Any]) -> Any:
    """Load a long take and bake it, and measure whether Blender stayed awake."""
    bpy.ops.int_mocap.load_takes(filepath=plan["long_take"])
    yield from scroll_to_takes(hand)
    gaps = Gaps(hand, stage_of(tasks))
    yield from hand.press_button("int_mocap.bake")
    yield from hand.wait("the baking started", tasks.current, _PATIENCE)
    began = time.perf_counter()
    yield from hand.wait("the baking ended", lambda: tasks.current() is None, 120)
    hand.notes["bake_seconds"] = round(time.perf_counter() - began, 1)
    hand.notes["baking"] = gaps.stop()
    take = bpy.context.scene.int_mocap.takes[-1]
    hand.notes["baked_frames"] = list(take.armature.animation_data.action.frame_range)
    yield from hand.rest()
    yield from hand.picture("takes")


def scroll_to_takes(hand: Any) -> Any:
    """Bring the panel Takes into sight, below the first panel."""
    region = hand.region("UI")
    place = {"x": region.x + region.width // 2, "y": region.y + region.height // 2}
    for _ in range(7):
        hand.window.event_simulate(type="WHEELDOWNMOUSE", value="PRESS", **place)
        yield 0.05


if __name__ == "__main__":
    folder = Path(sys.argv[-1])
    bpy.context.preferences.view.show_splash = False
    the_hand = Hand(folder)
    plan_of_today = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    _hand.play(first_minutes(the_hand, plan_of_today), the_hand)
