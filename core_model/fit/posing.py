"""A body posed by 6D rotations, with its gradient worked out by hand.

What `rot6d_to_matrix`, `forward_kinematics` and `place_landmarks` calculate, for all frames of a
fit. The gradient is that of the same formulas; PyTorch's own would keep and pass through some
hundred small tensors in every iteration. Time is the last axis of everything, so that each
operation goes through long rows of memory.
"""

import functools
from typing import Any

import torch
from torch import Tensor

from core_model.body.landmarks import LANDMARK_JOINTS
from core_model.body.skeleton import JOINT_COUNT, PARENTS, with_ancestors

_TINY = 1e-6  # as in `rot6d_to_matrix`


def _runs() -> list[tuple[slice, slice]]:
    """Sort the joints but the pelvis into neighbours, with the joints on which they hang.

    Those are neighbours, too, one for each, or a single one for all.
    """
    runs: list[tuple[slice, slice]] = []
    for joint in range(1, JOINT_COUNT):
        parent = PARENTS[joint]
        if runs:
            own, above = runs[-1]
            width = above.stop - above.start
            shared = width == 1 and parent == above.start
            in_step = width == own.stop - own.start and parent == above.stop < own.start
            if shared or in_step:
                runs[-1] = slice(own.start, joint + 1), slice(above.start, parent + 1)
                continue
        runs.append((slice(joint, joint + 1), slice(parent, parent + 1)))
    return runs


_RUNS = _runs()


class _Places:
    """Which joint hangs on which, as indices and as sums."""

    def __init__(self, device: torch.device, kind: torch.dtype) -> None:
        def index(numbers: Any) -> Tensor:
            return torch.tensor(list(numbers), device=device)

        self.parents = index(PARENTS[1:])
        self.carriers = index(LANDMARK_JOINTS)
        eye = torch.eye(JOINT_COUNT, dtype=kind, device=device)
        self.of_parents, self.of_carriers = eye[:, self.parents], eye[:, self.carriers]
        self.ancestry = torch.zeros(JOINT_COUNT, JOINT_COUNT - 1, dtype=kind, device=device)
        for joint in range(1, JOINT_COUNT):
            bones = [each - 1 for each in with_ancestors(joint) if each > 0]
            self.ancestry[joint, bones] = 1.0


_places = functools.cache(_Places)


def posed(turns: Tensor, rest: Tensor, offsets: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return rotations, joints and landmarks of a body in T frames, its pelvis where it rests.

    Parameters
    ----------
    turns : (6, 24, T)
        Local rotations, as `rot6d_to_matrix` reads them.
    rest : (24, 3)
        Joints in the rest pose, metres.
    offsets : (33, 3)
        As from `core_model.body.model.Body.landmark_offsets`, metres.

    Returns
    -------
    rotations : (3, 3, 24, T)
        Local matrices.
    joints : (3, 24, T)
        Metres, in the frame that the global orientation turns to.
    landmarks : (3, 33, T)
    """
    rotations, joints, landmarks = _Posed.apply(turns, rest, offsets)
    return rotations, joints, landmarks


def _applied(matrices: Tensor, vectors: Tensor) -> Tensor:
    """Turn vectors (N, 3) by matrices (3, 3, N, T): (3, N, T)."""
    return (matrices * vectors.T[None, :, :, None]).sum(1)


def _product(left: Tensor, right: Tensor, result: Tensor | None = None) -> Tensor:
    """Return the products of matrices (3, 3, N, T), or of views of such that are transposed."""
    result = torch.mul(left[:, 0, None], right[0], out=result)
    result.addcmul_(left[:, 1, None], right[1].unsqueeze(0))
    return result.addcmul_(left[:, 2, None], right[2].unsqueeze(0))


def _cross(a: Tensor, b: Tensor) -> Tensor:
    """Return the cross products of vectors (3, ...)."""
    return torch.stack(
        (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
    )


def _normalised(vectors: Tensor) -> tuple[Tensor, Tensor]:
    """Return directions and lengths of vectors (3, ...)."""
    length = vectors.square().sum(0).sqrt()
    return vectors / length.clamp(min=_TINY), length


def _before_normalised(gradient: Tensor, direction: Tensor, length: Tensor) -> Tensor:
    """Return the gradient of vectors (3, ...), given that of their directions."""
    along = (gradient * direction).sum(0) * (length >= _TINY)
    return (gradient - direction * along) / length.clamp(min=_TINY)


class _Posed(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, turns: Tensor, rest: Tensor, offsets: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        places = _places(turns.device, turns.dtype)
        first, second = turns[0::2], turns[1::2]
        a, length_a = _normalised(first)
        along = (a * second).sum(0)
        b, length_b = _normalised(second - along * a)
        rotations = torch.stack((a, b, _cross(a, b)), 1)
        turned = torch.empty_like(rotations)
        turned[:, :, 0] = rotations[:, :, 0]
        for own, above in _RUNS:
            _product(turned[:, :, above], rotations[:, :, own], turned[:, :, own])
        bones = rest[1:] - rest[places.parents]
        parents = turned.index_select(2, places.parents)
        joints = places.ancestry @ _applied(parents, bones)
        joints += rest[0][:, None, None]
        carriers = turned.index_select(2, places.carriers)
        landmarks = joints.index_select(1, places.carriers)
        landmarks += _applied(carriers, offsets)
        ctx.save_for_backward(second, a, b, length_a, length_b, along, rotations, turned)
        ctx.carried = parents, bones, carriers, offsets
        ctx.places = places
        return rotations, joints, landmarks

    @staticmethod
    def backward(
        ctx: Any, of_rotations: Tensor, of_joints: Tensor, of_landmarks: Tensor
    ) -> tuple[Tensor, Tensor | None, Tensor | None]:
        second, a, b, length_a, length_b, along, rotations, turned = ctx.saved_tensors
        parents, bones, carriers, offsets = ctx.carried
        places: _Places = ctx.places
        of_joints = of_joints + places.of_carriers @ of_landmarks
        of_bones = places.ancestry.T @ of_joints
        of_rest = of_offsets = None
        if ctx.needs_input_grad[2]:
            of_offsets = (of_landmarks[:, None] * carriers).sum((0, 3)).T
        if ctx.needs_input_grad[1]:
            stretched = (of_bones[:, None] * parents).sum((0, 3)).T
            of_rest = bones.new_zeros(JOINT_COUNT, 3)
            of_rest[0] = of_joints.sum((1, 2))
            of_rest[1:] += stretched
            of_rest -= places.of_parents @ stretched
        of_turned = places.of_carriers @ (of_landmarks[:, None] * offsets.T[None, :, :, None])
        of_turned += places.of_parents @ (of_bones[:, None] * bones.T[None, :, :, None])
        of_local = of_rotations.clone(memory_format=torch.contiguous_format)
        for own, above in reversed(_RUNS):
            of_own, local = of_turned[:, :, own], rotations[:, :, own].transpose(0, 1)
            of_local[:, :, own] += _product(turned[:, :, above].transpose(0, 1), of_own)
            of_above = of_turned[:, :, above]
            of_above += _product(of_own, local).sum_to_size(of_above.shape)
        of_local[:, :, 0] += of_turned[:, :, 0]
        of_a, of_b, of_c = of_local.unbind(1)
        of_a = of_a + _cross(b, of_c)
        of_b = of_b + _cross(of_c, a)
        of_rejected = _before_normalised(of_b, b, length_b)
        of_along = -(of_rejected * a).sum(0)
        of_a += of_along * second - along * of_rejected
        of_turns = torch.empty(6, *along.shape, dtype=a.dtype, device=a.device)
        of_turns[0::2] = _before_normalised(of_a, a, length_a)
        of_turns[1::2] = of_rejected + of_along * a
        return of_turns, of_rest, of_offsets
