"""What the bake holds by itself is told, and what is said of it counts in the next bake."""

from dataclasses import replace

import numpy as np

from bake.cleaning import cleaned
from bake.feet.contacts import foot_points
from bake.feet.figure import HEEL, INNER, TOE, figure_of, posed
from bake.motion.resample import Timeline, rate_of
from bake.motion.smoothing import load_profile
from bake.motion.touches import Touch, within
from bake.motion.trim import Trim
from bake.scene.animation.motion import motion_of
from core_model.body.model import default_body
from core_model.take import Take
from tests.places import RENDERED

TAKE = Take.load(RENDERED / "walk_front_01.npz")
TIMELINE = Timeline(rate_of(TAKE.times), TAKE.times[0])


def found(take: Take = TAKE, feet="auto"):
    return cleaned(take, TIMELINE, load_profile("default"), default_body(), "ground", feet)


def told(take: Take, touches: list[Touch]) -> Take:
    contacts = [vars(each) for each in touches]
    return replace(take, source=take.source | {"contacts": contacts})


def test_a_walk_stands_on_one_foot_after_the_other():
    stands = found().stands
    assert {each.limb for each in stands} == {"left_foot", "right_foot"}
    assert len(stands) >= 4 and all(each.height == 0.0 for each in stands)
    starts = [each.start for each in stands]
    assert starts == sorted(starts) and all(each.end > each.start for each in stands)
    assert found(feet="never").stands == () and found(feet="ground").stands == ()


def test_what_is_taken_over_is_held_as_before_and_no_longer_found():
    before = found()
    taken = [replace(each, rolls=True) for each in before.stands if each.limb == "left_foot"]
    after = found(told(TAKE, taken))
    assert not [each for each in after.stands if each.limb == "left_foot"]
    moved = np.abs(after.keys.positions - before.keys.positions)
    turns = np.abs((after.keys.quaternions * before.keys.quaternions).sum(axis=-1)).clip(max=1)
    turned = np.degrees(2 * np.arccos(turns))
    assert moved.max() < 0.01 and turned.max() < 7, "it is where it was, at its ends as well"
    figure = figure_of(default_body(), TAKE.betas)
    steps = [
        np.abs(np.diff(bends, axis=0)).max()
        for each in (before, after)
        for bends in [knees(posed(figure, each.keys.quaternions, each.keys.positions).joints)]
    ]
    assert steps[1] < steps[0] + 3, "no knee snaps as its foot leaves"


def knees(joints: np.ndarray) -> np.ndarray:
    """Return how far both knees are bent (T, 2), degrees."""
    bones = [(joints[:, [4, 5]] - joints[:, [1, 2]]), (joints[:, [7, 8]] - joints[:, [4, 5]])]
    along = [each / np.linalg.norm(each, axis=-1, keepdims=True) for each in bones]
    return np.degrees(np.arccos((along[0] * along[1]).sum(axis=-1).clip(-1, 1)))


def test_what_was_taken_over_ends_where_it_is_told():
    first = next(each for each in found().stands if each.limb == "left_foot" and each.start > 0.2)
    middle = (first.start + first.end) / 2
    others = [e for e in found().stands if e.limb == "left_foot" and e != first]
    short = replace(first, start=middle, rolls=True)
    longer = replace(first, end=first.end + 0.15, rolls=True)
    times = TIMELINE.time_of(found().keys.frames)
    figure = figure_of(default_body(), TAKE.betas)
    for said in (short, longer):
        after = found(told(TAKE, [said]))
        assert [e for e in after.stands if e.limb == "left_foot"] == others
        pose = posed(figure, after.keys.quaternions, after.keys.positions)
        # Who walks rolls from heel to ball to toe.
        points = np.concatenate((foot_points(pose)[:, 0], pose.soles[:, 0, TOE, None]), axis=1)
        above = points[..., 2] - figure.sole_heights[0, [HEEL, INNER, TOE]]
        held = np.flatnonzero((times > said.start - 1e-3) & (times < said.end + 1e-3))
        assert 1000 * np.abs(above[held].min(axis=1)).max() < 5
        for row in held[:-1]:
            bears = above[row].argmin()
            step = 1000 * np.abs(points[row + 1, bears, :2] - points[row, bears, :2]).max()
            assert step < 1, (said, times[row], step)


def test_what_is_no_contact_is_not_found_again():
    first = next(each for each in found().stands if each.limb == "right_foot")
    after = found(told(TAKE, [replace(first, touches=False)])).stands
    assert not [
        each
        for each in after
        if each.limb == "right_foot" and each.start <= first.end and each.end >= first.start
    ]


def test_trimmed_motions_tell_only_of_what_is_left():
    touches = (Touch("left_foot", 0.0, 1.0), Touch("left_foot", 2.0, 3.0))
    assert within(touches, 0.5, 1.5) == (Touch("left_foot", 0.5, 1.0),)
    motion = motion_of(TAKE, TIMELINE, trim=Trim(0.5, 0.9))
    assert motion.stands and all(0.49 < each.start <= each.end < 0.91 for each in motion.stands)
