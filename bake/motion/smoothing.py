"""Smoothing on the rotations themselves, strong where the body is still, light where it is fast.

Curves of unit quaternions are smoothed as points on their sphere and put back onto it (the chordal
mean), never as axis-angle or Euler numbers. Strength is in seconds, so the same profile gives the
same motion at any frame rate. See `profiles/*.json` for the strengths.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bake.motion.local_fit import gaussian_mean, local_quadratic, nearest_of, peak_nearby
from bake.motion.pelvis_smoothing import smooth_position
from bake.motion.track import Track
from core_model.body.skeleton import JOINT_NAMES
from core_model.errors import AssetError
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import without_sign_flips
from core_model.take import Footage

PROFILE_NAMES = ("none", "light", "default", "heavy")
_PROFILE_FOLDER = Path(__file__).parents[1] / "profiles"

BODY_PARTS = {
    "root": ("pelvis",),
    "torso": ("spine1", "spine2", "spine3"),
    "head": ("neck", "head"),
    "arms": ("collar", "shoulder", "elbow", "wrist", "hand"),
    "legs": ("hip", "knee", "ankle", "foot"),
}
"""The joints of each part that a profile has a strength for, without `left_` and `right_`."""

_WITH_LIMBS = ("root", "torso", "head")
"""Parts that carry the limbs."""

_CARRIES = 0.25
"""Of the speed of the fastest limb, what counts for the parts that carry it: a hit comes from the
hips too. More of it would tear apart a trunk that turns and an arm that keeps still meanwhile."""

_FADE = 1.0
"""How far, in sigmas, fast motion keeps its neighbourhood lightly smoothed: at the very peak of a
punch the arm stands still, and must not be taken for resting."""

_CHANGE = 0.5
"""Of sigma, over which the width itself is evened: one that jumps would shake what it smooths."""

_SPEED_SECONDS = 0.04
"""Over which the speed of a joint is measured."""

_UNHURRIED_SECONDS, _ABOVE = 0.08, 3.0
"""What is quicker trembles, half of the time, as hits are rare; so many times that is no motion."""

_BESIDE, _SEAM = 2.0, 0.1
"""Seconds of the neighbours that a part of a capture is smoothed with, and goes over into them."""

_LAW = 2
"""Power of the speed by which sigma falls: slow motion is smoothed alike, hits hardly."""

_TREMBLE_SECONDS, _TREMBLE = 0.05, np.radians(0.45)
"""A joint of ordinary footage trembles by so much, half of the time, within so many seconds."""

_TREMBLE_POWER, _LEAST, _MOST = 0.4, 0.85, 1.25
"""A joint that trembles more is smoothed more, within bounds: by theory the best width grows with
the noise to the power 2/9 for one motion, and noisy footage shows less of quick motion."""


@dataclass(frozen=True)
class Profile:
    """How strongly each part of the body is smoothed.

    Parameters
    ----------
    title, description : str
        For people to choose by.
    seconds : dict
        Sigma of the smoothing for each of `BODY_PARTS` at rest, in footage of ordinary quality; 0
        leaves the part as it is.
    position_seconds : float
        The same for the pelvis across the picture, or in all directions without a camera.
    depth_seconds : float
        The same for the pelvis along the line of sight, which one camera measures worst.
    halved_at_degrees_per_second, halved_at_metres_per_second : float
        The speed at which sigma is half of that at rest: of all joints of a limb together, since
        a hand moves by all of them; of the pelvis.
    """

    title: str
    description: str
    seconds: dict[str, float]
    position_seconds: float
    depth_seconds: float
    halved_at_degrees_per_second: float
    halved_at_metres_per_second: float


def load_profile(name: str) -> Profile:
    """Read one of the profiles of `PROFILE_NAMES`.

    Raises
    ------
    AssetError
        When there is no such profile or its file is damaged.
    """
    path = _PROFILE_FOLDER / f"{name}.json"
    try:
        return Profile(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        choices = ", ".join(PROFILE_NAMES)
        raise AssetError(f"There is no smoothing profile '{name}'; choose of {choices}.") from error
    except (OSError, ValueError, TypeError) as error:
        raise AssetError(f"The smoothing profile {path} is damaged.") from error


def scaled(profile: Profile, strength: dict[str, float]) -> Profile:
    """Return a profile with the strength of some of `BODY_PARTS` multiplied.

    The root's counts for its place in the world too.
    """
    factor = {part: strength.get(part, 1.0) for part in BODY_PARTS}
    return replace(
        profile,
        seconds={part: seconds * factor[part] for part, seconds in profile.seconds.items()},
        position_seconds=profile.position_seconds * factor["root"],
        depth_seconds=profile.depth_seconds * factor["root"],
    )


def part_of(joint: str) -> str:
    """Return the body part, a key of `BODY_PARTS`, that a joint belongs to."""
    bare = joint.removeprefix("left_").removeprefix("right_")
    return next(part for part, joints in BODY_PARTS.items() if bare in joints)


def smooth(track: Track, profile: Profile, camera: Camera | None = None) -> Track:
    """Smooth rotations and position; every stretch between long gaps for itself.

    Parameters
    ----------
    track : Track
    profile : Profile
    camera : Camera or None
        What filmed the motion: depth along its line of sight is smoothed by its own strength.
        Of what was made of captures, each knows its own.
    """
    quaternions, positions = track.quaternions.copy(), track.positions.copy()
    filmed = None if camera is None else camera.to_world[:3]
    for run in track.runs():
        if track.footage is None:
            smoothed = _smoothed(
                quaternions[run], positions[run], track.times[run], profile, filmed
            )
        else:
            smoothed = _by_parts(quaternions[run], positions[run], track.footage[run], profile)
        quaternions[run], positions[run] = smoothed
    return replace(track, quaternions=without_sign_flips(quaternions), positions=positions)


def _by_parts(
    quaternions: np.ndarray, positions: np.ndarray, footage: Footage, profile: Profile
) -> tuple[np.ndarray, np.ndarray]:
    """Smooth each part by what is known of its own capture; where two meet, one fades over."""
    turned, placed = np.zeros_like(quaternions), np.zeros_like(positions)
    total = np.zeros(len(footage))
    for part in np.unique(footage.part):
        own = footage.part == part
        moments = footage.clock[own]
        away = np.abs(footage.clock - moments[nearest_of(moments, footage.clock)])
        near = np.flatnonzero(away < _BESIDE)
        camera = footage.camera[own][0]
        smoothed = _smoothed(
            quaternions[near],
            positions[near],
            footage.clock[near],
            profile,
            camera if camera.any() else None,
            own[near],
        )
        share = (1 - away[near] / _SEAM).clip(0.0, 1.0)
        turned[near] += share[:, None, None] * smoothed[0]
        placed[near] += share[:, None] * smoothed[1]
        total[near] += share
    turned /= np.linalg.norm(turned, axis=-1, keepdims=True)
    return turned, placed / total[:, None]


def _smoothed(
    quaternions: np.ndarray,
    positions: np.ndarray,
    times: np.ndarray,
    profile: Profile,
    camera: np.ndarray | None,
    counts: np.ndarray | slice = slice(None),
) -> tuple[np.ndarray, np.ndarray]:
    """Smooth rotations (N, 24, 4) and positions (N, 3) of one stretch.

    How restless it is is measured over the rows that count.
    """
    half_speed = np.radians(profile.halved_at_degrees_per_second)
    speeds, turned = _speeds_of_limbs(quaternions, times, counts), quaternions.copy()
    for joint, name in enumerate(JOINT_NAMES):
        seconds, speed = profile.seconds[part_of(name)], speeds[_limb_of(name)]
        turned[:, joint] = smooth_rotation(
            quaternions[:, joint], times, seconds, half_speed, speed, counts
        )
    seconds_there = profile.position_seconds, profile.depth_seconds
    half_speed = profile.halved_at_metres_per_second
    return turned, smooth_position(positions, times, seconds_there, half_speed, camera, counts)


def smooth_rotation(
    quaternions: np.ndarray,
    times: np.ndarray,
    seconds: float,
    half_speed: float,
    speed: np.ndarray | None = None,
    counts: np.ndarray | slice = slice(None),
) -> np.ndarray:
    """Smooth the rotation of one joint, or of some that move together, without long gaps.

    Parameters
    ----------
    quaternions : (N, 4) or (N, J, 4)
    times : (N,)
        Seconds.
    seconds : float
        Sigma at rest.
    half_speed : float
        Radians per second at which sigma is half of that.
    speed : (N,), optional
        Radians per second; without it the mean square over the joints counts.
    counts : rows
        Over which it is measured how restless it is.

    Returns
    -------
    (N, 4) or (N, J, 4)
    """
    if seconds <= 0 or len(times) < 3:
        return quaternions
    shape = quaternions.shape
    flat = without_sign_flips(quaternions).reshape(len(times), -1) / np.sqrt(np.prod(shape[1:-1]))
    need = _need(flat, times, counts)
    speed = peak_nearby(
        _angular_speed(flat, times, counts) if speed is None else speed, times, _FADE * seconds
    )
    widths = need * seconds / (1 + (speed / half_speed) ** _LAW)
    widths = gaussian_mean(widths, times, _CHANGE * seconds)
    smoothed = local_quadratic(flat, times, widths)[0].reshape(shape)
    return np.asarray(smoothed / np.linalg.norm(smoothed, axis=-1, keepdims=True))


def _limb_of(joint: str) -> str:
    """Return what moves together with a joint: an arm, a leg, or a part without sides."""
    side = next((side for side in ("left_", "right_") if joint.startswith(side)), "")
    return side + part_of(joint)


def _speeds_of_limbs(
    quaternions: np.ndarray, times: np.ndarray, counts: np.ndarray | slice
) -> dict[str, np.ndarray]:
    """Return the speeds (N,) of limbs and trunk, rad/s, all their joints together."""
    if len(times) < 3:
        return {_limb_of(name): np.zeros(len(times)) for name in JOINT_NAMES}
    speeds: dict[str, np.ndarray] = {}
    for joint, name in enumerate(JOINT_NAMES):
        own = _angular_speed(without_sign_flips(quaternions[:, joint]), times, counts)
        speeds[_limb_of(name)] = speeds.get(_limb_of(name), 0.0) + own
    limbs = np.max([speeds[name] for name in speeds if name not in _WITH_LIMBS], axis=0)
    return speeds | {name: speeds[name] + _CARRIES * limbs for name in _WITH_LIMBS}


def _angular_speed(
    quaternions: np.ndarray, times: np.ndarray, counts: np.ndarray | slice
) -> np.ndarray:
    """Return the speeds (N,) of a rotation, rad/s, without what is only its trembling."""
    calm = local_quadratic(quaternions, times, np.full(len(times), _UNHURRIED_SECONDS))[0]
    both = np.concatenate((quaternions, quaternions - calm), axis=1)
    slope = local_quadratic(both, times, np.full(len(times), _SPEED_SECONDS))[1]
    # A unit quaternion moves at half the angular speed of its rotation.
    speed, rest = (2 * np.linalg.norm(each, axis=1) for each in np.split(slope, 2, axis=1))
    speed = np.sqrt(np.maximum(speed**2 - (_ABOVE * np.median(rest[counts])) ** 2, 0.0))
    # At either end the slope hangs on few samples, so the nearest that is measured well counts.
    first, last = times[0] + 2 * _SPEED_SECONDS, times[-1] - 2 * _SPEED_SECONDS
    inside = np.flatnonzero((times >= first) & (times <= last))
    return np.interp(times, times[inside], speed[inside]) if len(inside) else speed


def _need(quaternions: np.ndarray, times: np.ndarray, counts: np.ndarray | slice) -> float:
    """Return by how much stronger than usual a joint is to be smoothed, from how it trembles."""
    if len(times) < 3:
        return 1.0
    calm, _ = local_quadratic(quaternions, times, np.full(len(times), _TREMBLE_SECONDS))
    tremble = 2 * float(np.median(np.linalg.norm(quaternions - calm, axis=1)[counts]))
    return float(np.clip((tremble / _TREMBLE) ** _TREMBLE_POWER, _LEAST, _MOST))
