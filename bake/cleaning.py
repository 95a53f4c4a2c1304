"""All clean-up of a take, in its order; numpy only, so that it can be measured without Blender."""

from bake.feet.figure import figure_of
from bake.feet.foot_evidence import foot_evidence
from bake.feet.foot_lock import plant_feet
from bake.motion.held import held, moments_of
from bake.motion.resample import Keys, Timeline, resample
from bake.motion.root_motion import in_place
from bake.motion.smoothing import Profile, smooth
from bake.motion.touches import asked_of_feet, touches_of
from bake.motion.track import track_of
from bake.touching.keep import keep_touches
from core_model.body.model import Body
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
        One of `bake.motion.root_motion.ROOT_MOTIONS`.
    feet : str
        One of `bake.feet.foot_lock.FOOT_MODES`.

    Raises
    ------
    TakeError
        When the person was seen in no frame.
    """
    track = track_of(take, body.rest_joints(take.betas)[0])
    smoothed = held(smooth(track, profile, take.camera), track, moments_of(take))
    keys = resample(smoothed, timeline)
    on_floor = root_motion != "free" or feet in ("always", "ground")
    planted, touches = on_floor or feet != "never", touches_of(take)
    if planted or touches:
        figure, times = figure_of(body, take.betas), timeline.time_of(keys.frames)
        evidence = foot_evidence(take, times)
    if planted:
        asked = asked_of_feet(touches, times)
        keys = plant_feet(keys, timeline, figure, evidence, feet, on_floor, asked)
    if touches:
        keys = keep_touches(keys, timeline, figure, evidence, touches)
    # In place, feet slide by intention: they are planted before.
    return in_place(keys, timeline) if root_motion == "in-place" else keys
