"""Somebody on the floor is not pulled about by feet that happen to keep still."""

from dataclasses import replace

import numpy as np
import pytest

from bake.feet.contacts import find_contacts
from bake.feet.figure import lowest_of_parts, posed
from bake.feet.foot_evidence import no_evidence
from bake.feet.foot_lock import plant_feet
from bake.motion.resample import Keys
from core_model.body.skeleton import SMPL_TO_WORLD
from core_model.geometry.rotations import matrix_to_quaternion, without_sign_flips
from tests.bake.standing import FIGURE, TIMELINE
from tests.floor_poses import FRAMES, on_all_fours, on_the_back

EYE = np.array([0.0, -4.0, 1.5])


def on_floor(local: np.ndarray, height: float = 0.0) -> Keys:
    """Return keys of a motion whose lowest skin is so high above the floor, metres."""
    local = local.copy()
    local[:, 0] = SMPL_TO_WORLD @ local[:, 0]
    quaternions = without_sign_flips(matrix_to_quaternion(local))
    pose = posed(FIGURE, quaternions, np.zeros((len(local), 3)))
    positions = np.zeros((len(local), 3))
    positions[:, 2] = height - lowest_of_parts(FIGURE, pose).min(axis=1)
    last = np.arange(len(local)) == len(local) - 1
    return Keys(np.arange(len(local)), quaternions, positions, last)


def planted(keys: Keys, eye: np.ndarray | None = None) -> Keys:
    evidence = no_evidence(len(keys.frames))
    if eye is not None:
        everywhere = np.tile(eye, (len(keys.frames), 1))
        evidence = replace(evidence, eye=everywhere, filmed=np.ones(len(everywhere), bool))
    return plant_feet(keys, TIMELINE, FIGURE, evidence, "auto", True)[0]


def lowest(keys: Keys) -> np.ndarray:
    return lowest_of_parts(FIGURE, posed(FIGURE, keys.quaternions, keys.positions)).min(axis=1)


@pytest.mark.parametrize("pose", [on_the_back, on_all_fours])
def test_who_lies_on_the_floor_stays_where_they_are(pose):
    keys = on_floor(pose())
    found = find_contacts(
        FIGURE,
        posed(FIGURE, keys.quaternions, keys.positions),
        TIMELINE.time_of(keys.frames),
        no_evidence(FRAMES),
    )
    assert found.lies.all()
    after = planted(keys)
    assert np.abs(after.positions - keys.positions).max() < 0.015
    assert np.abs(lowest(after)).max() < 0.015


def test_who_lies_above_the_floor_comes_down_along_the_sight():
    keys = on_floor(on_the_back(), 0.08)
    down, seen = planted(keys), planted(keys, EYE)
    assert np.abs(lowest(seen)[5:-5]).max() < 0.02

    def off(moved: Keys) -> np.ndarray:
        """How far the pelvis left its line of sight, metres."""
        before, after = keys.positions - EYE, moved.positions - EYE
        sight = before / np.linalg.norm(before, axis=1, keepdims=True)
        aside = after - (after * sight).sum(1, keepdims=True) * sight
        return np.linalg.norm(aside, axis=1)

    assert off(seen)[5:-5].max() < 0.02 < 0.06 < off(down)[5:-5].min()


def test_who_flies_curled_up_does_not_lie():
    """A somersault has its middle as low above its lowest point as somebody who lies."""
    keys = on_floor(on_the_back())
    times = TIMELINE.time_of(keys.frames)
    middle, top = times.mean(), 1.2
    height = np.clip(top - 9.81 / 2 * (times - middle) ** 2, 0, None)
    flying = replace(keys, positions=keys.positions + height[:, None] * [0, 0, 1])
    found = find_contacts(
        FIGURE,
        posed(FIGURE, flying.quaternions, flying.positions),
        times,
        no_evidence(len(times)),
    )
    assert not found.lies[height > 0.4].any() and found.lies[height == 0].mean() > 0.8
    assert np.abs(lowest(planted(flying)) - height).max() < 0.1
