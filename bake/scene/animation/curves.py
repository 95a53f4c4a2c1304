"""The keys that an armature gets: what its bones do, on every frame or reduced to what is needed.

Nothing here reads or changes Blender, so that it can be worked out in a thread.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from bake.reduction.bezier import BezierKeys, keys_on_every_frame
from bake.reduction.chain import Chain
from bake.reduction.key_reduction import Stage, Tolerance, Track, reduce_keys
from bake.scene.animation.channels import BY_QUATERNION, LOCATION, Channel, Rig, channels_of
from bake.scene.animation.motion import Motion

_FEET = ("_ankle", "_foot")


@dataclass(frozen=True)
class Keying:
    """How a motion is keyed.

    Parameters
    ----------
    tolerance : Tolerance or None
        How far reduced keys may miss the motion; None for a key on every frame.
    rotation_mode : str
        `BY_QUATERNION` or one of `bake.reduction.euler.ORDERS`, for bones that the user has not
        given another one.
    """

    tolerance: Tolerance | None = Tolerance()
    rotation_mode: str = BY_QUATERNION


@dataclass(frozen=True)
class BoneCurves:
    """The keys of one property of one bone; `path` as in `Channel`."""

    bone: str
    path: str
    keys: BezierKeys


@dataclass(frozen=True)
class PersonCurves:
    """All curves of a person, the bones that they were worked out for, and whether keys are few."""

    rig: Rig
    curves: tuple[BoneCurves, ...]
    reduced: bool

    def of(self, bones: Collection[str]) -> list[BoneCurves]:
        """Return those of some bones."""
        return [curve for curve in self.curves if curve.bone in bones]


def curves_of(rig: Rig, motion: Motion, tolerance: Tolerance | None) -> PersonCurves:
    """Return all curves of a person.

    Parameters
    ----------
    rig : Rig
    motion : Motion
    tolerance : Tolerance or None
        How far reduced keys may miss the motion; None for a key on every frame.
    """
    channels, keys = channels_of(rig, motion), motion.keys
    if tolerance is None:
        made = [
            keys_on_every_frame(keys.frames, channel.values, keys.last_of_run)
            for channel in channels
        ]
    else:
        tracks = [_track(rig, channel) for channel in channels]
        stage = _stage(rig, motion.fps)
        made = reduce_keys(tracks, keys.frames, keys.last_of_run, stage, tolerance)
    return PersonCurves(
        rig,
        tuple(
            BoneCurves(channel.bone, channel.path, curve)
            for channel, curve in zip(channels, made, strict=True)
        ),
        tolerance is not None,
    )


def _track(rig: Rig, channel: Channel) -> Track:
    bone = rig.names.index(channel.bone)
    return Track(bone, "" if channel.path == LOCATION else rig.modes[bone], channel.values)


def _stage(rig: Rig, fps: float) -> Stage:
    """Follow the head of every bone, and the tail of those that nothing hangs on."""
    bones = range(len(rig.names))
    ends = [bone for bone in bones if bone not in rig.parents]
    carriers = [parent if parent >= 0 else bone for bone, parent in enumerate(rig.parents)]
    chain = Chain(
        rig.parents,
        rig.heads,
        rig.orientations,
        np.array([*carriers, *ends]),
        np.concatenate((rig.heads, rig.tails[ends])),
    )
    feet = np.array([rig.names[bone].endswith(_FEET) for bone in (*bones, *ends)])
    return Stage(chain, feet, rig.place.scale, fps)
