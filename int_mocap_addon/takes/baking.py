"""From takes of the list to animation, in steps: numbers beside Blender, then the scene.

All numbers are worked out first, in a thread that does not touch Blender. Only then is the scene
changed, in a few short steps that hold on to nothing in between, so that an undo of the user's
cannot pull anything away.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy

from core_model.errors import MocapError

from ..properties import settings_of
from ..tasks import Outcome, Progress, Steps, in_thread
from ..wording import counted
from .listing import find_take

if TYPE_CHECKING:
    from bake.resample import FrameRate, Timeline

    from .person import Motion


@dataclass(frozen=True)
class BakePlan:
    """What to do with one take; plain values, read from the panels before the work begins.

    Parameters
    ----------
    uid : str
        Of the take.
    path : Path
    timeline : Timeline
    profile : str
        Name of a smoothing profile.
    strength : dict
        Multiple of the profile for each body part.
    root_motion : str
        One of `bake.root_motion.ROOT_MOTIONS`.
    """

    uid: str
    path: Path
    timeline: "Timeline"
    profile: str
    strength: dict[str, float]
    root_motion: str


def bake_steps(scene_name: str, uids: Sequence[str]) -> Steps:
    """Bake takes into a scene with the settings that its panels have now."""
    scene = _scene(scene_name)
    rate = frame_rate(scene, uids)
    plans = [_plan(scene, uid, rate) for uid in uids]
    del scene
    motions: list[Motion] = []
    for number, plan in enumerate(plans):
        progress = Progress("Cleaning up the motion", number / len(plans))
        motions.append((yield from in_thread(progress, partial(_motion, plan))))
    yield from _until_calm(scene_name)
    return (yield from _into_scene(scene_name, plans, motions))


def frame_rate(scene: bpy.types.Scene, uids: Sequence[str]) -> "FrameRate":
    """Return the frame rate that the Clean-up panel asks for."""
    from bake.resample import FrameRate, exact_rate

    choice = settings_of(scene).cleanup.frame_rate
    if choice == "CLIP" or (choice == "AUTO" and not bpy.data.actions):
        return exact_rate(find_take(scene, uids[0]).rate)
    return FrameRate(scene.render.fps, scene.render.fps_base)


def _plan(scene: bpy.types.Scene, uid: str, rate: "FrameRate") -> BakePlan:
    from bake.resample import Timeline

    item, cleanup = find_take(scene, uid), settings_of(scene).cleanup
    return BakePlan(
        uid=uid,
        path=Path(bpy.path.abspath(item.path)),
        timeline=Timeline(rate, item.clip_start, cleanup.start_frame),
        profile=cleanup.profile,
        strength={part: getattr(cleanup, part) for part in ("torso", "head", "arms", "legs")}
        | {"root": cleanup.root},
        root_motion=cleanup.root_motion,
    )


def _motion(plan: BakePlan) -> "Motion":
    from bake.smoothing import load_profile, scaled

    from .person import read_motion

    profile = scaled(load_profile(plan.profile), plan.strength)
    return read_motion(plan.path, plan.timeline, profile, plan.root_motion)


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
    from .person import put_body, put_person
    from .surroundings import fit_scene, match_camera

    fit_scene(_scene(scene_name), plans[0].timeline, [motion.keys for motion in motions])
    for number, (plan, motion) in enumerate(zip(plans, motions, strict=True)):
        progress = Progress("Writing keys", number / len(plans), can_cancel=False)
        yield progress
        put_person(_scene(scene_name), plan.uid, motion)
        yield progress
        put_body(_scene(scene_name), plan.uid, motion)
    warnings: list[str] = []
    for plan, motion in zip(plans, motions, strict=True):
        yield Progress("Matching the camera", can_cancel=False)
        warnings += match_camera(_scene(scene_name), plan.uid, motion.take, plan.timeline)
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
