"""Solve a Take again: the motion that explains what an animator corrected and what was seen.

What every camera of the take saw counts; landmarks are moved in the first one's pictures.

Only the surroundings of a correction are solved; beyond them the motion stays as it is to the bit.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch

from core_model.body.model import Body
from core_model.body.skeleton import JOINT_NAMES, PARENTS
from core_model.corrections.records import Corrections, Swap
from core_model.engine.side_by_side import Share, untold
from core_model.fit.confidence import joint_confidence
from core_model.fit.held import Held
from core_model.fit.optimise import Stretch
from core_model.fit.pieces import fit_to_landmarks
from core_model.fit.weights import FitWeights
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.lifting.figure import Figure
from core_model.network.devices import one_thread
from core_model.solving.corrected_start import spread_poses
from core_model.solving.doubted import with_doubts
from core_model.solving.figures import (
    camera_of,
    figure_of,
    filmed,
    lens_landmarks,
    steady_landmarks,
    with_motion,
)
from core_model.solving.fills import with_fills, without_filled
from core_model.solving.hidden_limbs import as_held_elsewhere
from core_model.solving.landmarks_by_hand import around, with_landmarks_by_hand
from core_model.solving.other_views import doubted_elsewhere, seen_elsewhere
from core_model.solving.pins import PELVIS, PinnedFrame, Posed, pinned_frames, poses_at
from core_model.solving.sides import Lift, swapped, told_by_facing, with_swaps
from core_model.take import Take
from core_model.tracking.left_right import exchanged_frames

_CONTEXT = 12  # frames on either side that are fitted, too, and then left as they were
_HARD, _SOFT = np.radians(1.0), np.radians(6.0)
_HARD_PLACE, _SOFT_PLACE = 0.004, 0.03  # metres
_UNSURE, _SURE = 0.3, 0.7  # confidences of a capture that is not trusted, and that is
_LEAST_LOOSE = 0.2
_STAYS = 0.01  # metres
_REACHED = 0.003  # metres: further off, a sentence tells
_WEIGHTS = FitWeights(iterations=120)


@one_thread()
def solve(
    take: Take,
    corrections: Corrections,
    body: Body,
    lift: Lift,
    device: torch.device,
    progress: Share = untold,
    warn: Callable[[str], None] = lambda sentence: None,
    anew: np.ndarray | None = None,
) -> Take:
    """Return a take whose motion keeps to what was corrected, and to what was seen around it.

    Parameters
    ----------
    take : Take
        As it was captured.
    corrections : Corrections
        Of this person alone; each at a time that the take has.
    body : Body
        That it was captured with.
    lift : callable
        Lifts landmarks anew, where the facing is pinned or left and right were exchanged.
    device : torch.device
    progress : callable
        Is told the share that is done, 0 to 1.
    warn : callable
        Is told what the user should know, in a sentence.
    anew : (T,) bool, optional
        Frames that are another person's now: their motion is solved whatever else is said.

    Raises
    ------
    TakeError
        When the take is not a capture of ours.
    """
    camera, times = camera_of(take), take.times
    before = figure_of(take, body)
    rest = body.rest_joints(take.betas)
    pictured = with_swaps(take.keypoints2d, times, corrections.swaps)
    pictured, touched = with_landmarks_by_hand(pictured, times, corrections.landmarks)
    pictured = without_filled(pictured, times, corrections.fills)
    known = replace(before, landmarks=steady_landmarks(take, pictured))
    known, filled = with_fills(known, times, corrections.fills)
    frames = pinned_frames(corrections.pins, times, camera)

    # Whoever was taken for his mirror image is lifted anew before anything is spread.
    relabelled = _inside(times, corrections.swaps)
    wrong = _wrong_sides(known, frames, times, lift)
    if wrong.any():
        pictured = swapped(pictured, wrong)
        known = replace(known, landmarks=steady_landmarks(take, pictured))
        relabelled |= wrong
    start, influence = known, np.maximum(touched, around(relabelled, times))
    if anew is not None:
        influence = np.maximum(influence, around(anew, times))
    if relabelled.any():
        share = np.repeat(around(relabelled, times)[:, None], len(PARENTS), axis=1)
        start = _blended(known, lift(known, times), share)

    poses = poses_at(frames, start, rest)
    _tell_missed(frames, poses, rest, times, warn)
    held = {number: {*frame.rotations} for number, frame in frames.items()}
    corrected, reached = spread_poses(start, poses, held, times, take.confidence)
    reached = np.maximum(reached, filled)
    told = np.maximum(take.confidence, reached)
    corrected = as_held_elsewhere(corrected, start, told)
    grip = _held(frames, len(times))
    shares = _shares(influence, reached, take.confidence)
    grip.loose[:] = np.maximum(shares, _LEAST_LOOSE)
    _stay(grip, corrected, influence)
    influence = shares.max(axis=1)
    landmarks = with_doubts(corrected, frames, reached, camera, body)
    solved = replace(corrected, rotations=before.rotations.copy(), pelvis=before.pelvis.copy())
    windows = _windows(influence > 0, take.frame_valid)
    elsewhere = tuple(
        doubted_elsewhere(each, corrected, frames, reached, body)
        for each in seen_elsewhere(take, corrections, wrong)
    )
    motion = corrected.rotations, corrected.pelvis, take.betas
    whole = Stretch(*motion, landmarks, times, grip, elsewhere)
    found = fit_to_landmarks(
        [whole.part(window) for window in windows],
        camera,
        body,
        device,
        _WEIGHTS,
        progress,
        shaped=False,
    )
    for window, fitted in zip(windows, found, strict=True):
        solved.rotations[window], solved.pelvis[window] = fitted.rotations, fitted.pelvis
    solved = _blended(before, solved, shares)
    solved = _exact(solved, frames, rest, times)
    solved.landmarks = pictured
    return _taken(take, solved, influence, frames, camera, body)


def _inside(times: np.ndarray, swaps: tuple[Swap, ...]) -> np.ndarray:
    """Tell which frames (T,) were said to have left and right exchanged."""
    inside = np.zeros(len(times), bool)
    for swap in swaps:
        inside |= (times >= swap.start - 1e-6) & (times <= swap.end + 1e-6)
    return inside


def _wrong_sides(
    figure: Figure, frames: dict[int, PinnedFrame], times: np.ndarray, lift: Lift
) -> np.ndarray:
    """Tell in which frames (T,) left and right are exchanged, by frames whose facing is pinned."""
    facings = {
        number: frame.rotations[PELVIS]
        for number, frame in frames.items()
        if PELVIS in frame.rotations
    }
    told = told_by_facing(facings, figure, times, lift)
    wrong = np.zeros(len(times), bool)
    if any(cost > 0 for cost in told.values()):
        seen = np.flatnonzero(figure.seen)
        rows = {int(np.searchsorted(seen, frame)): cost for frame, cost in told.items()}
        wrong[seen] = exchanged_frames(figure.landmarks[seen], times[seen], rows)
    return wrong


def _held(frames: dict[int, PinnedFrame], count: int) -> Held:
    """Return pins as what the fit holds."""
    held = Held.nothing(count)
    for number, frame in frames.items():
        for joint, rotation in frame.rotations.items():
            held.rotations[number, joint] = rotation
            held.turning[number, joint] = 1 / (_SOFT if joint in frame.soft else _HARD)
        for joint, place in frame.places.items():
            held.places[number, joint] = place
            soft = joint in frame.soft
            held.placing[number, joint] = 1 / (_SOFT_PLACE if soft else _HARD_PLACE)
    return held


def _shares(influence: np.ndarray, reached: np.ndarray, confidence: np.ndarray) -> np.ndarray:
    """Return how much of each joint is solved again (T, 24), 0 to 1.

    What was sure and is not corrected stays as it is, unless what carries it moves.
    """
    near = np.maximum(influence, reached.max(axis=1))[:, None]
    unsure = ((_SURE - confidence) / (_SURE - _UNSURE)).clip(0.0, 1.0)
    shares = np.maximum(np.maximum(influence[:, None], reached), unsure * near)
    for joint, parent in enumerate(PARENTS):
        if parent >= 0:
            shares[:, joint] = np.maximum(shares[:, joint], shares[:, parent])
    return shares


def _stay(held: Held, figure: Figure, influence: np.ndarray) -> None:
    """Hold the body near where it is in frames whose landmarks are what they were, in place."""
    free = held.placing[:, 0] == 0
    held.places[free, 0] = figure.pelvis[free]
    held.placing[free, 0] = (1 - influence[free]) / _STAYS


def _windows(wanted: np.ndarray, seen: np.ndarray) -> list[slice]:
    """Return the stretches that are wanted (T,) bool, with some frames around them."""
    near = np.convolve(wanted, np.ones(2 * _CONTEXT + 1))[_CONTEXT:-_CONTEXT] > 0
    near &= np.cumsum(seen) > 0
    near &= np.cumsum(seen[::-1])[::-1] > 0
    edges = np.flatnonzero(np.diff(np.concatenate(([False], near, [False])).astype(int)))
    return [slice(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _blended(before: Figure, after: Figure, shares: np.ndarray) -> Figure:
    """Return a motion between two by shares (T, 24) of the second; 0 is the first to the bit."""
    way = matrix_to_axis_angle(after.rotations @ np.swapaxes(before.rotations, -1, -2))
    turned = axis_angle_to_matrix(way * shares[..., None]) @ before.rotations
    moved = before.pelvis + shares[:, :1] * (after.pelvis - before.pelvis)
    return replace(
        after,
        rotations=np.where((shares == 0)[..., None, None], before.rotations, turned),
        pelvis=np.where(shares[:, :1] == 0, before.pelvis, moved),
    )


def _exact(
    figure: Figure, frames: dict[int, PinnedFrame], rest: np.ndarray, times: np.ndarray
) -> Figure:
    """Return a motion that reaches what is pinned hard; what the fit left is little."""
    hard = {number: frame.hard() for number, frame in frames.items()}
    hard = {number: frame for number, frame in hard.items() if frame}
    if not hard:
        return figure
    everywhere = np.ones((len(times), len(JOINT_NAMES)))
    held = {number: {*frame.rotations} for number, frame in hard.items()}
    return spread_poses(figure, poses_at(hard, figure, rest), held, times, everywhere)[0]


def _tell_missed(
    frames: dict[int, PinnedFrame],
    poses: dict[int, Posed],
    rest: np.ndarray,
    times: np.ndarray,
    warn: Callable[[str], None],
) -> None:
    for number, frame in frames.items():
        for joint, missed in frame.missed(poses[number], rest).items():
            if missed > _REACHED and joint not in frame.soft:
                warn(
                    f"At {times[number]:.2f} s the {JOINT_NAMES[joint].replace('_', ' ')} cannot "
                    f"reach its pin: it is {100 * missed:.1f} cm too far away, or other pins hold "
                    "it back."
                )


def _taken(
    take: Take,
    solved: Figure,
    influence: np.ndarray,
    frames: dict[int, PinnedFrame],
    camera: Camera,
    body: Body,
) -> Take:
    """Return the take of a solved figure; how sure it is is judged anew where it changed."""
    changed = influence > 0
    seen_by = replace(filmed(take, solved), landmarks=lens_landmarks(take, solved.landmarks))
    sure = joint_confidence(
        seen_by.rotations,
        seen_by.betas,
        seen_by.pelvis,
        seen_by.landmarks,
        take.times,
        camera,
        body,
    )
    confidence = np.where((changed & take.frame_valid)[:, None], sure, take.confidence)
    for number, frame in frames.items():
        confidence[number, [*frame.rotations, *frame.places]] = 1.0
    moved = with_motion(take, solved, body)
    poses = np.where(changed[:, None], moved.poses, take.poses)
    trans = np.where(changed[:, None], moved.trans, take.trans)
    return replace(
        take, poses=poses, trans=trans, keypoints2d=solved.landmarks, confidence=confidence
    )
