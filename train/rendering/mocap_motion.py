"""Motion capture by the name of the clip, with the way that the hips go."""

from pathlib import Path

import numpy as np

from core_model.errors import MocapError
from train.databases import asf_amc, daz_bvh
from train.databases.motion_library import unpacked
from train.rendering.standing import Motion

ASF_ARCHIVE = "mocap/cmu_asfamc_30fps.tar.xz"
BVH_ARCHIVE = "mocap/cmu_daz_bvh_30fps.tar.xz"
"""In the data folder; both 30 frames a second."""

_METRES_PER_BVH_UNIT = 0.01


def captured_motion(name: str, data: Path, cache: Path) -> Motion:
    """Read one of CMU's clips, as AMC where there is one, else as BVH.

    Parameters
    ----------
    name : str
        Such as "07_05".
    data : Path
        The data folder.
    cache : Path
        Where archives are unpacked.

    Raises
    ------
    MocapError
        When the clip or its archive is not there.
    """
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
