"""Who is who in the parts of a clip, and what is kept of it, on made-up tracks."""

import tracemalloc
from types import SimpleNamespace
from typing import cast

import numpy as np

from core_model.options import CaptureOptions
from core_model.parts.following import Limits, keep_in_parts
from core_model.parts.kept import Kept, Part
from core_model.parts.people import people_of
from core_model.parts.pipeline import _left_out
from core_model.pipeline.work import Work
from core_model.tracking.appearance import Appearance
from core_model.tracking.line_segments import LineLook
from core_model.tracking.track_people import TrackingResult
from core_model.tracking.tracks import Track


def _track(place: float, frames: np.ndarray, hue: int) -> Track:
    """Return somebody who stands at a place, pixels, in clothes of one of eight colours."""
    body = np.random.default_rng(hue).uniform(0, 100, (33, 3))
    body[:, 0], body[:, 2] = body[:, 0] + place, 1.0
    landmarks = np.repeat(body[None].astype(np.float32), len(frames), 0)
    boxes = np.tile(np.array([place, 0, 100, 100 + hue], np.float32), (len(frames), 1))
    sums = np.zeros((7, 3, 8))
    sums[..., hue] = 9.0
    looks = Appearance(sums, np.full(7, 9.0))
    return Track(1, frames, landmarks, boxes, np.ones(len(frames), np.float32), looks)


def _kept(folder, *parts: list[Track]) -> Kept:
    kept = Kept(folder, {})
    for number, tracks in enumerate(parts):
        times = (np.arange(60) + 50 * number) / 30
        is_last = number == len(parts) - 1
        part = Part(50 * number, 60, 50 * number + (60 if is_last else 50))
        kept.add_followed(part, TrackingResult(times, tracks, []))
    return kept


def test_those_seen_in_both_parts_are_one(tmp_path):
    every = np.arange(60)
    kept = _kept(
        tmp_path / "a",
        [_track(0, every, 1), _track(500, every, 2)],
        [_track(500, every, 2), _track(0, every, 1)],
    )
    first, second = people_of(kept)
    assert (first.tracks, second.tracks) == ({0: 1, 1: 0}, {0: 0, 1: 1})
    assert (first.first, first.last) == (0, 109)


def test_who_comes_back_is_known_by_looks(tmp_path):
    early, late = np.arange(20), np.arange(30, 60)
    kept = _kept(
        tmp_path / "a", [_track(0, early, 1)], [], [_track(900, late, 1), _track(0, late, 5)]
    )
    people = people_of(kept)
    assert sorted(tuple(person.tracks) for person in people) == [(0, 2), (2,)]
    back = next(person for person in people if len(person.tracks) == 2)
    assert (back.first, back.last) == (0, 159)


def test_people_who_were_found_in_all_of_a_clip_are_cut_into_parts(tmp_path):
    frames = np.delete(np.arange(200), np.arange(90, 110))
    edges = [LineLook(time, np.full((2, 2, 2), time)) for time in (0.0, 1.9, 2.0, 4.0, 6.6)]
    whole = TrackingResult(np.arange(200) / 30, [_track(0, frames, 1)], [], edges=edges)
    kept = Kept(tmp_path / "a", {})
    keep_in_parts(whole, kept, Limits(60, 1000, 0.5))
    assert kept.is_whole
    assert kept.parts[0].first == 0 and kept.parts[-1].end == kept.parts[-1].next_first == 200
    for part, later in zip(kept.parts[:-1], kept.parts[1:], strict=True):
        assert part.next_first == later.first and part.end - later.first >= 15
    (person,) = people_of(kept)
    assert (person.first, person.last) == (0, 199)
    seen = [
        part.first + kept.followed(number).tracks[person.tracks[number]].frames
        for number, part in enumerate(kept.parts)
        if number in person.tracks
    ]
    np.testing.assert_array_equal(np.unique(np.concatenate(seen)), frames)
    assert [look.time for look in kept.edges()] == [look.time for look in edges]


def test_what_is_known_is_of_one_clip_with_one_set_of_options(tmp_path):
    folder = tmp_path / "a"
    with _kept(folder, [_track(0, np.arange(60), 1)]):
        pass

    def parts(about: dict[str, str]) -> list[Part]:
        with Kept(folder, about) as kept:
            return kept.parts

    assert len(parts({})) == 1
    assert parts({"quality": "fast"}) == []
    (folder / "parts.json").write_text('{"about": {}, "parts": [[0]]}')
    assert parts({}) == [], "damaged"


def test_who_is_a_person_is_told_with_little_of_the_motion_in_memory(tmp_path):
    """Of a part that is looked at at most two are held, however many there are."""
    count, parts = 500, 12
    kept = _kept(tmp_path / "a", *[[_track(0, np.arange(60), 1)]] * parts)
    for number in range(parts):
        with kept.adding_motion(number) as arrays:
            arrays |= {
                "confidence_0": np.full((count, 24), 0.8, np.float32),
                "seen_0": np.ones(count, bool),
                "bbox_0": np.tile(np.array([0, 0, 100, 300], np.float32), (count, 1)),
                "rotations_0": np.zeros((count, 24, 3, 3), np.float32),
            }
    work = cast(Work, SimpleNamespace(options=CaptureOptions(), warnings=[]))
    everybody = people_of(kept)
    of_a_part = sum(each.nbytes for each in kept.motion(0).values())
    tracemalloc.start()
    assert _left_out(work, kept, everybody) == [False]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{peak / of_a_part:.1f} times what a part has")
    assert peak < 4 * of_a_part
    assert work.warnings == []
