"""A take onto a control rig, played in a real Blender: detect, look at the map, retarget.

Blender runs it as `blender --python scenario_retarget.py -- FOLDER`, as `scenario.py`.
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

ADDON = "bl_ext.user_default.int_mocap"
_PATIENCE = 60.0


def onto_a_control_rig(hand: Any, plan: dict[str, Any]) -> Any:
    """Go through everything; yields as `hand.play` wants it."""
    tasks = importlib.import_module(f"{ADDON}.tasks")
    scene = bpy.context.scene
    bpy.data.objects.remove(bpy.data.objects["Cube"])
    rig = append_rig(plan["rig"])
    bpy.ops.int_mocap.load_takes(filepath=plan["long_take"])
    scene.int_mocap.retarget.target = rig
    yield from hand.open_tab("Mocap")
    yield from hand.scroll(40)
    yield from hand.rest()
    yield from hand.picture("retarget_empty")
    yield from hand.press_button("int_mocap.detect_bones")
    yield 1.0
    scene.int_mocap.retarget.show_rest = True
    yield from hand.scroll(40)
    yield from hand.rest()
    yield from hand.picture("retarget_map")
    hand.notes["map"] = rig.int_mocap_map.name
    scene.int_mocap.retarget.show_rest = False
    gaps = Gaps(hand, lambda: tasks.current().progress.text if tasks.current() else "")
    yield from hand.press_button("int_mocap.retarget")
    began = time.perf_counter()
    yield from hand.wait("it ended", lambda: tasks.last_outcome() is not None, _PATIENCE)
    hand.notes["seconds"] = round(time.perf_counter() - began, 1)
    hand.notes["ticks"] = gaps.stop()
    hand.notes["said"] = tasks.last_outcome().text
    hand.notes["frames"] = list(rig.animation_data.action.frame_range)
    scene.frame_set(300)
    yield from hand.scroll(40)
    yield from hand.rest()
    yield from hand.picture("retarget_done")
    bpy.ops.ed.undo()
    yield 1.0
    data = bpy.data.objects[plan["name"]].animation_data
    hand.notes["undone"] = data is None or data.action is None


def append_rig(path: str) -> Any:
    """Bring the rig of the plan into the scene."""
    with bpy.data.libraries.load(path) as (there, wanted):
        wanted.objects = list(there.objects)
    rig = next(thing for thing in wanted.objects if thing.type == "ARMATURE")
    bpy.context.scene.collection.objects.link(rig)
    return rig


if __name__ == "__main__":
    folder = Path(sys.argv[-1])
    bpy.context.preferences.view.show_splash = False
    the_hand = Hand(folder)
    plan_of_today = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    _hand.play(onto_a_control_rig(the_hand, plan_of_today), the_hand)
