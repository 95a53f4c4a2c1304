"""How exactly motions go onto rigs, as Blender plays them after all constraints.

Run as `python -m tests.benchmarks.retarget [CAPTURE_FOLDER ...]`. Ten takes of people of the CMU
database and every capture are put on every rig and its variants; rows are printed for a table.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Euler, Matrix

from bake.headless import silence_stdout
from bake.retarget.human import HumanMotion
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.maps.bone_map import BoneMap, JointBones
from bake.retarget.rig import Rig
from bake.retarget.settings import RetargetSettings
from bake.retarget.solving.controls import needed_settings
from bake.retarget.solving.solve import solve
from bake.retarget.sources.armatures import human_of_rig
from core_model.geometry.rotations import rotation_angle
from tests.bake.retarget.played import CAPTURED, bones_of, human_of, limb_errors, map_of, played
from tests.bake.retarget.rig_variants import (
    add_odd_leaves,
    move_object,
    put_arms,
    roll_at_random,
    scale_object,
    turn_object,
)
from tests.bake.retarget.rigs import ALL_RIGS, PLAIN_RIGS, load_rig
from tests.bake.retarget.truth import TRUTH

TURNED = Euler((np.pi / 2, 0.3, 1.0)).to_matrix().to_4x4()
CLIPS = 10
DRIVERS = {"rigify": TRUTH["rigify"]}
"""Bones that a rig is read by; those of Rigify that move the mesh share the twist of a limb."""

EVERY = 10  # frames

VARIANTS: dict[str, Callable[[Any, str], Any]] = {
    "as made": lambda rig, name: None,
    "T": lambda rig, name: put_arms(rig, TRUTH[name], "T"),
    "A": lambda rig, name: put_arms(rig, TRUTH[name], "A"),
    "arms down": lambda rig, name: put_arms(rig, TRUTH[name], "down"),
    "rolls": lambda rig, name: roll_at_random(rig),
    "scaled 0.01": lambda rig, name: scale_object(rig, 0.01),
    "scaled 100": lambda rig, name: scale_object(rig, 100.0),
    "turned 90": lambda rig, name: turn_object(rig, "X", 90.0),
    "lying, moved": lambda rig, name: move_object(rig, Matrix.Translation((1, 2, 3)) @ TURNED),
    "half size": lambda rig, name: move_object(rig, Matrix.Scale(0.5, 4)),
    "leaves": lambda rig, name: add_odd_leaves(rig),
}
FOR_ALL = ("as made", "lying, moved", "half size")
"""Variants that leave the bones of a rig as they are, as constraints that know lengths need."""


@dataclass(frozen=True)
class Feet:
    """Of feet that stand on the source: mm per frame, and mm under the floor."""

    moves: float = 0.0
    sinks: float = 0.0

    def worse(self, other: "Feet") -> "Feet":
        return Feet(max(self.moves, other.moves), max(self.sinks, other.sinks))


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="CAPTURE_FOLDER")
    parser.add_argument("--rigs", nargs="+", default=ALL_RIGS)
    parser.add_argument("--variants", nargs="+", default=list(VARIANTS), choices=VARIANTS)
    parser.add_argument("--clips", type=int, default=CLIPS)
    arguments = parser.parse_args()
    silence_stdout()
    files = [*CAPTURED[: arguments.clips]]
    sources = [human_of(file) for file in files]
    captures = [file for each in arguments.folders for file in sorted(each.glob("person_*.npz"))]
    sources += [cleaned(file) for file in captures]
    print(
        f"{len(sources)} motions, {sum(map(len, sources))} frames, Blender {bpy.app.version_string}"
    )
    print(
        "\n| rig | variant | limbs by | mean | worst | pinned: mean | worst | mm/frame | under mm |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name in arguments.rigs:
        for variant in arguments.variants:
            if name not in PLAIN_RIGS and variant not in FOR_ALL:
                continue
            for limbs in ("fk", "ik") if name == "rigify" else ("fk",):
                print(row(name, variant, limbs, sources), flush=True)
    print("\n| rig | there and back: mean | worst |\n|---|---|---|")
    for name in arguments.rigs:
        mean, worst = there_and_back(name, sources[0])
        print(f"| {name} | {mean:.3f} | {worst:.3f} |", flush=True)
    print("\n| rig | 5,000 frames |\n|---|---|")
    for name in arguments.rigs:
        print(f"| {name} | {seconds(name, sources[0]):.2f} s |", flush=True)
    # Blender's module may wait for ever as the process ends.
    os._exit(0)


def cleaned(file: Path) -> HumanMotion:
    """Return a capture as it is baked."""
    return human_of(file, smoothing="default")


def made(name: str, variant: str, limbs: str) -> tuple[Any, Rig, BoneMap]:
    """Return an armature, what is known of it, and its map."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    armature = load_rig(name)
    VARIANTS[variant](armature, name)
    bone_map = map_of(name)
    return armature, read_rig(armature, needed_settings(bone_map, limbs)), bone_map


def row(name: str, variant: str, limbs: str, sources: list[HumanMotion]) -> str:
    """Return a row of the first table."""
    armature, rig, bone_map = made(name, variant, limbs)
    free = RetargetSettings(limbs=limbs, pin_feet=False, floor=False)
    columns = []
    feet = Feet()
    for settings in (free, RetargetSettings(limbs=limbs)):
        errors = []
        for source in sources:
            motion = solve(source, rig, bone_map, settings)
            every = range(0, len(source), EVERY)
            shown = played(armature, motion, list(every))
            errors += list(limb_errors(source, shown, bones_of(name)).values())
            if settings.pin_feet and source.places[:, 0, 2].min() > 0.3:
                frames = list(standing_pairs(source))[:40]
                feet = feet.worse(measured_feet(armature, motion, source, frames, name))
        together = np.concatenate(errors)
        columns += [f"{together.mean():.3f}", f"{together.max():.2f}"]
    columns += [f"{feet.moves:.2f}", f"{feet.sinks:.2f}"]
    return f"| {name} | {variant} | {limbs} | {' | '.join(columns)} |"


def standing_pairs(source: HumanMotion) -> Iterator[tuple[int, str]]:
    """Return places in a motion, and the joints of feet that do not move until the next frame."""
    for joint in ("left_ankle", "right_ankle", "left_foot", "right_foot"):
        places = source.places[:, source.joints.index(joint)]
        for frame in np.flatnonzero(np.linalg.norm(np.diff(places, axis=0), axis=1) < 0.002)[::3]:
            yield int(frame), joint


def measured_feet(
    armature: Any, motion: Any, source: HumanMotion, pairs: list[tuple[int, str]], name: str
) -> Feet:
    """Return how far standing feet move on the target, and are under the floor."""
    frames = sorted({each for frame, _ in pairs for each in (frame, frame + 1)})
    if not frames:
        return Feet()
    shown = played(armature, motion, frames)
    moves, sinks = [0.0], [0.0]
    for frame, joint in pairs:
        bones = bones_of(name).get(joint)
        if bones:
            heads = shown.head(bones[0])
            first, second = heads[frames.index(frame)], heads[frames.index(frame + 1)]
            moves.append(float(np.linalg.norm(second - first)))
            sinks.append(-float(first[2]))
    return Feet(1000 * max(moves), 1000 * max(sinks))


def there_and_back(name: str, source: HumanMotion) -> tuple[float, float]:
    """Return by how many degrees joints differ after a way to a rig and back to SMPL's skeleton."""
    armature, rig, bone_map = made(name, "as made", "fk")
    free = RetargetSettings(pin_feet=False, floor=False)
    every = np.arange(0, len(source), EVERY)
    shown = played(armature, solve(source, rig, bone_map, free), list(every))
    joints = {
        joint: JointBones(found) for joint, found in DRIVERS.get(name, bones_of(name)).items()
    }
    back_map = replace(bone_map, joints=joints)
    bones = back_map.bones()
    rests = np.stack([rig.to_world @ rig.bones[rig.place_of()[bone]].rest for bone in bones])
    matrices = np.tile(np.eye(4), (len(every), len(bones), 1, 1))
    matrices[..., :3, :3] = np.stack([shown.turn(bone) for bone in bones], 1) @ rests[:, :3, :3]
    matrices[..., :3, 3] = np.stack([shown.head(bone) for bone in bones], 1)
    seen = human_of_rig("back", rig, back_map, bones, matrices, every, source.fps)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    ours = load_rig("ours")
    our_rig = read_rig(ours)
    our_map = map_of("ours")
    again = played(ours, solve(seen, our_rig, our_map, free), range(len(every)))
    first = played(ours, solve(source, our_rig, our_map, free), list(every))
    shared = [joint for joint in seen.joints if joint in source.joints]
    apart = np.degrees(
        np.stack([rotation_angle(again.turn(joint), first.turn(joint)) for joint in shared])
    )
    return float(apart.mean()), float(apart.max())


def seconds(name: str, source: HumanMotion) -> float:
    """Return how long a solve of 5,000 frames takes."""
    _, rig, bone_map = made(name, "as made", "fk")
    last = len(source) - 1
    order = np.abs((np.arange(5000) + last) % (2 * last) - last)
    long = replace(
        source,
        turns=source.turns[order],
        places=source.places[order],
        frames=np.arange(5000),
        last_of_run=np.arange(5000) == 4999,
    )
    begin = time.perf_counter()
    solve(long, rig, bone_map, RetargetSettings())
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
