"""What is remembered of a clip: only what the same code and models would find again."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from core_model.hands.pipeline import ObservedHands
from core_model.tracking.hand_tracker import HandObservations
from core_model.tracking.tracks import Track
from tests.places import ROOT
from train.evaluate import clip_tracks
from train.evaluate.clip_tracks import RememberedHands, made_by


@pytest.fixture
def code(tmp_path):
    """Return a copy of what people are found with, to be changed."""
    kept = shutil.ignore_patterns("weights", "__pycache__")
    shutil.copytree(ROOT / "core_model", tmp_path / "core_model", ignore=kept)
    return tmp_path / "core_model"


@pytest.mark.parametrize(
    "used",
    [
        "detection/detector.py",
        "tracking/left_right.py",
        "video/video_file.py",
        "hands/evidence.py",
        "geometry/rotations.py",
        "assets/pose/pose_landmark_full.tflite",
        "assets/body/default_body.npz",
    ],
)
def test_the_key_changes_with_all_that_is_used(code, used):
    before = made_by(code)
    with (code / used).open("ab") as file:
        file.write(b"\n#")
    assert made_by(code) != before


def test_the_key_stays_where_what_comes_later_changes(code):
    before = made_by(code)
    (code / "world" / "gravity.py").write_text("")
    (code / "fit" / "weights.py").write_text("")
    assert made_by(code) == before == made_by()


def test_hands_are_remembered_for_the_same_tracks_only(tmp_path, monkeypatch):
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"a clip")
    looked = []

    def observe(tracks, frames, times, progress, looks, quality):
        looked.append(len(tracks))
        count = len(tracks[0].frames)
        seen = HandObservations(*(np.full((count, 2), float(i)) for i in range(4)))
        return ObservedHands(list(tracks), [seen])

    monkeypatch.setattr(clip_tracks, "observe_hands", observe)
    points = np.zeros((3, 33, 3))
    track = Track(1, np.arange(3), points, np.zeros((3, 4)), np.ones(3))
    remembering = RememberedHands(clip, tmp_path / "cache")
    first = remembering([track], [], np.arange(3) / 30)
    again = remembering([track], [], np.arange(3) / 30)
    assert looked == [1]
    np.testing.assert_array_equal(first.sights[0].presence, again.sights[0].presence)
    turned = replace(track, landmarks=track.landmarks + 1)
    remembering([turned], [], np.arange(3) / 30)
    clip.write_bytes(b"another clip")
    remembering([track], [], np.arange(3) / 30)
    assert looked == [1, 1, 1]
