"""The bones of any armature as plain numbers: what detection and the solve know of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

BY_QUATERNION = "QUATERNION"
AXIS_ANGLE = "AXIS_ANGLE"


@dataclass(frozen=True)
class Constraint:
    """A constraint of a pose bone that is not muted.

    Parameters
    ----------
    kind : str
        Blender's type, such as "IK" or "COPY_ROTATION".
    target : str
        The bone that it goes by, "" for none or another object.
    pole : str
        The pole bone of an IK constraint, "" for none.
    chain : int
        Bones of an IK chain, 0 for all up to the root.
    influence : float
        As it stands; `driven` says that a driver sets it.
    driven : bool
    targets : tuple of (str, float)
        Bones of an Armature constraint, and their weights as they stand.
    axes, inverted : tuple of bool
        x, y, z of what is copied.
    mix : str
        How a copied rotation or transformation goes together with the bone's own.
    space, target_space : str
        Of the bone and of the target.
    head_tail : float
        Where on the target's bone, 0 at its head and 1 at its tail.
    track : str
        The axis that points at the target, such as "TRACK_Y".
    pole_angle : float
        Radians from the X axis of an IK chain's first bone to what points at the pole.
    """

    kind: str
    target: str = ""
    pole: str = ""
    chain: int = 0
    influence: float = 1.0
    driven: bool = False
    targets: tuple[tuple[str, float], ...] = ()
    axes: tuple[bool, bool, bool] = (True, True, True)
    inverted: tuple[bool, bool, bool] = (False, False, False)
    mix: str = "REPLACE"
    space: str = "WORLD"
    target_space: str = "WORLD"
    head_tail: float = 0.0
    track: str = "TRACK_Y"
    pole_angle: float = 0.0


@dataclass(frozen=True)
class Bone:
    """One bone at rest and how it may move.

    Parameters
    ----------
    name : str
    parent : int
        Place in the rig's list, which has parents before children; -1 for none.
    rest : (4, 4)
        Head and axes in armature space (`matrix_local`): rotation without scale, Y along the bone.
    tail : (3,)
        Armature space.
    deform, connected : bool
        Whether it moves vertices; whether it hangs on its parent's tail, so that it cannot move.
    turns_with_parent, local_location : bool
        `use_inherit_rotation` and `use_local_location`.
    inherit_scale : str
    control : bool
        Whether it has a shape of its own, as bones have that animators are to take hold of.
    hidden : bool
    mode : str
        `BY_QUATERNION`, `AXIS_ANGLE` or an order of Euler angles.
    locked_location, locked_rotation : tuple of bool
        x, y, z.
    locked_w : bool
        Of quaternions and axis-angle, where the lock of rotation is by component.
    constraints : tuple of Constraint
    properties : mapping of str to float
        Custom properties that are numbers.
    basis : (4, 4)
        How it is posed now, from rest (`matrix_basis`).
    ik_stretch : float
        How much it may stretch in an IK chain, 0 to 1.
    posed : (4, 4) or None
        Where it is now in armature space, after constraints; None where it is at rest.
    """

    name: str
    parent: int
    rest: np.ndarray
    tail: np.ndarray
    deform: bool = True
    connected: bool = False
    turns_with_parent: bool = True
    local_location: bool = True
    inherit_scale: str = "FULL"
    control: bool = False
    hidden: bool = False
    mode: str = BY_QUATERNION
    locked_location: tuple[bool, bool, bool] = (False, False, False)
    locked_rotation: tuple[bool, bool, bool] = (False, False, False)
    locked_w: bool = False
    constraints: tuple[Constraint, ...] = ()
    properties: Mapping[str, float] = field(default_factory=dict)
    basis: np.ndarray = field(default_factory=lambda: np.eye(4))
    ik_stretch: float = 0.0
    posed: np.ndarray | None = None

    @property
    def head(self) -> np.ndarray:
        """Armature space, (3,)."""
        return np.asarray(self.rest[:3, 3])


@dataclass(frozen=True)
class Rig:
    """An armature.

    Parameters
    ----------
    name : str
        Of the object.
    bones : tuple of Bone
        Parents before children.
    to_world : (4, 4)
        Of the object: turned, moved and scaled as it stands in the scene.
    properties : mapping of str to float
        Custom properties of object and armature that are numbers.
    marks : tuple of str
        Names of custom properties of the armature that tell which program made it.
    told : mapping of str to str
        Names of bones by joints, as far as the rig's file or a program said which is which.
    """

    name: str
    bones: tuple[Bone, ...]
    to_world: np.ndarray = field(default_factory=lambda: np.eye(4))
    properties: Mapping[str, float] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the bones."""
        return tuple(bone.name for bone in self.bones)

    @property
    def parents(self) -> tuple[int, ...]:
        """Place of each bone's parent."""
        return tuple(bone.parent for bone in self.bones)

    def place_of(self) -> dict[str, int]:
        """Return the place of each bone by its name."""
        return self._places

    @cached_property
    def _places(self) -> dict[str, int]:
        return {bone.name: index for index, bone in enumerate(self.bones)}

    def world(self, points: np.ndarray) -> np.ndarray:
        """Return points (..., 3) of the armature's space in the world."""
        return np.asarray(points @ self.to_world[:3, :3].T + self.to_world[:3, 3])

    def world_heads(self) -> np.ndarray:
        """Heads of all bones at rest, world, (B, 3)."""
        return self.world(np.stack([bone.head for bone in self.bones]))

    def world_tails(self) -> np.ndarray:
        """Tails of all bones at rest, world, (B, 3)."""
        return self.world(np.stack([bone.tail for bone in self.bones]))
