"""How exactly motions go onto rigs: directions of limbs, standing feet, the way there and back.

Run as `python -m tests.benchmarks.retarget [CAPTURE_FOLDER ...] [--results FILE]`, or as `make
retarget-table`. Takes of people of the CMU database and every capture are put on every rig and its
variants; rows are printed for a table. What is solved is measured at all frames, and compared with
what Blender makes of the same channels at every tenth; of control rigs all is measured in Blender,
after constraints, with fewer motions, for that takes its time. With a file of results what was
broken off goes on.
"""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Euler, Matrix

from bake.headless import silence_stdout
from bake.retarget.human import HumanMotion
from bake.retarget.in_blender.rigs import read_rig
from bake.retarget.joints import LEGS
from bake.retarget.keying.channels import BoneChannel, channels_of
from bake.retarget.maps.bone_map import BoneMap, JointBones
from bake.retarget.motion import RigMotion
from bake.retarget.rig import Rig
from bake.retarget.settings import RetargetSettings
from bake.retarget.solving.controls import needed_settings
from bake.retarget.solving.posing import Posing
from bake.retarget.solving.rest_pose import rest_pose, target_rest
from bake.retarget.solving.soles import Sole, sole_of
from bake.retarget.solving.solve import Solver, solve
from bake.retarget.solving.standing import standing_of_rig
from bake.retarget.sources.armatures import human_of_rig
from core_model.geometry.rotations import nearest_rotation, rotation_angle
from tests.bake.retarget.played import (
    CAPTURED,
    Played,
    apply_settings,
    bones_of,
    human_of,
    limb_errors,
    map_of,
)
from tests.bake.retarget.rig_variants import (
    add_odd_leaves,
    move_object,
    point_tails,
    put_arms,
    roll_at_random,
    scale_object,
    set_modes,
    turn_object,
)
from tests.bake.retarget.rigs import ALL_RIGS, PLAIN_RIGS, generate_rig, load_rig
from tests.bake.retarget.truth import TRUTH
from tests.benchmarks.kept_rows import KeptRows

TURNED = Euler((np.pi / 2, 0.3, 1.0)).to_matrix().to_4x4()
CLIPS = 18
PLAYED = (10, 5)
"""Clips and captures on rigs that Blender plays."""

FEW = (2, 1)
"""The same on variants of those."""

TABLES = ("limbs", "round", "time")
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
    "object at 0.01": lambda rig, name: move_object(rig, Matrix.Scale(0.01, 4)),
    "object at 100": lambda rig, name: move_object(rig, Matrix.Scale(100.0, 4)),
    "half size": lambda rig, name: move_object(rig, Matrix.Scale(0.5, 4)),
    "rotation modes": lambda rig, name: set_modes(rig),
    "leaves": lambda rig, name: add_odd_leaves(rig),
    "tails": lambda rig, name: point_tails(rig),
}
FOR_ALL = (
    "as made",
    "lying, moved",
    "object at 0.01",
    "object at 100",
    "half size",
    "rotation modes",
)
"""Variants that leave the bones of a rig as they are, as constraints that know lengths need."""


GENERATED = ("T", "A", "arms down", "rolls", "scaled 0.01", "scaled 100", "tails")
"""Variants of which Rigify generates a rig anew: its meta-rig is changed before."""

FREE = RetargetSettings(pin_feet=False, floor=False)
STILL = 0.002
"""Metres from frame to frame: what moves less on the source stands."""


@dataclass(frozen=True)
class Measured:
    """A motion on a rig.

    Parameters
    ----------
    errors : (N,)
        Degrees of all limbs at all frames.
    moves : float
        Millimetres that a foot moves at most until the next frame which stands on the source.
    sinks : float
        Millimetres that a sole which stands is under the floor.
    differs : float
        Degrees by which Blender shows limbs elsewhere than they were solved.
    """

    errors: np.ndarray
    moves: float = 0.0
    sinks: float = 0.0
    differs: float = 0.0


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="CAPTURE_FOLDER")
    parser.add_argument("--rigs", nargs="+", default=ALL_RIGS)
    parser.add_argument("--variants", nargs="+", default=list(VARIANTS), choices=VARIANTS)
    parser.add_argument("--clips", type=int, default=CLIPS)
    parser.add_argument("--tables", nargs="+", default=TABLES, choices=TABLES)
    parser.add_argument("--results", type=Path, help="a JSON file to go on with")
    arguments = parser.parse_args()
    silence_stdout()
    kept = KeptRows(arguments.results)
    clips = [human_of(file) for file in CAPTURED[: arguments.clips]]
    files = [file for each in arguments.folders for file in sorted(each.glob("person_*.npz"))]
    # Captures are cleaned as they are for a bake.
    captures = [human_of(file, smoothing="default") for file in files]
    sources = clips + captures
    played = clips[: PLAYED[0]] + captures[: PLAYED[1]]
    few = clips[: FEW[0]] + captures[: FEW[1]]
    for what, some in (
        ("", sources),
        (" on rigs that Blender plays", played),
        (" on variants of those", few),
    ):
        print(f"{len(some)} motions, {sum(map(len, some))} frames{what}")
    print(f"Blender {bpy.app.version_string}")
    if "limbs" in arguments.tables:
        print(
            "\n| rig | variant | limbs by | free: mean | worst | pinned: mean | worst "
            "| foot, mm/frame | under, mm | in Blender |\n|---|---|---|---|---|---|---|---|---|---|"
        )
        for name in arguments.rigs:
            for variant in arguments.variants:
                if (
                    name in PLAIN_RIGS
                    or variant in FOR_ALL
                    or (name == "rigify" and variant in GENERATED)
                ):
                    some = few if variant != "as made" else played
                    some = sources if name in PLAIN_RIGS else some
                    for limbs in ("fk", "ik") if name == "rigify" else ("fk",):
                        print(kept(row, name, variant, limbs, motions=some), flush=True)
    if "round" in arguments.tables:
        print("\n| rig | there and back: mean | worst |\n|---|---|---|")
        for name in arguments.rigs:
            some = sources if name in PLAIN_RIGS else played
            print(kept(there_and_back, name, motions=some), flush=True)
    if "time" in arguments.tables:
        print("\n| rig | 5,000 frames |\n|---|---|")
        for name in arguments.rigs:
            print(f"| {name} | {seconds(name, sources[0]):.2f} s |", flush=True)
    # Blender's module may wait for ever as the process ends.
    os._exit(0)


def made(name: str, variant: str, limbs: str) -> tuple[Any, Rig, BoneMap]:
    """Return an armature, what is known of it, and its map."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    if name == "rigify" and variant in GENERATED:
        armature = _generated(variant)
    else:
        armature = load_rig(name)
        VARIANTS[variant](armature, name)
    bone_map = map_of(name)
    return armature, read_rig(armature, needed_settings(bone_map, limbs)), bone_map


def _generated(variant: str) -> Any:
    """Return Rigify's rig as it is generated of a variant of its meta-rig.

    Scales are applied to the meta-rig, which Rigify wants, and taken back on the generated object.
    """
    if not variant.startswith("scaled"):
        return generate_rig(lambda metarig: VARIANTS[variant](metarig, "metarig"))
    scale = float(variant.split()[1])
    armature = generate_rig(lambda metarig: metarig.data.transform(Matrix.Scale(1 / scale, 4)))
    move_object(armature, Matrix.Scale(scale, 4))
    return armature


def row(name: str, variant: str, limbs: str, sources: Sequence[HumanMotion]) -> str:
    """Return a row of the first table."""
    armature, rig, bone_map = made(name, variant, limbs)
    columns, both = [], []
    for settings in (replace(FREE, limbs=limbs), RetargetSettings(limbs=limbs)):
        found = [measured(name, armature, rig, bone_map, source, settings) for source in sources]
        together = np.concatenate([each.errors for each in found])
        columns += [f"{together.mean():.3f}", f"{together.max():.2f}"]
        both += found
    # Only of the latter feet are held.
    columns += [f"{max(each.moves for each in found):.2f}"]
    columns += [f"{max(each.sinks for each in found):.1f}"]
    columns += [f"{max(each.differs for each in both):.3f}"]
    return f"| {name} | {variant} | {limbs} | {' | '.join(columns)} |"


def measured(
    name: str,
    armature: Any,
    rig: Rig,
    bone_map: BoneMap,
    source: HumanMotion,
    settings: RetargetSettings,
) -> Measured:
    """Put a motion on a rig and measure it."""
    solver = Solver(source, rig, bone_map, settings)
    motion = solver.solve()
    channels, _ = channels_of(rig, motion)
    if name not in PLAIN_RIGS:
        shown = played(armature, motion, channels, range(len(source)))
        seen = _joined(limb_errors(source, shown, bones_of(name)))
        return Measured(seen, *standing_in_blender(source, shown, name), 0.0)
    posing = solver.posing
    errors = limb_errors(source, solved(posing, range(len(source))), bones_of(name))
    every = range(0, len(source), EVERY)
    shown = played(armature, motion, channels, every)
    differs = _joined(limb_errors(source, shown, bones_of(name))) - _joined(
        {joint: each[::EVERY] for joint, each in errors.items()}
    )
    return Measured(
        _joined(errors), *standing(source, posing, rig, bone_map), float(np.abs(differs).max())
    )


def _joined(errors: dict[str, np.ndarray]) -> np.ndarray:
    return np.concatenate(list(errors.values()))


def solved(posing: Posing, frames: Sequence[int]) -> Played:
    """Return what bones do as it was solved."""
    states = [posing.state(bone) for bone in range(len(posing.rig.bones))]
    return Played(
        list(posing.rig.names),
        posing.rest.heads,
        np.stack([np.broadcast_to(each.head, (posing.count, 3)) for each in states], 1)[frames],
        np.stack([np.broadcast_to(each.turn, (posing.count, 3, 3)) for each in states], 1)[frames],
        np.array(frames),
    )


def played(
    armature: Any, motion: RigMotion, channels: Sequence[BoneChannel], frames: Sequence[int]
) -> Played:
    """Play frames as they are keyed, each bone in its own rotation mode."""
    bones, layer = armature.pose.bones, bpy.context.view_layer
    assert layer
    to_world = np.array(armature.matrix_world)
    at_rest = to_world @ np.array([bone.bone.matrix_local for bone in bones])
    apply_settings(armature, motion.settings)
    found = []
    for frame in frames:
        for channel in channels:
            setattr(bones[channel.bone], channel.path, channel.values[frame])
        layer.update()
        found.append(to_world @ np.array([bone.matrix for bone in bones]))
    matrices = np.array(found)
    rest = np.swapaxes(nearest_rotation(at_rest[:, :3, :3]), 1, 2)
    return Played(
        bones.keys(),
        at_rest[:, :3, 3],
        matrices[..., :3, 3],
        nearest_rotation(matrices[..., :3, :3]) @ rest,
        np.array(frames),
    )


def standing(
    source: HumanMotion, posing: Posing, rig: Rig, bone_map: BoneMap
) -> tuple[float, float]:
    """Return how far standing feet move (mm) from frame to frame, and soles are under the floor."""
    pose, places = rest_pose(rig), rig.place_of()
    rest = target_rest(rig, bone_map, pose)
    first = {joint: places[bone_map.joints[joint].bones[0]] for joint in rest.heads}
    ground = standing_of_rig(rig, rest, pose, first).ground
    moves, sinks = [0.0], [0.0]
    for leg in LEGS:
        ankle, toes = leg[2:]
        sole = _sole(rest, first, ankle, toes, ground)
        lowest = sole.lowest(posing, posing.state(first[ankle]).head)
        for joint in (ankle, toes):
            stands = _stands(source, joint)
            if joint in first and stands.any():
                steps = np.diff(posing.state(first[joint]).head, axis=0)
                moves.append(float(np.linalg.norm(steps, axis=1)[stands].max()))
                sinks.append(-float(lowest[:-1][stands].min()))
    return 1000 * max(moves), 1000 * max(sinks)


def _sole(rest: Any, first: dict[str, int], ankle: str, toes: str, ground: float) -> Sole:
    ball = rest.heads[toes] if toes in rest.heads else rest.ends[ankle]
    tip = rest.ends[toes if toes in rest.heads else ankle]
    up = rest.body[:, 2]
    return sole_of(first[ankle], first.get(toes, -1), rest.heads[ankle], ball, tip, up, ground)


def _stands(source: HumanMotion, joint: str) -> np.ndarray:
    steps = np.diff(source.places[:, source.joints.index(joint)], axis=0)
    return np.asarray((np.linalg.norm(steps, axis=1) < STILL) & ~source.last_of_run[:-1])


def standing_in_blender(source: HumanMotion, shown: Played, name: str) -> tuple[float, float]:
    """Return the same of what Blender shows, of the joints of feet themselves."""
    moves, sinks = [0.0], [0.0]
    for joint in (joint for leg in LEGS for joint in leg[2:]):
        stands = _stands(source, joint)
        if joint in bones_of(name) and stands.any():
            heads = shown.head(bones_of(name)[joint][0])
            moves.append(float(np.linalg.norm(np.diff(heads, axis=0), axis=1)[stands].max()))
            sinks.append(-float(heads[:-1, 2][stands].min()))
    return 1000 * max(moves), 1000 * max(sinks)


def there_and_back(name: str, sources: Sequence[HumanMotion]) -> str:
    """Return a row: by how many degrees joints differ after a way to a rig and back to SMPL's."""
    armature, rig, bone_map = made(name, "as made", "fk")
    plain = name in PLAIN_RIGS
    ways = []
    for source in sources:
        solver = Solver(source, rig, bone_map, FREE)
        motion = solver.solve()
        # Blender takes its time for a control rig.
        frames = range(0, len(source), 1 if plain else EVERY)
        if plain:
            ways.append((solved(solver.posing, frames), frames))
        else:
            channels, _ = channels_of(rig, motion)
            ways.append((played(armature, motion, channels, frames), frames))
    joints = {
        joint: JointBones(found) for joint, found in DRIVERS.get(name, bones_of(name)).items()
    }
    back_map = replace(bone_map, joints=joints)
    bones = back_map.bones()
    bpy.ops.wm.read_factory_settings(use_empty=True)
    our_rig, our_map = read_rig(load_rig("ours")), map_of("ours")
    apart = []
    for source, (shown, frames) in zip(sources, ways, strict=True):
        at = np.array(frames)
        rests = np.stack([rig.to_world @ rig.bones[rig.place_of()[bone]].rest for bone in bones])
        matrices = np.tile(np.eye(4), (len(at), len(bones), 1, 1))
        matrices[..., :3, :3] = np.stack([shown.turn(bone) for bone in bones], 1) @ rests[:, :3, :3]
        matrices[..., :3, 3] = np.stack([shown.head(bone) for bone in bones], 1)
        seen = human_of_rig("back", rig, back_map, bones, matrices, at, source.fps)
        again = solve(seen, our_rig, our_map, FREE).seen
        first = solve(source, our_rig, our_map, FREE).seen
        shared = [joint for joint in seen.joints if joint in source.joints]
        apart += [rotation_angle(again[joint], first[joint][at]) for joint in shared]
    degrees = np.degrees(np.concatenate(apart))
    return f"| {name} | {degrees.mean():.3f} | {degrees.max():.3f} |"


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
