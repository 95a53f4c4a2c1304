"""A wrong arm is mended in a real Blender: posed, pinned, solved again, compared, undone.

Blender runs it as `blender --python scenario_corrections.py -- FOLDER`; `FOLDER/plan.json` says
with what.
"""

import importlib
import json
import math
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

bpy: Any = importlib.import_module("bpy")
_hand = importlib.import_module("hand")

ADDON = "bl_ext.user_default.int_mocap"
DIGITS = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")
_PATIENCE = 300.0  # seconds, on a machine that is busy


def mend_a_wrong_arm(hand: Any, plan: dict[str, Any]) -> Any:
    """Go through everything; yields as `hand.play` wants it."""
    tasks = importlib.import_module(f"{ADDON}.tasks")
    for each in list(bpy.data.objects):
        bpy.data.objects.remove(each)
    preferences = bpy.context.preferences.addons[ADDON].preferences
    preferences.engine_python, preferences.takes_folder = plan["engine"], plan["takes"]
    yield from hand.open_tab("Mocap")
    bpy.ops.int_mocap.load_takes(filepath=plan["take"])
    yield from hand.scroll(14)
    yield from hand.press_button("int_mocap.bake")
    yield from hand.wait("the take was baked", lambda: figure() and not tasks.current(), _PATIENCE)
    with hand.in_view():
        bpy.ops.object.mode_set(mode="POSE")
    bpy.context.scene.frame_set(plan["frame"])
    yield from hand.to_the_top()
    yield from hand.rest()
    yield from hand.picture("corrections_wrong")
    hand.notes["before"] = off(plan)
    bpy.ops.ed.undo_push(message="Baked")

    yield from rotate(hand, plan)
    hand.notes["posed"] = apart(plan)
    wanted = bone_way(plan)
    yield from hand.press_button("int_mocap.pin")
    yield 0.5
    hand.notes["pins"] = [[item.kind, item.part] for item in said()]
    hand.notes["markers"] = [
        [marker.name, marker.frame]
        for marker in bpy.context.scene.timeline_markers
        if marker.name.startswith("Pin")
    ]
    yield from hand.rest()
    yield from hand.picture("corrections_pinned")

    yield from hand.scroll(7, beside_lists=True)
    yield from hand.press_button("int_mocap.solve_again")
    yield from hand.wait("the solve started", tasks.current, _PATIENCE)
    gaps = _hand.Gaps(hand, lambda: tasks.current().progress.text if tasks.current() else "")
    yield from hand.wait("it was solved", lambda: not tasks.current(), _PATIENCE)
    hand.notes["gaps"] = gaps.stop()
    hand.notes["said"] = tasks.last_outcome().text
    hand.notes["after"] = off(plan)
    bpy.context.scene.frame_set(plan["frame"])
    hand.notes["reached"] = math.degrees(wanted.angle(bone_way(plan)))
    yield from hand.rest()
    yield from hand.picture("corrections_solved")

    bpy.ops.ed.undo()
    yield 0.5
    hand.notes["undone"] = [bool(take().solved), len(said()), off(plan)]
    bpy.ops.ed.redo()
    yield 0.5
    hand.notes["redone"] = [bool(take().solved), off(plan)]
    yield from drag_a_landmark(hand, plan)


def rotate(hand: Any, plan: dict[str, Any]) -> Any:
    """Turn the shoulder as an animator does who types an angle: R, twice the axis, the degrees."""
    pose = figure().pose
    for bone in pose.bones:
        holder = bone if hasattr(bone, "select") else bone.bone
        holder.select = bone.name == plan["bone"]
    figure().data.bones.active = figure().data.bones[plan["bone"]]
    yield from hand.rest()
    keys = [("R", "r"), *[(plan["axis"], plan["axis"].lower())] * 2]
    for letter in f"{plan['degrees']:.2f}":
        name = "PERIOD" if letter == "." else "MINUS" if letter == "-" else DIGITS[int(letter)]
        keys.append((name, letter))
    for key, letter in keys:
        yield from strike(hand, key, letter)
    yield from strike(hand, "RET", "")
    yield 0.3


def drag_a_landmark(hand: Any, plan: dict[str, Any]) -> Any:
    """Press Edit Landmarks, drag a wrist over the clip, and hide the nose."""
    landmarks = importlib.import_module(f"{ADDON}.corrections.landmarks")
    yield from hand.press_button("int_mocap.edit_landmarks")
    yield 1.0
    known, view = landmarks.Landmarks.of(take()), hand.region("WINDOW")
    row = known.row(bpy.context.scene, take())
    shown = known.at(take(), row)

    def place(number: int) -> tuple[int, int]:
        seen = (view, hand.view.spaces.active.region_3d)
        (at,) = landmarks.to_screen(known, row, take().camera, seen, shown[number : number + 1, :2])
        return int(view.x + at[0]), int(view.y + at[1])

    x, y = place(plan["wrist"])
    yield from hand.move(x, y)
    hand.window.event_simulate(type="LEFTMOUSE", value="PRESS", x=x, y=y)
    yield 0.2
    for step in range(1, 6):
        yield from hand.move(x + 6 * step, y + 4 * step)
    yield from hand.picture("landmarks")
    hand.window.event_simulate(type="LEFTMOUSE", value="RELEASE", x=x + 30, y=y + 20)
    yield 0.5
    x, y = place(0)
    yield from hand.move(x, y)
    hand.window.event_simulate(type="H", value="PRESS", x=x, y=y)
    yield 0.5
    hand.window.event_simulate(type="RET", value="PRESS", x=x, y=y)
    yield 0.5
    hand.notes["landmarks"] = [
        [item.kind, item.part, list(item.values[:2])]
        for item in said()
        if item.kind in ("LANDMARK", "HIDDEN")
    ]
    hand.notes["landmark_before"] = shown[plan["wrist"], :2].tolist()


def strike(hand: Any, key: str, letter: str) -> Any:
    """Strike a key that types something."""
    x, y = hand.view.x + hand.view.width // 3, hand.view.y + hand.view.height // 5
    given = {"unicode": letter} if letter else {}
    hand.window.event_simulate(type=key, value="PRESS", x=x, y=y, **given)
    yield 0.1
    hand.window.event_simulate(type=key, value="RELEASE", x=x, y=y)
    yield 0.1


def take() -> Any:
    """Return the take, as it is there now."""
    return bpy.context.scene.int_mocap.takes[0]


def said() -> list[Any]:
    """Return what was said of it, without what the bake found by itself."""
    return [item for item in take().corrections if item.kind != "STANDS"]


def figure() -> Any:
    """Return its armature."""
    return take().armature


def off(plan: dict[str, Any]) -> float:
    """Return how far the hand is from the truth, seen from the shoulder, mean in millimetres."""
    scene, found = bpy.context.scene, []
    now = scene.frame_current
    for frame, place in plan["hand"]:
        scene.frame_set(frame)
        bones = figure().pose.bones
        seen = bones["left_hand"].head - bones[plan["bone"]].head
        found.append(sum((a - b) ** 2 for a, b in zip(seen, place, strict=True)) ** 0.5)
    scene.frame_set(now)
    return 1000 * sum(found) / len(found)


def bone_way(plan: dict[str, Any]) -> Any:
    """Return where the posed bone points, as it is shown now."""
    return figure().pose.bones[plan["bone"]].y_axis.copy()


def apart(plan: dict[str, Any]) -> float:
    """Return how far the hand is from the truth in the pinned frame, as it is shown now."""
    bones = figure().pose.bones
    place = next(place for frame, place in plan["hand"] if frame == plan["frame"])
    seen = bones["left_hand"].head - bones[plan["bone"]].head
    return 1000 * sum((a - b) ** 2 for a, b in zip(seen, place, strict=True)) ** 0.5


if __name__ == "__main__":
    bpy.context.preferences.view.show_splash = False
    the_hand = _hand.Hand(Path(sys.argv[-1]))
    the_plan = json.loads((the_hand.folder / "plan.json").read_text())
    _hand.play(mend_a_wrong_arm(the_hand, the_plan), the_hand)
