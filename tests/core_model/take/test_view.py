"""Further cameras of a take survive a file, and damaged ones are one sentence."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core_model.errors import TakeError
from core_model.geometry.camera import Camera
from core_model.take import Take
from core_model.take.view import View
from tests.core_model.take.test_take import make_take


def one_view(**changed: Any) -> View:
    to_first = np.eye(4)
    to_first[:3, 3] = [2.0, 0.1, 1.0]
    camera = Camera(900.0, np.array([320.0, 180.0]), np.array([640, 360]), to_first)
    rng = np.random.default_rng(0)
    known: dict[str, Any] = {
        "video": "/clips/b.mp4",
        "camera": camera,
        "times": np.arange(12) / 25,
        "offset": 3.37,
        "rate": 1.0001,
        "keypoints2d": rng.uniform(0, 1, (12, 33, 3)).astype(np.float32),
        "turns": np.tile(np.eye(3), (12, 1, 1)),
        "zoom": np.linspace(1, 2, 12),
        "about": {"stored": {"lead": 0.1}, "sound_start": 0.02},
    }
    return View(**known | changed)


def test_views_are_read_as_they_were_written(tmp_path) -> None:
    still = one_view(turns=np.empty(0), zoom=np.empty(0), offset=-1.0)
    take = replace(make_take(), views=(one_view(), still))
    take.save(tmp_path / "take.npz")
    loaded = Take.load(tmp_path / "take.npz")
    assert len(loaded.views) == 2
    for before, after in zip(take.views, loaded.views, strict=True):
        for name in ("video", "offset", "rate", "about"):
            assert getattr(before, name) == getattr(after, name)
        for name in ("times", "keypoints2d", "turns", "zoom"):
            np.testing.assert_array_equal(getattr(before, name), getattr(after, name))
        np.testing.assert_array_equal(before.camera.to_world, after.camera.to_world)
        assert before.camera.focal == after.camera.focal


def test_views_of_before_had_one_lens(tmp_path) -> None:
    replace(make_take(), views=(one_view(),)).save(tmp_path / "take.npz")
    with np.load(tmp_path / "take.npz") as file:
        before = {name: file[name] for name in file.files if name != "view1_zoom"}
    np.savez(tmp_path / "before.npz", **before)
    (view,) = Take.load(tmp_path / "before.npz").views
    assert view.zoom.size == 0


def test_readers_of_amass_find_the_same_in_a_take_of_several_clips(tmp_path) -> None:
    plain, several = make_take(), replace(make_take(), views=(one_view(),))
    for name, take in (("plain", plain), ("several", several)):
        take.save(tmp_path / f"{name}.npz")
    with np.load(tmp_path / "plain.npz") as one, np.load(tmp_path / "several.npz") as two:
        assert set(one.files) <= set(two.files)
        for name in ("poses", "trans", "betas", "mocap_framerate"):
            np.testing.assert_array_equal(one[name], two[name])
    assert Take.load(tmp_path / "plain.npz").views == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"keypoints2d": np.zeros((3, 33, 3))},
        {"turns": np.zeros((3, 3, 3))},
        {"rate": 0.0},
        {"rate": np.nan},
        {"offset": np.inf},
        {"times": np.zeros(12)},
        {"times": np.empty(0)},
        {"camera": Camera(-1.0, np.zeros(2), np.array([640, 360]))},
    ],
    ids=str,
)
def test_a_view_that_makes_no_sense_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(TakeError):
        one_view(**changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"views": "no list"},
        {"views": json.dumps([{"video": "b.mp4", "offset": "soon", "rate": 1}])},
        {"views": json.dumps([{"video": "b\0.mp4", "offset": 0, "rate": 1}])},
        {"views": json.dumps([{}] * 20)},
        {"view1_times": None},
        {"view1_focal": np.array([1.0, 2.0])},
        {"view1_keypoints2d": np.full((12, 33, 3), np.nan)},
    ],
    ids=str,
)
def test_damaged_views_in_a_file_are_one_sentence(tmp_path, changed: dict[str, Any]) -> None:
    replace(make_take(), views=(one_view(),)).save(tmp_path / "good.npz")
    with np.load(tmp_path / "good.npz") as file:
        arrays = {name: file[name] for name in file.files} | changed
    kept: dict[str, Any] = {name: value for name, value in arrays.items() if value is not None}
    np.savez(tmp_path / "bad.npz", **kept)
    with pytest.raises(TakeError) as failure:
        Take.load(tmp_path / "bad.npz")
    assert str(failure.value).count("\n") == 0
