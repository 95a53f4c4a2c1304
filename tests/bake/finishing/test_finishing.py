"""What finishing tools do to a take, and what they leave as it was."""

from dataclasses import replace

import numpy as np
import pytest

from bake.cleaning import clean_motion, cleaned
from bake.feet.figure import figure_of, posed
from bake.finishing.contacts import with_touches
from bake.finishing.cuts import joined, looped, split, trimmed
from bake.finishing.frames import rows_of
from bake.finishing.motion import exaggerated, retimed, with_limb_of
from bake.finishing.places import mirrored, moved, standing_at
from bake.motion.resample import Timeline, exact_rate
from bake.motion.smoothing import load_profile
from bake.motion.touches import Touch, stretch_of, to_the_ends, touches_of
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX, MIRROR
from core_model.errors import TakeError
from core_model.geometry.rotations import rotation_angle
from core_model.take import Take
from tests.benchmarks.joins import (
    Baked,
    joint_slide,
    looped_slide,
    mirrored_slide,
    retimed_slide,
)
from tests.core_model.solving.clips import true_take

BODY = default_body()
FEET = [JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"]]


@pytest.fixture(scope="module")
def limp() -> Take:
    return true_take("limp_pillar_01", 90)


@pytest.fixture(scope="module")
def signals() -> Take:
    return true_take("signals_01", 60)


def slides(take: Take) -> np.ndarray:
    """Return how far the calmer foot moves over the ground from frame to frame (T - 1,), metres."""
    feet = take.joints(BODY)[:, FEET]
    steps = np.linalg.norm(np.diff(feet[..., :2], axis=0), axis=-1)
    return np.asarray(steps.min(axis=1))


def test_a_part_is_as_it_was(limp):
    part = trimmed(limp, limp.times[10], limp.times[30])
    assert len(part) == 21 and np.array_equal(part.poses, limp.poses[10:31])
    assert part.camera is limp.camera
    early, late = split(limp, limp.times[40])
    assert (len(early), len(late)) == (40, 50) and np.array_equal(late.trans, limp.trans[40:])
    with pytest.raises(TakeError, match="Nothing of the take"):
        split(limp, limp.times[0])


def test_mirrored_twice_is_the_same_motion(limp):
    once = mirrored(limp, BODY)
    twice = mirrored(once, BODY)
    assert np.abs(twice.joints(BODY) - limp.joints(BODY)).max() < 1e-6
    assert rotation_angle(twice.rotations(), limp.rotations()).max() < 1e-6
    across = limp.joints(BODY)[:, list(MIRROR)] * [-1.0, 1.0, 1.0]
    # The body is not quite the same on both sides.
    assert np.linalg.norm(once.joints(BODY) - across, axis=-1).max() < 0.02
    assert abs(slides(once) - slides(limp)).max() < 0.001
    assert once.camera is None and once.from_video == limp.from_video


def test_slow_motion_takes_longer_and_slides_no_more(limp):
    slow = retimed(limp, 0.5, BODY)
    assert abs(len(slow) - 2 * len(limp)) <= 1 and abs(slow.frame_rate - limp.frame_rate) < 1e-6
    assert np.abs(slow.joints(BODY)[::2] - limp.joints(BODY)).max() < 1e-6
    assert slides(slow).max() <= slides(limp).max() + 0.001
    ramp = retimed(limp, lambda since: np.where(since < 1.0, 1.0, 0.5), BODY)
    assert len(limp) < len(ramp) < len(slow)
    assert np.abs(ramp.joints(BODY)[:25] - limp.joints(BODY)[:25]).max() < 1e-6
    for wrong in (0.0, -1.0, float("nan"), 1e-9):
        with pytest.raises(TakeError):
            retimed(limp, wrong, BODY)


def test_a_cycle_is_found_and_closed(limp):
    cycle = looped(limp, BODY)
    rotations, joints = cycle.rotations(), cycle.joints(BODY)
    assert rotation_angle(rotations[-1], rotations[0]).max() < 1e-6
    assert abs(joints[-1, 0, 2] - joints[0, 0, 2]) < 1e-6
    assert 0.4 <= cycle.times[-1] <= 4.0
    assert slides(cycle).max() <= slides(limp).max() + 0.001
    still = trimmed(limp, limp.times[0], limp.times[5])
    with pytest.raises(TakeError, match="comes back"):
        looped(still, BODY)


def test_two_takes_are_joined_where_the_first_one_ends(limp, signals):
    whole = joined(limp, signals, BODY, 0.4)
    count = round(0.4 * limp.frame_rate)
    assert len(whole) == len(limp) + len(signals) - count
    assert np.allclose(np.diff(whole.times), 1 / limp.frame_rate, atol=1e-6)
    before = len(limp) - count
    assert np.abs(whole.joints(BODY)[:before] - limp.joints(BODY)[:before]).max() < 1e-9
    later = whole.rotations()[len(limp) :, 1:]
    assert rotation_angle(later, signals.rotations()[count:, 1:]).max() < 1e-6
    most = max(slides(limp).max(), slides(signals).max())
    assert slides(whole).max() <= most + 0.001
    steps = rotation_angle(whole.rotations()[1:], whole.rotations()[:-1])[before:].max()
    assert steps < 0.5, "nothing jumps"


def test_no_foot_slides_more_than_in_the_same_frames_before_once_it_is_baked(limp):
    one, kick = true_take("walk_front_01", 90), true_take("kick_01", 90)
    slides = [joint_slide(limp, every_second(one)), looped_slide(one), mirrored_slide(one)]
    for take, speed in ((kick, 0.7), (one, 2.0)):
        made = retimed(take, speed, BODY)
        slides.append(retimed_slide(take, take.times[0] + speed * made.times, made))
    for more in slides:
        assert len(more) and more.max() < 1.0, "mm a frame"


def test_a_stance_lasts_as_long_as_a_scene_shows_the_take(limp):
    take = with_touches(limp, [Touch("left_hand", limp.times[60], limp.times[-1], height=1.0)])
    shown = Timeline(exact_rate(30), limp.times[0] + 0.01).time_of(np.arange(1, 91))
    (touch,) = to_the_ends(touches_of(take), take.times, shown)
    assert (touch.start, touch.end) == (limp.times[60], shown[-1])
    assert stretch_of(touch, shown)[1] == len(shown)


def test_how_feet_stood_goes_along_with_what_is_made_again_but_not_with_other_legs(limp):
    slow = retimed(trimmed(limp, 0.0, 1.5), 0.7, BODY)
    assert mirrored_slide(slow).max() < 0.1, "mm a frame"
    turned = standing_at(slow, BODY, heading=1.0, place=(2.0, 1.0))
    assert np.abs(Baked(turned).steps - Baked(slow).steps).max() < 0.1, "mm"
    calm = exaggerated(slow, ["left_elbow"], 0.5)
    assert touches_of(calm) == touches_of(slow)
    assert any(each.found for each in touches_of(slow))
    other = exaggerated(slow, ["left_knee"], 0.5)
    assert not touches_of(other)
    assert other.footage is not None and (other.footage.foot_stands == -1).all()


def test_a_foot_that_stands_elsewhere_steps_over(signals):
    still = rows_of(signals, np.arange(30))
    still = replace(still, poses=still.poses[:1].repeat(30, 0), trans=still.trans[:1].repeat(30, 0))
    still = replace(still, camera=None)
    poses = still.poses.copy().reshape(30, -1, 3)
    poses[:, [JOINT_INDEX["left_hip"], JOINT_INDEX["right_hip"]], 2] += (0.2, -0.2)
    wide = replace(still, poses=poses.reshape(30, -1))
    whole = joined(wide, still, BODY, 0.4)
    (foot,) = np.flatnonzero(Baked(whole).lifted.any(axis=0))
    limbs = [each.limb for each in touches_of(whole)]
    assert sorted(limbs.count(f"{side}_foot") for side in ("left", "right")) == [1, 2]
    assert limbs.count(("left_foot", "right_foot")[foot]) == 2, "it stands before and after"
    assert joint_slide(wide, still).max() < 1.0, "mm a frame"


def every_second(take: Take) -> Take:
    """Return a take of half as many frames a second."""
    return rows_of(take, np.arange(0, len(take), 2))


def test_takes_of_other_rates_are_joined_at_one(limp):
    sparse = every_second(trimmed(limp, 0.0, 2.0))
    whole = joined(limp, sparse, BODY)
    assert np.allclose(np.diff(whole.times), 1 / limp.frame_rate, atol=1e-6)
    ends = whole.times[-1] - limp.times[-1]
    assert ends == pytest.approx(2.0 - 0.4 + 1 / limp.frame_rate, abs=0.02)


@pytest.mark.parametrize(
    "name", ["limp_pillar_01", pytest.param("sneak_high_01", marks=pytest.mark.long)]
)
def test_a_cycle_closes_once_it_is_baked(name):
    cycle = looped(true_take(name, 90), BODY)
    for made in (cycle, mirrored(cycle, BODY), moved(cycle, np.array([1.0, 0, 0]))):
        timeline = Timeline(exact_rate(30), made.times[0], 11)
        baked = cleaned(made, timeline, load_profile("default"), BODY, "ground", "auto")
        assert (baked.keys.frames[0], len(baked.keys.frames)) == (11, len(made))
        joints = posed(
            figure_of(BODY, made.betas), baked.keys.quaternions, baked.keys.positions
        ).joints
        apart = (joints[-1] - joints[-1, :1]) - (joints[0] - joints[0, :1])
        assert np.linalg.norm(apart, axis=-1).max() < 0.001
        assert abs(joints[-1, 0, 2] - joints[0, 0, 2]) < 0.001
    part = trimmed(cycle, cycle.times[0], cycle.times[-5])
    assert len(
        clean_motion(part, Timeline(exact_rate(30)), load_profile("default"), BODY).frames
    ) == len(part), "a part of a cycle is none"


def test_what_touches_goes_along(limp, signals):
    times, ramp = limp.times, np.arange(9.0).reshape(1, 3, 3) ** 2
    said = [
        Touch("left_hand", times[10], times[30], surface=ramp),
        Touch("seat", times[70], times[85], height=0.4),
    ]
    take = with_touches(limp, said)
    hand, seat = touches_of(mirrored(take, BODY))
    assert (hand.limb, seat) == ("right_hand", said[1])
    assert hand.surface is not None and np.allclose(hand.surface, ramp * [-1, 1, 1])
    hand, seat = (e for e in touches_of(retimed(take, 0.5, BODY)) if not e.found)
    assert (hand.start, seat.end) == pytest.approx((2 * times[10], 2 * times[85]))
    hand, seat = touches_of(moved(take, np.array([1.0, 2.0, 0.1])))
    assert seat.height == pytest.approx(0.5)
    assert hand.surface is not None and np.allclose(hand.surface, ramp + [1, 2, 0.1])
    placed = standing_at(take, BODY, heading=1.0, place=(3.0, 0.0))
    near = take.joints(BODY)[20, 0] - ramp.reshape(3, 3)
    surface = touches_of(placed)[0].surface
    assert surface is not None
    now = placed.joints(BODY)[20, 0] - surface.reshape(3, 3)
    assert np.allclose(np.linalg.norm(near, axis=1), np.linalg.norm(now, axis=1))
    own = [each for each in touches_of(joined(take, signals, BODY)) if not each.found]
    assert [each.limb for each in own] == ["left_hand", "seat"]
    assert own[1].end < times[78], "what is blended is neither"
    own = [each for each in touches_of(joined(signals, take, BODY)) if not each.found]
    count = round(0.4 * signals.frame_rate)
    later = signals.times[-1] + 1 / signals.frame_rate - times[count]
    assert own[1].start == pytest.approx(times[70] + later, abs=1e-3)


def test_a_take_is_put_where_it_is_wanted_with_its_camera(limp):
    placed = standing_at(limp, BODY, heading=0.3, place=(1.0, 2.0))
    x, y = placed.rotations()[0, 0, :2, 2]
    assert abs(np.arctan2(x, -y) - 0.3) < 1e-9
    assert placed.camera and limp.camera
    seen = placed.camera.project(placed.camera.world_to_camera(placed.joints(BODY)))
    known = limp.camera.project(limp.camera.world_to_camera(limp.joints(BODY)))
    assert np.abs(seen - known).max() < 1e-6, "the camera goes along"
    higher = moved(limp, np.array([0.0, 0.0, 0.4]))
    assert np.allclose(higher.joints(BODY) - limp.joints(BODY), [0, 0, 0.4])


def test_a_limb_moves_more_or_less_or_as_another(limp, signals):
    calm = exaggerated(limp, ["left_elbow"], 0.0)
    assert rotation_angle(calm.rotations()[1:, 18], calm.rotations()[:-1, 18]).max() < 1e-6
    others = [joint for joint in range(24) if joint != 18]
    assert np.abs(calm.rotations()[:, others] - limp.rotations()[:, others]).max() < 1e-9
    more = exaggerated(limp, ["left_elbow"], 1.5).rotations()[:, 18]
    spread = rotation_angle(more[1:], more[:-1]).sum()
    assert spread > 1.3 * rotation_angle(limp.rotations()[1:, 18], limp.rotations()[:-1, 18]).sum()
    copied = with_limb_of(limp, signals, ["left_elbow"])
    assert rotation_angle(copied.rotations()[:60, 18], signals.rotations()[:, 18]).max() < 1e-6
    assert np.abs(copied.rotations()[61:, 18] - limp.rotations()[61:, 18]).max() < 1e-9
