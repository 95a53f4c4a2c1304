import pytest

from core_model.assets import fetch_pose_models as fetch
from core_model.detection.litert import PoseModel
from core_model.errors import AssetError


def test_nothing_is_downloaded_when_the_files_are_right(monkeypatch):
    monkeypatch.setattr(fetch, "_download_wheel", lambda folder: pytest.fail("downloaded"))
    assert fetch.fetch_pose_models() == []


def test_a_damaged_file_is_not_taken_for_right(tmp_path, monkeypatch):
    def offline(folder):
        raise AssetError("no network")

    monkeypatch.setattr(fetch, "_download_wheel", offline)
    for name in fetch.MODELS:
        (tmp_path / name).write_bytes(b"damaged")
    with pytest.raises(AssetError):
        fetch.fetch_pose_models(tmp_path)


def test_missing_and_damaged_models_are_told_in_a_sentence(tmp_path):
    with pytest.raises(AssetError, match="fetch_pose_models"):
        PoseModel("pose_detection.tflite", (), tmp_path)
    (tmp_path / "pose_detection.tflite").write_bytes(b"damaged")
    with pytest.raises(AssetError, match="damaged"):
        PoseModel("pose_detection.tflite", (), tmp_path)
