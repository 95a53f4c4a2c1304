from dataclasses import replace

import numpy as np
import pytest
import torch

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.skeleton import JOINT_INDEX
from core_model.corrections.records import (
    Corrections,
    Fill,
    HiddenLandmark,
    MovedLandmark,
    PlacePin,
    RotationPin,
    Swap,
)
from core_model.errors import TakeError
from core_model.geometry.rotations import axis_angle_to_matrix, rotation_angle
from core_model.network.checkpoints import load_int_checkpoint
from core_model.network.inference import prepare_for_inference
from core_model.options import CaptureOptions
from core_model.solving.figures import figure_of
from core_model.solving.lifting import network_lift
from core_model.solving.sides import swapped
from core_model.solving.solve import solve
from core_model.take import Take
from tests.core_model.solving.clips import BODY, apart, true_take, turned

CPU = torch.device("cpu")
LEG = ("left_hip", "left_knee", "left_ankle")


def never(figure, times):
    raise AssertionError("nothing had to be lifted anew")


def pins_of(truth: Take, frames: tuple[int, ...], joints: tuple[str, ...]) -> tuple:
    turns, indices = truth.rotations(), [JOINT_INDEX[name] for name in joints]
    return tuple(
        RotationPin(1, float(truth.times[frame]), index, turns[frame, index])
        for frame in frames
        for index in indices
    )


def solved(take: Take, lift=never, **said) -> Take:
    return solve(take, Corrections(**said), BODY, lift, CPU)


@pytest.fixture(scope="module")
def truth() -> Take:
    return true_take(frames=72)


@pytest.fixture(scope="module")
def raised(truth) -> tuple[Take, Take, PlacePin]:
    """Return a good capture, solved again with a wrist that was pinned elsewhere, and the pin."""
    wrist = JOINT_INDEX["right_wrist"]
    place = truth.joints(BODY)[12, wrist] + [0.05, 0.0, 0.1]
    pin = PlacePin(1, float(truth.times[12]), wrist, place)
    return truth, solved(truth, pins=(pin,)), pin


def test_a_pinned_place_is_reached(raised):
    _, after, pin = raised
    assert np.linalg.norm(after.joints(BODY)[12, pin.joint] - pin.place) < 0.005


def test_what_is_far_from_a_pin_is_as_it_was_to_the_bit(raised):
    before, after, _ = raised
    far = np.abs(before.times - before.times[12]) > 1
    assert far.sum() > 20
    np.testing.assert_array_equal(after.poses[far], before.poses[far])
    np.testing.assert_array_equal(after.trans[far], before.trans[far])


def test_nothing_jumps_around_a_pin(raised):
    before, after, pin = raised

    def jitter(take: Take) -> float:
        joints = take.joints(BODY)[:31]
        return float(np.linalg.norm(np.diff(joints, n=3, axis=0), axis=-1).mean())

    assert jitter(after) < 1.5 * jitter(before)
    moved = (after.joints(BODY) - before.joints(BODY))[:, pin.joint]
    steps = np.linalg.norm(np.diff(moved, axis=0), axis=-1)
    assert steps.max() < np.linalg.norm(moved, axis=-1).max() / 3


def test_only_what_carries_a_pinned_wrist_is_moved(raised):
    before, after, _ = raised
    moved = apart(before, after).max(axis=0)
    arm = [JOINT_INDEX[f"right_{part}"] for part in ("elbow", "wrist", "hand")]
    others = [index for name, index in JOINT_INDEX.items() if not name.startswith("right_")]
    assert moved[arm].min() > 30
    assert moved[others].max() < 1e-6


def test_a_hidden_leg_is_mended_between_pins_as_at_them(truth):
    wrong = truth
    for joint, by in zip(LEG, ((0.5, 0.2, 0.1), (0.6, 0, 0), (0.3, 0, 0)), strict=True):
        wrong = turned(wrong, joint, by, slice(None))
    unseen = [LANDMARK_INDEX[f"left_{part}"] for part in ("knee", "ankle", "heel", "foot_index")]
    wrong.keypoints2d[:, unseen, 2] = 0.05
    wrong.confidence[:, [JOINT_INDEX[name] for name in LEG]] = 0.1
    after = solved(wrong, pins=pins_of(truth, (15, 45), LEG))
    ankle = JOINT_INDEX["left_ankle"]
    before_away, away = apart(truth, wrong)[:, ankle], apart(truth, after)[:, ankle]
    between = [frame for frame in range(len(truth)) if frame not in (15, 45)]
    assert away[between].mean() < 0.3 * before_away[between].mean()


def test_hard_pins_are_reached_and_soft_ones_give_way(truth):
    joint = JOINT_INDEX["left_elbow"]
    meant = axis_angle_to_matrix(np.array([0.0, 0.5, 0.0])) @ truth.rotations()[20, joint]
    missed = {}
    for soft in (False, True):
        pin = RotationPin(1, float(truth.times[20]), joint, meant, soft)
        after = solved(truth, pins=(pin,))
        missed[soft] = np.degrees(rotation_angle(after.rotations()[20, joint], meant))
    assert missed[False] < 0.1 < missed[True]


def test_one_pin_of_the_facing_mends_the_whole_stretch_with_sides_exchanged(truth):
    exchanged = np.zeros(len(truth), bool)
    exchanged[16:56] = True
    assert truth.camera
    network = prepare_for_inference(load_int_checkpoint(CaptureOptions().weights), False)
    lift = network_lift(network, CPU, BODY, truth.camera)
    # As a capture: what the network makes of the wrong labels.
    wrong = solved(truth, lift, swaps=(_span(truth, exchanged),))
    np.testing.assert_array_equal(wrong.keypoints2d, swapped(truth.keypoints2d, exchanged))
    wrong.confidence[:] = 0.3
    frame = int(np.flatnonzero(exchanged)[20])
    after = solved(wrong, lift, pins=pins_of(truth, (frame,), ("pelvis",)))
    np.testing.assert_allclose(after.keypoints2d[exchanged], truth.keypoints2d[exchanged])
    inside = slice(20, 52)
    assert apart(truth, wrong)[inside].mean() > 2.5 * apart(truth, after)[inside].mean()


def _span(take: Take, frames: np.ndarray) -> Swap:
    times = take.times[frames]
    return Swap(1, float(times[0]), float(times[-1]))


def test_a_landmark_by_hand_draws_the_limb_along(truth):
    wrist, landmark = JOINT_INDEX["right_wrist"], LANDMARK_INDEX["right_wrist"]
    astray = replace(truth, keypoints2d=truth.keypoints2d.copy())
    hand = [LANDMARK_INDEX[f"right_{part}"] for part in ("wrist", "index", "pinky", "thumb")]
    astray.keypoints2d[20:32, hand, :2] += [60.0, -40.0]
    wrong = turned(astray, "right_elbow", (0.0, 0.7, 0.0), slice(20, 32))
    said = [
        MovedLandmark(1, float(truth.times[frame]), each, truth.keypoints2d[frame, each, :2])
        for frame in (20, 26, 31)
        for each in hand
    ]
    after = solved(wrong, landmarks=tuple(said))

    def pixels(take: Take) -> np.ndarray:
        assert take.camera
        return np.asarray(take.camera.project(take.camera_joints(BODY)[20:32, wrist]))

    off = [np.linalg.norm(pixels(take) - pixels(truth), axis=-1).mean() for take in (wrong, after)]
    assert off[1] < 0.4 * off[0]
    np.testing.assert_allclose(
        after.keypoints2d[26, landmark, :2], truth.keypoints2d[26, landmark, :2]
    )


def test_what_is_hidden_counts_for_nothing(truth):
    ankle = LANDMARK_INDEX["left_ankle"]
    said = HiddenLandmark(1, float(truth.times[10]), float(truth.times[20]), ankle)
    after = solved(truth, landmarks=(said,))
    assert (after.keypoints2d[10:21, ankle, 2] == 0).all()
    assert (after.keypoints2d[21:, ankle, 2] > 0.9).all()


def test_nothing_said_is_nothing_changed(truth):
    after = solved(truth)
    np.testing.assert_array_equal(after.poses, truth.poses)
    np.testing.assert_array_equal(after.trans, truth.trans)


def test_a_pin_out_of_reach_is_said_so(truth):
    wrist, said = JOINT_INDEX["left_wrist"], list[str]()
    pin = PlacePin(1, float(truth.times[5]), wrist, truth.joints(BODY)[5, wrist] + [0, 0, 2.0])
    solve(truth, Corrections(pins=(pin,)), BODY, never, CPU, warn=said.append)
    assert len(said) == 1 and "left wrist cannot reach its pin" in said[0]


def test_motion_without_a_clip_cannot_be_solved(truth):
    with pytest.raises(TakeError, match="not captured from a clip"):
        solved(replace(truth, camera=None))


def test_a_filled_stretch_is_led_from_before_to_after(truth):
    rows = slice(24, 34)
    wrong = turned(truth, "left_shoulder", (0.0, 0.0, 1.2), rows)
    wrong.keypoints2d[rows, 11::2, :2] += 40.0
    before = apart(wrong, truth)[rows, JOINT_INDEX["left_wrist"]].mean()
    arm = tuple(JOINT_INDEX[f"left_{part}"] for part in ("shoulder", "elbow", "wrist", "hand"))
    fill = Fill(1, float(truth.times[24]), float(truth.times[33]), arm)
    after = solved(wrong, fills=(fill,))
    assert apart(after, truth)[rows, JOINT_INDEX["left_wrist"]].mean() < before / 3
    right = [JOINT_INDEX["right_wrist"], JOINT_INDEX["left_knee"]]
    assert apart(after, wrong)[:, right].max() < 5.0
    # A stretch that goes on to the end is known from one side alone.
    beyond = Fill(1, float(truth.times[50]), float(truth.times[-1]), arm)
    kept = solved(truth, fills=(beyond,))
    held = kept.poses.reshape(-1, 24, 3)[52:, arm[0]]
    assert np.abs(held - held[0]).max() < 0.1


def test_a_zoom_of_the_camera_is_none_of_what_was_seen(truth):
    zoom = np.linspace(1.0, 1.6, len(truth))
    assert truth.camera is not None
    seen = truth.keypoints2d.copy()
    seen[..., :2] = truth.camera.through_zoom(seen[..., :2], zoom)
    zoomed = figure_of(replace(truth, keypoints2d=seen, camera_zoom=zoom), BODY)
    np.testing.assert_allclose(zoomed.landmarks, figure_of(truth, BODY).landmarks)
