"""Acclaim skeletons (ASF) and motions (AMC), as the CMU database stores them, as SMPL rotations.

Forward kinematics of the format: a bone's local rotation is `C Rz Ry Rx C^-1`, with `C` the
rotation of the bone's own axes; its tail lies at `direction * length` from its head. ASF space is
Y up, the figure faces +Z with its left at +X, like SMPL's.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX, JOINT_NAMES, PARENTS
from core_model.errors import MocapError
from core_model.geometry.rotations import axis_angle_to_matrix, rotation_between

METRES_PER_UNIT = 0.0254 / 0.45
"""CMU's skeletons use the unit 0.45 inch."""

COLLAR_SWING = np.radians(10.0)
"""CMU's clavicles hardly move; ours swing this far with an arm that goes from level to down."""

# SMPL joint: the bone of ASF whose global rotation it takes. What is missing keeps its parent's.
_BONES = {
    "pelvis": "root",
    "spine1": "lowerback",
    "spine2": "upperback",
    "spine3": "thorax",
    "neck": "lowerneck",
    "head": "head",
    "hip": "femur",
    "knee": "tibia",
    "ankle": "foot",
    "foot": "toes",
    "collar": "clavicle",
    "shoulder": "humerus",
    "elbow": "radius",
    "wrist": "hand",
}
# Bones whose rest directions differ between ASF and SMPL: joint, the joint its bone points to.
_SWUNG = {"hip": "knee", "knee": "ankle", "shoulder": "elbow", "elbow": "wrist", "wrist": "hand"}
# ASF's legs stand astride at rest and the feet are tilted with their shins.
_SWUNG_LIKE = {"ankle": "knee", "foot": "knee"}
_HORIZONTAL = np.array([1.0, 0.0, 1.0])


@dataclass(frozen=True)
class AsfBone:
    """A bone of an ASF skeleton: unit `direction`, `length` in metres, axes `frame` (3, 3)."""

    parent: str
    direction: np.ndarray
    length: float
    frame: np.ndarray
    dofs: tuple[str, ...]


def read_asf(path: Path) -> dict[str, AsfBone]:
    """Read a skeleton; bones come in an order in which parents stand before children.

    Raises
    ------
    MocapError
        When the file is not an ASF skeleton, or damaged.
    """
    text = path.read_text(errors="replace")
    parents = _hierarchy(text, path)
    bones = {"root": AsfBone("", np.zeros(3), 0.0, np.eye(3), ())}
    blocks = {}
    for block in re.findall(r"\bbegin\b(.*?)\bend\b", text.partition(":bonedata")[2], re.DOTALL):
        fields = {line.split()[0]: line.split()[1:] for line in block.splitlines() if line.split()}
        if "name" in fields:
            blocks[fields["name"][0]] = fields
    for name, parent in parents:
        try:
            if parent not in bones:
                raise ValueError("a bone that hangs on none")
            bones[name] = _bone(blocks[name], parent)
        except (KeyError, IndexError, ValueError) as error:
            raise MocapError(f"{path} is damaged: its bone '{name}' is not complete.") from error
    return bones


def _bone(fields: dict[str, list[str]], parent: str) -> AsfBone:
    dofs = tuple(dof for dof in fields.get("dof", []) if dof in ("rx", "ry", "rz"))
    angles, direction = (
        np.array([float(value) for value in fields[name][:3]]) for name in ("axis", "direction")
    )
    length = float(fields["length"][0])
    if not (np.isfinite([*angles, *direction, length]).all() and direction.any()):
        raise ValueError("a bone without a direction")
    if len(direction) != 3 or len(set(dofs)) != len(dofs):
        raise ValueError("a bone that is not one of space")
    frame = Rotation.from_euler("xyz", angles, degrees=True).as_matrix()
    return AsfBone(parent, direction, length * METRES_PER_UNIT, frame, dofs)


def _hierarchy(text: str, path: Path) -> list[tuple[str, str]]:
    section = re.search(r":hierarchy\s+begin(.*?)\bend\b", text, re.DOTALL)
    if section is None:
        raise MocapError(f"{path} is not an ASF skeleton: it has no hierarchy.")
    pairs = []
    for line in section.group(1).splitlines():
        parent, *children = line.split() or [""]
        pairs += [(child, parent) for child in children]
    return pairs


def read_amc(path: Path, bones: dict[str, AsfBone]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Read a motion.

    Returns
    -------
    root_positions : (T, 3)
        Metres.
    global_rotations : dict of (T, 3, 3)
        Of every bone, ASF space.

    Raises
    ------
    MocapError
        When the file is damaged, or of another skeleton.
    """
    try:
        return _motion(path.read_text(errors="replace"), bones)
    except (KeyError, IndexError, ValueError) as error:
        raise MocapError(f"{path} is damaged, or its skeleton is another's.") from error


def _motion(text: str, bones: dict[str, AsfBone]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    values: dict[str, list[list[float]]] = {}
    for line in text.splitlines():
        name, *numbers = line.split() or [""]
        if name in bones:
            values.setdefault(name, []).append([float(number) for number in numbers])
    arrays = {name: np.array(rows) for name, rows in values.items()}
    root = arrays["root"]
    if not all(len(rows) == len(root) and np.isfinite(rows).all() for rows in arrays.values()):
        raise ValueError("frames without some bone, or what is no number")
    turned = {"root": Rotation.from_euler("xyz", root[:, 3:6], degrees=True).as_matrix()}
    for name, bone in bones.items():
        if name == "root":
            continue
        local = np.eye(3)
        if name in arrays:
            euler = np.zeros((len(root), 3))
            euler[:, ["xyz".index(dof[1]) for dof in bone.dofs]] = arrays[name]
            local = Rotation.from_euler("xyz", euler, degrees=True).as_matrix()
        turned[name] = turned[bone.parent] @ (bone.frame @ local @ bone.frame.T)
    return root[:, :3] * METRES_PER_UNIT, turned


def bone_tails(
    root: np.ndarray, turned: dict[str, np.ndarray], bones: dict[str, AsfBone]
) -> dict[str, np.ndarray]:
    """Place the tail of every bone: dict of (T, 3), metres."""
    tails = {"root": root}
    for name, bone in bones.items():
        if name != "root":
            tails[name] = tails[bone.parent] + turned[name] @ (bone.direction * bone.length)
    return tails


def smpl_rotations(turned: dict[str, np.ndarray], bones: dict[str, AsfBone]) -> np.ndarray:
    """Turn global rotations of ASF bones into SMPL's local rotations (T, 24, 3, 3).

    The result is in a Y-up world: joint 0 turns SMPL space to it.
    """
    return from_bones(turned, {name: bone.direction for name, bone in bones.items()})


def from_bones(
    turned: dict[str, np.ndarray], directions: dict[str, np.ndarray], level_feet: bool = False
) -> np.ndarray:
    """Turn bones' rotations from a rest pose into SMPL's local rotations (T, 24, 3, 3).

    `R_smpl = R A`, where A swings SMPL's rest direction of a limb onto the bone's.

    Parameters
    ----------
    turned : dict of (T, 3, 3)
        By the bone's name in ASF, global, of a Y-up world. A bone that is missing keeps its
        parent's rotation.
    directions : dict of (3,)
        Where limbs point in the rest pose; also feet, with `level_feet`.
    level_feet : bool
        In the rest pose soles lie on the floor; otherwise they are tilted with the shins.
    """
    rest = default_body().rest_joints(np.zeros(10))
    frames = len(turned["root"])
    whole = np.empty((frames, JOINT_COUNT, 3, 3))
    for joint, name in enumerate(JOINT_NAMES):
        side, _, part = name.rpartition("_")
        bone = side[:1] + _BONES.get(part, "?")
        if bone not in turned:
            whole[:, joint] = whole[:, PARENTS[joint]]
            continue
        whole[:, joint] = turned[bone]
        swung = _SWUNG_LIKE.get(part, part)
        if swung not in _SWUNG:
            continue
        start, end = (JOINT_INDEX[f"{side}_{name}"] for name in (swung, _SWUNG[swung]))
        direction, theirs = rest[end] - rest[start], directions.get(side[:1] + _BONES[swung])
        if level_feet and part in _SWUNG_LIKE:
            foot, toes = (rest[JOINT_INDEX[f"{side}_{name}"]] for name in ("ankle", "foot"))
            direction = (toes - foot) * _HORIZONTAL
            theirs = directions[side[:1] + "foot"] * _HORIZONTAL
        if theirs is not None:
            units = (vector / np.linalg.norm(vector) for vector in (direction, theirs))
            whole[:, joint] = whole[:, joint] @ rotation_between(*units)
    swing_collars(whole)
    local = whole.copy()
    for joint in range(1, JOINT_COUNT):
        local[:, joint] = np.swapaxes(whole[:, PARENTS[joint]], 1, 2) @ whole[:, joint]
    return local


def swing_collars(whole: np.ndarray) -> None:
    """Lower and lift the collars with the arms, in place; the arms keep their directions.

    Parameters
    ----------
    whole : (T, 24, 3, 3)
        Global rotations of SMPL's joints.
    """
    rest = default_body().rest_joints(np.zeros(10))
    torso = whole[:, JOINT_INDEX["spine3"]]
    for side, mirror in (("left", 1.0), ("right", -1.0)):
        shoulder, elbow = JOINT_INDEX[f"{side}_shoulder"], JOINT_INDEX[f"{side}_elbow"]
        bone = rest[elbow] - rest[shoulder]
        arm = whole[:, shoulder] @ (bone / np.linalg.norm(bone))
        up = np.einsum("ta,ta->t", torso[:, :, 1], arm)
        angle = mirror * COLLAR_SWING * np.arcsin(np.clip(up, -1, 1)) / (np.pi / 2)
        swing = axis_angle_to_matrix(angle[:, None] * np.array([0.0, 0.0, 1.0]))
        whole[:, JOINT_INDEX[f"{side}_collar"]] = torso @ swing
