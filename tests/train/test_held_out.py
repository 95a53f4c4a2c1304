import tarfile

import numpy as np
import pytest

from core_model.checkpoints import load_weights
from train.held_out import COLUMNS, held_out_errors


@pytest.mark.shared
def test_shipped_weights_lift_subjects_that_they_were_not_trained_on(shared, monkeypatch, tmp_path):
    config = tmp_path / "cmu.yaml"
    with tarfile.open(shared / "data" / "mocap" / "cmu_asfamc_30fps.tar.xz") as archive:
        wanted = [member for member in archive if {"07", "35"} & set(member.name.split("/"))]
        archive.extractall(tmp_path / "cmu", wanted, filter="data")
    config.write_text(
        f'motion: {{sources: ["{tmp_path / "cmu"}"], held_out_subjects: ["07", "35"]}}\n'
        "run: {folder: unused}\n"
    )
    monkeypatch.chdir(tmp_path)
    errors = held_out_errors(load_weights(), str(config))
    assert set(errors) == {"07", "35", "mean"}
    mean = dict(zip(COLUMNS, errors["mean"], strict=True))
    # The mean pose with a perfect root scores about 150 mm; walks are the easiest motion.
    assert np.isfinite(errors["mean"]).all()
    assert mean["MPJPE"] < 75 and mean["PA-MPJPE"] < 55 and mean["root"] < 14
