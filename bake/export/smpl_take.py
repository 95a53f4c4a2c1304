"""A figure of the scene as a take: the AMASS `.npz` that SMPL's world reads."""

from collections.abc import Collection
from pathlib import Path

import numpy as np

from bake.export.channels import rotations_of
from bake.export.reading import Reading
from bake.scene.marks import BODY
from bake.scene.rig.placement import placement_of
from bake.scene.rig.pose_bones import rest_in_world
from core_model.body.fingers import FINGER_CARRIERS, FINGER_JOINT_NAMES
from core_model.body.model import Body, default_body, load_body
from core_model.body.skeleton import JOINT_NAMES, PARENTS, SMPL_TO_WORLD
from core_model.errors import MocapError, OutputError
from core_model.geometry.rotations import matrix_to_axis_angle
from core_model.take import Take

_FINGER_PARENTS = tuple(
    24 + index - 1 if index % 3 else FINGER_CARRIERS[index] for index in range(30)
)
_TURNED = np.radians(5)
_SHAPE_PRIOR = 1e-9  # keeps shapes of the fit small where the joints say nothing of them


def is_of_smpl(reading: Reading) -> bool:
    """Return whether a figure has the bones of our own."""
    return set(JOINT_NAMES) <= set(reading.rig.names)


def take_of(reading: Reading, fps: float, per_unit: float) -> Take:
    """Read the motion of one of our own figures back, as it is seen.

    Parameters
    ----------
    reading : Reading
    fps : float
    per_unit : float
        Metres in a unit of the scene.

    Raises
    ------
    OutputError
        When its body is not to be had any more.
    """
    places = reading.rig.place_of()
    body = _body_of(reading)
    names = with_fingers(reading.rig.names)
    own = [places[name] for name in names]
    resting = np.array([bone.rest for bone in reading.rig.bones])[own]
    place = _placement(reading, body)
    rest = place.T @ rotations_of(resting[:, :3, :3])
    world = reading.placed[:, None] @ reading.posed[:, own]
    betas = _betas(body, resting[:24, :3, 3] @ place * per_unit * _scale_of(reading))
    return take_from(
        rest,
        rotations_of(world[..., :3, :3]),
        per_unit * world[:, 0, :3, 3],
        (reading.frames - reading.frames[0]) / fps,
        body,
        betas,
    )


def with_fingers(names: Collection[str]) -> tuple[str, ...]:
    """Return the joints of SMPL, and those of the fingers if a rig has them all."""
    return (*JOINT_NAMES, *(FINGER_JOINT_NAMES if set(FINGER_JOINT_NAMES) <= set(names) else ()))


def take_from(
    rest: np.ndarray,
    posed: np.ndarray,
    pelvis: np.ndarray,
    times: np.ndarray,
    body: Body,
    betas: np.ndarray,
) -> Take:
    """Turn orientations of bones into a take.

    Parameters
    ----------
    rest : (J, 3, 3)
        Of SMPL's 24 joints, perhaps of 30 fingers as well: in the T-pose, upright and facing -Y.
    posed : (K, J, 3, 3)
        In the world: Z up.
    pelvis : (K, 3)
        World, metres.
    times : (K,)
        Seconds.
    body : Body
    betas : (10,)
    """
    turned = posed @ rest.swapaxes(1, 2)
    local = np.empty_like(turned)
    for joint, parent in enumerate((*PARENTS, *_FINGER_PARENTS)[: len(rest)]):
        if parent < 0:
            local[:, joint] = turned[:, joint] @ SMPL_TO_WORLD
        else:
            between = turned[:, parent].swapaxes(1, 2) @ turned[:, joint]
            local[:, joint] = SMPL_TO_WORLD.T @ between @ SMPL_TO_WORLD
    count, hands = len(local), None
    if len(rest) > len(JOINT_NAMES):
        hands = matrix_to_axis_angle(local[:, 24:]).reshape(count, 90)
    return Take(
        poses=matrix_to_axis_angle(local[:, :24]).reshape(count, 72),
        trans=pelvis - body.rest_joints(betas)[0],
        betas=betas,
        times=times,
        poses_hands=hands,
    )


def _body_of(reading: Reading) -> Body:
    file = reading.figure.armature.get(BODY, "")
    if not file:
        return default_body()
    try:
        return load_body(Path(file))
    except MocapError as error:
        raise OutputError(f"The body of {reading.name} is not to be had: {error}") from error


def _scale_of(reading: Reading) -> float:
    return float(np.cbrt(np.linalg.det(reading.placed[0, :3, :3])))


def _placement(reading: Reading, body: Body) -> np.ndarray:
    """Return how the rest pose was turned (3, 3) where somebody applied a turn to a figure."""
    joints, _ = rest_in_world(body, np.zeros(10))
    turn = placement_of(reading.figure.armature, joints).turn
    # Joints of another shape than the average seem turned a little.
    return turn if np.trace(turn) < 1 + 2 * np.cos(_TURNED) else np.eye(3)


def _betas(body: Body, heads: np.ndarray) -> np.ndarray:
    """Return the shape (10,) of a body whose joints (24, 3) are nearest to those at rest.

    Where a joint is depends on the shape linearly; where the whole figure stands does not matter.
    """
    average = body.rest_joints(np.zeros(10))
    columns = [body.rest_joints(row) - average for row in np.eye(10)]
    target = heads @ SMPL_TO_WORLD - average
    spread = np.stack([(each - each[0]).ravel() for each in columns], axis=1)
    wanted = (target - target[0]).ravel()
    normal = spread.T @ spread + _SHAPE_PRIOR * np.eye(10)
    return np.asarray(np.linalg.solve(normal, spread.T @ wanted))
