"""More Cameras in a real Blender window: two phones' clips become one figure and two cameras."""

import json
import sys
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.take import Take
from tests.int_mocap_addon.gui.test_window import TOOL, play_scenario

pytestmark = [pytest.mark.gui, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory, archive: Path, shared: Path) -> dict[str, Any]:
    if not TOOL.is_file():
        pytest.skip(f"A Blender with a window needs {TOOL}, which is not there.")
    folder = tmp_path_factory.mktemp("cameras")
    clips = {}
    for number in (1, 3, 4):
        source = shared / "data" / "clips" / "pose2sim_single" / f"cam0{number}.mp4"
        clips[number] = str(smaller(source, folder / source.name))
    plan = {
        "engine": sys.executable,
        "takes": str(folder / "takes"),
        "clip": f"//{Path(clips[1]).name}",
        "others": [clips[4], clips[3]],
    }
    (folder / "plan.json").write_text(json.dumps(plan))
    return play_scenario("scenario_cameras.py", folder, archive)


def smaller(source: Path, path: Path) -> Path:
    """Write every second picture of a clip at half its size: what is captured is seen as well."""
    with av.open(str(source)) as given, av.open(str(path), "w") as written:
        shown = given.streams.video[0]
        stream = written.add_stream("libx264", rate=Fraction(shown.average_rate or 60) / 2)
        stream.pix_fmt = "yuv420p"
        for frame in islice(given.decode(video=0), 0, None, 2):
            stream.width, stream.height = frame.width // 4 * 2, frame.height // 4 * 2
            picture = frame.reformat(stream.width, stream.height, "rgb24").to_ndarray()
            written.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        written.mux(stream.encode())
    return path


def test_clips_are_added_moved_and_taken_off_by_buttons(notes: dict[str, Any]) -> None:
    assert notes["added"] == ["cam04", "cam03"]
    assert notes["moved"] == ["cam03", "cam04"]
    assert notes["left"] == ["cam04"]


def test_the_list_says_when_the_other_clip_begins(notes: dict[str, Any]) -> None:
    assert notes["said"].startswith("Captured 1 person")
    told_by, offset = notes["told"]
    assert told_by == "motion" and abs(offset) < 0.05  # these cameras were synchronised


def test_both_cameras_see_the_figure_where_the_person_is(notes: dict[str, Any]) -> None:
    take = Take.load(notes["take"])
    assert take.camera and len(notes["cameras"]) == 2
    (view,) = take.views
    now = notes["seconds_of_clip"]
    known = {
        True: (take.keypoints2d, take.times, take.camera.size),
        False: (view.keypoints2d, view.offset + view.rate * view.times, view.camera.size),
    }
    assert sorted(camera["first"] for camera in notes["cameras"]) == [False, True]
    for camera in notes["cameras"]:
        assert camera["behind"] == [True]
        landmarks, times, size = known[camera["first"]]
        there = landmarks[np.argmin(np.abs(times - now))]
        span = np.ptp(there[:, :2], axis=0).max()
        missed = [
            np.linalg.norm(np.array(place) * size - there[LANDMARK_INDEX[name], :2]) / span
            for name, place in camera["seen"].items()
            if there[LANDMARK_INDEX[name], 2] > 0.5
        ]
        assert len(missed) > 2 and np.median(missed) < 0.06, (camera["name"], missed)
