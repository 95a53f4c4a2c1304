"""Standing feet stand: flat on the floor, in one place, without knees that show it.

A foot that stands belongs to one place for as long as it stands. What this asks of the whole figure
is found first, as one smooth path of the pelvis on which standing feet hardly move and no leg needs
to stretch or bend much; what is left is done by hip, knee and ankle, and fades in before and out
after each contact.
"""

from dataclasses import replace

import numpy as np

from bake.feet.contacts import Contacts, find_contacts, intervals, with_asked
from bake.feet.figure import HEEL, INNER, LEGS, TOE, Figure, Posed, posed
from bake.feet.foot_evidence import FootEvidence
from bake.feet.leg_ik import KNEE_FREE, bend_of, bend_toes, flexion, move_foot, reach_of
from bake.feet.stance import FootPath, carried, faded, foot_path, pins
from bake.motion.banded import SmoothFit
from bake.motion.local_fit import peak_nearby
from bake.motion.resample import Keys, Timeline
from core_model.geometry.rotations import matrix_to_quaternion, without_sign_flips

FOOT_MODES = ("auto", "always", "never", "ground")

_ROOT_SECONDS = 0.05  # what a root does faster than this to keep its feet in place is tremble
_RETURN_SECONDS = 0.6  # in which the root comes back to where it was captured
_RISE_SECONDS = 0.06  # as _ROOT_SECONDS, up and down
_ROUNDS = 5  # of bringing the root to where no leg has to stretch
_REACH_PER_SECOND = 10.0  # a metre of missing reach counts as so many metres per second of slide
_MOST_TREMBLE = 0.004  # metres that the pelvis follows its feet at once
_AIR = 1.0  # weight of a foot in the air that is in the floor
_STOREY = 1.0  # metres: who stands higher is on a roof or a wall, not on a floor seen too high
_SUNK = 0.01  # metres that parts other than feet may be in the floor


def plant_feet(
    keys: Keys,
    timeline: Timeline,
    figure: Figure,
    evidence: FootEvidence,
    mode: str,
    on_floor: bool,
    asked: np.ndarray | None = None,
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

    Returns
    -------
    keys : Keys
    stands : (K, 2) bool
        Where the left or right foot was found to stand, and is held.
    """
    asked = np.zeros((len(keys.frames), 2), int) if asked is None else asked
    quaternions, positions = keys.quaternions.copy(), keys.positions.copy()
    times = timeline.time_of(keys.frames)
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
            asked[run],
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
    asked: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    pose = posed(figure, quaternions, positions)
    contacts = find_contacts(figure, pose, times, evidence, always=mode == "always")
    contacts = with_asked(contacts, asked, pose)
    storeys = _storeys(contacts, times) if on_floor and mode != "always" else np.zeros(len(times))
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
    follow = mode in ("auto", "always")
    root = _Root(figure, pose, contacts, paths, times, on_floor, follow, mode == "always")
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


def _storeys(contacts: Contacts, times: np.ndarray) -> np.ndarray:
    """Return how far above the floor (N,) that is which somebody stands on; 0 on the floor itself.

    On the way from one to the other it changes evenly.
    """
    known = np.flatnonzero(contacts.rests)
    high = contacts.floor[known] > _STOREY
    if not high.any():
        return np.zeros(len(times))
    levels = np.zeros(len(known))
    for start, end in intervals(high):
        levels[start:end] = np.median(contacts.floor[known[start:end]])
    return np.interp(times, times[known], levels)


class _Root:
    """Finds how the figure is moved as a whole, and where its ankles belong then."""

    def __init__(
        self,
        figure: Figure,
        pose: Posed,
        contacts: Contacts,
        paths: list[FootPath],
        times: np.ndarray,
        on_floor: bool,
        follow: bool,
        always: bool,
    ) -> None:
        self._figure, self._pose, self._contacts = figure, pose, contacts
        self._paths, self._times = paths, times
        self._on_floor, self._follow, self._always = on_floor, follow, always
        self._interval = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
        self._sure = [path.leads * contacts.weights[:, side] for side, path in enumerate(paths)]

    def shift(self) -> np.ndarray:
        """Return the move (N, 3), metres."""
        count = len(self._times)
        reach = [(np.zeros(count), np.zeros((count, 3)))]
        shift = np.zeros((count, 3))
        if self._on_floor:
            shift[:, 2:] = self._rise(shift, reach)
        for _ in range(_ROUNDS):
            if self._follow:
                shift[:, :2] = self._go(slice(0, 2), reach)
            shift[:, 2:] = (
                self._rise(shift, reach) if self._on_floor else self._go(slice(2, 3), reach)
            )
            if not self._follow:
                break
            reach = [self._missing_reach(side, shift) for side in range(2)]
        return shift

    def ankle(self, side: int, shift: np.ndarray) -> np.ndarray:
        """Return where the ankle of a foot belongs, (N, 3), on a figure moved by `shift`."""
        path = self._paths[side]
        placed = path.points + shift[:, None]
        floor = np.zeros(len(shift)) if self._on_floor else None
        pinned = pins(self._figure, path, side, shift, floor, self._contacts.weights[:, side])
        ankle = self._pose.joints[:, LEGS[side][2]] + shift
        moved = pinned - placed
        if not self._follow:
            moved[..., :2] = 0
        for point in range(2):
            move, _ = carried(moved[:, point], intervals(path.contact[:, point]), self._times)
            ankle = ankle + path.leads[:, point, None] * move
        if self._on_floor:
            ankle[:, 2] += _lift(self._figure, side, path.foot, ankle, self._times)
        return np.asarray(ankle)

    def _go(self, axes: slice, reach: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
        """Return the move along some axes (N, C) with which standing points do not move."""
        count = len(self._times)
        steps = np.zeros(count - 1)
        pull = np.zeros((count - 1, axes.stop - axes.start))
        for path, sure in zip(self._paths, self._sure, strict=True):
            for point in range(2):
                stays = path.contact[1:, point] & path.contact[:-1, point]
                weight = stays * np.minimum(sure[1:, point], sure[:-1, point])
                rate = np.diff(path.points[:, point, axes], axis=0) / self._interval
                steps += weight
                pull -= weight[:, None] * rate
        values = np.full(count, 1 / _RETURN_SECONDS**2)
        wanted = np.zeros((count, axes.stop - axes.start))
        for weight, target in reach:
            values = values + _REACH_PER_SECOND**2 * weight
            wanted += _REACH_PER_SECOND**2 * weight[:, None] * target[:, axes]
        fit = SmoothFit(values, steps, _ROOT_SECONDS**2, 0.0, self._interval)
        rates = pull / np.maximum(steps, 1e-9)[:, None]
        return fit.solve(wanted / values[:, None], rates)

    def _rise(self, shift: np.ndarray, reach: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
        """Return the move up (N, 1) that puts standing feet on the floor."""
        contacts = self._contacts
        values = np.full(len(self._times), 1e-3)
        wanted = -1e-3 * contacts.floor
        for side, (path, sure) in enumerate(zip(self._paths, self._sure, strict=True)):
            for point, sole in ((0, HEEL), (1, INNER)):
                height = path.points[:, point, 2] - self._figure.sole_heights[side, sole]
                # A foot far from the floor that the others agree on stands on something else.
                apart = height - contacts.floor
                weight = sure[:, point] / (1 + (apart / 0.1) ** 2) ** 2
                values += weight
                wanted -= weight * height
        feet = sum(sure.sum(axis=1) for sure in self._sure)
        lowest = contacts.lowest
        bare = (feet < 0.1) & (contacts.rests | self._always)
        values += bare
        wanted -= bare * lowest
        for weight, target in reach:
            values += weight
            wanted += weight * target[:, 2]
        extra = np.zeros(len(self._times))
        for _ in range(3):
            fit = SmoothFit(values + extra, None, _RISE_SECONDS**4, 0.0, self._interval)
            rise = fit.solve(((wanted - extra * contacts.body) / (values + extra))[:, None])
            extra = np.maximum(extra, contacts.body + rise[:, 0] < -_SUNK)
        return rise

    def _missing_reach(self, side: int, shift: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how much (N,) a leg asks the figure to be moved elsewhere, and whereto (N, 3)."""
        hip, knee, ankle_joint, _ = LEGS[side]
        joints = self._pose.joints
        thigh, shin = joints[:, knee] - joints[:, hip], joints[:, ankle_joint] - joints[:, knee]
        upper, lower = (np.linalg.norm(bone, axis=1) for bone in (thigh, shin))
        was = flexion(thigh, shin)
        to_ankle = self.ankle(side, shift) - shift - joints[:, hip]
        reach = np.linalg.norm(to_ankle, axis=1)
        wanted = bend_of(upper, lower, reach)
        allowed = np.clip(wanted, was - KNEE_FREE, was + KNEE_FREE)
        # Beyond its full length a leg has no bend to compare.
        allowed = np.maximum(allowed, np.minimum(was, np.radians(2)))
        missing = reach - reach_of(upper, lower, allowed)
        # A foot in the air asks only for not being in the floor.
        asks = np.maximum(self._paths[side].leads.sum(axis=1), _AIR * (missing < 0))
        asks = asks * (np.abs(missing) > 1e-4)
        along = to_ankle / np.maximum(reach, 1e-9)[:, None]
        return asks, shift + missing[:, None] * along


def _lift(
    figure: Figure, side: int, foot: np.ndarray, ankle: np.ndarray, times: np.ndarray
) -> np.ndarray:
    """Return how much higher (N,) a foot must be so that nothing but its toes is in the floor."""
    points = figure.soles[side, :TOE]
    low = (foot[:, 2] @ points.T + ankle[:, 2:]) - figure.sole_heights[side, :TOE]
    return peak_nearby(np.maximum(-low.min(axis=1), 0), times, 0.03)
