"""From takes of the list to animation, in steps: numbers beside Blender, then the scene.

All numbers are worked out first, in a thread that does not touch Blender. Only then is the scene
changed, in a few short steps that hold on to nothing in between, so that an undo of the user's
cannot pull anything away.
"""

from collections.abc import Generator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import bpy

from core_model.errors import MocapError

from ..tasks import Outcome, Progress, Steps, in_thread
from ..wording import counted
from .listing import find_take, takes_of_capture
from .plan import BakePlan, frame_rate, make_plan

if TYPE_CHECKING:
    from .person import Motion


def bake_steps(scene_name: str, uids: Sequence[str]) -> Steps:
    """Bake takes into a scene with the settings that its panels have now."""
    # Loading what bakes takes a moment, too, the first time.
    yield from in_thread(Progress("Cleaning up the motion"), _load)
    scene = _scene(scene_name)
    rate = frame_rate(scene, uids)
    plans = [make_plan(scene, uid, rate) for uid in uids]
    del scene
    motions: list[Motion] = []
    for number, plan in enumerate(plans):
        progress = Progress("Cleaning up the motion", number / len(plans))
        motions.append((yield from in_thread(progress, partial(_motion, plan))))
    yield from _until_calm(scene_name)
    return (yield from _into_scene(scene_name, plans, motions))


def _load() -> None:
    """Import in a step of its own what the next steps need: numpy and the body take a moment."""
    from . import person, surroundings  # noqa: F401


def _motion(plan: BakePlan) -> "Motion":
    from .person import read_motion

    return read_motion(plan)


def _until_calm(scene_name: str) -> Generator[Progress, None, None]:
    """Wait while Blender must not be changed under the user's hands, or shows another scene."""
    while True:
        tool = _tool_at_work()
        shown = bpy.context.scene
        if tool:
            yield Progress(f"Waiting until {tool} is finished")
        elif shown is None or shown.name != scene_name:
            yield Progress(f"Waiting until the scene {scene_name} is shown again")
        else:
            return


def _tool_at_work() -> str:
    """Return the name of a tool of Blender's that waits for the user, such as Move or a render."""
    manager = bpy.context.window_manager
    for window in manager.windows if manager else ():
        for operator in window.modal_operators:
            # Operators of add-ons may stay for ever, and hold on to nothing that is changed here.
            if bpy.types.Operator.bl_rna_get_subclass_py(operator.bl_idname) is None:
                return operator.name
    return ""


def _into_scene(scene_name: str, plans: Sequence[BakePlan], motions: Sequence["Motion"]) -> Steps:
    from .person import put_body, put_fingers, put_person
    from .surroundings import fit_scene, match_camera

    fit_scene(_scene(scene_name), plans[0].timeline, [motion.keys for motion in motions])
    for number, (plan, motion) in enumerate(zip(plans, motions, strict=True)):
        progress = Progress("Writing keys", number / len(plans), can_cancel=False)
        yield progress
        put_person(_scene(scene_name), plan.uid, motion)
        yield progress
        put_fingers(_scene(scene_name), plan.uid, motion)
        yield progress
        put_body(_scene(scene_name), plan.uid, motion)
    yield Progress("Matching the camera", can_cancel=False)
    scene = _scene(scene_name)
    warnings: list[str] = []
    captures: dict[str, list[int]] = {}
    for number, plan in enumerate(plans):
        first_of_capture = takes_of_capture(scene, find_take(scene, plan.uid))[0].uid
        captures.setdefault(first_of_capture, []).append(number)
    for numbers in captures.values():
        uids = [plans[number].uid for number in numbers]
        take, timeline = motions[numbers[0]].take, plans[numbers[0]].timeline
        warnings += match_camera(scene, uids, take, timeline)
    yield Progress("Matching the camera", can_cancel=False)
    scene = _scene(scene_name)
    scene.frame_set(scene.frame_current)
    frames = max(len(motion.keys.frames) for motion in motions)
    done = f"Baked {counted(len(plans), 'take', 'takes')}, {counted(frames, 'frame', 'frames')}."
    unique = tuple(dict.fromkeys(warnings))
    return Outcome("WARNING" if unique else "INFO", (done, *unique))


def _scene(name: str) -> Any:
    scene = bpy.data.scenes.get(name)
    if scene is None:
        raise MocapError(f"The scene {name} is not there any more; nothing was baked.")
    return scene
