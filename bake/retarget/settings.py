"""What a user may choose about a retarget."""

from dataclasses import dataclass

from bake.reduction.key_reduction import Tolerance

ROOT_MOTIONS = ("hips", "bone", "in_place")
"""Travel on the hips (or what carries them); on the root bone, level, with its heading, the hips
keep what is left; or none over the ground."""

STARTS = ("captured", "-Y", "+Y")
"""Where the motion starts: as it was captured, or at the origin facing front or back."""

LIMBS = ("fk", "ik", "both")
"""Which controls of a control rig are keyed, where it has both."""

PLACES = ("new", "active", "strip")
"""A new action, the active one, or a new one pushed down into an NLA strip."""


@dataclass(frozen=True)
class RetargetSettings:
    """Choices of a retarget.

    Parameters
    ----------
    root : str
        One of `ROOT_MOTIONS`.
    keep_travel : bool
        Whether the way of a motion in place goes on an empty, instead of being dropped.
    start : str
        One of `STARTS`.
    limbs : str
        One of `LIMBS`.
    pin_feet, pin_hands : bool
        Whether feet (hands) that stand still on the source do so on the target.
    floor : bool
        Whether toes and heels are kept above the floor.
    pose_as_rest : bool
        Whether the pose that the target has now counts as its rest pose.
    scale : float or None
        Of the way over the ground; None for the ratio of the legs' lengths.
    tolerance : Tolerance or None
        How far reduced keys may miss; None for a key on every frame.
    place : str
        One of `PLACES`.
    step : int
        Frames from one key to the next, with `tolerance` None.
    first, last : int or None
        Frames of the scene that are baked; None for all.
    blend_in, blend_out : int
        Frames in which strips blend with what is below; the larger of both is the number in which
        several motions fade into each other, each going on where the last one is.
    """

    root: str = "hips"
    keep_travel: bool = False
    start: str = "captured"
    limbs: str = "fk"
    pin_feet: bool = True
    pin_hands: bool = False
    floor: bool = True
    pose_as_rest: bool = False
    scale: float | None = None
    tolerance: Tolerance | None = Tolerance()
    place: str = "new"
    step: int = 1
    first: int | None = None
    last: int | None = None
    blend_in: int = 0
    blend_out: int = 0
