"""How few keys a bake needs, and how far they are from the motion, as Blender plays them.

Run as `python -m tests.benchmarks.reduced_keys CAPTURE_FOLDER ...`. Every person is baked with a
key on every frame and with reduced keys; both are played, and the bones compared at every frame.
"""

import argparse
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from bake.headless import silence_stdout
from bake.motion.resample import Timeline, rate_of
from bake.scene.animation.curves import Keying
from bake.scene.animation.motion import Motion, motion_of
from bake.scene.writer import Figure, write_person
from core_model.geometry.rotations import rotation_angle
from core_model.take import Take
from tests.bake.conftest import curves_of

FEET = ("left_ankle", "left_foot", "right_ankle", "right_foot")
_STANDING = 0.015  # metres per second; of a foot in exact keys


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="CAPTURE_FOLDER")
    folders = parser.parse_args().folders
    silence_stdout()
    print(f"Blender {bpy.app.version_string}; slide: mm per frame of feet that stand")
    print(
        f"{'clip':26}{'frames':>7}{'keys':>9}{'reduced':>9}{'share':>8}{'mm':>6}{'deg':>6}"
        f"{'slide median':>16}{'95 %':>16}"
    )
    for folder in folders:
        people = [measured(path) for path in sorted(folder.glob("person_*.npz"))]
        frames, keys, reduced = (sum(each[i] for each in people) for i in range(3))
        off, angle = (max(each[i] for each in people) for i in (3, 4))
        slides = [np.concatenate([each[i] for each in people]) for i in (5, 6)]
        columns = [
            f"{np.percentile(slides[0], share):9.3f} > {np.percentile(slides[1], share):.3f}"
            for share in (50, 95)
        ]
        print(
            f"{folder.name[:25]:26}{frames:7}{keys:9}{reduced:9}{reduced / keys:8.1%}"
            f"{off:6.2f}{angle:6.2f}{columns[0]:>16}{columns[1]:>16}",
            flush=True,
        )


def measured(path: Path) -> tuple[Any, ...]:
    """Return frames, keys, reduced keys, worst mm, worst degrees, and slides of feet that stand."""
    take = Take.load(path)
    rate = rate_of(take.times)
    motion = motion_of(take, Timeline(rate, take.times[0]), "default")
    keys, poses = zip(*(played(motion, keying) for keying in (Keying(None), Keying())), strict=True)
    (turns, heads), (reduced_turns, reduced_heads) = poses
    off = 1000 * np.linalg.norm(heads - reduced_heads, axis=-1).max()
    angle = np.degrees(rotation_angle(turns, reduced_turns)).max()
    armature: Any = bpy.data.objects[0]
    feet = [armature.pose.bones.find(name) for name in FEET]
    slid, reduced_slid = (
        np.linalg.norm(np.diff(each[:, feet], axis=0), axis=-1) for each in (heads, reduced_heads)
    )
    # Frames beside a long gap are no neighbours.
    near = (np.diff(motion.keys.frames) == 1)[:, None] & (slid * rate.value < _STANDING)
    return (len(heads), *keys, off, angle, 1000 * slid[near], 1000 * reduced_slid[near])


def played(motion: Motion, keying: Keying) -> tuple[int, tuple[np.ndarray, np.ndarray]]:
    """Return how many keys bones have, and their local turns and heads, metres, at those frames."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.data.scenes[0]
    figure, _ = write_person(
        scene, Figure(), "one", motion, scene.collection, colour=(1, 1, 1), with_body=False,
        keying=keying,
    )  # fmt: skip
    armature: Any = figure.armature
    bones = [c for c in curves_of(armature).fcurves if c.data_path.startswith("pose.bones")]
    turns, heads = [], []
    for frame in motion.keys.frames:
        scene.frame_set(int(frame))
        turns.append([np.array(each.matrix_basis)[:3, :3] for each in armature.pose.bones])
        heads.append([np.array(each.head) for each in armature.pose.bones])
    number = sum(len(curve.keyframe_points) for curve in bones)
    return number, (np.array(turns), np.array(heads))


if __name__ == "__main__":
    main()
