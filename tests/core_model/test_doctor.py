"""The doctor: fine where all is fine, and a sentence for each thing that is not."""

import json
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
import torch

from core_model import check_engine, doctor
from core_model.__main__ import main
from core_model.assets import ASSETS
from core_model.engine import versions
from core_model.network import INTConfig, INTNetwork
from core_model.network.checkpoints import file_hash
from tests.places import ROOT


@pytest.fixture
def assets(tmp_path, monkeypatch) -> Path:
    """Return a copy of the files that belong to the program, where the doctor looks at them."""
    for name in ("body", "weights", "pose"):
        shutil.copytree(ASSETS / name, tmp_path / "assets" / name)
    monkeypatch.setattr(doctor, "ASSETS", tmp_path / "assets")
    return tmp_path / "assets"


def _wrong(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Return what is wrong, by name."""
    code = main(["doctor", "--json", "--device", "cpu"])
    report = json.loads(capsys.readouterr().out)
    wrong = {each["name"]: each["sentence"] for each in report["checks"] if not each["fine"]}
    assert code == bool(wrong) and report["fine"] == (not wrong)
    return wrong


def test_all_is_well_here(capsys):
    assert main(["doctor", "--device", "cpu"]) == 0
    said = capsys.readouterr().out
    for word in ("INT Mocap 0.", "Python 3.", "torch 2", "bpy ", "GiB", "processor", "logs"):
        assert word in said
    assert "WRONG" not in said and "inference took" in said
    assert _wrong(capsys) == {}


def test_files_that_are_missing_damaged_or_others(assets, capsys):
    (assets / "pose" / "pose_detection.tflite").unlink()
    weights = assets / "weights" / "keypoints.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    (assets / "body" / "default_body.npz").write_bytes(b"")
    wrong = _wrong(capsys)
    assert set(wrong) == {
        *("pose/pose_detection.tflite", "weights/keypoints.safetensors", "body/default_body.npz")
    }
    assert "is missing: delete it and run" in wrong["pose/pose_detection.tflite"]
    assert "damaged or not the one" in wrong["weights/keypoints.safetensors"]
    (assets / "weights" / "check.json").write_text("{")
    assert "files" in _wrong(capsys)


def test_a_library_that_is_missing(monkeypatch, capsys):
    def version(name: str) -> str:
        if name in ("torch", "bpy"):
            raise PackageNotFoundError(name)
        return "1"

    monkeypatch.setattr(versions, "version", version)
    assert _wrong(capsys) == {"libraries": "Not installed: torch; install INT Mocap again."}


def test_a_python_that_has_nothing_at_all():
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from core_model.__main__ import main; "
        "sys.exit(main(['doctor']))"
    )
    command = [sys.executable, "-I", "-S", "-c", code]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 1 and result.stderr == ""
    assert "Not installed: numpy, scipy, torch" in result.stdout
    assert "WRONG  inference: The engine is incomplete" in result.stdout


def test_networks_that_calculate_something_else(monkeypatch, capsys):
    torch.manual_seed(0)
    other = INTNetwork(INTConfig.keypoints()).eval().requires_grad_(False)
    monkeypatch.setattr(check_engine, "load_weights", lambda: other)
    assert "something else than it should" in _wrong(capsys)["inference"]


def test_what_is_expected_is_of_these_files():
    """After a change of them: python -m tests.core_model.record_check."""
    expected = check_engine.expectation()["sha256"]
    assert set(check_engine.ASSET_FILES) < set(expected)
    for name, sha256 in expected.items():
        assert file_hash(ASSETS / name) == sha256
