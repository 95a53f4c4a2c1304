"""What touches something by hand stays there: the body follows, limbs reach, nothing slides.

First the body as a whole is moved as little as it takes for seat and knees to be in their places,
and for hands and feet to be in reach; then arms and legs do the rest. Feet that stand go on
standing where they do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bake.feet.contacts import find_contacts
from bake.feet.figure import LEGS, Figure, Posed, posed
from bake.feet.foot_evidence import FootEvidence
from bake.feet.stance import faded
from bake.motion.resample import Keys, Timeline
from bake.motion.touches import Touch, asked_of_feet
from bake.touching.holds import Hold, hold_end, hold_knee, hold_seat, turned_by
from bake.touching.limbs import locals_of, point_at, reach_for, reaches, unit
from core_model.body.skeleton import JOINT_INDEX
from core_model.geometry.rotations import matrix_to_quaternion, without_sign_flips

_SWEEPS = 60  # over all that is held, for the place of the body that suits all of it
_OF_HANDS = 0.25  # of what feet and knees count in where the body goes: who walks touches walls too
_ARMS = tuple(
    tuple(JOINT_INDEX[f"{side}_{part}"] for part in ("shoulder", "elbow", "wrist", "hand"))
    for side in ("left", "right")
)
_KNEE_AXIS = np.array([1.0, 0.0, 0.0])
_ELBOW_AXES = (np.array([0.0, -1.0, 0.0]), np.array([0.0, 1.0, 0.0]))


def keep_touches(
    keys: Keys,
    timeline: Timeline,
    figure: Figure,
    evidence: FootEvidence,
    touches: Sequence[Touch],
) -> Keys:
    """Return keys that keep to what touches; every stretch without long gaps for itself.

    Parameters
    ----------
    keys : Keys
        With feet planted, if they are to be.
    timeline : Timeline
    figure : Figure
        The body that moves.
    evidence : FootEvidence
        At the times of the keys.
    touches : sequence of Touch
    """
    if not any(each.touches for each in touches):
        return keys
    quaternions, positions = keys.quaternions.copy(), keys.positions.copy()
    times = timeline.time_of(keys.frames)
    for run in keys.runs():
        pose = posed(figure, quaternions[run], positions[run])
        holds = _holds(figure, pose, times[run], touches, evidence[run])
        if not any(each.weight.any() for each in (*holds.ends, *holds.knees, holds.seat)):
            continue
        stands = _standing(figure, pose, times[run], evidence[run], touches)
        locals_, shift = _Keeping(pose, holds, stands).solved()
        turned = without_sign_flips(matrix_to_quaternion(locals_))
        quaternions[run], positions[run] = turned, positions[run] + shift
    return replace(keys, quaternions=without_sign_flips(quaternions), positions=positions)


@dataclass(frozen=True)
class _Holds:
    """Of feet and hands (left foot, right foot, left hand, right hand), knees, and the seat."""

    ends: list[Hold]
    knees: list[Hold]
    seat: Hold


def _holds(
    figure: Figure,
    pose: Posed,
    times: np.ndarray,
    touches: Sequence[Touch],
    evidence: FootEvidence,
) -> _Holds:
    slid = np.zeros((len(times), 2, 2)) if evidence.slid is None else evidence.slid

    def of(limb: str) -> list[Touch]:
        return [each for each in touches if each.touches and each.limb == limb]

    ends = [
        hold_end(figure, pose, times, of(f"{side}_{part}"), (chain[2], chain[3]), slid[:, number])
        for part, chains in (("foot", LEGS), ("hand", _ARMS))
        for number, (side, chain) in enumerate(zip(("left", "right"), chains, strict=True))
    ]
    knees = [
        hold_knee(figure, pose, times, of(f"{side}_knee"), number)
        for number, side in enumerate(("left", "right"))
    ]
    return _Holds(ends, knees, hold_seat(figure, pose, times, of("seat")))


def _standing(
    figure: Figure,
    pose: Posed,
    times: np.ndarray,
    evidence: FootEvidence,
    touches: Sequence[Touch],
) -> np.ndarray:
    """Return how much each foot (N, 2) stands by itself, of which nothing is said by hand."""
    filmed = times if evidence.clock is None else evidence.clock
    contacts = find_contacts(figure, pose, filmed, evidence)
    stands = contacts.points.any(axis=2) & (asked_of_feet(touches, times) == 0)
    return np.stack([faded(stands[:, side], times) for side in range(2)], axis=1)


class _Keeping:
    """Brings one motion to where its holds ask it to be.

    Parameters
    ----------
    pose : Posed
        N frames.
    holds : _Holds
    stands : (N, 2)
        How much each foot is to stay where it is.
    """

    def __init__(self, pose: Posed, holds: _Holds, stands: np.ndarray) -> None:
        self._pose, self._holds = pose, holds
        self._chains = [*LEGS, *_ARMS]
        self._limits = [reaches(pose, chain[:3]) for chain in self._chains]
        legs = zip(stands.T, holds.knees, holds.ends, strict=False)
        # A foot of a leg that kneels may seem to stand; it goes with the knee.
        feet = [np.maximum(own * (1 - knee.weight), foot.weight) for own, knee, foot in legs]
        self._stays = [*feet, *(hand.weight for hand in holds.ends[2:])]

    def solved(self) -> tuple[np.ndarray, np.ndarray]:
        """Return local rotations (N, 24, 3, 3) and the move of the body (N, 3), metres."""
        shift = self._shift()
        locals_ = self._pose.locals.copy()
        joints = self._pose.joints + shift[:, None]
        turned = self._pose.turned.copy()
        for number, (chain, hold) in enumerate(zip(self._chains, self._holds.ends, strict=True)):
            root, middle, end, tip = chain
            knee = self._holds.knees[number] if number < 2 else None
            if not self._stays[number].any() and (knee is None or not knee.weight.any()):
                continue
            facing = turned[:, end].copy()
            axis = _KNEE_AXIS if number < 2 else _ELBOW_AXES[number - 2]
            target = self._end(number, shift)
            reach_for(joints, turned, (root, middle, end), target, axis, self._limits[number])
            if knee is not None and knee.weight.any():
                held = self._pose.joints[:, middle] + knee.move
                share = knee.weight[:, None]
                place = (1 - share) * joints[:, middle] + share * held
                point_at(joints, turned, root, middle, place)
                joints[:, end] = (
                    joints[:, middle]
                    + (
                        turned[:, middle]
                        @ np.swapaxes(self._pose.turned[:, middle], 1, 2)
                        @ (self._pose.joints[:, end] - self._pose.joints[:, middle])[..., None]
                    )[..., 0]
                )
                point_at(joints, turned, middle, end, target)
            turned[:, end] = turned_by(hold.turn, hold.weight, facing)
            for joint in (root, middle, end):
                locals_[:, joint] = locals_of(turned, joint)
            locals_[:, tip] = turned_by(hold.tip, hold.weight, locals_[:, tip])
        return locals_, shift

    def _end(self, number: int, shift: np.ndarray) -> np.ndarray:
        """Return where a foot or a hand (N, 3) belongs on a body that is moved by `shift`."""
        hold = self._holds.ends[number]
        own, stays = hold.weight[:, None], self._stays[number][:, None]
        goes = shift
        if number < 2:
            knee = self._holds.knees[number]
            share = knee.weight[:, None]
            goes = (1 - share) * shift + share * knee.move
        free = self._pose.joints[:, self._chains[number][2]] + own * hold.move
        return np.asarray(free + (1 - stays) * goes)

    def _shift(self) -> np.ndarray:
        """Return how the body is moved (N, 3): as its seat, with its knees, else as limbs need."""
        seat = self._holds.seat
        free = 1 - seat.weight
        shift = seat.weight[:, None] * seat.move + free[:, None] * self._along()
        for _ in range(_SWEEPS):
            for number, hold in enumerate(self._holds.ends):
                chain, (nearest, farthest) = self._chains[number], self._limits[number]
                share = _each_sweep(self._stays[number]) * free
                move = hold.weight[:, None] * hold.move
                shift = shift + self._towards(
                    chain[0], chain[2], move, shift, nearest, farthest, share
                )
            for hold, leg in zip(self._holds.knees, LEGS, strict=True):
                bone = self._pose.joints[:, leg[1]] - self._pose.joints[:, leg[0]]
                length = np.linalg.norm(bone, axis=1)
                share = _each_sweep(hold.weight) * free
                shift = shift + self._towards(
                    leg[0], leg[1], hold.move, shift, length, length, share
                )
        return np.asarray(shift)

    def _along(self) -> np.ndarray:
        """Return how the body goes along (N, 3) with what holds it: its joints stay as they were.

        How limbs are turned is known better than where the body is.
        """
        total = np.full((len(self._stays[0]), 1), 1e-9)
        along = np.zeros((len(total), 3))
        held = [
            (1.0 if number < 2 else _OF_HANDS, stays, hold.weight[:, None] * hold.move)
            for number, (stays, hold) in enumerate(zip(self._stays, self._holds.ends, strict=True))
        ]
        held += [(1.0, knee.weight, knee.weight[:, None] * knee.move) for knee in self._holds.knees]
        for counts, stays, move in held:
            total += counts * stays[:, None]
            along += counts * stays[:, None] * move
        return along / total

    def _towards(
        self,
        root: int,
        end: int,
        move: np.ndarray,
        shift: np.ndarray,
        nearest: np.ndarray,
        farthest: np.ndarray,
        share: np.ndarray,
    ) -> np.ndarray:
        """Return the move (N, 3) that brings a limb's root to where its end is in reach."""
        away = self._pose.joints[:, end] + move - self._pose.joints[:, root] - shift
        reach = np.linalg.norm(away, axis=1)
        return np.asarray((share * (reach - reach.clip(nearest, farthest)))[:, None] * unit(away))


def _each_sweep(weight: np.ndarray) -> np.ndarray:
    """Return the share (N,) of each of all sweeps that makes `weight` (N,) in the end."""
    return np.asarray(1 - (1 - weight.clip(0, 1)) ** (1 / _SWEEPS))
