"""How a figure stands at rest: the length of its legs, and how high its ankles are."""

from dataclasses import dataclass

import numpy as np

from bake.retarget.human import HumanMotion
from bake.retarget.joints import LEGS
from bake.retarget.rig import Rig
from bake.retarget.solving.rest_pose import JointRest, RestPose

_UNDER, _OVER = 0.1, 0.05
"""Of a leg: so far below or above the lowest bone of the feet the ground of a rig may lie."""


@dataclass(frozen=True)
class Standing:
    """A figure at rest.

    Parameters
    ----------
    leg : float
        From hip to knee to ankle, metres; the trunk where there are no legs.
    ankle : float
        Height of the ankles above the soles, metres.
    ground : float
        Height of the soles along the body's up, metres.
    """

    leg: float
    ankle: float
    ground: float


def standing_of_source(source: HumanMotion, rest: JointRest) -> Standing:
    """Return how a source stands; the world's floor is its own where its feet are near it."""
    feet = [rest.heads[j] for j in _feet(rest)] + [rest.ends[j] for j in _feet(rest)]
    return _standing(rest, np.array(feet).reshape(-1, 3), np.zeros(3))


def standing_of_rig(rig: Rig, rest: JointRest, pose: RestPose, bones: dict[str, int]) -> Standing:
    """Return how a rig stands; the armature's origin lies on the floor where feet are near it.

    Parameters
    ----------
    rig : Rig
    rest : JointRest
        Of its joints.
    pose : RestPose
        Of its bones.
    bones : dict of str to int
        First bone of each joint.
    """
    below = {bones[joint] for joint in _feet(rest)}
    for index, bone in enumerate(rig.bones):
        if bone.parent in below:
            below.add(index)
    points = [
        *(pose.heads[bone] for bone in below),
        *(rest.ends[joint] for joint in _feet(rest)),
    ]
    return _standing(rest, np.array(points).reshape(-1, 3), rig.to_world[:3, 3])


def _standing(rest: JointRest, feet: np.ndarray, origin: np.ndarray) -> Standing:
    up = rest.body[:, 2]
    legs = [
        sum(
            float(np.linalg.norm(rest.heads[b] - rest.heads[a]))
            for a, b in ((hip, knee), (knee, ankle))
        )
        for hip, knee, ankle, _ in LEGS
        if hip in rest.heads and knee in rest.heads and ankle in rest.heads
    ]
    if not legs:
        tops = [joint for joint in ("head", "neck", "spine3", "spine2") if joint in rest.heads]
        trunk = float(np.linalg.norm(rest.heads[tops[0]] - rest.heads["pelvis"]))
        return Standing(trunk, 0.0, float(origin @ up))
    leg = float(np.mean(legs))
    lowest, ground = float((feet @ up).min()), float(origin @ up)
    if not lowest - _UNDER * leg < ground < lowest + _OVER * leg:
        ground = lowest
    ankles = [rest.heads[leg[2]] @ up for leg in LEGS if leg[2] in rest.heads]
    return Standing(leg, float(np.mean(ankles)) - ground, ground)


def _feet(rest: JointRest) -> list[str]:
    return [joint for leg in LEGS for joint in leg[2:] if joint in rest.heads]
