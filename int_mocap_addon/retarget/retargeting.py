"""From takes, or what another armature does, to keys on the user's rig, in steps.

As in baking, numbers are worked out in a thread and nothing in Blender is changed before all are.
"""

from collections.abc import Generator
from functools import partial
from typing import TYPE_CHECKING, Any

import bpy

from ..cleanup.keying import keying_of
from ..scenes import SceneOfTask
from ..settings import settings_of
from ..takes.baking import until_calm
from ..takes.listing import active_take, find_take
from ..takes.plan import BakePlan, frame_rate, make_plan
from ..tasks import Outcome, Progress, Steps, in_thread
from ..wording import counted
from .maps import read_map

if TYPE_CHECKING:
    from bake.motion.resample import Timeline
    from bake.retarget.human import HumanMotion
    from bake.retarget.in_blender.apply import Target
    from bake.retarget.settings import RetargetSettings

_READ, _SOLVED = 0.3, 0.8
"""Shares of the work that are done when sources are read, and when all keys are worked out."""


def retarget_steps(scene_name: str) -> Steps:
    """Put what the panel has as the source on its target."""
    return _retarget(SceneOfTask(scene_name))


def _retarget(where: SceneOfTask) -> Steps:
    yield from in_thread(Progress("Reading the motion"), _load)
    from bake.retarget.in_blender.apply import write_steps
    from bake.retarget.in_blender.keyed import groups_of, key_group

    target = _target(where.find())
    sources, timeline = yield from _sources(where)
    keyed = []
    groups = groups_of(target, sources)
    for number, group in enumerate(groups):
        share = _READ + (_SOLVED - _READ) * number / len(groups)
        progress = Progress("Moving the rig", share)
        keyed += yield from in_thread(progress, partial(key_group, target, group))
    yield from until_calm(where)
    steps = write_steps(target, keyed, partial(_fit_timing, where, timeline, sources))
    try:
        while True:
            next(steps)
            yield Progress("Writing keys", _SOLVED)
            yield from until_calm(where)
    except StopIteration as end:
        result = end.value
    finally:
        steps.close()
    first, last = result.frames
    done = (
        f"Retargeted {counted(len(sources), 'motion', 'motions')} onto {target.name}, frames "
        f"{first} to {last}."
    )
    return Outcome("WARNING" if result.told else "INFO", (done, *result.told))


def _load() -> None:
    """Import in a step of its own what the next steps need."""
    from bake.retarget.in_blender import apply  # noqa: F401
    from bake.retarget.sources import takes  # noqa: F401


def _target(scene: bpy.types.Scene) -> "Target":
    from bake.retarget.in_blender.apply import read_target
    from core_model.errors import RigError

    chosen = settings_of(scene).retarget
    if chosen.target is None:
        raise RigError("Choose the armature of your character as the target first.")
    settings = _settings(scene)
    motions = len(settings_of(scene).takes) if chosen.source == "TAKES" else 1
    return read_target(scene, chosen.target, read_map(chosen.target), settings, motions)


def _settings(scene: bpy.types.Scene) -> "RetargetSettings":
    from bake.retarget.settings import RetargetSettings

    chosen, cleanup = settings_of(scene).retarget, settings_of(scene).cleanup
    same = (
        "root",
        "keep_travel",
        "start",
        "limbs",
        "pin_feet",
        "pin_hands",
        "floor",
        "pose_as_rest",
        "place",
    )
    return RetargetSettings(
        **{name: getattr(chosen, name) for name in same},
        tolerance=keying_of(cleanup).tolerance,
        step=chosen.step,
        first=chosen.first if chosen.use_range else None,
        last=chosen.last if chosen.use_range else None,
        blend_in=chosen.blend_in,
        blend_out=chosen.blend_out,
    )


def _sources(
    where: SceneOfTask,
) -> Generator[Progress, None, "tuple[list[HumanMotion], Timeline | None]"]:
    """Return the motions, and the timeline of takes; armatures move in the scene's own time."""
    chosen = settings_of(where.find()).retarget
    if chosen.source == "ARMATURE":
        return [(yield from _from_armature(where))], None
    scene = where.find()
    takes = settings_of(scene).takes
    uids = [take.uid for take in takes]
    if chosen.source == "TAKE":
        uids = [active_take(scene).uid]
    rate = frame_rate(scene, uids)
    plans = [make_plan(scene, uid, rate) for uid in uids]
    names = [find_take(scene, uid).name for uid in uids]
    del scene, takes
    motions = []
    for number, (plan, name) in enumerate(zip(plans, names, strict=True)):
        progress = Progress("Cleaning up the motion", _READ * number / len(plans))
        motions.append((yield from in_thread(progress, partial(_from_take, plan, name))))
    return motions, plans[0].timeline


def _from_take(plan: BakePlan, name: str) -> "HumanMotion":
    from bake.retarget.sources.takes import human_of_motion

    from ..takes.placing import read_motion

    return human_of_motion(read_motion(plan), name)


def _from_armature(where: SceneOfTask) -> Generator[Progress, None, "HumanMotion"]:
    from bake.retarget.in_blender.source_armature import human_of_sampled, sample_steps

    scene: Any = where.find()
    chosen = settings_of(scene).retarget
    armature = chosen.armature
    first, last = (chosen.first, chosen.last) if chosen.use_range else (None, None)
    name, bone_map = armature.name, read_map(armature)
    steps = sample_steps(scene, armature, bone_map, first, last)
    del scene, chosen, armature
    try:
        while True:
            yield Progress("Looking at the source", _READ * next(steps))
    except StopIteration as end:
        sampled = end.value
    return human_of_sampled(name, sampled, bone_map)


def _fit_timing(
    where: SceneOfTask, timeline: "Timeline | None", sources: "list[HumanMotion]"
) -> None:
    """Give the scene the rate of takes, and room for them."""
    if timeline is None:
        return
    from bake.motion.resample import Keys
    from bake.scene.timing import fit_timing

    keys = [
        Keys(human.frames, human.turns, human.places[:, 0], human.last_of_run) for human in sources
    ]
    fit_timing(where.find(), timeline, keys)
