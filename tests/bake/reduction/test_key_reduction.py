"""Few keys, and what they may change."""

import numpy as np
import pytest

from bake.reduction.bezier import BezierKeys, evaluate
from bake.reduction.chain import Chain
from bake.reduction.euler import euler_to_quaternion, quaternion_to_euler
from bake.reduction.key_reduction import Stage, Tolerance, Track, reduce_curve, reduce_keys
from core_model.geometry.rotations import axis_angle_to_quaternion, without_sign_flips

FPS = 30.0
LENGTHS = (0.0, 0.5, 0.3, 0.25)  # metres from each bone's parent: an arm that reaches a metre
QUATERNION = "QUATERNION"


def _arm(feet: bool = False) -> Stage:
    """Return bones that hang on each other along X, with a point at the end of the last."""
    heads = np.cumsum(LENGTHS)[:, None] * [1.0, 0.0, 0.0]
    chain = Chain(
        (-1, 0, 1, 2),
        heads,
        np.tile(np.eye(3), (4, 1, 1)),
        np.array([0, 0, 1, 2, 3]),
        np.concatenate((heads, heads[-1:] + [0.2, 0, 0])),
    )
    return Stage(chain, np.full(5, feet), 1.0, FPS)


def _waving(seconds: float = 6.0, seed: int = 0, degrees: float = 40.0) -> np.ndarray:
    """Return turns (K, 4, 4) of the bones of an arm, of up to 2 Hz."""
    random = np.random.default_rng(seed)
    times = np.arange(0, seconds, 1 / FPS)
    turns = np.zeros((len(times), 4, 3))
    for _ in range(4):
        speed, phase = random.uniform(0.2, 2, (4, 3)), random.uniform(0, 6.3, (4, 3))
        turns += np.sin(2 * np.pi * speed * times[:, None, None] + phase) / speed
    return without_sign_flips(axis_angle_to_quaternion(np.radians(degrees) / 4 * turns))


def _tracks(turns: np.ndarray, places: np.ndarray | None = None) -> list[Track]:
    tracks = [Track(bone, QUATERNION, turns[:, bone]) for bone in range(turns.shape[1])]
    return tracks if places is None else [Track(0, "", places), *tracks]


def _reduced(tracks: list[Track], stage: Stage, last: np.ndarray | None = None, **tolerance: float):
    count = len(tracks[0].values)
    last = np.arange(count) == count - 1 if last is None else last
    return reduce_keys(tracks, np.arange(1, count + 1), last, stage, Tolerance(**tolerance))


def _joints(tracks: list[Track], values: list[np.ndarray], stage: Stage) -> np.ndarray:
    turns, moves = np.zeros((4, len(values[0]), 4)), {}
    turns[..., 0] = 1
    for track, curve in zip(tracks, values, strict=True):
        if track.order == "":
            moves[track.bone] = curve
        elif track.order == QUATERNION:
            turns[track.bone] = curve / np.linalg.norm(curve, axis=1, keepdims=True)
        else:
            turns[track.bone] = euler_to_quaternion(curve, track.order)
    return stage.chain.pose(turns, moves)[1]


def _misses(tracks: list[Track], curves: list[BezierKeys], stage: Stage) -> tuple[float, float]:
    """Return the worst millimetre of a joint and the worst degree of a bone, over all frames."""
    frames = np.arange(1, len(tracks[0].values) + 1)
    found = [evaluate(curve, frames) for curve in curves]
    moved = _joints(tracks, found, stage) - _joints(
        tracks, [track.values for track in tracks], stage
    )
    worst = 0.0
    for track, curve in zip(tracks, found, strict=True):
        if track.order:
            pair: tuple[np.ndarray, ...] = (track.values, curve)
            if track.order != QUATERNION:
                pair = tuple(euler_to_quaternion(each, track.order) for each in pair)
            unit = [each / np.linalg.norm(each, axis=1, keepdims=True) for each in pair]
            chord = np.linalg.norm(unit[0] - unit[1], axis=1)
            worst = max(worst, float(np.degrees(4 * np.arcsin(chord / 2)).max()))
    return 1000 * float(np.linalg.norm(moved, axis=2).max()), worst


def _share(tracks: list[Track], curves: list[BezierKeys]) -> float:
    return sum(len(each.frames) for each in curves) / sum(len(each.values) for each in tracks)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("degrees", "millimetres"), [(0.5, 2.0), (5.0, 1.0), (0.1, 50.0)])
def test_no_frame_is_further_off_than_the_tolerance(seed, degrees, millimetres):
    tracks, stage = _tracks(_waving(seed=seed)), _arm()
    curves = _reduced(tracks, stage, degrees=degrees, millimetres=millimetres)
    distance, angle = _misses(tracks, curves, stage)
    assert distance <= millimetres * 1.001 and angle <= degrees * 1.001
    assert _share(tracks, curves) < 0.34


def test_an_ordinary_motion_needs_a_quarter_of_the_keys():
    tracks, stage = _tracks(_waving(degrees=25)), _arm()
    assert _share(tracks, _reduced(tracks, stage)) < 0.25


def test_a_larger_tolerance_needs_fewer_keys():
    tracks, stage = _tracks(_waving()), _arm()
    shares = [
        _share(tracks, _reduced(tracks, stage, degrees=factor * 0.5, millimetres=factor * 2.0))
        for factor in (1, 4, 16)
    ]
    assert shares[0] > shares[1] > shares[2]


def test_keys_lie_on_the_motion_itself_and_all_parts_of_a_turn_have_them():
    tracks, stage = _tracks(_waving()), _arm()
    for track, curve in zip(tracks, _reduced(tracks, stage), strict=True):
        assert curve.values.shape == (len(curve.frames), 4)
        assert np.array_equal(curve.values, track.values[curve.frames - 1])
        assert curve.frames[0] == 1 and curve.frames[-1] == len(track.values)


def test_what_does_not_move_has_a_key_now_and_then():
    tracks, stage = _tracks(np.tile([1.0, 0, 0, 0], (300, 4, 1))), _arm()
    for curve in _reduced(tracks, stage):
        assert len(curve.frames) < 12
        assert np.allclose(curve.slopes_in, 0) and np.allclose(curve.slopes_out, 0)
        assert curve.smooth.all()


def test_between_frames_the_motion_is_the_one_that_was_sampled():
    times = np.arange(0, 6, 1 / FPS / 4)
    turns = without_sign_flips(
        axis_angle_to_quaternion(
            np.radians(40) * np.sin(2 * np.pi * times[:, None] * [0.3, 0.8, 1.1])
        )
    )[:, None].repeat(4, axis=1)
    tracks, stage = _tracks(turns[::4]), _arm()
    quarters = np.arange(1, len(tracks[0].values), 0.25)
    for track, curve in zip(tracks, _reduced(tracks, stage), strict=True):
        off = evaluate(curve, quarters) - turns[: len(quarters), track.bone]
        assert 2 * np.degrees(np.linalg.norm(off, axis=1).max()) < 2 * 0.5


def test_most_keys_of_smooth_motion_have_their_handles_in_line():
    tracks, stage = _tracks(_waving(seconds=20, degrees=15)), _arm()
    assert np.concatenate([curve.smooth for curve in _reduced(tracks, stage)]).mean() > 0.6


@pytest.mark.parametrize("lengths", [(1,), (2,), (3,), (4, 1, 2), (40, 60)])
def test_gaps_are_held_and_the_shortest_stretches_pass(lengths):
    count = sum(lengths)
    last = np.zeros(count, bool)
    last[np.cumsum(lengths) - 1] = True
    tracks, stage = _tracks(_waving()[:count]), _arm()
    for curve in _reduced(tracks, stage, last):
        ends = np.cumsum(lengths)
        assert set(ends) | set(ends[:-1] + 1) | {1} <= set(curve.frames.tolist())
        assert np.array_equal(curve.holds, np.isin(curve.frames, ends[:-1]))
        for end in ends[:-1]:
            assert np.allclose(
                evaluate(curve, np.array([end + 0.5])), curve.values[curve.frames == end]
            )


def test_a_foot_that_stands_does_not_slide_though_its_leg_moves():
    """The tip stays where it is while two bones turn against each other, then is waved about."""
    times = np.arange(0, 6, 1 / FPS)
    bend = 0.6 + 0.3 * np.sin(2 * np.pi * 0.7 * times)
    turns = np.zeros((len(times), 4, 3))
    turns[:, 1, 2], turns[:, 2, 2] = bend, -2 * bend
    turns[:, 3, 2] = bend
    away = times > 4
    turns[away, 3, 1] = np.sin(9 * (times[away] - 4))
    tracks, stage = _tracks(axis_angle_to_quaternion(turns)), _arm(feet=True)
    # The root makes up for what the bending does to the tip.
    tip = _joints(tracks, [track.values for track in tracks], stage)[3]
    tracks.insert(0, Track(0, "", tip[:1] - tip))
    values = [track.values for track in tracks]
    assert np.ptp(_joints(tracks, values, stage)[3], axis=0).max() < 1e-9
    curves = _reduced(tracks, stage)
    frames = np.arange(1, len(times) + 1)
    after = _joints(tracks, [evaluate(curve, frames) for curve in curves], stage)[3]
    slide = 1000 * np.linalg.norm(np.diff(after, axis=0), axis=1)
    assert slide.max() < 0.3 and np.median(slide) < 0.1
    assert _share(tracks, curves) < 0.3


@pytest.mark.parametrize("order", ["XYZ", "ZXY"])
def test_euler_angles_keep_the_tolerance_too(order):
    turns, stage = _waving(), _arm()
    tracks = [Track(bone, order, quaternion_to_euler(turns[:, bone], order)) for bone in range(4)]
    curves = _reduced(tracks, stage)
    distance, angle = _misses(tracks, curves, stage)
    assert distance <= 2.002 and angle <= 0.501 and _share(tracks, curves) < 0.34


def test_a_chain_in_centimetres_gets_the_same_keys():
    turns, stage = _waving(), _arm()
    chain = stage.chain
    large = Chain(
        chain.parents, 100 * chain.heads, chain.orientations, chain.carriers, 100 * chain.points
    )
    frames = [
        [curve.frames.tolist() for curve in _reduced(_tracks(turns), each)]
        for each in (stage, Stage(large, stage.feet, 100.0, FPS))
    ]
    assert frames[0] == frames[1]


def test_a_curve_of_its_own_keeps_its_tolerance():
    times = np.arange(200)
    values = np.sin(times / 9.0)[:, None]
    curve = reduce_curve(values, times, times == 199, 0.02)
    assert np.abs(evaluate(curve, times) - values).max() <= 0.02 * 1.001
    assert len(curve.frames) < 40


def test_nothing_swings_out_between_frames_of_an_abrupt_motion():
    random = np.random.default_rng(4)
    turns = np.zeros((150, 4, 3))
    turns[:, :, 1] = np.radians(50) * (np.cumsum(random.random((150, 4)) < 0.06, axis=0) % 2)
    tracks, stage = _tracks(axis_angle_to_quaternion(turns)), _arm()
    halves = np.arange(1, 150) + 0.5
    for track, curve in zip(tracks, _reduced(tracks, stage), strict=True):
        low, high = track.values.min(axis=0), track.values.max(axis=0)
        beyond = np.maximum(evaluate(curve, halves) - high, low - evaluate(curve, halves))
        # Half of the jumps beside it, and the room that a turn has.
        assert np.degrees(2 * beyond.max()) < 0.5 * 50
