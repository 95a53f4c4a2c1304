import dataclasses
import sys

import numpy as np
import pytest
import torch
import yaml

from core_model.errors import MocapError
from core_model.network import INTConfig
from core_model.network.checkpoints import load_weights
from core_model.take import Take
from tests.train.distributed.together import LAUNCHERS, run_together
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
        run=RunConfig(folder=str(tmp_path / "run"), steps=4, frames=16, windows=2, window_length=8),
    )


@pytest.fixture
def small_network(monkeypatch):
    """Train a network with all parts of the real one, in a fraction of the time."""
    small = dataclasses.replace(
        INTConfig.keypoints(), width=64, spatial_blocks=1, temporal_blocks=1
    )
    monkeypatch.setattr(INTConfig, "keypoints", classmethod(lambda cls: small))


def test_training_writes_weights_that_load_and_a_log(config, tmp_path):
    Trainer(config).train()
    network = load_weights(tmp_path / "run" / "weights.safetensors")
    assert torch.isfinite(network(torch.randn(1, 8, 33, 3)).rot6d).all()
    log = (tmp_path / "run" / "log.csv").read_text()
    assert "held_out" in log and "mpjpe" in log


@pytest.mark.usefixtures("small_network")
def test_training_learns_its_data(config):
    run = dataclasses.replace(config.run, steps=1000, bfloat16=False)
    config = dataclasses.replace(config, run=run)
    trainer = Trainer(config)
    losses = []
    for step in range(60):
        trainer._set_learning_rate()
        losses.append(trainer._one_step()["mpjpe"])
        trainer.step = step
    assert np.mean(losses[-10:]) < 0.7 * np.mean(losses[:10])


@pytest.mark.usefixtures("small_network")
def test_a_stopped_run_ends_as_one_that_never_stopped(config):
    exact = dataclasses.replace(config.run, steps=6, bfloat16=False)
    ends = []
    for folder, sittings in (("whole", 1), ("stopped", 2)):
        run = dataclasses.replace(exact, folder=folder)
        for sitting in range(sittings):
            # A sitting that is over at once does a single step.
            over = sitting < sittings - 1
            minutes = 1e-9 if over else None
            trainer = Trainer(
                dataclasses.replace(config, run=dataclasses.replace(run, minutes=minutes))
            )
            trainer.train()
            assert trainer.step == (1 if over else 6)
        ends.append(load_weights(f"{folder}/weights.safetensors"))
    for a, b in zip(*(network.parameters() for network in ends), strict=True):
        torch.testing.assert_close(a, b)


@pytest.mark.usefixtures("small_network")
def test_the_learning_rate_falls_to_nothing_over_the_steps(config):
    trainer = Trainer(dataclasses.replace(config, run=dataclasses.replace(config.run, steps=1000)))
    rates = []
    for trainer.step in range(200, 1001, 100):
        rates.append(trainer._set_learning_rate())
    assert all(b < a for a, b in zip(rates, rates[1:], strict=False))
    assert rates[-1] <= 0.01 * config.run.learning_rate


@pytest.mark.usefixtures("small_network")
def test_a_run_begins_with_the_weights_that_it_is_given(config, tmp_path):
    Trainer(config).train()
    begun = dataclasses.replace(
        config.run, folder="second", start=str(tmp_path / "run" / "weights.safetensors")
    )
    second = Trainer(dataclasses.replace(config, run=begun))
    given = load_weights(tmp_path / "run" / "weights.safetensors")
    for a, b in zip(given.parameters(), second.average.module.parameters(), strict=True):
        torch.testing.assert_close(a, b)
    second.train()
    assert second.step == config.run.steps


@pytest.mark.usefixtures("small_network")
def test_a_finished_run_does_nothing_more_and_a_fresh_one_starts_again(config):
    Trainer(config).train()
    again = Trainer(config)
    assert again.step == config.run.steps
    again.train()
    assert again.step == config.run.steps
    assert Trainer(config, resume=False).step == 0


@pytest.mark.usefixtures("small_network")
def test_a_run_of_another_version_is_refused(config):
    trainer = Trainer(config)
    trainer.optimizers = trainer.optimizers[:1]
    trainer.save()
    with pytest.raises(MocapError, match="another version"):
        Trainer(config)


@pytest.mark.usefixtures("small_network")
def test_same_seed_trains_the_same_network(config):
    runs = []
    for folder in ("one", "two"):
        run = dataclasses.replace(config.run, folder=folder, bfloat16=False)
        trainer = Trainer(dataclasses.replace(config, run=run))
        for _ in range(3):
            trainer._set_learning_rate()
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


@pytest.mark.processes
@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_two_processes_train_one_network_over_landmarks(launcher, config, tmp_path):
    path = tmp_path / "two.yaml"
    path.write_text(yaml.safe_dump(dataclasses.asdict(config)))
    run_together(launcher, 2, "-m", "train", str(path))
    assert torch.load(tmp_path / "run" / "state.pt", weights_only=True)["step"] == 4
    together = load_weights(tmp_path / "run" / "weights.safetensors")
    alone = dataclasses.replace(config.run, folder=str(tmp_path / "alone"))
    Trainer(dataclasses.replace(config, run=alone)).train()
    # Each draws samples of its own, so that two learn from more than one does.
    one = load_weights(tmp_path / "alone" / "weights.safetensors")
    assert not torch.equal(together.norm.weight, one.norm.weight)
