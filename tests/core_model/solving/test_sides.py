"""Left and right told by a facing that somebody knows."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from core_model.network.checkpoints import load_int_checkpoint
from core_model.network.inference import prepare_for_inference
from core_model.options import CaptureOptions
from core_model.solving.figures import figure_of
from core_model.solving.lifting import network_lift
from core_model.solving.sides import swapped, told_by_facing
from core_model.tracking.left_right import exchanged_frames
from tests.core_model.solving.clips import BODY, true_take


@pytest.mark.parametrize(
    "name", ["walk_side_01", "limp_pillar_01", pytest.param("kick_01", marks=pytest.mark.long)]
)
def test_who_is_seen_from_the_side_is_told_from_his_mirror_image_by_one_facing(name):
    truth = true_take(name, frames=80)
    figure, exchanged = figure_of(truth, BODY), np.zeros(len(truth), bool)
    exchanged[16:56] = True
    network = prepare_for_inference(load_int_checkpoint(CaptureOptions().weights), False)
    assert truth.camera
    lift = network_lift(network, torch.device("cpu"), BODY, truth.camera)
    for landmarks, wrong in (
        (swapped(figure.landmarks, exchanged), exchanged),
        (figure.landmarks, np.zeros(len(truth), bool)),
    ):
        seen = replace(figure, landmarks=landmarks)
        told = told_by_facing({36: figure.rotations[36, 0]}, seen, truth.times, lift)
        assert (told[36] > 0) == wrong[36]
        np.testing.assert_array_equal(exchanged_frames(landmarks, truth.times, told), wrong)
