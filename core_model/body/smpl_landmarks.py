"""Where the 33 BlazePose landmarks lie on SMPL's mesh, by the numbers of its vertices."""

import numpy as np

from core_model.body.landmarks import LANDMARK_COUNT, LANDMARK_INDEX
from core_model.body.skeleton import JOINT_INDEX

SMPL_VERTEX_COUNT = 6890

SMPL_PELVIS = np.array([-0.0018, -0.2233, 0.0282])
"""Where the pelvis of SMPL's average body is at rest, metres."""

_NOSE = 332
_SIDES = {
    "left": {"eye": 2800, "ear": 583, "heel": 3387, "toe": 3216}
    | {"thumb": 2746, "index": 2319, "middle": 2445, "pinky": 2673},
    "right": {"eye": 6260, "ear": 4071, "heel": 6787, "toe": 6617}
    | {"thumb": 6191, "index": 5782, "middle": 5905, "pinky": 6133},
}
_LIMB_JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")

# Measured on the default body, which knows these places itself.
_EYE_CORNER = {"eye_inner": 0.28, "eye_outer": -0.18}  # of the way to the other eye
_MOUTH_DOWN, _MOUTH_BACK, _MOUTH_WIDTH = 0.44, 0.23, 0.36
_KNUCKLE = 0.8  # of the distance between finger tips
_THUMB = 0.55  # of the way from the wrist to the tip of the thumb


def smpl_landmark_regressor(joint_regressor: np.ndarray) -> np.ndarray:
    """Return the landmarks as weighted sums of vertices, (33, 6890); the weights sum to one.

    Limbs are SMPL's own joints; mouth, knuckles and corners of the eyes, for which SMPL has no
    vertices by name, are put between those that it has.

    Parameters
    ----------
    joint_regressor : (24, 6890)
    """
    rows = np.zeros((LANDMARK_COUNT, SMPL_VERTEX_COUNT))
    joint = {name: joint_regressor[index] for name, index in JOINT_INDEX.items()}

    def vertex(number: int) -> np.ndarray:
        row = np.zeros(SMPL_VERTEX_COUNT)
        row[number] = 1
        return row

    nose = rows[LANDMARK_INDEX["nose"]] = vertex(_NOSE)
    eyes = {side: vertex(numbers["eye"]) for side, numbers in _SIDES.items()}
    between = (eyes["left"] + eyes["right"]) / 2
    mouth = nose + _MOUTH_DOWN * (nose - between) + _MOUTH_BACK * (joint["head"] - nose)
    for side, other in (("left", "right"), ("right", "left")):
        at = {name: vertex(number) for name, number in _SIDES[side].items()}
        across = eyes[other] - eyes[side]
        wrist, hand = joint[f"{side}_wrist"], joint[f"{side}_hand"]
        found = {
            f"{side}_eye": eyes[side],
            f"{side}_ear": at["ear"],
            f"mouth_{side}": mouth - _MOUTH_WIDTH * across,
            f"{side}_heel": at["heel"],
            f"{side}_foot_index": at["toe"],
            f"{side}_index": hand + _KNUCKLE * (at["index"] - at["middle"]),
            f"{side}_pinky": hand + _KNUCKLE * (at["pinky"] - at["middle"]),
            f"{side}_thumb": wrist + _THUMB * (at["thumb"] - wrist),
        }
        found |= {f"{side}_{name}": joint[f"{side}_{name}"] for name in _LIMB_JOINTS}
        found |= {
            f"{side}_{name}": eyes[side] + part * across for name, part in _EYE_CORNER.items()
        }
        for name, row in found.items():
            rows[LANDMARK_INDEX[name]] = row
    return rows
