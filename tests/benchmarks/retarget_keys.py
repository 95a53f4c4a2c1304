"""Keys of retargets: how many are left, what they miss as Blender plays them, and their time.

Run as `python -m tests.benchmarks.retarget_keys TAKE ... [--rigs NAME ...] [--limbs fk ik]
[--length FRAMES]`; rows are printed for a table. What is missed are the ends of the bones that
deform, at every frame but for repeated takes.
"""

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from bake.headless import end, silence_stdout
from bake.motion.resample import Timeline, rate_of
from bake.reduction.axis_angle import axis_and_angle_to_quaternion
from bake.reduction.bezier import BezierKeys, evaluate
from bake.reduction.euler import euler_to_quaternion
from bake.retarget.detection.detect import detect
from bake.retarget.human import HumanMotion
from bake.retarget.in_blender.apply import read_target, write_steps
from bake.retarget.in_blender.evaluation import pose_steps
from bake.retarget.in_blender.keyed import key_motion
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.keying.channels import BoneChannel
from bake.retarget.settings import RetargetSettings
from bake.retarget.sources.takes import human_of_motion
from bake.scene.animation.motion import motion_of
from core_model.geometry.rotations import quaternion_to_matrix, rotation_angle
from core_model.take import Take
from tests.bake.retarget.rigs import load_rig


def main() -> None:
    """Print a row for every take on every rig."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("takes", nargs="+", type=Path)
    parser.add_argument("--rigs", nargs="+", default=["mixamo", "m2m_male", "rigify"])
    parser.add_argument("--limbs", nargs="+", default=["fk"], choices=["fk", "ik"])
    parser.add_argument("--length", type=int, default=0, help="repeat takes to so many frames")
    given = parser.parse_args()
    sources = [_long(source_of(path), given.length) for path in given.takes]
    print(f"Blender {bpy.app.version_string}")
    print("rig         limbs  take        frames  keys   degrees  mm     seconds  longest step")
    for rig in given.rigs:
        for limbs in given.limbs:
            for source in sources:
                row = _row(rig, source, limbs)
                print(f"{rig:11} {limbs:5}  {source.name:11} {len(source):6}  {row}", flush=True)


def source_of(path: Path) -> HumanMotion:
    """Return a take, cleaned up as by default."""
    take = Take.load(path)
    return human_of_motion(motion_of(take, Timeline(rate_of(take.times))), path.stem)


def _long(source: HumanMotion, length: int) -> HumanMotion:
    """Play a motion forwards and backwards until it is long enough."""
    if length <= len(source):
        return source
    there = np.arange(len(source))
    order = np.resize(np.concatenate((there, there[::-1])), length)
    ends = np.arange(length) == length - 1
    return replace(
        source,
        turns=source.turns[order],
        places=source.places[order],
        frames=np.arange(1, length + 1),
        last_of_run=ends,
    )


def _row(name: str, source: HumanMotion, limbs: str) -> str:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene: Any = bpy.context.scene
    rig = load_rig(name)
    bone_map = detect(read_rig(rig))
    settings = RetargetSettings(limbs=limbs)
    began = time.perf_counter()
    target = read_target(scene, rig, bone_map, settings)
    keyed = key_motion(target, source)
    longest = _steps(write_steps(target, [keyed]))[1]
    seconds = time.perf_counter() - began
    share = sum(len(keys.frames) for keys in keyed.curves.keys) / sum(
        len(channel.values) for channel in keyed.curves.channels
    )
    pairs = list(zip(keyed.curves.channels, keyed.curves.keys, strict=True))
    frames = source.frames[:: max(1, len(source) // 500)]
    reduced = ends_of(scene, rig, frames)
    exact = replace(target, settings=replace(settings, tolerance=None))
    _steps(write_steps(exact, [key_motion(exact, source)]))
    whole = ends_of(scene, rig, frames)
    turned = max(_missed(channel, keys, source.frames) for channel, keys in pairs)
    moved = np.linalg.norm(reduced - whole, axis=-1)
    return (
        f"{share:5.1%}  {np.degrees(turned):7.2f}  {1000 * moved.max():5.2f}  "
        f"{seconds:7.2f}  {1000 * longest:.0f} ms"
    )


def ends_of(scene: Any, rig: Any, frames: np.ndarray) -> np.ndarray:
    """Return heads and tails of the bones that deform (K, B, 2, 3), metres."""
    bones = [bone for bone in rig.data.bones if bone.use_deform]
    matrices = _steps(pose_steps(scene, rig, [bone.name for bone in bones], frames))[0]
    lengths = np.array([bone.length for bone in bones])
    heads = matrices[..., :3, 3]
    return np.stack((heads, heads + lengths[:, None] * matrices[..., :3, 1]), axis=2)


def _missed(channel: BoneChannel, keys: BezierKeys, frames: np.ndarray) -> float:
    """Return by how much keys miss the turn of a bone itself, radians; 0 for a location."""
    found = evaluate(keys, frames)
    if channel.mode == "":
        return 0.0
    read = {"QUATERNION": _unit, "AXIS_ANGLE": axis_and_angle_to_quaternion}.get(
        channel.mode, lambda angles: euler_to_quaternion(angles, channel.mode)
    )
    both = [quaternion_to_matrix(read(each)) for each in (found, channel.values)]
    return float(rotation_angle(*both).max())


def _unit(quaternions: np.ndarray) -> np.ndarray:
    return quaternions / np.linalg.norm(quaternions, axis=-1, keepdims=True)


def _steps(steps: Any) -> tuple[Any, float]:
    """Go through all steps; return what they return, and the seconds of the longest."""
    longest = 0.0
    while True:
        began = time.perf_counter()
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value, max(longest, time.perf_counter() - began)
        longest = max(longest, time.perf_counter() - began)


if __name__ == "__main__":
    silence_stdout()
    main()
    end(0)
