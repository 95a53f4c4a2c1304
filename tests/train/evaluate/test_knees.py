"""People who stand straight in real clips are measured, and nobody else."""

from dataclasses import replace

import pytest
import torch

from core_model.network.checkpoints import load_weights
from train.evaluate.benchmarks import BenchmarkError
from train.evaluate.knees import STANCES, knee_table, straight_knees

CPU = torch.device("cpu")
# Three gymnasts at attention, for a second.
ATTENTION = [replace(stance, start=16.9, end=18.2) for stance in STANCES[:3]]


@pytest.mark.shared
def test_gymnasts_at_attention_are_measured_each(shared):
    knees = straight_knees(load_weights(), shared / "data", CPU, ATTENTION)
    assert list(knees) == [stance.name for stance in ATTENTION]
    for knee in knees.values():
        assert knee.picture < 6, "they were chosen for their straight legs"
        # Weights that learnt from captured skeletons as they are say 32 to 37.
        assert 0 < knee.network < 22 and 0 < knee.fitted < 24
    assert knee_table(knees).count("gymnast") == 3 and "median" in knee_table(knees)


@pytest.mark.shared
def test_where_nobody_stands_nothing_is_measured(shared):
    sky = replace(ATTENTION[0], place=(0.1, 0.05))
    with pytest.raises(BenchmarkError, match="Nobody was found"):
        straight_knees(load_weights(), shared / "data", CPU, [sky])


def test_a_clip_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BenchmarkError, match="gymnasts_attention.avi"):
        straight_knees(load_weights(), tmp_path, CPU, ATTENTION)
