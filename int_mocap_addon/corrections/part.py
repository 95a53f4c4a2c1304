"""Baking a range of frames, some limbs, in steps; the rest of the action stays as it is."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import bpy

from bake.motion.doubtful import PARTS
from core_model.errors import MocapError

from ..scenes import SceneOfTask
from ..settings import settings_of
from ..takes.baking import until_calm
from ..takes.listing import find_take
from ..takes.plan import make_plan
from ..tasks import Outcome, Progress, Steps, in_thread
from .frames import frame_of
from .kinds import PLACE, ROTATION
from .stances import list_stances

if TYPE_CHECKING:
    from bake.scene.by_hand.part import Part


_AROUND = 1.0  # seconds before and after a pin


def parts_of(scene: bpy.types.Scene, take: Any) -> "list[Part]":
    """Return what the panel asks to be baked anew: stretches of frames, in the order of time.

    Raises
    ------
    MocapError
        When that is nothing.
    """
    from bake.scene.by_hand.part import Part

    settings = settings_of(scene).corrections
    bones = [bone for part in settings.part_limbs for bone in PARTS[part]]
    if not bones:
        raise MocapError("Choose at least one part of the body.")
    if settings.part_range == "PREVIEW":
        return [Part(scene.frame_preview_start, scene.frame_preview_end, bones)]
    pins = [item for item in take.corrections if item.kind in (ROTATION, PLACE) and item.enabled]
    if not pins:
        raise MocapError(f"Nothing is pinned of {take.name}.")
    spans: list[tuple[int, int]] = []
    for time in sorted(item.time for item in pins):
        first, last = (frame_of(scene, take, time + away) for away in (-_AROUND, _AROUND))
        if spans and first <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return [Part(first, last, bones) for first, last in spans]


def part_steps(where: SceneOfTask, uid: str, parts: "Sequence[Part]") -> Steps:
    """Bake parts of a take."""
    from bake.motion.resample import exact_rate
    from bake.scene.by_hand.part import bake_part

    from ..takes.placing import find_rig, read_motion, refuse_locked

    scene = where.find()
    refuse_locked(scene, [uid])
    take = find_take(scene, uid)
    plan = make_plan(scene, uid, exact_rate(take.baked_rate))
    del scene, take
    progress = Progress("Cleaning up the motion", 0.3)
    motion = yield from in_thread(progress, partial(read_motion, plan))
    yield from until_calm(where)
    yield Progress("Writing keys", 0.8, can_cancel=False)
    scene = where.find()
    take = find_take(scene, uid)
    armature = take.armature
    rig = find_rig(scene, plan, motion)
    bones = dict.fromkeys(bone for part in parts for bone in bake_part(armature, rig, motion, part))
    list_stances(take, motion.stands)
    scene.frame_set(scene.frame_current, subframe=scene.frame_subframe)
    frames = " and ".join(f"{part.first} to {part.last}" for part in parts)
    told = f"Baked {len(bones)} bones of {armature.name}, frames {frames}."
    return Outcome("INFO", (told,))
