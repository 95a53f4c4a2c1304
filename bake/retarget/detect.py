"""Finding the bone map of any human rig."""

from dataclasses import dataclass

from bake.retarget.bone_map import BoneMap
from bake.retarget.detection.figure import find_figure
from bake.retarget.detection.skeleton import whole_skeleton
from bake.retarget.rig import Rig
from core_model.errors import RigError


@dataclass(frozen=True)
class Detection:
    """What was found on a rig.

    Parameters
    ----------
    bone_map : BoneMap
        With the certainty of each joint.
    told : tuple of str
        What the user should know, one sentence each.
    """

    bone_map: BoneMap
    told: tuple[str, ...] = ()


def detect(rig: Rig) -> BoneMap:
    """Return the bone map of a rig; `examine` says more.

    Raises
    ------
    RigError
        When it is no human figure.
    """
    return examine(rig).bone_map


def examine(rig: Rig) -> Detection:
    """Find the bone map of a rig.

    Raises
    ------
    RigError
        When it is no human figure.
    """
    if not rig.bones:
        raise RigError(f"{rig.name} has no bones.")
    figure = find_figure(whole_skeleton(rig), rig.name)
    found = BoneMap(
        rig.name,
        figure.joints,
        mover=figure.mover,
        root=figure.root,
        certainty=figure.certainty,
    )
    return Detection(found, tuple(figure.told))
