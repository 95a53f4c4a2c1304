import csv
import sys

import numpy as np
import pytest

from core_model.errors import MocapError
from train.loop.run_log import RunLog


def test_numbers_can_be_read_again_to_the_last_bit(tmp_path):
    log = RunLog(tmp_path)
    log.write("train", 1, 30.0, {"loss": 1 / 3})
    RunLog(tmp_path).write("train", 2, 60.0, {"loss": 0.25})
    assert not log.shows_pictures
    with open(tmp_path / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["value"]) for row in rows] == [1 / 3, 0.25]
    assert [(row["step"], row["minutes"]) for row in rows] == [("1", "0.50"), ("2", "1.00")]


def test_steps_that_are_made_again_stand_there_once(tmp_path):
    log = RunLog(tmp_path)
    log.go_on_after(0)
    for step in (1, 2, 3):
        log.write("train", step, 0.0, {"loss": float(step)})
    again = RunLog(tmp_path)
    again.go_on_after(2)
    again.write("train", 3, 0.0, {"loss": 30.0})
    with open(tmp_path / "log.csv") as file:
        assert [float(row["value"]) for row in csv.DictReader(file)] == [1, 2, 30]
    RunLog(tmp_path).go_on_after(0)
    assert (tmp_path / "log.csv").read_text().count("\n") == 1


def test_tensorboard_that_is_missing_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(MocapError, match="pip install tensorboard"):
        RunLog(tmp_path, tensorboard=True)


def test_tensorboard_gets_numbers_and_pictures(tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    log = RunLog(tmp_path, tensorboard=True)
    log.write("train", 5, 0.0, {"loss": 2.0})
    log.show("overlays", 5, np.full((2, 8, 8, 3), 200, np.uint8))
    found = EventAccumulator(str(tmp_path))
    found.Reload()
    assert [event.value for event in found.Scalars("train/loss")] == [2.0]
    assert found.Tags()["images"]
