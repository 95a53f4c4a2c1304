"""CMU motion as BVH files on a Daz figure's skeleton, as SMPL rotations.

BVH: a joint's local rotation is the product of turns about its channels' axes in the order in which
they are named; its place is its `OFFSET` from its parent. The figure stands in a T-pose at rest, Y
up, facing +Z with its left at +X, like SMPL's. Frame 0 of every Daz file shows that pose.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX, JOINT_NAMES, PARENTS
from core_model.errors import MocapError
from core_model.geometry.rotations import axis_angle_to_matrix, nearest_rotation
from train.databases.asf_amc import swing_collars

# SMPL joint: the joint of the Daz figure whose global rotation it takes, and how its axes lie in
# that joint's: axis-angle in degrees, of the left side. These constants are the mean difference to
# what `asf_amc` makes of the same clips (58 of subjects 01, 03, 05, 07, 09 and 14, 18,276 frames),
# the same left and right; what remains has a median of 1.3 to 3.7 degrees. The wrist differs by 22
# degrees and holds no twist: it stays in line with its forearm. So do the hands and toes.
_SOURCES = {
    "pelvis": ("hip", (0.0, 0.0, 0.0)),
    "spine2": ("abdomen", (0.0, 0.0, 0.0)),
    "spine3": ("chest", (0.0, 0.0, 0.0)),
    "neck": ("neck", (-16.0, 0.0, 0.0)),
    "head": ("head", (16.0, 0.0, 0.0)),
    "hip": ("Thigh", (5.2, 0.0, -7.2)),
    "knee": ("Shin", (0.4, -0.9, 1.4)),
    "ankle": ("Foot", (-4.8, -1.1, 0.8)),
    "shoulder": ("Shldr", (-0.4, -5.9, -4.9)),
    "elbow": ("ForeArm", (-0.1, -2.2, -9.9)),
}
# The Daz figure's lowest spine joint lies at the waist; SMPL's lies half-way to it and bends half.
_SPINE1_LEAN = (3.7, 0.0, 0.0)


@dataclass(frozen=True)
class BvhMotion:
    """What a BVH file holds.

    Parameters
    ----------
    names, parents : list
        Of the joints, parents before children; the root's parent is -1.
    offsets : (J, 3)
        From the parent, the file's unit.
    rotations : (T, J, 3, 3)
        Local.
    root : (T, 3)
        Where the root is, the file's unit.
    frame_rate : float
    """

    names: list[str]
    parents: list[int]
    offsets: np.ndarray
    rotations: np.ndarray
    root: np.ndarray
    frame_rate: float

    def global_rotations(self) -> np.ndarray:
        """Return the rotation of every joint from its rest pose, (T, J, 3, 3)."""
        turned = self.rotations.copy()
        for joint, parent in enumerate(self.parents):
            if parent >= 0:
                turned[:, joint] = turned[:, parent] @ turned[:, joint]
        return turned


def read_bvh(path: Path) -> BvhMotion:
    """Read a motion; of a Daz figure without frame 0, in which it shows its rest pose.

    Raises
    ------
    MocapError
        When the file is not a BVH motion, or damaged.
    """
    try:
        return _motion(path.read_text(errors="replace"), path)
    except (IndexError, ValueError, OverflowError, ZeroDivisionError) as error:
        raise MocapError(
            f"{path} is damaged: something else stands where numbers belong."
        ) from error


def _motion(text: str, path: Path) -> BvhMotion:
    hierarchy, _, frames = text.partition("MOTION")
    heading = re.search(r"Frames:\s*(\d+)\s+Frame Time:\s*([\d.eE+-]+)", frames)
    names: list[str] = []
    parents: list[int] = []
    offsets: list[list[float]] = []
    channels: list[list[str]] = []
    stack: list[int] = []
    for line in hierarchy.splitlines():
        word, *rest = line.split() or [""]
        if word in ("ROOT", "JOINT"):
            parents.append(stack[-1] if stack else -1)
            names.append(rest[0])
            stack.append(len(names) - 1)
        elif word == "End":
            stack.append(-1)
        elif word == "}" and stack:
            stack.pop()
        elif word == "OFFSET" and stack and stack[-1] >= 0:
            offsets.append([float(number) for number in rest[:3]])
        elif word == "CHANNELS":
            channels.append(rest[1:])
    if heading is None or not names or not len(names) == len(offsets) == len(channels):
        raise MocapError(f"{path} is not a BVH motion.")
    values = np.array(frames[heading.end() :].split(), dtype=float)
    width = sum(map(len, channels))
    if len(values) == 0 or len(values) % width or not np.isfinite(values).all():
        raise MocapError(f"{path} is damaged: its frames do not fit its skeleton.")
    table = values.reshape(-1, width)
    rotations = np.empty((len(table), len(names), 3, 3))
    root = np.zeros((len(table), 3))
    column = 0
    for joint, kinds in enumerate(channels):
        columns = table[:, column : column + len(kinds)]
        column += len(kinds)
        turns = [index for index, kind in enumerate(kinds) if kind.endswith("rotation")]
        order = "".join(kinds[index][0] for index in turns)
        rotations[:, joint] = Rotation.from_euler(order, columns[:, turns], True).as_matrix()
        if joint == 0:
            for index, kind in enumerate(kinds):
                if kind.endswith("position"):
                    root[:, "XYZ".index(kind[0])] = columns[:, index]
    motion = BvhMotion(names, parents, np.array(offsets), rotations, root, 1 / float(heading[2]))
    return replace(motion, rotations=rotations[1:], root=root[1:]) if is_daz(motion) else motion


def is_daz(motion: BvhMotion) -> bool:
    """Tell whether a motion is of the skeleton that `smpl_rotations` knows."""
    return {"hip", "abdomen", "chest", "lThigh", "rForeArm"} <= set(motion.names)


def smpl_rotations(motion: BvhMotion) -> np.ndarray:
    """Turn a Daz figure's motion into SMPL's local rotations (T, 24, 3, 3) in a Y-up world.

    Raises
    ------
    MocapError
        When the skeleton is not the Daz figure's.
    """
    if not is_daz(motion):
        raise MocapError("This BVH has no Daz skeleton: some of its joints are missing.")
    turned = motion.global_rotations()
    whole = np.empty((len(turned), JOINT_COUNT, 3, 3))
    for joint, name in enumerate(JOINT_NAMES):
        side, _, part = name.rpartition("_")
        if part not in _SOURCES:
            whole[:, joint] = whole[:, PARENTS[joint]]
            continue
        source, degrees = _SOURCES[part]
        mirror = (1, -1, -1) if side == "right" else (1, 1, 1)
        whole[:, joint] = turned[:, motion.names.index(side[:1] + source)] @ _turn(degrees, mirror)
    pelvis, waist = (whole[:, JOINT_INDEX[name]] for name in ("pelvis", "spine2"))
    halfway = nearest_rotation(pelvis + waist)
    whole[:, JOINT_INDEX["spine1"]] = halfway @ _turn(_SPINE1_LEAN)
    swing_collars(whole)
    local = whole.copy()
    for joint in range(1, JOINT_COUNT):
        local[:, joint] = np.swapaxes(whole[:, PARENTS[joint]], 1, 2) @ whole[:, joint]
    return local


def _turn(degrees: Sequence[float], mirror: Sequence[float] = (1, 1, 1)) -> np.ndarray:
    return np.asarray(axis_angle_to_matrix(np.radians(degrees) * np.asarray(mirror, float)))
