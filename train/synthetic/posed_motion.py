"""Poses that motion capture is short of: standing straight, sitting, kneeling, on the floor.

Each is a range of joint angles, from which two poses are drawn; a window moves slowly from one to
the other and takes the place of some body parts of a captured motion, all the time or from some
moment on. Ranges stay within what healthy joints can do (American Academy of Orthopaedic Surgeons,
"Joint Motion: Method of Measuring and Recording", 1965).

Shape legend: N windows, T frames.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import cache

import numpy as np

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX
from core_model.geometry.rotations import rotation_between

Range = tuple[float, float]


@dataclass(frozen=True)
class Leg:
    """Ranges of a left leg's angles in degrees; all zero stands straight.

    Parameters
    ----------
    flexion, spread, abduction, twist : (low, high)
        Of the hip: thigh forward, forward thigh to the side, leg to the side, knee turned out.
    knee : (low, high)
    ankle : (low, high)
        Positive points the toes.
    """

    flexion: Range = (-5, 15)
    spread: Range = (0, 0)
    abduction: Range = (-3, 10)
    twist: Range = (-10, 20)
    knee: Range = (0, 20)
    ankle: Range = (-15, 15)


@dataclass(frozen=True)
class Arm:
    """Ranges of a left arm's angles in degrees; all zero is the T-pose.

    Parameters
    ----------
    forward, up, twist : (low, high)
        Of the shoulder: to the front, lifted, turned about the arm so that the elbow bends upwards.
    elbow : (low, high)
    """

    forward: Range = (-40, 120)
    up: Range = (-85, 85)
    twist: Range = (-80, 80)
    elbow: Range = (0, 145)


@dataclass(frozen=True)
class Pose:
    """A kind of pose; parts that are None stay as captured.

    Parameters
    ----------
    chance : float
        Of a window to be of this kind.
    legs, arms : pair or None
        Left and right.
    pitch, roll : (low, high) or None
        Degrees that the pelvis is tilted forward and to its right, from upright.
    bend : (low, high)
        Degrees that the back bends forward.
    """

    chance: float
    legs: tuple[Leg, Leg] | None = None
    arms: tuple[Arm, Arm] | None = None
    pitch: Range | None = None
    roll: Range = (-8, 8)
    bend: Range | None = None


def _both(leg: Leg) -> tuple[Leg, Leg]:
    return leg, leg


_SEATED = Leg((70, 105), (-10, 30), (0, 0), (-15, 20), (50, 115))
_CROSS_LEGGED = Leg((70, 100), (25, 60), (0, 0), (20, 60), (100, 140), (0, 40))
_LONG_SEAT = Leg((70, 115), (-5, 35), (0, 0), (-10, 35), (0, 100), (-10, 40))
_KNEELING = Leg((-20, 30), (-5, 25), (0, 10), (-10, 20), (75, 115), (10, 50))
_ON_HEELS = Leg((50, 100), (-5, 30), (0, 0), (-10, 25), (120, 150), (20, 55))
_STEPPING = Leg((50, 110), (-10, 20), (0, 5), (-10, 20), (50, 115), (-20, 10))
_TRAILING = Leg((-30, 15), (0, 0), (0, 10), (-10, 20), (5, 115), (-20, 45))
_SQUATTING = Leg((85, 125), (5, 40), (0, 0), (0, 35), (85, 145), (-30, 5))
_LYING = Leg((-10, 100), (-5, 30), (0, 15), (-20, 35), (0, 120), (0, 45))
_STRAIGHT = Leg((-15, 20), (0, 0), (-3, 12), (-10, 15), (0, 20), (-20, 45))
_CRAWLING = Leg((60, 105), (-5, 25), (0, 0), (-15, 20), (60, 120), (0, 50))
_KICKING = Leg((20, 115), (-10, 60), (0, 25), (-10, 40), (0, 80), (-10, 45))
_TUCKED = Leg((60, 125), (-5, 30), (0, 0), (-10, 25), (30, 140), (0, 45))

_STANDING = Leg((-6, 8), (0, 0), (-2, 8), (-8, 20), (0, 7), (-4, 8))
_RELAXED = Leg((0, 25), (-5, 15), (0, 10), (-5, 25), (5, 40), (-5, 25))
_ASTRIDE = Leg((-8, 15), (0, 0), (10, 32), (0, 25), (0, 8), (-10, 15))
_BEHIND = Leg((-35, -8), (0, 0), (0, 12), (-10, 25), (0, 8), (-20, 30))
_RAISED = Leg((30, 115), (-10, 40), (0, 20), (-10, 30), (0, 12), (-10, 45))
_FOLDED = Leg((35, 100), (0, 10), (0, 15), (-8, 15), (0, 10), (-10, 20))

_ANYWHERE = Arm()
_HANGING = Arm((-15, 25), (-88, -68), (-40, 40), (2, 30))
_OVERHEAD = Arm((-10, 60), (40, 88), (-50, 50), (0, 110))
_CROSSED = Arm((70, 115), (-55, 10), (-25, 40), (70, 135))
_PROPPED = Arm((60, 110), (-30, 30), (-40, 40), (0, 60))
_ASIDE = Arm((-30, 30), (-25, 30), (-60, 60), (0, 40))

POSES = (
    Pose(0.03, legs=_both(_STANDING), arms=(_HANGING, _HANGING), pitch=(-6, 6), bend=(-6, 8)),
    Pose(0.025, legs=_both(_STANDING), pitch=(-8, 10)),
    Pose(0.01, legs=_both(_STANDING), arms=(_OVERHEAD, _OVERHEAD), pitch=(-8, 8), bend=(-15, 10)),
    Pose(0.015, legs=(_STANDING, _RELAXED), pitch=(-6, 8), roll=(-10, 10), bend=(-6, 10)),
    Pose(0.01, legs=_both(_ASTRIDE), pitch=(-8, 20)),
    Pose(0.01, legs=(_STEPPING, _BEHIND), pitch=(-8, 20), bend=(-10, 15)),
    Pose(0.01, legs=(_RAISED, _STANDING), pitch=(-20, 10), roll=(-15, 15)),
    Pose(0.005, legs=_both(_FOLDED), pitch=(35, 95), bend=(10, 70)),
    Pose(0.04, legs=(_SEATED, _SEATED), pitch=(-25, 25), bend=(-5, 40)),
    Pose(0.015, legs=_both(_CROSS_LEGGED), pitch=(-20, 15), bend=(0, 45)),
    Pose(0.015, legs=(_LONG_SEAT, _LONG_SEAT), pitch=(-30, 15), bend=(-5, 40)),
    Pose(0.01, legs=(_SEATED, _CROSS_LEGGED), pitch=(-25, 15), bend=(0, 40)),
    Pose(0.015, legs=_both(_KNEELING), pitch=(-15, 20), bend=(-10, 40)),
    Pose(0.01, legs=_both(_ON_HEELS), pitch=(-15, 50), bend=(0, 50)),
    Pose(0.035, legs=(_STEPPING, _TRAILING), pitch=(-15, 35), bend=(-10, 40)),
    Pose(0.025, legs=_both(_SQUATTING), pitch=(0, 40), bend=(0, 45)),
    Pose(0.012, legs=(_LYING, _LYING), pitch=(-110, -65), roll=(-30, 30)),
    Pose(0.006, legs=_both(_STRAIGHT), pitch=(70, 110), roll=(-30, 30)),
    Pose(0.006, legs=(_LYING, _LYING), pitch=(-20, 20), roll=(65, 115)),
    Pose(0.015, legs=(_CRAWLING, _CRAWLING), arms=(_PROPPED, _PROPPED), pitch=(55, 105)),
    Pose(0.01, legs=_both(_STRAIGHT), arms=(_PROPPED, _PROPPED), pitch=(55, 100)),
    Pose(0.03, legs=(_KICKING, Leg()), pitch=(-30, 30), roll=(-25, 25)),
    Pose(0.015, legs=_both(_TUCKED), pitch=(-40, 60), bend=(0, 60)),
    Pose(0.03, arms=(_ANYWHERE, _ANYWHERE)),
    Pose(0.03, arms=(_OVERHEAD, _OVERHEAD)),
    Pose(0.015, arms=(_OVERHEAD, _ANYWHERE)),
    Pose(0.025, arms=(_CROSSED, _CROSSED)),
    Pose(0.015, arms=(_ASIDE, _ASIDE)),
    Pose(0.02, bend=(20, 90), pitch=(-5, 60)),
)
"""What windows are changed to; together 0.51 of them, 0.36 below the waist."""

_SIDE_BEND, _BACK_TURN = (-20, 20), (-30, 30)
_ALIKE = 0.6
"""How often the right limb does what the left one does."""
_WANDER = 0.15
"""How far a pose moves through a window, in parts of its ranges."""


def posed_parts(
    pose: Pose, moments: np.ndarray, generator: np.random.Generator
) -> dict[int, np.ndarray]:
    """Draw poses that change slowly.

    Parameters
    ----------
    pose : Pose
    moments : (N, T)
        0 to 1 through each window.
    generator : numpy.random.Generator

    Returns
    -------
    dict of joint to (N, T, 3, 3)
        Local rotations of the joints that the pose changes; that of joint 0 is the tilt of an
        upright pelvis.
    """
    windows = len(moments)

    def angles(ranges: Sequence[Range], places: np.ndarray) -> list[np.ndarray]:
        ends = np.clip(places + _WANDER * generator.normal(size=places.shape), 0, 1)
        shares = places[..., None] + (ends - places)[..., None] * moments
        return [
            np.radians(low + (high - low) * share)
            for (low, high), share in zip(ranges, shares, strict=True)
        ]

    parts: dict[int, np.ndarray] = {}
    for limbs in (pose.legs, pose.arms):
        ranges = [astuple(limb) for limb in limbs or ()]
        common = generator.random((6, windows))
        for side, mirror, limb in zip(("left", "right"), (1, -1), ranges, strict=False):
            even = generator.random(windows) < _ALIKE
            places = np.where(even, common, generator.random((6, windows)))[: len(limb)]
            turned = (_leg if limbs is pose.legs else _arm)(angles(limb, places), mirror)
            parts |= {JOINT_INDEX[f"{side}_{name}"]: value for name, value in turned.items()}
    if pose.bend is not None:
        ranges = [pose.bend, _SIDE_BEND, _BACK_TURN]
        bend, side_bend, turn = angles(ranges, generator.random((3, windows)))
        third = _turn(1, turn / 3) @ _turn(2, side_bend / 3) @ _turn(0, bend / 3)
        parts |= {JOINT_INDEX[name]: third for name in ("spine1", "spine2", "spine3")}
    if pose.pitch is not None:
        pitch, roll = angles([pose.pitch, pose.roll], generator.random((2, windows)))
        parts[0] = _turn(2, roll) @ _turn(0, pitch)
    return parts


def _leg(angles: list[np.ndarray], mirror: int) -> dict[str, np.ndarray]:
    flexion, spread, abduction, twist, knee, ankle = angles
    hip = _turn(1, mirror * spread) @ _turn(2, mirror * abduction) @ _turn(0, -flexion)
    thigh, shin = _straight_leg(mirror)
    return {
        "hip": hip @ _turn(1, mirror * twist) @ thigh,
        "knee": thigh.T @ _turn(0, knee) @ shin,
        "ankle": shin.T @ _turn(0, ankle),
    }


@cache
def _straight_leg(mirror: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the turns of thigh and shin from the body's rest pose, where legs bend a little."""
    rest = default_body().rest_joints(np.zeros(10))
    hip, knee, ankle = (rest[JOINT_INDEX[f"left_{part}"]] for part in ("hip", "knee", "ankle"))
    thigh, shin, leg = (
        bone / np.linalg.norm(bone) for bone in (knee - hip, ankle - knee, ankle - hip)
    )
    signs = np.outer(sides := np.array([mirror, 1, 1]), sides)
    return signs * rotation_between(thigh, leg), signs * rotation_between(shin, leg)


def _arm(angles: list[np.ndarray], mirror: int) -> dict[str, np.ndarray]:
    forward, up, twist, elbow = angles
    shoulder = _turn(1, -mirror * forward) @ _turn(2, mirror * up) @ _turn(0, -twist)
    return {"shoulder": shoulder, "elbow": _turn(1, -mirror * elbow)}


def _turn(axis: int, angle: np.ndarray) -> np.ndarray:
    """Return rotations (..., 3, 3) about X, Y or Z."""
    turned = np.zeros((*angle.shape, 3, 3))
    first, second = (axis + 1) % 3, (axis + 2) % 3
    turned[..., axis, axis] = 1
    turned[..., first, first] = turned[..., second, second] = np.cos(angle)
    turned[..., second, first] = np.sin(angle)
    turned[..., first, second] = -turned[..., second, first]
    return turned
