import numpy as np

from core_model.tracking.background import Look
from core_model.tracking.follow import Followed
from core_model.tracking.track_cache import clip_part, load_tracks, save_tracks
from core_model.tracking.tracks import Track


def test_tracks_and_looks_come_back_as_they_were_saved(tmp_path):
    random = np.random.default_rng(0)
    tracks = [
        Track(
            number,
            np.arange(count),
            random.normal(size=(count, 33, 3)),
            random.normal(size=(count, 33, 3)),
            random.normal(size=(count, 4)),
            random.random(count),
        )
        for number, count in ((1, 7), (2, 3))
    ]
    nothing = np.empty((0, 2))
    looks = [
        Look(0.0, 0, None, None),
        Look(0.1, 0, random.normal(size=(5, 2)), random.normal(size=(5, 2)), 9),
        Look(0.2, 1, nothing, nothing, 40),
        Look(0.3, 1, random.normal(size=(2, 2)), random.normal(size=(2, 2)), 3),
    ]
    clip, path = tmp_path / "clip.mp4", tmp_path / "tracks.npz"
    clip.write_bytes(b"1")
    part = clip_part(clip, None, None, None)
    save_tracks(path, part, Followed(np.arange(7) / 30, tracks, looks))
    loaded = load_tracks(path, part)
    assert loaded
    np.testing.assert_array_equal(loaded.times, np.arange(7) / 30)
    same_tracks, same_looks = loaded.tracks, loaded.looks
    for one, other in zip([*tracks, *looks], [*same_tracks, *same_looks], strict=True):
        for name, value in vars(one).items():
            np.testing.assert_array_equal(getattr(other, name), value)
    assert [look.moved for look in same_looks] == [False, True, False, True]
    assert [look.lost for look in same_looks] == [False, False, True, False]
    assert load_tracks(path, part | {"end": 1.0}) is None
