"""Held-out subjects are lifted; what follows the network calms their motion."""

import tarfile
from pathlib import Path

import numpy as np
import pytest

from core_model.network.checkpoints import load_weights
from train.evaluate.held_out import (
    COLUMNS,
    FITTED,
    NETWORK,
    SMOOTHED,
    held_out_errors,
    stage_errors,
)
from train.rendering.mocap_motion import ASF_ARCHIVE


@pytest.fixture(scope="module")
def walks(tmp_path_factory, shared):
    """A data folder with subjects 07 and 35 alone: the whole would take a minute to read."""
    folder = tmp_path_factory.mktemp("data")
    with tarfile.open(shared / "data" / ASF_ARCHIVE) as archive:
        wanted = [member for member in archive if {"07", "35"} & set(member.name.split("/"))]
        archive.extractall(folder / "all", wanted, filter="data")
    (folder / ASF_ARCHIVE).parent.mkdir()
    with tarfile.open(folder / ASF_ARCHIVE, "w:xz", preset=0) as archive:
        archive.add(folder / "all", "cmu")
    return folder


@pytest.mark.shared
def test_shipped_weights_lift_subjects_that_they_were_not_trained_on(walks: Path) -> None:
    errors = held_out_errors(load_weights(), walks, walks / "cache", ("07", "35"))
    assert set(errors) == {"07", "35", "mean"}
    mean = dict(zip(COLUMNS, errors["mean"], strict=True))
    # The mean pose with a perfect root scores about 150 mm; walks are the easiest motion.
    assert np.isfinite(errors["mean"]).all()
    assert mean["MPJPE"] < 75 and mean["PA-MPJPE"] < 55 and mean["root"] < 14


@pytest.mark.shared
def test_smoothing_and_the_fit_calm_what_the_network_says(walks: Path) -> None:
    errors = stage_errors(load_weights(), walks, walks / "cache", ("07",), windows=2)
    accel = COLUMNS.index("accel")
    assert errors[SMOOTHED][accel] < errors[NETWORK][accel]
    # 0.7 of what the network said (3.61 m/s² off the truth) when that was asked for first: of a
    # network that was trained on, and is calmer itself, the share is no measure of the fit.
    assert errors[FITTED][accel] < 0.7 * 3.61
    assert np.isfinite(list(errors.values())).all()
