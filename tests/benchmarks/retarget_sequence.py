"""Takes in a row as strips: how far joints go from frame to frame while one fades into the next.

Run as `python -m tests.benchmarks.retarget_sequence TAKE TAKE ... [--rigs NAME ...] [--blend N]`.
Rows are printed for a table: the longest step of a joint while fading, against the longest of the
takes; and how much lower the lowest joint of the feet is then than elsewhere.
"""

import argparse
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from bake.headless import end, silence_stdout
from bake.retarget.detection.detect import detect
from bake.retarget.in_blender.apply import retarget
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.settings import RetargetSettings
from tests.bake.retarget.rig_variants import MODES, set_modes
from tests.bake.retarget.rigs import load_rig
from tests.benchmarks.retarget_keys import ends_of, source_of

_FEET = ("left_ankle", "left_foot", "right_ankle", "right_foot")


def main() -> None:
    """Print a row for every rig, in quaternions and in every rotation mode."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("takes", nargs="+", type=Path)
    parser.add_argument("--rigs", nargs="+", default=["mixamo", "m2m_male"])
    parser.add_argument("--blend", type=int, default=20)
    given = parser.parse_args()
    print(f"Blender {bpy.app.version_string}")
    print("rig         modes       step, mm  of takes  times  feet lower, mm")
    for rig in given.rigs:
        for modes in (("QUATERNION",), MODES):
            print(f"{rig:11} {_row(rig, modes, given.takes, given.blend)}", flush=True)


def _row(name: str, modes: tuple[str, ...], takes: list[Path], blend: int) -> str:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene: Any = bpy.context.scene
    rig = load_rig(name)
    set_modes(rig, modes)
    bone_map = detect(read_rig(rig))
    settings = RetargetSettings(place="strip", blend_in=blend, blend_out=blend)
    first, last = retarget(
        scene, [source_of(each) for each in takes], rig, bone_map, settings
    ).frames
    frames = np.arange(first + blend, last - blend + 1)
    heads = ends_of(scene, rig, frames)[:, :, 0]
    strips = sorted(
        (strip for track in rig.animation_data.nla_tracks for strip in track.strips),
        key=lambda strip: strip.frame_start,
    )
    fades = np.zeros(len(frames), bool)
    for one, other in zip(strips[:-1], strips[1:], strict=True):
        fades |= (frames >= other.frame_start) & (frames <= one.frame_end)
    steps = 1000 * np.linalg.norm(np.diff(heads, axis=0), axis=-1).max(axis=1)
    either, moving = fades[1:] | fades[:-1], steps[~(fades[1:] | fades[:-1])].max()
    bones = [bone.name for bone in rig.data.bones if bone.use_deform]
    feet = [bones.index(bone) for joint in _FEET for bone in bone_map.joints[joint].bones[:1]]
    lowest = 1000 * heads[:, feet, 2].min(axis=1)
    return (
        f"{'quaternion' if len(modes) == 1 else 'every':10}  {steps[either].max():8.1f}  "
        f"{moving:8.1f}  {steps[either].max() / moving:5.2f}  "
        f"{max(lowest[~fades].min() - lowest[fades].min(), 0):6.1f}"
    )


if __name__ == "__main__":
    silence_stdout()
    main()
    end(0)
