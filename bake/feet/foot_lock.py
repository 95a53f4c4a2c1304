"""Standing feet stand: flat on the floor, in one place, without knees that show it.

A foot that stands belongs to one place for as long as it stands. What this asks of the whole figure
is found first, as one smooth path of the pelvis on which standing feet hardly move and no leg needs
to stretch or bend much; what is left is done by hip, knee and ankle, and fades in before and out
after each contact.
"""

from dataclasses import replace

import numpy as np

from bake.feet.contacts import Contacts, find_contacts, intervals, with_asked
from bake.feet.figure import LEGS, Figure, lowest_of_parts, posed
from bake.feet.foot_evidence import FootEvidence
from bake.feet.leg_ik import bend_toes, move_foot
from bake.feet.root import Root
from bake.feet.stance import faded, foot_path
from bake.motion.resample import Keys, Timeline
from core_model.geometry.rotations import matrix_to_quaternion, without_sign_flips

FOOT_MODES = ("auto", "always", "never", "ground")

_MOST_TREMBLE = 0.004  # metres that the pelvis follows its feet at once
_STOREY = 1.0  # metres: who stands higher is on a roof or a wall, not on a floor seen too high
_STEP, _LOW = 0.25, 25  # likewise, of who was filmed up there but for so many frames in a hundred


def plant_feet(
    keys: Keys,
    timeline: Timeline,
    figure: Figure,
    evidence: FootEvidence,
    mode: str,
    on_floor: bool,
    asked: np.ndarray | None = None,
    leaves: np.ndarray | None = None,
) -> tuple[Keys, np.ndarray]:
    """Put a motion on the floor and its feet in place; every stretch without long gaps for itself.

    Parameters
    ----------
    keys : Keys
    timeline : Timeline
    figure : Figure
        The body that moves.
    evidence : FootEvidence
        At the times of the keys.
    mode : str
        Of `FOOT_MODES`. "auto" pins feet where they stand; "always" lets no foot leave the floor
        that is the lower one, so that nobody jumps; "ground" brings standing feet to the floor and
        lets them slide; "never" changes no leg.
    on_floor : bool
        Whether standing feet stand at z = 0, or as high as they were captured.
    asked : (K, 2) int, optional
        What somebody said of the left and the right foot, as `asked_of_feet` tells.
    leaves : (K, 2), optional
        How much each foot is left where it is, 0 to 1, though it stands: somebody pinned it there.

    Returns
    -------
    keys : Keys
    stands : (K, 2) bool
        Where the left or right foot was found to stand, and is held.
    """
    asked = np.zeros((len(keys.frames), 2), int) if asked is None else asked
    leaves = np.zeros(asked.shape) if leaves is None else leaves
    quaternions, positions = keys.quaternions.copy(), keys.positions.copy()
    times = timeline.time_of(keys.frames)
    storey = _STEP if on_floor and _stays_up(keys, figure, evidence) else _STOREY
    stands = np.zeros(asked.shape, bool)
    for run in keys.runs():
        quaternions[run], positions[run], stands[run] = _planted(
            keys.quaternions[run],
            keys.positions[run],
            times[run],
            figure,
            evidence[run],
            mode,
            on_floor,
            storey,
            asked[run],
            leaves[run],
        )
    stands &= (asked == 0) & (mode in ("auto", "always"))
    return replace(keys, quaternions=quaternions, positions=positions), stands


def _planted(
    quaternions: np.ndarray,
    positions: np.ndarray,
    times: np.ndarray,
    figure: Figure,
    evidence: FootEvidence,
    mode: str,
    on_floor: bool,
    storey: float,
    asked: np.ndarray,
    leaves: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if evidence.clock is not None:  # what is slow motion stands as what it was made of
        times = evidence.clock
    pose = posed(figure, quaternions, positions)
    contacts = find_contacts(figure, pose, times, evidence, always=mode == "always")
    contacts = with_asked(contacts, asked, pose)
    storeys = np.zeros(len(times))
    if on_floor and mode != "always":
        storeys = _storeys(contacts, times, storey)
    if storeys.any():
        up = storeys[:, None] * [0.0, 0.0, 1.0]
        pose = posed(figure, quaternions, positions - up)
        contacts = with_asked(find_contacts(figure, pose, times, evidence), asked, pose)
        positions = positions - up
    else:
        up = np.zeros((1, 3))
    paths = [
        foot_path(figure, pose, contacts, side, times, turns=mode in ("ground", "never"))
        for side in range(2)
    ]
    # What it does meanwhile counts nothing for where its place is, nor for the body's.
    contacts = replace(contacts, weights=contacts.weights * (1 - leaves)[..., None])
    paths = [
        replace(path, leads=path.leads * (1 - leaves[:, side, None]), free=1 - leaves[:, side])
        for side, path in enumerate(paths)
    ]
    follow = mode in ("auto", "always")
    given = (on_floor, follow, mode == "always", evidence)
    root = Root(figure, pose, contacts, paths, times, *given)
    shift = root.shift()
    stands = contacts.points.any(axis=2)
    if mode == "never":
        return quaternions, positions + shift + up, stands
    for last in (False, True):
        moved, locals_ = pose.moved(shift), pose.locals.copy()
        missed, held = np.zeros_like(shift), np.full((len(times), 1), 1e-9)
        for side, (leg, path) in enumerate(zip(LEGS, paths, strict=True)):
            ankle = root.ankle(side, shift)
            reached = move_foot(moved, leg, ankle, path.foot, locals_, times)
            holds = path.leads.sum(axis=1, keepdims=True)
            missed += holds * (ankle - reached)
            held += holds
            if on_floor:
                lies = faded(path.contact[:, 1], times)
                bend_toes(figure, side, leg, reached, path.foot, lies, locals_)
        if last:
            break
        # What no knee should do for its foot, and both feet ask for, the pelvis does.
        shift = shift + _MOST_TREMBLE * np.tanh(missed / (held + 0.1) / _MOST_TREMBLE) * follow
    turned = without_sign_flips(matrix_to_quaternion(locals_))
    return turned, positions + shift + up, stands


def _stays_up(keys: Keys, figure: Figure, evidence: FootEvidence) -> bool:
    """Tell whether somebody was filmed above the floor nearly all of the time."""
    if not evidence.filmed.any():
        return False
    pose = posed(figure, keys.quaternions, keys.positions)
    return bool(np.percentile(lowest_of_parts(figure, pose).min(axis=1), _LOW) > _STEP)


def _storeys(contacts: Contacts, times: np.ndarray, least: float) -> np.ndarray:
    """Return how far above the floor (N,) that is which somebody stands on; 0 on the floor itself.

    What is lower than `least` is the floor. On the way from one to the other it changes evenly.
    """
    known = np.flatnonzero(contacts.rests)
    high = contacts.floor[known] > least
    if not high.any():
        return np.zeros(len(times))
    levels = np.zeros(len(known))
    for start, end in intervals(high):
        levels[start:end] = np.median(contacts.floor[known[start:end]])
    return np.interp(times, times[known], levels)
