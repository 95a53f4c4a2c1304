"""Motions as the keys of a rig: worked out beside Blender, of which this touches nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bake.reduction.bezier import BezierKeys
from bake.retarget.human import HumanMotion
from bake.retarget.in_blender.target import Target
from bake.retarget.in_blender.travel_object import travel_keys
from bake.retarget.keying.channels import BoneChannel, channels_of, every, within
from bake.retarget.keying.curves import RigCurves, curves_of
from bake.retarget.motion import RigMotion
from bake.retarget.solving.sequence import in_sequence
from bake.retarget.solving.solve import solve
from core_model.errors import OutputError


@dataclass(frozen=True)
class Keyed:
    """A motion as the keys of a rig, before they are written.

    Parameters
    ----------
    name : str
        Of the action.
    motion : RigMotion
    curves : RigCurves
    travel : BezierKeys or None
        Of an empty that goes the way which was taken out.
    told : tuple of str
        What the user should know, one sentence each.
    in_sequence : bool
        Whether it fades into others, in frames that they share.
    """

    name: str
    motion: RigMotion
    curves: RigCurves
    travel: BezierKeys | None
    told: tuple[str, ...]
    in_sequence: bool = False


def groups_of(target: Target, sources: Sequence[HumanMotion]) -> list[list[HumanMotion]]:
    """Return which motions are worked out together: all that fade into each other."""
    settings = target.settings
    fades = settings.place == "strip" and max(settings.blend_in, settings.blend_out) > 0
    return [list(sources)] if fades else [[source] for source in sources]


def key_group(target: Target, sources: Sequence[HumanMotion]) -> list[Keyed]:
    """Work out the keys of motions that belong together, one of `groups_of`.

    Raises
    ------
    OutputError
        When nothing of a motion lies between the frames that were chosen.
    """
    if len(sources) == 1:
        return [key_motion(target, sources[0])]
    settings = target.settings
    parts = [_part(source, settings.first, settings.last) for source in sources]
    shared = max(settings.blend_in, settings.blend_out)
    sequence = in_sequence(parts, shared, settings.scale is None)
    motion = solve(sequence.motion, target.rig, target.bone_map, settings)
    # Of all together, so that neither angles nor signs jump from one to the next.
    channels, told = channels_of(target.rig, motion)
    found = []
    for source, part in zip(sources, sequence.parts, strict=True):
        own = [replace(channel, values=channel.values[part]) for channel in channels]
        keyed = _keyed(target, source.name, within(motion, part), own, told)
        found.append(replace(keyed, in_sequence=True))
    return found


def key_motion(target: Target, source: HumanMotion) -> Keyed:
    """Work out the keys of a motion.

    Raises
    ------
    OutputError
        When nothing of the motion lies between the frames that were chosen.
    """
    settings = target.settings
    part = _part(source, settings.first, settings.last)
    motion = solve(part, target.rig, target.bone_map, settings)
    channels, told = channels_of(target.rig, motion)
    return _keyed(target, source.name, motion, channels, told)


def _keyed(
    target: Target,
    name: str,
    motion: RigMotion,
    channels: Sequence[BoneChannel],
    told: Sequence[str],
) -> Keyed:
    settings = target.settings
    if settings.tolerance is None:
        kept = every(motion, settings.step)
        channels = [replace(channel, values=channel.values[kept]) for channel in channels]
        motion = within(motion, kept)
    curves = curves_of(
        target.rig,
        target.bone_map,
        channels,
        motion.frames,
        motion.last_of_run,
        motion.fps,
        settings.tolerance,
        settings.limbs,
    )
    travel = travel_keys(motion, settings.tolerance) if settings.keep_travel else None
    return Keyed(name, motion, curves, travel, (*target.told, *motion.told, *told))


def _part(source: HumanMotion, first: int | None, last: int | None) -> HumanMotion:
    frames = source.frames
    wanted = np.ones(len(frames), bool)
    if first is not None:
        wanted &= frames >= first
    if last is not None:
        wanted &= frames <= last
    if not wanted.any():
        raise OutputError(
            f"{source.name} has no frame between {first} and {last}: it goes from {frames[0]} to "
            f"{frames[-1]}."
        )
    if wanted.all():
        return source
    ends = source.last_of_run[wanted].copy()
    ends[-1] = True
    return replace(
        source,
        turns=source.turns[wanted],
        places=source.places[wanted],
        frames=frames[wanted],
        last_of_run=ends,
    )
