"""Bones in motion: what unmapped bones do when others are moved, as far as Blender would move them.

Everything is seen from the world: a bone's `turn` leads from its rest pose to its pose.
"""

from dataclasses import dataclass, field

import numpy as np

from bake.retarget.rig import Bone, Rig
from bake.retarget.solving.constraints import State, applied
from bake.retarget.solving.rest_pose import RestPose
from bake.retarget.solving.stacks import between, turned
from core_model.geometry.rotations import nearest_rotation

_NO_TURN = np.eye(3)


@dataclass
class Posing:
    """A rig of which some bones are told how to turn, and the others follow.

    Parameters
    ----------
    rig : Rig
    rest : RestPose
    count : int
        Frames.
    turns : dict of int to (K, 3, 3)
        How bones are to be turned from rest in the world.
    heads : dict of int to (K, 3)
        Where bones are to be in the world, if they are moved as well.
    own : dict of int to ((K, 3, 3), (K, 3))
        How bones turn and move in their own axes, instead of as they are posed now.
    """

    rig: Rig
    rest: RestPose
    count: int
    turns: dict[int, np.ndarray] = field(default_factory=dict)
    heads: dict[int, np.ndarray] = field(default_factory=dict)
    own: dict[int, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    _known: dict[int, State] = field(default_factory=dict)
    _asked: set[int] = field(default_factory=set)

    def forget(self) -> None:
        """Work everything out anew: turns or heads were changed."""
        self._known.clear()

    def state(self, bone: int) -> State:
        """Return what a bone does."""
        if bone not in self._known:
            if bone in self._asked:  # constraints that go in a circle
                return self._carried(bone, follow=False)
            self._asked.add(bone)
            try:
                self._known[bone] = self._worked_out(bone)
            finally:
                self._asked.discard(bone)
        return self._known[bone]

    def points(self, bone: int, at_rest: np.ndarray) -> np.ndarray:
        """Return where a point (3,) of the rest pose goes with a bone, (K, 3), world."""
        state = self.state(bone)
        return np.asarray(state.head + turned(state.turn, at_rest - self.rest.heads[bone]))

    def before_own(self, bone: int) -> State:
        """Return what a bone does by its parent alone, without a turn or way of its own."""
        return State(self._parent_turn(bone), self._carried(bone, moved=False).head)

    def basis(self, bone: int) -> np.ndarray:
        """Return the rotation (K, 3, 3) in a bone's own axes that turns it as it does."""
        axes = self.rest.axes[bone]
        from_parent = np.swapaxes(self._parent_turn(bone), 1, 2) @ self.state(bone).turn
        return between(axes.T, from_parent, axes)

    def location(self, bone: int) -> np.ndarray:
        """Return the `location` (K, 3) that brings a bone's head where it is to be."""
        away = self.state(bone).head - self._carried(bone, moved=False).head
        back = np.linalg.inv(self.rig.to_world[:3, :3])
        return np.asarray(np.einsum("kji,kj->ki", self._location_axes(bone), away @ back.T))

    def _worked_out(self, bone: int) -> State:
        state = self._carried(bone)
        own = self.rig.bones[bone]
        for constraint in own.constraints:
            state = applied(constraint, bone, state, self)
        turn = self.turns.get(bone, state.turn)
        return State(turn, self.heads.get(bone, state.head))

    def _carried(self, bone: int, follow: bool = True, moved: bool = True) -> State:
        """Return what a bone does by its parent and its own pose of now, before constraints."""
        own, rest = self.rig.bones[bone], self.rest
        turn = self._parent_turn(bone, follow)
        if own.parent >= 0 and follow:
            head = self.points(own.parent, rest.heads[bone])
        else:
            head = np.broadcast_to(rest.heads[bone], (self.count, 3))
        own_turn, own_move = self._own(bone)
        if moved and own_move.any():
            shift = (self._location_axes(bone, follow) @ own_move[..., None])[..., 0]
            head = head + shift @ self.rig.to_world[:3, :3].T
        if bone not in self.turns and own_turn is not None:
            axes = rest.axes[bone]
            turn = turn @ (axes @ own_turn @ axes.T)
        return State(turn, head)

    def _own(self, bone: int) -> tuple[np.ndarray | None, np.ndarray]:
        """Return how a bone turns, None if it does not, and moves in its own axes."""
        if bone in self.own:
            return self.own[bone]
        posed = self.rig.bones[bone]
        turn = None if _is_identity(posed) else nearest_rotation(posed.basis[:3, :3])
        return turn, posed.basis[:3, 3]

    def _parent_turn(self, bone: int, follow: bool = True) -> np.ndarray:
        """Return what a bone's turn is without one of its own, (K, 3, 3)."""
        own = self.rig.bones[bone]
        if own.parent < 0 or not own.turns_with_parent or not follow:
            return np.broadcast_to(np.eye(3), (self.count, 3, 3))
        return self.state(own.parent).turn

    def _location_axes(self, bone: int, follow: bool = True) -> np.ndarray:
        """Return the axes (K, 3, 3) along which a bone's location goes, in the armature's space."""
        own, frame = self.rig.bones[bone], self.rest.frame
        if own.parent < 0 or not follow:
            axes = frame.T @ self.rest.axes[bone] if own.local_location else np.eye(3)
            return np.broadcast_to(axes, (self.count, 3, 3))
        # Without "local location" Blender moves a bone along the axes of its parent.
        at_rest = self.rest.axes[bone if own.local_location else own.parent]
        return between(frame.T, self.state(own.parent).turn, at_rest)


def _is_identity(bone: Bone) -> bool:
    return bool(np.abs(bone.basis[:3, :3] - _NO_TURN).max() < 1e-7)
