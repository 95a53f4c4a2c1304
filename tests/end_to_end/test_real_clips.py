"""Real clips from a capture to a scene: who is in them, how near to the truth, and that they bake.

One capture of each clip answers every question about it. How many people are there was established
by looking at the frames.
"""

import json
import subprocess
import sys

import numpy as np
import pytest

from core_model.body.model import default_body
from core_model.capture import capture
from core_model.options import CaptureOptions
from core_model.take import Take
from core_model.tracking.track_cache import clip_part, save_tracks
from core_model.tracking.track_people import track_people
from core_model.video.clip import open_video
from train.evaluate.benchmarks import pose2sim_clips
from train.evaluate.cli import BASELINE, OURS, score
from train.evaluate.stages import cleaned

pytestmark = pytest.mark.shared


def bake(takes, blend):
    """Bake a folder of takes as a user does."""
    command = [sys.executable, "-m", "bake", takes, "-o", blend]
    baked = subprocess.run(command, capture_output=True, text=True)
    assert baked.returncode == 0, baked.stderr
    assert blend.stat().st_size > 100_000


@pytest.fixture(scope="module", params=[pytest.param("cam02", marks=pytest.mark.long), "cam04"])
def one_man(request, shared, tmp_path_factory):
    """Return who was followed in a view of one man and an onlooker, the takes, and the clip."""
    (clip,) = (each for each in pose2sim_clips(shared / "data") if each.name == request.param)
    folder = tmp_path_factory.mktemp(clip.name)
    result = track_people(open_video(clip.video), quality="fast")
    tracks = folder / "tracks.npz"
    save_tracks(tracks, clip_part(clip.video, None, None, None, "fast"), result)
    options = CaptureOptions(tracks=tracks, device="cpu", hands=False)
    return result.tracks, capture(clip.video, folder / "takes", options), clip


def test_one_man_is_one_person_and_the_onlooker_none(one_man):
    tracks, takes, _ = one_man
    assert len(tracks) == len(takes) == 1
    assert len(tracks[0].frames) >= 98
    assert tracks[0].presence.mean() > 0.95


def test_his_motion_is_nearer_to_the_truth_than_mediapipes_landmarks(one_man):
    _, takes, clip = one_man
    result = score(clip, takes)
    assert result[OURS].pa_mpjpe < 0.75 * result[BASELINE].pa_mpjpe
    assert result[OURS].flips == 0


@pytest.fixture(scope="module")
def two_people(shared, tmp_path_factory):
    """Return the folder of a capture of the beginning of a clip of two people."""
    clip = shared / "data" / "clips" / "pose2sim_multi" / "cam02.mp4"
    folder = tmp_path_factory.mktemp("two_people") / "takes"
    capture(clip, folder, CaptureOptions(end=1.0, quality="fast"))
    return folder


def test_two_people_are_two_in_every_frame(two_people):
    takes = [Take.load(path) for path in sorted(two_people.glob("person_*.npz"))]
    assert len(takes) == 2
    assert [[len(take), take.frame_valid.sum()] for take in takes] == [[60, 60], [60, 60]]
    left = [float(np.median(take.bbox[:, 0] + take.bbox[:, 2] / 2)) for take in takes]
    assert max(left) - min(left) > 200
    summary = json.loads((two_people / "capture.json").read_text())
    assert [person["frames"] for person in summary["people"]] == [60, 60]


def test_two_people_stand_on_one_floor_where_the_clip_shows_them(two_people):
    """A large man and a small woman: taken to be as tall, one of them floats, or is moved aside."""
    takes = [Take.load(path) for path in sorted(two_people.glob("person_*.npz"))]
    body = default_body()
    for take in takes:
        assert take.camera is not None
        assert abs(np.median(take.joints(body)[..., 2].min(axis=1))) < 0.1
        baked = cleaned(take, body, feet=True)
        captured, stands = (take.camera.project(each.camera_joints(body)) for each in (take, baked))
        tall = np.median(np.ptp(captured[..., 1], axis=1))
        assert np.median(np.linalg.norm(stands - captured, axis=-1)) < 0.08 * tall


def test_a_capture_of_two_people_bakes(two_people, tmp_path):
    bake(two_people, tmp_path / "out.blend")
