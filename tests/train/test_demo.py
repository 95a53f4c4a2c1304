"""The picture sheet of the demo shows the right moments, side by side."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from core_model.errors import OutputError
from core_model.take import Take
from core_model.video.clip import open_video
from train.demo import (
    COLUMNS,
    even_moments,
    frames_at,
    people_window,
    read_stills,
    write_sheet,
)
from train.places import DEMO_FOLDER


def test_moments_are_spread_over_the_seen_frames() -> None:
    take = Take.load(DEMO_FOLDER / "demo_truth.npz")
    take.frame_valid[:60] = False
    moments = even_moments([take], COLUMNS)
    assert len(moments) == COLUMNS
    assert moments.min() >= take.times[60]
    assert np.isin(moments, take.times).all()
    assert np.ptp(np.diff(moments)) < 0.04


def test_frames_are_those_shown_at_the_moments() -> None:
    video = DEMO_FOLDER / "demo.mp4"
    wanted = (0, 37, 149)
    expected = [frame.image for i, frame in enumerate(open_video(video)) if i in wanted]
    found = frames_at(video, np.array(wanted) / 30)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_sheet_puts_the_body_under_and_over_the_frame(tmp_path: Path) -> None:
    frame = np.full((480, 854, 3), (0, 0, 200), np.uint8)
    body = np.zeros((360, 640, 4), np.uint8)
    body[100:300, 200:400] = (250, 0, 0, 255)
    write_sheet(tmp_path / "sheet.png", [frame] * 3, [body] * 3, (slice(0, 480), slice(0, 854)))
    sheet = cv2.cvtColor(cv2.imread(str(tmp_path / "sheet.png")), cv2.COLOR_BGR2RGB)
    height, width = sheet.shape[0] // 3, sheet.shape[1] // 3
    middle = [tuple(sheet[height // 2 + row * height, width // 2]) for row in range(3)]
    assert middle == [(0, 0, 200), (250, 0, 0), (250, 0, 0)]
    edge = [sheet[height // 2 + row * height, width - 20].astype(int) for row in range(3)]
    assert edge[1].min() > 200  # plain ground
    assert edge[2][2] > edge[2][0] + 50  # the frame shines through


def test_a_damaged_still_is_said(tmp_path: Path) -> None:
    (tmp_path / "picture_01.png").write_bytes(b"no picture")
    with pytest.raises(OutputError, match="picture_01.png is damaged"):
        read_stills(tmp_path)


def test_the_window_holds_everybody_and_stays_in_the_picture() -> None:
    take = Take.load(DEMO_FOLDER / "demo_truth.npz")
    rows, columns = people_window([take], (480, 854, 3))
    low, high = take.bbox[:, :2], take.bbox[:, :2] + take.bbox[:, 2:]
    assert 0 <= columns.start <= low[:, 0].min() and high[:, 0].max() <= columns.stop <= 854
    assert 0 <= rows.start <= low[:, 1].min() and high[:, 1].max() <= rows.stop <= 480
    assert columns.stop - columns.start < 854
