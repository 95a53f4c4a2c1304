"""A take onto a character and out of Blender, played in a real one: retarget, export, look.

Blender runs it as `blender --python scenario_export.py -- FOLDER`, as `scenario.py`.
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
Gaps, Hand = _hand.Gaps, _hand.Hand
append_rig = importlib.import_module("scenario_retarget").append_rig

ADDON = "bl_ext.user_default.int_mocap"
_PATIENCE = 120.0


def out_of_blender(hand: Any, plan: dict[str, Any]) -> Any:
    """Go through everything; yields as `hand.play` wants it."""
    tasks = importlib.import_module(f"{ADDON}.tasks")
    scene = bpy.context.scene
    bpy.data.objects.remove(bpy.data.objects["Cube"])
    rig = append_rig(plan["rig"])
    settings = scene.int_mocap
    bpy.ops.int_mocap.load_takes(filepath=plan["short_take"])
    settings.retarget.target = rig
    bpy.ops.int_mocap.retarget()
    yield from hand.open_tab("Mocap")
    for thing in bpy.data.objects:
        thing.select_set(False)
    bpy.context.view_layer.objects.active = None
    yield from hand.scroll(60, beside_lists=True)
    yield from hand.rest()
    yield from hand.picture("export_grey")
    hand.notes["grey"] = bpy.ops.int_mocap.export.poll()
    rig.select_set(True)
    bpy.context.view_layer.objects.active = rig
    settings.export.format, settings.export.preset = ".glb", "GODOT"
    yield from hand.rest()
    yield from hand.picture("export_ready")
    yield from hand.press_button("int_mocap.export")
    yield from hand.wait("the file dialog opened", file_dialog, _PATIENCE)
    yield 1.0
    yield from choose(hand, plan["short_file"])
    yield from hand.wait("it was written", lambda: ended(tasks, plan["short_file"]), _PATIENCE)
    hand.notes["said"] = tasks.last_outcome().text
    yield from hand.rest()
    yield from hand.picture("export_done")

    bpy.ops.int_mocap.load_takes(filepath=plan["long_take"])
    bpy.ops.int_mocap.retarget()
    hand.notes["frames"] = list(rig.animation_data.action.frame_range)
    settings.export.format, settings.export.preset = ".fbx", "UNREAL"
    before = scene_state()
    yield from start(hand, tasks, plan["cancelled_file"])
    yield from hand.wait("frames were read", lambda: fraction(tasks) > 0.05, _PATIENCE)
    yield from hand.rest()
    yield from hand.picture("exporting")
    yield from hand.press_button("int_mocap.cancel")
    yield from hand.wait("it ended", lambda: tasks.current() is None, _PATIENCE)
    hand.notes["cancelled"] = Path(plan["cancelled_file"]).exists()
    gaps = Gaps(hand, lambda: tasks.current().progress.text if tasks.current() else "")
    began = time.perf_counter()
    yield from start(hand, tasks, plan["long_file"])
    yield from hand.wait("it was written", lambda: ended(tasks, plan["long_file"]), 400)
    hand.notes["seconds"] = round(time.perf_counter() - began, 1)
    hand.notes["ticks"] = gaps.stop()
    hand.notes["said_long"] = tasks.last_outcome().text
    hand.notes["same"] = scene_state() == before


def file_dialog() -> bool:
    """Return whether a window with files is open."""
    return any(
        area.type == "FILE_BROWSER"
        for window in bpy.context.window_manager.windows
        for area in window.screen.areas
    )


def choose(hand: Any, path: str) -> Any:
    """Type a name into the dialog and confirm it."""
    window, area = next(
        (window, area)
        for window in bpy.context.window_manager.windows
        for area in window.screen.areas
        if area.type == "FILE_BROWSER"
    )
    chosen = area.spaces.active.params
    chosen.directory, chosen.filename = str(Path(path).parent).encode(), Path(path).name
    yield 0.5
    region = next(each for each in area.regions if each.type == "WINDOW")
    with bpy.context.temp_override(window=window, area=area, region=region):
        bpy.ops.file.execute()
    yield 0.5


def start(hand: Any, tasks: Any, path: str) -> Any:
    """Press Export and choose a file."""
    yield from hand.press_button("int_mocap.export")
    yield from hand.wait("the file dialog opened", file_dialog, _PATIENCE)
    yield 1.0
    yield from choose(hand, path)
    yield from hand.wait("it began", lambda: tasks.current() is not None, _PATIENCE)


def fraction(tasks: Any) -> float:
    """Return how far the task is."""
    return (tasks.current().progress.fraction or 0.0) if tasks.current() else 0.0


def ended(tasks: Any, path: str) -> bool:
    """Return whether no task is under way and the file is there."""
    return tasks.current() is None and Path(path).exists()


def scene_state() -> list[Any]:
    """Return what an export must not change."""
    return [
        sorted(scene.name for scene in bpy.data.scenes),
        bpy.context.scene.frame_current,
        sorted(thing.name for thing in bpy.data.objects),
        sorted(action.name for action in bpy.data.actions),
    ]


if __name__ == "__main__":
    folder = Path(sys.argv[-1])
    bpy.context.preferences.view.show_splash = False
    the_hand = Hand(folder)
    plan_of_today = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    _hand.play(out_of_blender(the_hand, plan_of_today), the_hand)
