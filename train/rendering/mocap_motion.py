"""Motion capture by the name of the clip, with the way that the hips go."""

from pathlib import Path

import numpy as np

from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, forward_kinematics
from core_model.errors import MocapError
from train.databases import asf_amc, daz_bvh
from train.databases.motion_library import load_motion_library, unpacked
from train.rendering.standing import Motion

ASF_ARCHIVE = "mocap/cmu_asfamc_30fps.tar.xz"
BVH_ARCHIVE = "mocap/cmu_daz_bvh_30fps.tar.xz"
"""In the data folder; both 30 frames a second."""

_METRES_PER_BVH_UNIT = 0.01


def captured_motion(name: str, data: Path, cache: Path) -> Motion:
    """Read one of CMU's clips, as AMC where there is one, else as BVH; limbs are put right.

    Parameters
    ----------
    name : str
        Such as "07_05".
    data : Path
        The data folder.
    cache : Path
        Where archives are unpacked, and what is read of them is kept.

    Raises
    ------
    MocapError
        When the clip or its archive is not there.
    """
    recorded = _recorded(name, data, cache)
    library = load_motion_library([data / ASF_ARCHIVE, data / BVH_ARCHIVE], cache)
    if name not in library.names:
        raise MocapError(f"The clip {name} was converted wrongly, its elbows bend backwards.")
    index = library.names.index(name)
    rotations = library.rotations[library.bounds[index] : library.bounds[index + 1]].astype(float)
    if len(rotations) != len(recorded.rotations):
        raise MocapError(f"{name} was recorded at another speed than its file says: film another.")
    shorter = np.median(_leg_span(recorded.rotations) / _leg_span(rotations))
    return Motion(rotations, recorded.hips, recorded.leg * float(shorter))


def _leg_span(rotations: np.ndarray) -> np.ndarray:
    """Return how far apart a hip and its ankle are at every frame, one leg after the other."""
    rest = default_body().rest_joints(np.zeros(10))
    joints, _ = forward_kinematics(rotations, rest)
    ends = [
        [JOINT_INDEX[f"{side}_{end}"] for side in ("left", "right")] for end in ("hip", "ankle")
    ]
    return np.linalg.norm(joints[:, ends[0]] - joints[:, ends[1]], axis=-1).ravel()


def _recorded(name: str, data: Path, cache: Path) -> Motion:
    """Read a clip as its skeleton has it."""
    folder = unpacked(data / ASF_ARCHIVE, cache)
    for path in folder.rglob(f"{name}.amc"):
        bones = asf_amc.read_asf(next(path.parent.glob("*.asf")))
        root, turned = asf_amc.read_amc(path, bones)
        tails = asf_amc.bone_tails(root, turned, bones)
        return Motion(
            asf_amc.smpl_rotations(turned, bones),
            (tails["lhipjoint"] + tails["rhipjoint"]) / 2,
            bones["lfemur"].length + bones["ltibia"].length,
        )
    found = sorted(unpacked(data / BVH_ARCHIVE, cache).rglob(f"{name}.bvh"))
    if not found:
        raise MocapError(f"No motion capture in {data / 'mocap'} holds the clip {name}.")
    motion = daz_bvh.read_bvh(found[0])
    thigh, shin, foot = (motion.names.index(joint) for joint in ("lThigh", "lShin", "lFoot"))
    middle = motion.offsets[[thigh, motion.names.index("rThigh")]].mean(axis=0)
    hips = motion.root + motion.rotations[:, 0] @ middle
    leg = np.linalg.norm(motion.offsets[shin]) + np.linalg.norm(motion.offsets[foot])
    return Motion(
        daz_bvh.smpl_rotations(motion),
        hips * _METRES_PER_BVH_UNIT,
        float(leg) * _METRES_PER_BVH_UNIT,
    )
