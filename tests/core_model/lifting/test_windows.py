import numpy as np
import pytest

from core_model.lifting import windows


@pytest.mark.parametrize(
    ("count", "stride"), [(5, 64), (100, 128), (130, 128), (300, 64), (300, 8), (300, 128)]
)
def test_clips_are_reflected_as_in_the_chunks_of_the_reference(vectors, count, stride):
    padded = -(-count // windows.CHUNK) * windows.CHUNK
    starts = np.arange(0, padded - windows.CHUNK + 1, stride)
    frames = windows.reflected(starts[:, None] + np.arange(windows.CHUNK), count)
    valid = np.diff(frames, axis=1, prepend=-1) > 0
    valid[:, 0] = True
    np.testing.assert_array_equal(frames, vectors[f"fn/chunks_n{count}_p128_s{stride}"])
    np.testing.assert_array_equal(valid, vectors[f"fn/valid_n{count}_p128_s{stride}"])


@pytest.mark.parametrize(
    ("rate", "length", "step"), [(30, 16, 8), (30, 64, 2), (25, 16, 7), (10, 64, 1), (120, 16, 32)]
)
def test_frames_of_a_window_lie_as_far_apart_as_when_evaluated(rate, length, step):
    assert windows.step_between_frames(rate, length) == step


@pytest.mark.parametrize("count", [1, 2, 9, 128, 129, 500])
@pytest.mark.parametrize(("length", "step"), [(16, 8), (64, 2), (1, 1), (16, 1)])
def test_overlapping_windows_cover_every_frame(count, length, step):
    cut = windows.overlapping_windows(count, length, step)
    assert {int(t) for window in cut for t in window.targets} - {-1} == set(range(count))
    ends = [window.places.max() for window in cut]
    assert ends == sorted(ends)
    for places, targets in cut:
        assert len(places) == len(targets) == length
        assert 0 <= places.min() and places.max() < count
        np.testing.assert_array_equal(places[targets >= 0], targets[targets >= 0])
        if count > step * length:
            assert (targets >= 0).all() and (np.diff(places) == step).all()


def test_a_long_clip_is_seen_twice_at_most_of_places():
    cut = windows.overlapping_windows(1000, 16, 8)
    seen = np.bincount(np.concatenate([window.targets for window in cut]))
    assert seen.max() <= 3 and np.median(seen) == 2
