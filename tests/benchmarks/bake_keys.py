"""How many keys a second baking writes, against a loop of Blender's own `keyframe_insert`.

Run as `python -m tests.benchmarks.bake_keys`. Both run in the same process, one after the other.
`keyframe_insert` gets a tenth of the frames: its keys cost more the more there are already,
so that its speed on all of them would be lower still.
"""

import time
from dataclasses import replace

import bpy
import numpy as np

from bake.motion.resample import FrameRate, Keys, Timeline
from bake.motion.smoothing import load_profile, smooth
from bake.motion.track import Track, track_of
from bake.reduction.key_reduction import Tolerance
from bake.scene.animation.channels import BY_QUATERNION
from bake.scene.animation.curves import curves_of
from bake.scene.animation.keys import key_body, read_rig
from bake.scene.animation.motion import motion_of
from bake.scene.writer import Figure, put_armature
from core_model.body.skeleton import JOINT_NAMES
from core_model.take import Take

FRAMES = 5000
FRAMES_INSERTED = 500
RATE = 30.0


def main() -> None:
    """Measure and print the table."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.data.scenes[0]
    random = np.random.default_rng(0)
    times = np.arange(FRAMES) / RATE
    take = Take(
        poses=np.cumsum(random.normal(0, 0.01, (FRAMES, 72)), axis=0),
        trans=np.cumsum(random.normal(0, 0.01, (FRAMES, 3)), axis=0),
        betas=np.zeros(10),
        times=times,
    )
    timeline = Timeline(FrameRate(30, 1.0))
    motion = motion_of(take, timeline, "none")
    armature = put_armature(scene, Figure(), "dancer", motion, scene.collection).armature
    assert armature
    rig = read_rig(armature, motion.joints, BY_QUATERNION)
    start = time.perf_counter()
    key_body(armature, "dancer", motion, curves_of(rig, motion, None), marked=False)
    baked = time.perf_counter() - start
    start = time.process_time()
    curves_of(rig, replace(motion, keys=_steady(motion.keys)), Tolerance())
    reduced = time.process_time() - start
    keys = FRAMES * (len(JOINT_NAMES) * 4 + 3)

    armature.animation_data_clear()
    start = time.perf_counter()
    inserted_keys = _insert(armature, motion.keys.quaternions, FRAMES_INSERTED)
    inserted = time.perf_counter() - start

    start = time.perf_counter()
    smooth(track_of(take, np.zeros(3)), load_profile("default"))
    smoothed = time.perf_counter() - start

    ratio = (keys / baked) / (inserted_keys / inserted)
    print(f"Blender {bpy.app.version_string}, 24 bones, {FRAMES} frames")
    print(f"{'':18}{'keys':>10}{'seconds':>10}{'keys/s':>12}")
    print(f"{'bake':18}{keys:10}{baked:10.3f}{keys / baked:12,.0f}")
    print(
        f"{'keyframe_insert':18}{inserted_keys:10}{inserted:10.3f}{inserted_keys / inserted:12,.0f}"
        f"   on {FRAMES_INSERTED} frames"
    )
    print(f"baking writes keys {ratio:.0f} times as fast")
    print(f"reducing the keys of {FRAMES} frames, smoothed: {reduced:.2f} s of one processor")
    print(f"smoothing {FRAMES} frames, default profile: {smoothed:.2f} s")


def _steady(keys: Keys) -> Keys:
    track = Track(keys.frames / RATE, keys.quaternions, keys.positions)
    smoothed = smooth(track, load_profile("default"))
    return replace(keys, quaternions=smoothed.quaternions, positions=smoothed.positions)


def _insert(armature: bpy.types.Object, quaternions: np.ndarray, frames: int) -> int:
    assert armature.pose
    bones = [armature.pose.bones[name] for name in JOINT_NAMES]
    for frame in range(frames):
        for bone, quaternion in zip(bones, quaternions[frame].tolist(), strict=True):
            bone.rotation_quaternion = quaternion
            bone.keyframe_insert("rotation_quaternion", frame=frame + 1)
    return frames * len(bones) * 4


if __name__ == "__main__":
    main()
