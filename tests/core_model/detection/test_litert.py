"""Networks on disk: loaded so that every processor calculates the same."""

import pytest

from core_model.assets.fetch_pose_models import POSE_FOLDER
from core_model.detection import litert
from core_model.errors import AssetError

MODELS = (
    "pose_detection.tflite",
    "pose_landmark_full.tflite",
    "pose_landmark_heavy.tflite",
    "hand_landmark_full.tflite",
)


@pytest.mark.parametrize("name", MODELS)
def test_no_network_asks_for_half_precision(name, monkeypatch):
    """Where a processor has it, landmarks would be others than where it has not."""
    given = []
    original = litert.Interpreter

    def remembering(**arguments):
        given.append(arguments["model_content"])
        return original(**arguments)

    monkeypatch.setattr(litert, "Interpreter", remembering)
    litert.PoseModel(name, ["Identity"])
    assert all(b"reduced_precision_support" not in content for content in given)
    assert {len(content) for content in given} == {(POSE_FOLDER / name).stat().st_size}


def test_the_landmark_networks_would_ask_for_it():
    asking = [b"reduced_precision_support" in (POSE_FOLDER / name).read_bytes() for name in MODELS]
    assert asking == [False, True, True, True]


def test_a_missing_and_a_damaged_network_are_one_sentence(tmp_path):
    with pytest.raises(AssetError, match="is missing"):
        litert.PoseModel("none.tflite", [], tmp_path)
    (tmp_path / "bad.tflite").write_bytes(b"TFL3 not a network")
    with pytest.raises(AssetError, match="is damaged"):
        litert.PoseModel("bad.tflite", [], tmp_path)
