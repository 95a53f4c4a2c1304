"""The keys that a rig gets, on every frame or reduced to what is needed. No Blender in here."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bake.reduction.bezier import BezierKeys, keys_on_every_frame
from bake.reduction.key_reduction import Tolerance, Track, reduce_keys
from bake.retarget.keying.channels import LOCATION, BoneChannel
from bake.retarget.keying.stage import stage_of
from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.rig import Rig


@dataclass(frozen=True)
class RigCurves:
    """All keys of one motion on a rig.

    Parameters
    ----------
    channels : tuple of BoneChannel
    keys : tuple of BezierKeys
        For each channel.
    frames : tuple of int
        The first and the last.
    """

    channels: tuple[BoneChannel, ...]
    keys: tuple[BezierKeys, ...]
    frames: tuple[int, int]


def curves_of(
    rig: Rig,
    bone_map: BoneMap,
    channels: Sequence[BoneChannel],
    frames: np.ndarray,
    last_of_run: np.ndarray,
    fps: float,
    tolerance: Tolerance | None,
    limbs: str,
) -> RigCurves:
    """Return the keys of all channels.

    Parameters
    ----------
    rig : Rig
        Its `to_world` in metres.
    bone_map : BoneMap
    channels : sequence of BoneChannel
    frames : (K,) int
        One after another within each run, unless `tolerance` is None.
    last_of_run : (K,) bool
    fps : float
    tolerance : Tolerance or None
        How far reduced keys may miss the motion; None for a key on every frame.
    limbs : str
        One of `bake.retarget.settings.LIMBS`.
    """
    if tolerance is None:
        keys = [keys_on_every_frame(frames, each.values, last_of_run) for each in channels]
    else:
        bones = list(dict.fromkeys(channel.bone for channel in channels))
        tracks = [Track(bones.index(each.bone), each.mode, each.values) for each in channels]
        moved = [channel.bone for channel in channels if channel.path == LOCATION]
        stage = stage_of(rig, bone_map, bones, moved, fps, limbs)
        keys = reduce_keys(tracks, frames, last_of_run, stage, tolerance)
    return RigCurves(tuple(channels), tuple(keys), (int(frames[0]), int(frames[-1])))
