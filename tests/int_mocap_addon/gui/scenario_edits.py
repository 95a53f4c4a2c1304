"""Bake, edit, Bake Again with its question, undo, and a pose that is mended, in a real Blender.

Blender runs it as `blender --python scenario_edits.py -- FOLDER`; `FOLDER/walk.npz` is the take.
"""

import importlib
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

bpy: Any = importlib.import_module("bpy")
_hand = importlib.import_module("hand")

ADDON = "bl_ext.user_default.int_mocap"
FRAME = 30


def edit_and_mend(hand: Any) -> Any:
    """Go through everything; yields as `hand.play` wants it."""
    tasks = importlib.import_module(f"{ADDON}.tasks")
    for each in list(bpy.data.objects):
        bpy.data.objects.remove(each)
    open_from_the_start(importlib.import_module(f"{ADDON}.finishing.panel").INT_MOCAP_PT_finish)
    yield from hand.open_tab("Mocap")
    bpy.ops.int_mocap.load_takes(filepath=str(hand.folder / "walk.npz"))
    yield from scroll(hand)
    yield from hand.press_button("int_mocap.bake")
    baked = "the take was baked"
    yield from hand.wait(baked, lambda: figure() and not tasks.current(), 300)
    edit_three_keys()
    bpy.ops.ed.undo_push(message="Edited")

    yield from hand.press_button("int_mocap.bake")
    yield 1.0
    hand.notes["asked_before_baking"] = tasks.current() is None and not tracks()
    yield from hand.picture("edits_dialog")
    yield from hand.strike("RET")
    yield from hand.wait("the edits were kept", lambda: tracks() and not tasks.current(), 300)
    hand.notes["kept"] = [tracks(), figure().animation_data.action.name]
    bpy.ops.ed.undo()
    yield 0.5
    hand.notes["undone"] = [tracks(), figure().animation_data.action.name]

    bpy.context.scene.frame_set(FRAME)
    yield from hand.press_button("int_mocap.fix_pose")
    yield 0.5
    hand.notes["mode"] = bpy.context.mode
    elbow = figure().pose.bones["left_elbow"]
    elbow.rotation_quaternion = elbow.rotation_quaternion.inverted()
    elbow.rotation_quaternion.x += 0.6
    bpy.ops.ed.undo_push(message="Posed")
    yield from hand.rest()
    yield from hand.picture("fix_pose")
    yield from hand.press_button("int_mocap.apply_fix")
    yield 0.5
    fixes = importlib.import_module("bake.scene.by_hand.fixes").fixes_of
    hand.notes["fixes"] = [[fix.frame, list(fix.bones)] for fix in fixes(figure())]
    yield from hand.rest()
    yield from hand.picture("fixes")
    bpy.ops.ed.undo()
    yield 0.5
    hand.notes["fixes_undone"] = [fix.frame for fix in fixes(figure())]
    yield from hand.press_button("int_mocap.mirror_take")
    yield 0.5
    hand.notes["made"] = [take.name for take in bpy.context.scene.int_mocap.takes]
    yield from hand.scroll(4, beside_lists=True)
    yield from hand.rest()
    yield from hand.picture("finish")


def figure() -> Any:
    """Return the armature, as it is there now."""
    return bpy.context.scene.int_mocap.takes[0].armature


def open_from_the_start(panel: Any) -> None:
    """Let a panel that is closed at first be open in this session."""
    bpy.utils.unregister_class(panel)
    panel.bl_options = set()
    bpy.utils.register_class(panel)


def tracks() -> list[str]:
    """Return the names of its NLA tracks."""
    return [track.name for track in figure().animation_data.nla_tracks]


def edit_three_keys() -> None:
    """Key three frames of a wrist anew, as in the Graph Editor."""
    action = importlib.import_module("bake.scene.animation.action")
    curves = action.holder_at(figure().animation_data, figure()).fcurves
    curve = curves.find('pose.bones["left_wrist"].rotation_quaternion', index=1)
    for frame in (10, 11, 12):
        curve.keyframe_points.insert(frame, 0.4)
    curve.update()


def scroll(hand: Any) -> Any:
    """Bring the panel Takes into sight, below the first panel."""
    region = hand.region("UI")
    place = {"x": region.x + region.width // 2, "y": region.y + region.height // 2}
    for _ in range(12):
        hand.window.event_simulate(type="WHEELDOWNMOUSE", value="PRESS", **place)
        yield 0.05


if __name__ == "__main__":
    bpy.context.preferences.view.show_splash = False
    the_hand = _hand.Hand(Path(sys.argv[-1]))
    _hand.play(edit_and_mend(the_hand), the_hand)
