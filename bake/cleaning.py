"""All clean-up of a take, in its order; numpy only, so that it can be measured without Blender."""

from dataclasses import dataclass, replace

import numpy as np

from bake.feet.figure import figure_of
from bake.feet.foot_evidence import foot_evidence
from bake.feet.foot_lock import plant_feet
from bake.motion.cycles import is_cycle, middle, unrolled
from bake.motion.held import HeldMoment, held, moments_of
from bake.motion.resample import Keys, Timeline, resample
from bake.motion.root_motion import in_place
from bake.motion.smoothing import Profile, smooth
from bake.motion.touches import Touch, asked_of_feet, to_the_ends, touches_of, within
from bake.motion.track import Track, track_of
from bake.touching.automatic import standing_touches
from bake.touching.excursions import away_from, followed_by, leg_excursions
from bake.touching.keep import keep_touches
from bake.touching.reaching import held_back, reach_pins
from core_model.body.model import Body
from core_model.take import Take

_AROUND = 3.0  # seconds: what is further away has no part in a smoothed moment
_HOLDING = ("auto", "always")
"""Of `FOOT_MODES`: those that hold feet which stand."""


@dataclass(frozen=True)
class Cleaned:
    """A take as it is keyed.

    Parameters
    ----------
    keys : Keys
    stands : tuple of Touch
        Where feet are held because they were found to stand, not because somebody said so.
    """

    keys: Keys
    stands: tuple[Touch, ...]


def cleaned(
    take: Take,
    timeline: Timeline,
    profile: Profile,
    body: Body,
    root_motion: str = "free",
    feet: str = "never",
    captured: Take | None = None,
) -> Cleaned:
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
    captured : Take, optional
        What the take was before it was corrected, where it was: a foot that was pinned elsewhere
        stands before and after where it stood then.

    Raises
    ------
    TakeError
        When the person was seen in no frame.
    """
    if is_cycle(take):
        found = cleaned(unrolled(take), timeline, profile, body, root_motion, feet)
        stands = within(found.stands, float(take.times[0]), float(take.times[-1]))
        return Cleaned(middle(found.keys, timeline, take), stands)
    track_rest = body.rest_joints(take.betas)[0]
    track = track_of(take, track_rest)
    moments = moments_of(take)
    smoothed = held(smooth(track, profile, take.camera), track, _smoothed_otherwise(moments))
    keys = resample(smoothed, timeline)
    unplanted = keys.positions
    on_floor = root_motion != "free" or feet in ("always", "ground")
    planted, touches = on_floor or feet != "never", touches_of(take)
    if planted or touches or moments:
        figure, times = figure_of(body, take.betas), timeline.time_of(keys.frames)
        evidence = foot_evidence(take, times)
        touches = to_the_ends(touches, take.times, times)
    if feet not in _HOLDING:  # nothing else holds what rolls
        touches = [replace(each, rolls=False) for each in touches if not each.found]
    stands = tuple(each for each in touches if each.found)
    if planted:
        asked = asked_of_feet(touches, times)
        aside = None
        if moments and captured is not None and feet in _HOLDING:
            first = resample(smooth(track_of(captured, track_rest), profile, take.camera), timeline)
            aside = leg_excursions(keys, first, timeline, moments)
        if aside is not None:
            keys = followed_by(keys, aside, backwards=True)
        planting = (keys, timeline, figure, evidence, feet, on_floor, asked)
        keys, held_feet = plant_feet(*planting)
        if aside is not None:
            stood, keys = keys, followed_by(keys, aside)
            held_feet &= ~away_from(figure, keys, stood)
        elif moments and feet in _HOLDING:
            away = held_back(keys, timeline, figure, moments, keys.positions - unplanted)
            if away.any():
                keys, held_feet = plant_feet(*planting, away)
        stands += standing_touches(figure, keys, times, held_feet)
    if touches:
        keys = keep_touches(keys, timeline, figure, evidence, touches)
    if moments:
        keys = reach_pins(keys, timeline, figure, moments, keys.positions - unplanted)
    # In place, feet slide by intention: they are planted before.
    keys = in_place(keys, timeline) if root_motion == "in-place" else keys
    return Cleaned(keys, tuple(sorted(stands, key=lambda each: each.start)))


def pelvis_before_feet(take: Take, time: float, profile: Profile, body: Body) -> np.ndarray:
    """Return where the pelvis of a take is (3,) at a time once it is smoothed, metres.

    What a bake does after that moves the figure as a whole: onto the floor, for one.
    """
    track = track_of(take, body.rest_joints(take.betas)[0])
    near = np.abs(track.times - time) < _AROUND
    near[np.abs(track.times - time).argmin()] = True
    part = Track(
        track.times[near],
        track.quaternions[near],
        track.positions[near],
        track.returns[near],
        track.lasts[near],
        None if track.footage is None else track.footage[near],
    )
    moments = _smoothed_otherwise(moments_of(take))
    smoothed = held(smooth(part, profile, take.camera), part, moments)
    return np.array([np.interp(time, part.times, axis) for axis in smoothed.positions.T])


def clean_motion(
    take: Take,
    timeline: Timeline,
    profile: Profile,
    body: Body,
    root_motion: str = "free",
    feet: str = "never",
) -> Keys:
    """Return the keys of `cleaned` alone, with the same parameters."""
    return cleaned(take, timeline, profile, body, root_motion, feet).keys


def _smoothed_otherwise(moments: list[HeldMoment]) -> list[HeldMoment]:
    """Return the moments at which smoothing must let go; pinned places are reached afterwards."""
    return [each for each in moments if each.at is None]
