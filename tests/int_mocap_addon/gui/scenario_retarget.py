"""From a take onto a character and out to an engine, with the buttons of a real Blender.

Blender runs it as `blender --python scenario_retarget.py -- FOLDER`; `FOLDER` holds `walk.npz`, a
take, and `character.glb`.
"""

import importlib
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

bpy: Any = importlib.import_module("bpy")
_hand = importlib.import_module("hand")

ADDON = "bl_ext.user_default.int_mocap"


def onto_a_character(hand: Any) -> Any:
    """Go through everything; yields as `hand.play` wants it."""
    tasks = importlib.import_module(f"{ADDON}.tasks")
    for each in list(bpy.data.objects):
        bpy.data.objects.remove(each)
    yield from hand.open_tab("Mocap")
    bpy.ops.int_mocap.load_takes(filepath=str(hand.folder / "walk.npz"))
    bpy.ops.int_mocap.bake()
    yield from hand.wait("the take was baked", lambda: not tasks.current(), 60)
    bpy.ops.import_scene.gltf(filepath=str(hand.folder / "character.glb"))
    target = next(each for each in bpy.context.selected_objects if each.type == "ARMATURE")
    yield from hand.scroll(30)
    yield from hand.rest()
    retarget = bpy.context.scene.int_mocap.retarget
    hand.notes["without_a_target"] = bpy.ops.int_mocap.retarget.poll()
    retarget.target = target
    yield 0.5
    yield from hand.press_button("int_mocap.detect_bones")
    yield 0.5
    yield from hand.rest()
    retarget.show_rest = True
    look_from_the_front(hand)
    yield 0.5
    yield from hand.picture("bone_map")
    retarget.show_rest = False
    yield from hand.press_button("int_mocap.retarget")
    yield from hand.wait("the retarget began", lambda: tasks.current() or moved(target), 30)
    yield from hand.wait("the retarget ended", lambda: not tasks.current(), 120)
    hand.notes["said"] = tasks.last_outcome().text
    hand.notes["action"] = moved(target)
    bpy.context.scene.frame_set(20)
    look_from_the_front(hand)
    yield from hand.rest()
    yield from hand.picture("retargeted")
    bpy.ops.ed.undo()
    yield 0.5
    again = bpy.data.objects[target.name]
    hand.notes["undone"] = moved(again)


def moved(armature: Any) -> str:
    """Return the name of an armature's action, "" for none."""
    data = armature.animation_data
    return data.action.name if data and data.action else ""


def look_from_the_front(hand: Any) -> None:
    """Bring everything into view, from the front and a little above."""
    with hand.in_view():
        bpy.ops.view3d.view_axis(type="FRONT")
        bpy.ops.view3d.view_orbit(angle=-0.5, type="ORBITLEFT")
        bpy.ops.view3d.view_orbit(angle=0.25, type="ORBITUP")
        bpy.ops.view3d.view_all()


if __name__ == "__main__":
    bpy.context.preferences.view.show_splash = False
    the_hand = _hand.Hand(Path(sys.argv[-1]))
    _hand.play(onto_a_character(the_hand), the_hand)
