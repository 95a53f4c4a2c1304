"""Motion capture by name, and what is said when it is not there."""

import tarfile
from pathlib import Path

import pytest

from core_model.errors import MocapError
from train.rendering.mocap_motion import ASF_ARCHIVE, BVH_ARCHIVE, captured_motion


def test_missing_archives_and_clips_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(MocapError, match="no motion capture at .*mocap.cs.cmu.edu"):
        captured_motion("07_05", tmp_path, tmp_path / "cache")
    (tmp_path / "mocap").mkdir()
    for name in (ASF_ARCHIVE, BVH_ARCHIVE):
        (tmp_path / "empty" / Path(name).name.partition(".")[0]).mkdir(parents=True)
        with tarfile.open(tmp_path / name, "w:xz") as archive:
            archive.add(tmp_path / "empty", ".")
    with pytest.raises(MocapError, match="holds the clip 07_05"):
        captured_motion("07_05", tmp_path, tmp_path / "cache")
