"""What Blender's common constraints do to bones that carry others: control rigs hang on them.

Only those by which bones turn or move as other bones do; limits, IK and drivers are left alone, and
scale counts as 1 everywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bake.reduction.euler import euler_to_quaternion, quaternion_to_euler
from bake.retarget.rig import Constraint, Rig
from bake.retarget.solving.rest_pose import RestPose
from bake.retarget.solving.stacks import between, followed_by
from core_model.geometry.rotations import (
    matrix_to_quaternion,
    nearest_rotation,
    quaternion_to_matrix,
    rotation_between,
)


@dataclass
class State:
    """A bone over time.

    Parameters
    ----------
    turn : (K, 3, 3)
        From rest, in the world.
    head : (K, 3)
        World, metres.
    """

    turn: np.ndarray
    head: np.ndarray


class Pose(Protocol):
    """All bones of a rig over time, as `bake.retarget.solving.posing.Posing` knows them."""

    rig: Rig
    rest: RestPose
    count: int

    def state(self, bone: int) -> State:
        """Return what a bone does."""

    def points(self, bone: int, at_rest: np.ndarray) -> np.ndarray:
        """Return where a point (3,) of the rest pose goes with a bone, (K, 3), world."""

    def basis(self, bone: int) -> np.ndarray:
        """Return the rotation (K, 3, 3) in a bone's own axes that turns it as it does."""


_LOCAL = ("LOCAL", "LOCAL_OWNER_ORIENT", "LOCAL_WITH_PARENT")


def applied(constraint: Constraint, bone: int, state: State, posing: Pose) -> State:
    """Return a bone after a constraint.

    Parameters
    ----------
    constraint : Constraint
    bone : int
    state : State
        Before it.
    posing : Pose
        Of all bones.
    """
    work = _WORK.get(constraint.kind)
    if work is None or constraint.influence < 1e-6:
        return state
    places = posing.rig.place_of()
    known = [name for name, _ in constraint.targets] or [constraint.target]
    if not all(name in places for name in known):
        return state
    return work(constraint, bone, state, posing)


def _copy_rotation(constraint: Constraint, bone: int, state: State, posing: Pose) -> State:
    wanted = _rotation(constraint, bone, state, posing)
    return State(blend(state.turn, wanted, constraint.influence), state.head)


def _copy_location(constraint: Constraint, bone: int, state: State, posing: Pose) -> State:
    return State(state.turn, _location(constraint, state, posing))


def _copy_transforms(constraint: Constraint, bone: int, state: State, posing: Pose) -> State:
    wanted = _rotation(constraint, bone, state, posing)
    turn = blend(state.turn, wanted, constraint.influence)
    return State(turn, _location(constraint, state, posing))


def _armature(constraint: Constraint, bone: int, state: State, posing: Pose) -> State:
    places = posing.rig.place_of()
    targets = constraint.targets or ((constraint.target, 1.0),)
    weights = np.array([weight for _, weight in targets])
    if weights.sum() < 1e-9:
        return state
    turn, head = np.zeros_like(state.turn), np.zeros_like(state.head)
    for (name, _), weight in zip(targets, weights / weights.sum(), strict=True):
        if weight > 1e-9:
            target = posing.state(places[name])
            away = state.head - posing.rest.heads[places[name]]
            turn = turn + weight * target.turn
            head = head + weight * (target.head + (target.turn @ away[..., None])[..., 0])
    if (weights > 1e-9 * weights.sum()).sum() > 1:
        turn = nearest_rotation(turn)
    share = constraint.influence
    return State(
        blend(state.turn, turn @ state.turn, share), state.head + share * (head - state.head)
    )


def _track(constraint: Constraint, bone: int, state: State, posing: Pose) -> State:
    letter = constraint.track[-1] if constraint.kind == "DAMPED_TRACK" else "Y"
    axis = posing.rest.axes[bone][:, "XYZ".index(letter)]
    sign = -1.0 if "NEGATIVE" in constraint.track else 1.0
    way = _target_point(constraint, posing) - state.head
    length = np.linalg.norm(way, axis=1, keepdims=True)
    now = state.turn @ (sign * axis)
    wanted = np.where(length > 1e-9, way / np.maximum(length, 1e-9), now)
    turn = rotation_between(now, wanted) @ state.turn
    return State(blend(state.turn, turn, constraint.influence), state.head)


def _rotation(constraint: Constraint, bone: int, state: State, posing: Pose) -> np.ndarray:
    """Return the turn (K, 3, 3) from rest that a bone copies, at full influence."""
    target = posing.rig.place_of()[constraint.target]
    axes = posing.rest.axes
    if constraint.target_space in _LOCAL and constraint.space in _LOCAL:
        base = _without_own(bone, posing)
        own = between(axes[bone].T, np.swapaxes(base, 1, 2) @ state.turn, axes[bone])
        copied = posing.basis(target)
        if constraint.target_space == "LOCAL_OWNER_ORIENT":
            across = axes[bone].T @ axes[target]
            copied = between(across, copied, across.T)
        mixed = _mixed(constraint, own, copied)
        return np.asarray(base @ between(axes[bone], mixed, axes[bone].T))
    whole = followed_by(state.turn, axes[bone])
    mixed = _mixed(constraint, whole, followed_by(posing.state(target).turn, axes[target]))
    return followed_by(mixed, axes[bone].T)


def _without_own(bone: int, posing: Pose) -> np.ndarray:
    own = posing.rig.bones[bone]
    if own.parent < 0 or not own.turns_with_parent:
        return np.broadcast_to(np.eye(3), (posing.count, 3, 3))
    return posing.state(own.parent).turn


def _mixed(constraint: Constraint, own: np.ndarray, copied: np.ndarray) -> np.ndarray:
    if not all(constraint.axes) or any(constraint.inverted):
        copied = _some_axes(constraint, own, copied)
    if constraint.mix.startswith("BEFORE"):
        return copied @ own
    if constraint.mix.startswith("AFTER") or constraint.mix == "OFFSET":
        return own @ copied
    if constraint.mix == "ADD":
        angles = _euler(own) + _euler(copied)
        return np.asarray(quaternion_to_matrix(euler_to_quaternion(angles, "XYZ")))
    return copied


def _some_axes(constraint: Constraint, own: np.ndarray, copied: np.ndarray) -> np.ndarray:
    replaces = constraint.mix == "REPLACE"
    mine, theirs = _euler(own), _euler(copied)
    for axis, (used, inverted) in enumerate(zip(constraint.axes, constraint.inverted, strict=True)):
        if not used:
            theirs[:, axis] = mine[:, axis] if replaces else 0.0
        elif inverted:
            theirs[:, axis] *= -1
    return np.asarray(quaternion_to_matrix(euler_to_quaternion(theirs, "XYZ")))


def _euler(rotations: np.ndarray) -> np.ndarray:
    return quaternion_to_euler(matrix_to_quaternion(rotations), "XYZ")


def _location(constraint: Constraint, state: State, posing: Pose) -> np.ndarray:
    if constraint.target_space in _LOCAL or constraint.space in _LOCAL:
        # Bones that lend their turn to others are hardly ever moved.
        return state.head
    point = _target_point(constraint, posing)
    if constraint.mix == "OFFSET":
        return state.head
    to_point = (point - state.head) * np.where(constraint.axes, 1.0, 0.0)
    return np.asarray(state.head + constraint.influence * to_point)


def _target_point(constraint: Constraint, posing: Pose) -> np.ndarray:
    target = posing.rig.place_of()[constraint.target]
    head, tail = posing.rest.heads[target], posing.rest.tails[target]
    return posing.points(target, head + constraint.head_tail * (tail - head))


def blend(before: np.ndarray, after: np.ndarray, share: float) -> np.ndarray:
    """Return rotations (K, 3, 3) between others: 0 gives `before`, 1 gives `after`."""
    if share >= 1 - 1e-6:
        return after
    one, two = matrix_to_quaternion(before), matrix_to_quaternion(after)
    dot = (one * two).sum(-1, keepdims=True)
    two, angle = np.where(dot < 0, -two, two), np.arccos(np.clip(np.abs(dot), 0, 1))
    sine = np.sin(angle)
    near = sine < 1e-6
    safe = np.where(near, 1.0, sine)
    first = np.where(near, 1 - share, np.sin((1 - share) * angle) / safe)
    second = np.where(near, share, np.sin(share * angle) / safe)
    mixed = first * one + second * two
    mixed /= np.linalg.norm(mixed, axis=-1, keepdims=True)
    return np.asarray(quaternion_to_matrix(mixed))


_WORK: dict[str, Callable[..., State]] = {
    "COPY_ROTATION": _copy_rotation,
    "COPY_LOCATION": _copy_location,
    "COPY_TRANSFORMS": _copy_transforms,
    "ARMATURE": _armature,
    "CHILD_OF": _armature,
    "DAMPED_TRACK": _track,
    "STRETCH_TO": _track,
}
