import dataclasses
import sys

import numpy as np
import pytest
import torch

from core_model.errors import MocapError
from core_model.network.checkpoints import load_weights
from core_model.take import Take
from train.__main__ import main
from train.config import MotionConfig, RunConfig, TrainConfig, load_config
from train.trainer import Trainer


@pytest.fixture
def config(tmp_path, monkeypatch):
    """A tiny run on an AMASS folder of two subjects."""
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(0)
    for subject in ("a", "b"):
        swing = 0.3 * random.normal(size=72) * np.sin(np.arange(90) / 10)[:, None]
        take = Take(swing, np.zeros((90, 3)), np.zeros(10), np.arange(90) / 60)
        take.save(tmp_path / "amass" / subject / "swing.npz")
    return TrainConfig(
        motion=MotionConfig([str(tmp_path / "amass")], ["b"]),
        run=RunConfig(
            folder=str(tmp_path / "run"), minutes=0.05, frames=16, windows=2, window_length=8
        ),
    )


def test_training_writes_weights_that_load_and_a_log(config, tmp_path):
    Trainer(config).train()
    network = load_weights(tmp_path / "run" / "weights.safetensors")
    assert torch.isfinite(network(torch.randn(1, 8, 33, 3)).rot6d).all()
    log = (tmp_path / "run" / "log.csv").read_text()
    assert "held_out" in log and "mpjpe" in log


def test_training_learns_its_data(config):
    config = dataclasses.replace(config, run=dataclasses.replace(config.run, bfloat16=False))
    trainer = Trainer(config)
    losses = []
    for step in range(40):
        trainer._set_learning_rate(0.0)
        losses.append(trainer._one_step()["mpjpe"])
        trainer.step = step
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])


def test_a_stopped_run_goes_on_where_it_was(config):
    first = Trainer(config)
    for _ in range(3):
        first._one_step()
        first.step += 1
    first.seconds = 1.0
    first.save()
    second = Trainer(config)
    assert second.step == 3 and second.seconds == 1.0
    for a, b in zip(first.network.parameters(), second.network.parameters(), strict=True):
        torch.testing.assert_close(a, b)
    assert Trainer(config, resume=False).step == 0


def test_a_run_of_another_version_is_refused(config):
    trainer = Trainer(config)
    trainer.optimizers = trainer.optimizers[:1]
    trainer.save()
    with pytest.raises(MocapError, match="another version"):
        Trainer(config)


def test_same_seed_trains_the_same_network(config):
    runs = []
    for folder in ("one", "two"):
        run = dataclasses.replace(config.run, folder=folder, bfloat16=False)
        trainer = Trainer(dataclasses.replace(config, run=run))
        for _ in range(3):
            trainer._set_learning_rate(0.0)
            trainer._one_step()
        runs.append(trainer.network.joint3d_head.weight.detach().clone())
    torch.testing.assert_close(runs[0], runs[1])


def test_every_parameter_has_one_optimizer(config):
    trainer = Trainer(config)
    inside, others = (
        [parameter for group in optimizer.param_groups for parameter in group["params"]]
        for optimizer in trainer.optimizers
    )
    assert len(inside) > 10 and all(parameter.ndim == 2 for parameter in inside)
    everything = sorted(map(id, trainer.network.parameters()))
    assert sorted(map(id, [*inside, *others])) == everything


def test_missing_motion_is_said_before_anything_else(config, tmp_path, capsys, monkeypatch):
    path = tmp_path / "run.yaml"
    path.write_text("motion: {sources: [nowhere.tar]}\nrun: {folder: never_made}\n")
    monkeypatch.setattr(sys, "argv", ["train", str(path)])
    assert main() == 1
    said = capsys.readouterr().err
    assert "no motion capture at nowhere.tar" in said and "mocap.cs.cmu.edu" in said
    assert not (tmp_path / "never_made").exists()


def test_wrong_configurations_are_named(tmp_path):
    with pytest.raises(MocapError, match="no configuration"):
        load_config(tmp_path / "none.yaml")
    path = tmp_path / "wrong.yaml"
    path.write_text("motion: {sources: [x]}\nrun: {folder: y, speed: 3}\n")
    with pytest.raises(MocapError, match="unknown setting speed"):
        load_config(path)
    path.write_text("motion: {sources: [x]}\nrun: {}\n")
    with pytest.raises(MocapError, match="missing"):
        load_config(path)


def test_shipped_configuration_is_valid():
    assert load_config("configs/keypoints.yaml").motion.held_out_subjects
