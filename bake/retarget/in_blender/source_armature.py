"""Any armature that moves as a source: FBX, BVH, glTF, a mocap library, our own figures."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from bake.retarget.human import HumanMotion
from bake.retarget.in_blender.evaluation import in_metres, pose_steps
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.maps.checks import check_fits
from bake.retarget.rig import Rig
from bake.retarget.sources.armatures import human_of_rig
from bake.scene.frame_range import ranges_of
from core_model.errors import RigError


@dataclass(frozen=True)
class SampledRig:
    """An armature in motion.

    Parameters
    ----------
    rig : Rig
        Its `to_world` in metres.
    bones : tuple of str
        Those that a bone map names for joints.
    frames : (K,) int
    fps : float
    matrices : (K, B, 4, 4)
        Of `bones` in the world, in metres.
    """

    rig: Rig
    bones: tuple[str, ...]
    frames: np.ndarray
    fps: float
    matrices: np.ndarray


def frames_of(armature: bpy.types.Object) -> tuple[int, int]:
    """Return the first and the last frame of what an armature does.

    Raises
    ------
    RigError
        When it does nothing.
    """
    ranges = ranges_of([armature])
    if not ranges:
        raise RigError(f"{armature.name} has no action: give it one, or choose another source.")
    return min(each[0] for each in ranges), max(each[1] for each in ranges)


def sample_steps(
    scene: bpy.types.Scene,
    armature: bpy.types.Object | None,
    bone_map: BoneMap,
    first: int | None = None,
    last: int | None = None,
) -> Generator[float, None, SampledRig]:
    """Look at what an armature does, in short steps that tell which share is done.

    Parameters
    ----------
    scene : bpy.types.Scene
    armature : bpy.types.Object or None
    bone_map : BoneMap
        With the names of its bones.
    first, last : int or None
        Frames that are wanted; None for all of its action.

    Raises
    ------
    RigError
        When it cannot be a source.
    """
    if armature is None or armature.type != "ARMATURE":
        raise RigError("No armature was chosen as the source.")
    if armature.mode == "EDIT":
        raise RigError(f"{armature.name} is in edit mode, in which it does not move: leave it.")
    data: Any = armature.data
    if data.pose_position == "REST":
        raise RigError(f"{armature.name} shows its rest position: switch it to Pose Position.")
    rig = in_metres(read_rig(armature), scene)
    check_fits(rig, bone_map)
    begin, end = frames_of(armature)
    begin, end = max(begin, first or begin), min(end, last or end)
    if begin > end:
        raise RigError(f"{armature.name} does nothing between the frames that were chosen.")
    fps = scene.render.fps / scene.render.fps_base
    frames = np.arange(begin, end + 1)
    bones = bone_map.bones()
    matrices = yield from pose_steps(scene, armature, bones, frames)
    return SampledRig(rig, bones, frames, fps, matrices)


def human_of_sampled(name: str, sampled: SampledRig, bone_map: BoneMap) -> HumanMotion:
    """Return what was sampled as the motion of a human; touches nothing of Blender."""
    return human_of_rig(
        name,
        sampled.rig,
        bone_map,
        sampled.bones,
        sampled.matrices,
        sampled.frames,
        sampled.fps,
    )
