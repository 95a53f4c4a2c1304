"""What touches by hand moves under a millimetre a frame, within five of what it touches."""

from collections.abc import Sequence

import numpy as np
import pytest

from bake.cleaning import clean_motion
from bake.feet.figure import Figure, figure_of, lowest_of_parts, posed
from bake.feet.foot_evidence import no_evidence
from bake.motion.resample import Keys, Timeline, rate_of
from bake.motion.smoothing import load_profile
from bake.motion.touches import Touch, touches_of
from bake.touching.keep import keep_touches
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX
from core_model.take import Take
from tests.bake.standing import FIGURE, TIMELINE, stepping
from tests.bake.touching.postures import kneeling, push_ups
from tests.places import RENDERED

PARTS = {"foot": ("ankle", "foot"), "hand": ("wrist", "hand")}


def measured(keys: Keys, times: np.ndarray, figure: Figure, touch: Touch):
    """Return the largest step of what touches, mm a frame, and its height's error, mm."""
    rows = (times >= touch.start - 1e-4) & (times <= touch.end + 1e-4)
    pose = posed(figure, keys.quaternions[rows], keys.positions[rows])
    side, _, part = touch.limb.rpartition("_")
    if part == "knee":
        points = pose.joints[:, JOINT_INDEX[touch.limb]]
        lowest = points[:, 2] - figure.kneecaps[int(side == "right")]
    else:
        names = [f"{side}_{each}" for each in PARTS[part]] if side else ["pelvis"]
        joints = [JOINT_INDEX[each] for each in names]
        lowest = lowest_of_parts(figure, pose)[:, joints].min(axis=1)
        skin = np.concatenate(
            [
                pose.joints[:, each, None]
                + np.einsum("nab,sb->nsa", pose.turned[:, each], figure.surface[each])
                for each in joints
            ],
            axis=1,
        )
        points = skin[:, skin[..., 2].mean(axis=0).argmin()]
    height = np.median(lowest) if touch.height is None else touch.height
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    return 1000 * steps.max(), 1000 * np.abs(lowest - height).max()


def baked(name: str, touches: list[Touch], feet="auto", root="ground", smoothing="default"):
    take = Take.load(RENDERED / f"{name}_01.npz")
    take.source = take.source | {"contacts": [vars(each) for each in touches]}
    timeline, body = Timeline(rate_of(take.times), take.times[0]), default_body()
    keys = clean_motion(take, timeline, load_profile(smoothing), body, root, feet)
    return keys, timeline.time_of(keys.frames), figure_of(body, take.betas)


def kept(keys: Keys, touches: list[Touch]) -> Keys:
    return keep_touches(keys, TIMELINE, FIGURE, no_evidence(len(keys.frames)), touches)


def jolt(keys: Keys, joints: Sequence[int] = range(24)) -> float:
    """Return by how much the step of any of some joints changes between frames, mm."""
    places = posed(FIGURE, keys.quaternions, keys.positions).joints[:, joints]
    return float(1000 * np.linalg.norm(np.diff(places, n=2, axis=0), axis=-1).max())


SEATED = [
    Touch("seat", 2.6, 3.6, height=0.55),
    Touch("left_foot", 0.5, 3.6),
    Touch("right_foot", 0.5, 3.6),
    Touch("left_hand", 3.0, 3.6, height=None),
    Touch("right_hand", 3.0, 3.6, height=None),
]
BEND = [
    Touch("right_hand", 0.7, 0.9, height=0.12),
    Touch("left_hand", 2.3, 2.6, height=None),
    Touch("left_foot", 0.3, 2.9),
    Touch("right_foot", 0.3, 2.9),
]


@pytest.mark.parametrize(
    ("name", "touches", "how"),
    [
        ("seated", SEATED, ("auto", "ground", "default")),
        ("seated", SEATED, ("never", "free", "none")),
        ("bend", BEND, ("auto", "ground", "default")),
        ("bend", BEND, ("never", "free", "none")),
    ],
)
def test_what_touches_in_a_clip_stays_on_its_surface(name, touches, how):
    keys, times, figure = baked(name, touches, *how)
    for touch in touches:
        slide, away = measured(keys, times, figure, touch)
        assert slide < 1 and away < 5, (touch, slide, away)


def test_without_these_the_seat_slides():
    keys, times, figure = baked("seated", [])
    slide, away = measured(keys, times, figure, SEATED[0])
    assert slide > 1 and away > 5


def test_push_ups_stay_on_hands_and_toes():
    keys = push_ups()
    times = TIMELINE.time_of(keys.frames)
    limbs = ("left_hand", "right_hand", "left_foot", "right_foot")
    touches = [Touch(limb, 0.3, 3.7) for limb in limbs]
    before = [measured(keys, times, FIGURE, each) for each in touches]
    assert all(slide > 1 and away > 5 for slide, away in before), before
    after = kept(keys, touches)
    for touch in touches:
        slide, away = measured(after, times, FIGURE, touch)
        assert slide < 1 and away < 5, (touch, slide, away)
    # He still goes down and up.
    assert np.ptp(after.positions[10:-10, 2]) > 0.5 * np.ptp(keys.positions[10:-10, 2])
    trunk = [JOINT_INDEX[each] for each in ("pelvis", "spine3", "head")]
    assert jolt(after, trunk) < jolt(keys, trunk) + 5


def test_who_kneels_stays_on_his_knees():
    keys = kneeling()
    times = TIMELINE.time_of(keys.frames)
    touches = [Touch(f"{side}_knee", 0.5, 2.5) for side in ("left", "right")]
    before = [measured(keys, times, FIGURE, each)[0] for each in touches]
    assert min(before) > 1, before
    after = kept(keys, touches)
    for touch in touches:
        slide, away = measured(after, times, FIGURE, touch)
        assert slide < 1 and away < 5, (touch, slide, away)


def test_it_comes_and_goes_without_a_jump():
    keys = kneeling()
    after = kept(keys, [Touch("left_knee", 1.0, 2.0), Touch("right_knee", 1.0, 2.0)])
    # What fades over 5 cm in 0.4 s changes its step by 2 mm a frame; a jump would by 50.
    assert jolt(after) < jolt(keys) + 5, (jolt(after), jolt(keys))
    early = TIMELINE.time_of(keys.frames) < 0.59
    np.testing.assert_array_equal(after.positions[early], keys.positions[early])
    np.testing.assert_allclose(after.quaternions[early], keys.quaternions[early], atol=1e-9)


def test_what_overlaps_or_is_outside_or_a_moment_does_no_harm():
    keys = kneeling()
    after = kept(
        keys,
        [
            *(Touch("left_knee", 0.5, 1.0), Touch("left_knee", 1.0, 1.4), Touch("seat", 9, 10)),
            *(Touch("left_hand", 0.5, 0.5, height=None), Touch("left_hand", 0.4, 0.9, height=None)),
        ],
    )
    assert np.isfinite(after.quaternions).all() and np.isfinite(after.positions).all()
    times = TIMELINE.time_of(keys.frames)
    slide, away = measured(after, times, FIGURE, Touch("left_knee", 0.5, 1.0))
    assert slide < 1 and away < 5
    one = keys[slice(0, 1)]
    assert np.isfinite(kept(one, [Touch("seat", 0.0, 1.0)]).positions).all()


def test_feet_that_stand_stay_when_the_body_is_seated():
    keys = stepping(noise=0.0, drift=0.0, seconds=3.0)
    part = slice(0, 30)  # both feet stand
    seat = lowest_of_parts(FIGURE, posed(FIGURE, keys.quaternions, keys.positions))[0, 0]
    after = kept(keys, [Touch("seat", 0.0, 1.0, height=seat - 0.1)])
    ankles = [JOINT_INDEX["left_ankle"], JOINT_INDEX["right_ankle"]]
    one, other = (
        posed(FIGURE, each.quaternions, each.positions).joints[part, ankles]
        for each in (keys, after)
    )
    np.testing.assert_allclose(one, other, atol=1e-3)
    assert after.positions[15, 2] < keys.positions[15, 2] - 0.09


def test_a_foot_that_does_not_touch_is_not_held():
    lifts = [Touch("left_foot", 0.0, 3.6, touches=False)]
    pinned, times, figure = baked("seated", [])
    free, _, _ = baked("seated", lifts)
    rows = (times > 1.5) & (times < 3.4)
    toes = JOINT_INDEX["left_ankle"]

    def wander(keys: Keys) -> float:
        place = posed(figure, keys.quaternions, keys.positions).joints[rows, toes, :2]
        return float(np.ptp(place, axis=0).max())

    assert wander(free) > wander(pinned) + 0.001


def test_what_says_nothing_of_touching_is_left_out():
    take = Take.load(RENDERED / "bend_01.npz")
    good = {"limb": "seat", "start": 1, "end": 2.0, "height": None}
    bad = [
        *({**good, "limb": limb} for limb in ("tail", ["seat"], None)),
        *({**good, "start": start} for start in ("1", None, float("nan"), True)),
        *({**good, "height": height} for height in ("high", [0], float("inf"))),
        "seat",
    ]
    take.source = take.source | {"contacts": [*bad, good]}
    assert touches_of(take) == [Touch("seat", 1.0, 2.0, height=None)]
    take.source = take.source | {"contacts": "seat"}
    assert touches_of(take) == []
