"""Motions to be put on rigs."""

from bake.motion.resample import Timeline, exact_rate
from bake.retarget.human import HumanMotion
from bake.retarget.maps.bone_map import BoneMap, JointBones
from bake.retarget.sources.takes import human_of_motion
from bake.scene.animation.motion import motion_of
from core_model.take import Take
from tests.bake.motions import walking
from tests.bake.retarget.truth import TRUTH


def human(take: Take | None = None, name: str = "Walk", start: int = 1) -> HumanMotion:
    """Return a take (somebody who walks, if none is given) as it is, without clean-up."""
    timeline = Timeline(exact_rate(30), first_frame=start)
    return human_of_motion(motion_of(take or walking(), timeline, "none"), name)


def true_map(name: str) -> BoneMap:
    """Return the bone map of a rig as it was written by hand."""
    return BoneMap(name, {joint: JointBones(bones) for joint, bones in TRUTH[name].items()})
