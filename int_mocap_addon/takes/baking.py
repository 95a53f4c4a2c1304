"""From takes of the list to animation, in steps: numbers beside Blender, then the scene.

All numbers are worked out first, in a thread that does not touch Blender. Only then is the scene
changed, in a few short steps that hold on to nothing in between, so that an undo of the user's
cannot pull anything away.
"""

from collections.abc import Generator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import bpy

from ..corrections.markers import refresh_pin_markers
from ..corrections.stances import list_stances
from ..doubtful.markers import refresh_markers
from ..rig.names import follow_names
from ..scene.first_sight import prepare_scene, show_figures
from ..scenes import SceneOfTask
from ..settings import settings_of
from ..tasks import Outcome, Progress, Steps, in_thread
from ..wording import counted
from .listing import find_take
from .plan import BakePlan, ShotPlan, frame_rate, make_plan, plan_shots

if TYPE_CHECKING:
    from bake.motion.resample import Timeline
    from bake.scene.animation.motion import Motion

    from .placing import Shot

_CLEANING, _WRITTEN = 0.6, 0.95
"""Shares of baking that are done when all motions are cleaned up, and when all keys are written."""


def bake_steps(scene_name: str, uids: Sequence[str], edits: str = "KEEP") -> Steps:
    """Bake takes into a scene with the settings that its panels have now.

    Parameters
    ----------
    scene_name : str
    uids : sequence of str
    edits : str
        What to do with what was edited by hand, one of the choices of `bake.scene.by_hand.keeping`.
    """
    return _bake(SceneOfTask(scene_name), uids, edits)


def _bake(where: SceneOfTask, uids: Sequence[str], edits: str) -> Steps:
    # Loading what bakes takes a moment, too, the first time.
    yield from in_thread(Progress("Cleaning up the motion"), _load)
    from .placing import figure_of, refuse_locked

    scene = where.find()
    follow_names()
    refuse_locked(scene, uids)
    rate = frame_rate(scene, uids)
    plans = [make_plan(scene, uid, rate) for uid in uids]
    shot_plans = plan_shots(scene, uids)
    del scene
    motions: list[Motion] = []
    for number, plan in enumerate(plans):
        progress = Progress("Cleaning up the motion", _CLEANING * number / len(plans))
        motions.append((yield from in_thread(progress, partial(_motion, plan))))
    read = partial(_shots, plans, motions, shot_plans)
    shots = yield from in_thread(Progress("Following the camera", _CLEANING), read)
    yield from until_calm(where)
    refuse_locked(where.find(), uids)
    scene = where.find()
    before = {uid: figure_of(scene, uid) for uid in uids}
    unused, told = prepare_scene(scene)
    del scene
    warnings = yield from _into_scene(where, plans, motions, shots, edits)
    new = [uid for uid in uids if figure_of(where.find(), uid) != before[uid]]
    if new:
        show_figures(where.find(), new, unused)
    frames = max(len(motion.keys.frames) for motion in motions)
    done = f"Baked {counted(len(plans), 'take', 'takes')}, {counted(frames, 'frame', 'frames')}."
    unique = tuple(dict.fromkeys(warnings))
    return Outcome("WARNING" if unique else "INFO", (done, *told, *unique))


def _load() -> None:
    """Import in a step of its own what the next steps need: numpy and the body take a moment."""
    from . import placing  # noqa: F401


def _motion(plan: BakePlan) -> "Motion":
    from .placing import read_motion

    return read_motion(plan)


def _shots(
    plans: Sequence[BakePlan], motions: Sequence["Motion"], shot_plans: Sequence[ShotPlan]
) -> list[tuple[list[str], "Shot"]]:
    """Return the takes of each capture with what is known of its camera, if anything is."""
    from .placing import read_shot

    shots = []
    for shot_plan in shot_plans:
        takes = [motions[number].take for number in shot_plan.numbers]
        plan = plans[shot_plan.numbers[0]]
        shot = read_shot(takes, plan.path, shot_plan.others, plan.timeline)
        if shot is not None:
            shots.append(([plans[number].uid for number in shot_plan.numbers], shot))
    return shots


def until_calm(where: SceneOfTask) -> Generator[Progress, None, None]:
    """Wait while Blender must not be changed under the user's hands, or shows another scene."""
    while True:
        tool = _tool_at_work()
        if tool:
            yield Progress(f"Waiting until {tool} is finished")
        elif not where.is_shown():
            yield Progress(f"Waiting until the scene {where.find().name} is shown again")
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


def _into_scene(
    where: SceneOfTask,
    plans: Sequence[BakePlan],
    motions: Sequence["Motion"],
    shots: Sequence[tuple[list[str], "Shot"]],
    edits: str,
) -> Generator[Progress, None, list[str]]:
    """Change the scene, in short steps; return warnings."""
    from bake.scene.animation.curves import curves_of
    from bake.scene.timing import fit_timing

    from .placing import (
        find_rig,
        lay_edits_over,
        place_armature,
        place_body,
        place_camera,
        place_fingers,
        place_keys,
        place_sound,
        set_edits_aside,
    )

    scene, timeline = where.find(), plans[0].timeline
    settings_of(scene).cleanup.start_frame = timeline.first_frame
    again = [find_take(scene, plan.uid).armature for plan in plans]
    fit_timing(scene, timeline, [motion.keys for motion in motions], again)
    del scene, again
    last = {
        plan.uid: int(motion.keys.frames[-1]) for plan, motion in zip(plans, motions, strict=True)
    }
    warnings: list[str] = []
    for number, (plan, motion) in enumerate(zip(plans, motions, strict=True)):
        share = _CLEANING + (_WRITTEN - _CLEANING) * number / len(plans)
        progress = Progress("Writing keys", share, can_cancel=False)
        yield progress
        place_armature(where.find(), plan.uid, motion)
        yield progress
        rig = find_rig(where.find(), plan, motion)
        find_keys = partial(curves_of, rig, motion, plan.keying.tolerance)
        curves = yield from in_thread(progress, find_keys)
        yield from until_calm(where)
        # Nothing may be edited between looking for edits and writing.
        before = set_edits_aside(where.find(), plan.uid, edits)
        warnings += place_keys(where.find(), plan.uid, motion, curves)
        yield progress
        place_fingers(where.find(), plan.uid, curves)
        yield progress
        lay_edits_over(where.find(), plan.uid, before, plan.timeline)
        yield progress
        place_body(where.find(), plan.uid, motion)
    for uids, shot in shots:
        yield Progress("Matching the camera", _WRITTEN, can_cancel=False)
        warnings += place_camera(where.find(), uids, shot)
        place_sound(where.find(), uids, shot, max(last[uid] for uid in uids))
    yield Progress("Matching the camera", _WRITTEN, can_cancel=False)
    scene = where.find()
    for plan, motion in zip(plans, motions, strict=True):
        _remember_timeline(find_take(scene, plan.uid), plan.timeline)
        list_stances(find_take(scene, plan.uid), motion.stands)
    refresh_markers(scene)
    refresh_pin_markers(scene)
    scene.frame_set(scene.frame_current)
    return warnings


def _remember_timeline(item: Any, timeline: "Timeline") -> None:
    """Keep with a take which frames show which moments of the clip."""
    rate = timeline.rate.value
    item.baked_rate = rate
    item.baked_start = round(timeline.first_frame + (item.clip_start - timeline.start) * rate)
