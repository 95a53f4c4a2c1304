"""How a figure is moved as a whole so that what stands or lies on the floor does."""

import numpy as np

from bake.feet.contacts import Contacts
from bake.feet.figure import HEEL, INNER, LEGS, TOE, Figure, Posed
from bake.feet.foot_evidence import FootEvidence
from bake.feet.leg_ik import KNEE_FREE, bend_of, flexion, reach_of
from bake.feet.stance import FootPath, moves, pins
from bake.motion.banded import SmoothFit
from bake.motion.local_fit import gaussian_mean, peak_nearby

_ROOT_SECONDS = 0.05  # what a root does faster than this to keep its feet in place is tremble
_RETURN_SECONDS = 0.6  # in which the root comes back to where it was captured
_RISE_SECONDS = 0.06  # as _ROOT_SECONDS, up and down
_BOUNCE_SECONDS = 0.15  # likewise of who hops: knees give way, and the pelvis goes as it was seen
_AROUND_A_HOP = 0.4  # seconds
_ROUNDS = 5  # of bringing the root to where no leg has to stretch
_REACH_PER_SECOND = 10.0  # a metre of missing reach counts as so many metres per second of slide
_AIR = 1.0  # weight of a foot in the air that is in the floor
_SHALLOW = 0.1  # of its length that a line of sight goes down at least
_FARTHEST = 0.3  # metres along the floor that a figure is moved for being lifted
_LYING_SECONDS = 0.15  # over which what is done for somebody who lies comes and goes
_SEEN, _UNSEEN = 0.5, 0.2
"""Visibility of the best point of the feet from which the body follows them, and not at all."""

_SURE, _UNSURE = 0.5, 0.3  # likewise how sure the capture is of them, which results may be unseen
_LONG = 0.5  # seconds over which that is averaged: a moment changes nothing
_SLOWLY = 1.0  # as _RISE_SECONDS, of whom no foot is seen: what is seen stays on the picture
_SUNK = 0.01  # metres that parts other than feet may be in the floor


class Root:
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
        evidence: FootEvidence,
    ) -> None:
        self._figure, self._pose, self._contacts = figure, pose, contacts
        self._paths, self._times = paths, times
        self._on_floor, self._follow, self._always = on_floor, follow, always
        self._evidence = evidence
        self._interval = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
        self._lies = self._steadied(contacts.lies[:, None].astype(float))[:, 0].clip(0, 1)
        self._follows = 1 - self._unseen()
        self._bend = self._held_up()
        self._sure = [
            path.leads * contacts.weights[:, side] * self._follows[:, None]
            for side, path in enumerate(paths)
        ]

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
        if self._on_floor and self._evidence.filmed.any():
            shift[:, :2] += self._aside(shift[:, 2])
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
        # A foot that lies touches the floor with more than its sole.
        moved[..., 2] *= 1 - self._lies[:, None]
        ankle = ankle + moves(path, moved, self._times)
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
                weight = sure[:, point] / (1 + (apart / 0.1) ** 2) ** 2 * ~contacts.lies
                values += weight
                wanted -= weight * height
        feet = sum(sure.sum(axis=1) for sure in self._sure)
        lowest = contacts.lowest
        bare = ((feet < 0.1) & (contacts.rests | self._always)) | contacts.lies
        values += bare
        wanted -= bare * lowest
        for weight, target in reach:
            values += weight
            wanted += weight * target[:, 2]
        extra = np.zeros(len(self._times))
        for _ in range(3):
            fit = SmoothFit(values + extra, None, self._bend, 0.0, self._interval)
            rise = fit.solve(((wanted - extra * contacts.body) / (values + extra))[:, None])
            extra = np.maximum(extra, contacts.body + rise[:, 0] < -_SUNK)
        return rise

    def _unseen(self) -> np.ndarray:
        """Return how surely no foot is seen (N,), 0 to 1, of what a camera filmed.

        Such feet are a guess, which the body does not follow; its legs give way instead. Who lies
        is on the floor with more than feet, and what an animator says of feet is no guess.
        """
        if self._always or not self._evidence.filmed.any():
            return np.zeros(len(self._times))
        told = (self._contacts.weights >= 1).any(axis=(1, 2))
        unseen = self._evidence.filmed * (1 - self._lies) * ~told
        for values, much, little in (
            (self._evidence.seen, _SEEN, _UNSEEN),
            (self._evidence.certain, _SURE, _UNSURE),
        ):
            best = gaussian_mean(values.max(axis=(1, 2)), self._times, _LONG)
            unseen *= ((much - best) / (much - little)).clip(0.0, 1.0)
        return unseen

    def _held_up(self) -> np.ndarray:
        """Return how much the rise must not bend at the inner samples (N - 2,), seconds^4."""
        hops = self._contacts.hops.astype(float)
        near = peak_nearby(hops, self._times, _AROUND_A_HOP) if hops.any() else hops
        seconds = _RISE_SECONDS + (_BOUNCE_SECONDS - _RISE_SECONDS) * near
        seconds = seconds + (_SLOWLY - seconds) * (1 - self._follows)
        return np.asarray(seconds[1:-1] ** 4)

    def _aside(self, rise: np.ndarray) -> np.ndarray:
        """Return the move along the floor (N, 2) with which somebody who lies stays in the picture.

        Lifted along the sight, whose length one camera measures badly, a figure hardly moves there.
        """
        sight = self._pose.joints[:, 0] - self._evidence.eye
        down = np.minimum(sight[:, 2], -_SHALLOW * np.linalg.norm(sight[:, :2], axis=1))
        aside = sight[:, :2] * (rise / down)[:, None]
        length = np.linalg.norm(aside, axis=1, keepdims=True)
        aside *= _FARTHEST * np.tanh(length / _FARTHEST) / np.maximum(length, 1e-9)
        return self._steadied(aside * (self._contacts.lies & self._evidence.filmed)[:, None])

    def _steadied(self, values: np.ndarray) -> np.ndarray:
        """Return values (N, C) that come and go evenly as somebody lies down and gets up."""
        even = SmoothFit(np.ones(len(values)), None, _LYING_SECONDS**4, 0.0, self._interval)
        return even.solve(values)

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
        asks = asks * (np.abs(missing) > 1e-4) * self._follows
        along = to_ankle / np.maximum(reach, 1e-9)[:, None]
        return asks, shift + missing[:, None] * along


def _lift(
    figure: Figure, side: int, foot: np.ndarray, ankle: np.ndarray, times: np.ndarray
) -> np.ndarray:
    """Return how much higher (N,) a foot must be so that nothing but its toes is in the floor."""
    points = figure.soles[side, :TOE]
    low = (foot[:, 2] @ points.T + ankle[:, 2:]) - figure.sole_heights[side, :TOE]
    return peak_nearby(np.maximum(-low.min(axis=1), 0), times, 0.03)
