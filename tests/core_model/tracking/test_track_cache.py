import numpy as np

from core_model.detection.hand_landmarker import Hand
from core_model.detection.region import Region
from core_model.tracking.appearance import Appearance
from core_model.tracking.background import BackgroundMatch
from core_model.tracking.hand_looks import HandLooks
from core_model.tracking.line_segments import LineLook
from core_model.tracking.track_cache import clip_part, load_tracks, save_tracks
from core_model.tracking.track_people import TrackingResult
from core_model.tracking.tracks import Track


def test_tracks_and_looks_come_back_as_they_were_saved(tmp_path):
    random = np.random.default_rng(0)
    tracks = [
        Track(
            number,
            np.arange(count),
            random.normal(size=(count, 33, 3)),
            random.normal(size=(count, 4)),
            random.random(count),
            Appearance(random.random((7, 3, 8)), random.random(7)),
        )
        for number, count in ((1, 7), (2, 3))
    ]
    nothing = np.empty((0, 2))
    matches = [
        BackgroundMatch(0.0, 0, None, None),
        BackgroundMatch(0.1, 0, random.normal(size=(5, 2)), random.normal(size=(5, 2)), 9),
        BackgroundMatch(0.2, 1, nothing, nothing, 40),
        BackgroundMatch(0.3, 1, random.normal(size=(2, 2)), random.normal(size=(2, 2)), 3),
    ]
    clip, path = tmp_path / "clip.mp4", tmp_path / "tracks.npz"
    clip.write_bytes(b"1")
    part = clip_part(clip, None, None, None)
    edges = [LineLook(0.5 * n, random.normal(size=(n, 2, 2))) for n in (0, 3, 1)]
    save_tracks(path, part, TrackingResult(np.arange(7) / 30, tracks, matches, None, edges, [0.1]))
    loaded = load_tracks(path, part)
    assert loaded and loaded.cuts == [0.1]
    for look, back in zip(edges, loaded.edges, strict=True):
        assert look.time == back.time
        np.testing.assert_array_equal(look.ends, back.ends)
    np.testing.assert_array_equal(loaded.times, np.arange(7) / 30)
    same_tracks, same_matches = loaded.tracks, loaded.background
    looks, same_looks = ([track.looks for track in each] for each in (tracks, same_tracks))
    saved, same = [*tracks, *matches, *looks], [*same_tracks, *same_matches, *same_looks]
    for one, other in zip(saved, same, strict=True):
        for name, value in vars(one).items():
            if name != "looks":
                np.testing.assert_array_equal(getattr(other, name), value)
    assert [match.moved for match in same_matches] == [False, True, False, True]
    assert [match.lost for match in same_matches] == [False, False, True, False]
    assert load_tracks(path, part | {"end": 1.0}) is None
    assert load_tracks(path, clip_part(clip, None, None, None, "fast")) is None


def test_what_was_seen_of_hands_comes_back_to_the_bit(tmp_path):
    random = np.random.default_rng(0)
    clip, path = tmp_path / "clip.mp4", tmp_path / "tracks.npz"
    clip.write_bytes(b"1")
    part = clip_part(clip, None, None, None)
    places = [Region(random.uniform(50, 90, 2), 80.0 + n, 0.1 * n) for n in range(4)]
    seen = [Hand(random.random((21, 2)), random.random((21, 3)), 0.9, 0.2) for _ in places]
    looks = HandLooks(160, 120)
    for frame, place, hand in zip((0, 0, 2, 5), places, seen, strict=True):
        looks.add(frame, place, hand)
    save_tracks(path, part, TrackingResult(np.arange(7) / 30, [], [], looks))
    loaded = load_tracks(path, part)
    assert loaded and loaded.looks
    for frame, place, hand in zip((0, 0, 2, 5), places, seen, strict=True):
        same = loaded.looks.seen(frame, place)
        assert same and (same.presence, same.rightness) == (hand.presence, hand.rightness)
        np.testing.assert_array_equal(same.landmarks, hand.landmarks)
        np.testing.assert_array_equal(same.world, hand.world)
    assert loaded.looks.seen(1, places[0]) is None
    assert loaded.looks.seen(0, Region(places[0].center + 20, 80.0, 0.0)) is None
    assert not loaded.looks.shows(Region(np.array([170.0, 60.0]), 80.0))
    save_tracks(path, part, TrackingResult(np.arange(7) / 30, [], []))
    again = load_tracks(path, part)
    assert again and again.looks is None
