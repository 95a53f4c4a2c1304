"""A foot that was pinned elsewhere leaves its stance and returns, and nothing else follows it."""

from dataclasses import replace

import numpy as np
import pytest

from bake.cleaning import cleaned
from bake.feet.figure import figure_of, posed
from bake.motion.held import HeldMoment
from bake.motion.resample import Timeline, rate_of
from bake.motion.smoothing import load_profile
from bake.touching.excursions import followed_by, leg_excursions
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, with_ancestors
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_axis_angle
from core_model.take import Take
from tests.places import RENDERED

TAKE = Take.load(RENDERED / "bend_01.npz")
TIMELINE = Timeline(rate_of(TAKE.times), TAKE.times[0])
BODY, PROFILE = default_body(), load_profile("default")
FIGURE = figure_of(BODY, TAKE.betas)
ROW = len(TAKE) // 2
ANKLE, HIP = JOINT_INDEX["left_ankle"], JOINT_INDEX["left_hip"]
AWAY = (1 - np.abs(TAKE.times - TAKE.times[ROW]) / 0.5).clip(0, 1)
FADING = AWAY**3 * (10 - 15 * AWAY + 6 * AWAY**2)


def joints_of(keys):
    return posed(FIGURE, keys.quaternions, keys.positions).joints


def led_aside(radians: float, lasting: float = 0.0) -> Take:
    """Return the take as a solve leaves it, a leg led aside and back around one moment."""
    rotations = TAKE.rotations()
    turns = (radians * FADING + lasting)[:, None] * [0.0, 0.0, 1.0]
    rotations[:, HIP] = axis_angle_to_matrix(turns) @ rotations[:, HIP]
    return replace(TAKE, poses=matrix_to_axis_angle(rotations).reshape(len(TAKE), -1))


def pinned(solved: Take, at: np.ndarray, moved: np.ndarray) -> Take:
    told: dict[str, object] = {"time": float(TAKE.times[ROW]), "joint": ANKLE, "place": True}
    told |= {"joints": with_ancestors(ANKLE), "at": at.tolist(), "moved": moved.tolist()}
    return replace(solved, source=solved.source | {"held": [told]})


def bake(take: Take, feet: str = "auto", captured: Take | None = None):
    root = "free" if feet == "never" else "ground"
    return cleaned(take, TIMELINE, PROFILE, BODY, root, feet, captured)


@pytest.mark.parametrize("lifted", [0.0, 0.3])
def test_a_standing_foot_reaches_its_pin_while_all_else_stands(lifted):
    """Also where its leg is too short: the body goes along, and the other foot stays."""
    before = bake(TAKE)
    joints = joints_of(before.keys)
    moved = before.keys.positions[ROW] - bake(TAKE, "never").keys.positions[ROW]
    solved = led_aside(0.12)
    wanted = joints[ROW, ANKLE] + [0.08 + lifted, 0.0, 0.02]
    after = bake(pinned(solved, wanted - moved, moved), captured=TAKE)
    then = joints_of(after.keys)
    assert np.linalg.norm(then[ROW, ANKLE] - wanted) < 0.005
    far = np.abs(TAKE.times - TAKE.times[ROW]) > 0.7
    assert np.linalg.norm(then - joints, axis=-1)[far].max() < 0.001
    other = JOINT_INDEX["right_ankle"]
    assert np.linalg.norm(then[:, other] - joints[:, other], axis=-1).max() < 0.005
    if not lifted:
        jolts = [np.linalg.norm(np.diff(each, n=3, axis=0), axis=-1) for each in (joints, then)]
        assert jolts[1].mean() < 1.5 * jolts[0].mean()
    held = [each for each in after.stands if each.limb == "left_foot"]
    assert not any(each.start <= TAKE.times[ROW] <= each.end for each in held)


def test_what_lasts_is_no_excursion_and_what_returns_is_taken_off_whole():
    before = bake(TAKE, "never").keys
    moments = [HeldMoment(float(TAKE.times[ROW]), (ANKLE,), True, ANKLE)]
    lasting = bake(led_aside(0.0, 0.1), "never").keys
    stays = leg_excursions(lasting, before, TIMELINE, moments)
    kept = lasting if stays is None else followed_by(lasting, stays, backwards=True)
    assert np.linalg.norm(joints_of(kept) - joints_of(lasting), axis=-1).max() < 0.001
    led = bake(led_aside(0.12), "never").keys
    aside = leg_excursions(led, before, TIMELINE, moments)
    assert aside is not None
    back = followed_by(led, aside, backwards=True)
    apart = np.linalg.norm(joints_of(back) - joints_of(before), axis=-1)
    assert apart.max() < 0.002 < np.linalg.norm(joints_of(led) - joints_of(before), axis=-1).max()
    again = followed_by(back, aside)
    assert np.abs(joints_of(again) - joints_of(led)).max() < 1e-9
    no_leg = [HeldMoment(float(TAKE.times[ROW]), (20,), True, JOINT_INDEX["left_wrist"])]
    assert leg_excursions(led, before, TIMELINE, no_leg) is None
