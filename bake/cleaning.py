"""All clean-up of a take, in its order; numpy only, so that it can be measured without Blender."""

from bake.foot_lock import lock_feet
from bake.pose_bones import rest_in_world
from bake.resample import Keys, Timeline, resample
from bake.root_motion import with_root_motion
from bake.smoothing import Profile, smooth
from bake.track import track_of
from core_model.body import Body
from core_model.take import Take


def clean_motion(
    take: Take,
    timeline: Timeline,
    profile: Profile,
    body: Body,
    root_motion: str = "free",
    feet: str = "never",
) -> Keys:
    """Smooth a take and read it at the scene's frames; the numbers that are keyed.

    Parameters
    ----------
    take : Take
    timeline : Timeline
        The scene's frame rate, and the moment of the clip at its first frame.
    profile : Profile
        How to smooth.
    body : Body
        That the take is put on.
    root_motion : str
        One of `bake.root_motion.ROOT_MOTIONS`.
    feet : str
        One of `bake.foot_lock.FOOT_MODES`.

    Raises
    ------
    TakeError
        When the person was seen in no frame.
    """
    track = track_of(take, body.rest_joints(take.betas)[0])
    keys = resample(smooth(track, profile, take.camera), timeline)
    rest, _ = rest_in_world(body, take.betas)
    if root_motion == "ground":
        keys = with_root_motion(keys, root_motion, timeline, rest)
    if feet == "auto":
        keys = lock_feet(keys, timeline, rest, take.camera)
    # In place, feet slide by intention: they are pinned before.
    return (
        with_root_motion(keys, root_motion, timeline, rest) if root_motion == "in-place" else keys
    )
