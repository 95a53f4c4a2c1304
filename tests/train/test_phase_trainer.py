import csv
import dataclasses
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
import torch
import yaml

from core_model.errors import MocapError
from core_model.network.checkpoints import load_int_checkpoint
from tests.places import ROOT
from tests.train.distributed.together import LAUNCHERS, ONE_THREAD, run_together
from tests.train.phases.conftest import small_sets
from tests.train.phases.tiny import phase_values
from train.__main__ import main
from train.phase_trainer import PhaseTrainer
from train.phases.config import PhaseConfig
from train.settings.records import built_config, read_values

__all__ = ["small_sets"]


def config_of(phase, folder, data, **run):
    values = phase_values(phase, folder, **run)
    values["mixture"]["root"] = str(data / "data")
    return values


def trained(values, **options):
    trainer = PhaseTrainer(built_config(PhaseConfig, values, "test"), **options)
    trainer.train()
    return trainer


@contextmanager
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def losses(folder):
    with open(folder / "log.csv") as file:
        rows = list(csv.DictReader(file))
    return [float(row["value"]) for row in rows if (row["kind"], row["name"]) == ("train", "loss")]


def same_weights(a, b, tolerance=0.0):
    for name, tensor in a.state_dict().items():
        other = b.state_dict()[name]
        torch.testing.assert_close(tensor, other, rtol=0, atol=tolerance, msg=name)


@pytest.mark.parametrize("phase", (1, 2, 3))
def test_shipped_configurations_are_valid(phase):
    config = built_config(PhaseConfig, read_values(f"configs/phase{phase}.yaml"), "test")
    assert config.optimiser.kind == ("sgd" if phase == 3 else "adam")


def test_each_phase_begins_with_the_one_before_and_leaves_a_checkpoint_of_int(small_sets, tmp_path):
    before = None
    for phase in (1, 2, 3):
        values = config_of(phase, tmp_path, small_sets, start=before, epoch_batches=2)
        if phase == 3:
            values["validation"] = {"dataset": "3dpw", "part": "test", "clip_length": 64}
        trainer = trained(values)
        before = str(tmp_path / f"phase{phase}" / "checkpoint.pt")
        network = load_int_checkpoint(before)
        same_weights(network, trainer.network)
        assert bool(network.config.temporal_blocks) == (phase > 1)
        content = torch.load(before, weights_only=True)
        assert {"epoch", "performance", "history_best_performance", "optimizer"} < set(content)
        assert content["epoch"] == 1
        assert "run:" in (tmp_path / f"phase{phase}" / "config.yaml").read_text()
    assert content["performance"] > 0
    assert (tmp_path / "phase3" / "model_best.pth.tar").exists()


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(small_sets, tmp_path):
    whole = trained(config_of(2, tmp_path / "a", small_sets, epoch_batches=4))
    values = config_of(2, tmp_path / "b", small_sets, epoch_batches=4)
    config = built_config(PhaseConfig, values, "test")
    stopped = PhaseTrainer(config)
    batches = stopped.mixture.loader(stopped._numbers(), 0)
    for _ in range(2):
        stopped._one_step(batches)
    stopped.save()
    resumed = PhaseTrainer(config)
    assert (resumed.step, resumed.drawn) == (2, 2)
    resumed.train()
    same_weights(whole.network, resumed.network)
    assert losses(tmp_path / "a" / "phase2") == losses(tmp_path / "b" / "phase2")


@pytest.mark.processes
@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_two_processes_learn_what_one_does_that_accumulates(launcher, small_sets, tmp_path):
    paths = []
    for name in ("one", "two"):
        values = config_of(2, tmp_path / name, small_sets, epoch_batches=10)
        values["mixture"] |= {"videos_2d": [], "pictures": 1}
        values["optimiser"] |= {"accumulate": 2 if name == "one" else 1}
        paths.append(tmp_path / f"{name}.yaml")
        paths[-1].write_text(yaml.safe_dump(values))
    # A convolution on another number of threads sums in another order, and Adam makes whole steps
    # of what rounding leaves of a gradient: both ways have one thread.
    with one_thread():
        main([str(paths[0])])
    run_together(launcher, 2, "-m", "train", str(paths[1]), timeout=400)
    one, two = (
        torch.load(tmp_path / name / "phase2" / "checkpoint.pt", weights_only=True)
        for name in ("one", "two")
    )
    assert one["step"] == two["step"] == 5
    for name, tensor in one["state_dict"].items():
        torch.testing.assert_close(two["state_dict"][name], tensor, rtol=0, atol=1e-5, msg=name)


def test_a_small_set_is_learnt(small_sets, tmp_path):
    values = config_of(1, tmp_path, small_sets, epoch_batches=30)
    values["mixture"] |= {"images": ["h36m"], "image_every": {}, "pictures": 4}
    values["augmentation"] = {"random_crop": 0.0, "flip": 0.0}
    values["optimiser"] |= {"rate": 0.002}
    trained(values)
    found = losses(tmp_path / "phase1")
    assert sum(found[-4:]) < 0.5 * sum(found[:4])


def test_what_is_missing_is_listed_before_the_first_step(small_sets, tmp_path):
    values = config_of(3, tmp_path, small_sets)
    values["mixture"]["root"] = str(tmp_path / "nowhere")
    with pytest.raises(MocapError, match="no database at.*3dpw.*\n.*no database at.*h36m"):
        trained(values)
    assert not (tmp_path / "phase3").exists()


def test_a_checkpoint_of_another_program_is_not_gone_on_with(small_sets, tmp_path):
    values = config_of(1, tmp_path, small_sets)
    folder = tmp_path / "phase1"
    folder.mkdir()
    torch.save({"epoch": 3, "state_dict": {}, "optimizer": {}}, folder / "checkpoint.pt")
    with pytest.raises(MocapError, match="run.start"):
        PhaseTrainer(built_config(PhaseConfig, values, "test"))


def test_blocks_calculated_twice_learn_the_same(small_sets, tmp_path):
    values = config_of(2, tmp_path, small_sets)
    config = built_config(PhaseConfig, values, "test")
    networks = []
    for twice in (False, True):
        run = dataclasses.replace(config.run, checkpointing=twice)
        trainer = PhaseTrainer(dataclasses.replace(config, run=run))
        trainer._one_step(trainer.mixture.loader(trainer._numbers(), 0))
        networks.append(trainer.network)
    same_weights(networks[0], networks[1], 1e-6)


@pytest.mark.processes
def test_sigterm_ends_a_run_with_a_checkpoint_and_the_same_command_goes_on(small_sets, tmp_path):
    values = config_of(1, tmp_path, small_sets, epoch_batches=10_000)
    path = tmp_path / "phase1.yaml"
    path.write_text(yaml.safe_dump(values))
    line = [sys.executable, "-m", "train", str(path)]
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT)}
    log = tmp_path / "phase1" / "log.csv"
    steps = []
    for _ in range(2):
        before = log.read_text() if log.exists() else ""
        with subprocess.Popen(line, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as run:
            while run.poll() is None and (log.read_text() if log.exists() else "") == before:
                time.sleep(0.1)
            run.send_signal(signal.SIGTERM)
        assert run.returncode == 143
        state = torch.load(tmp_path / "phase1" / "checkpoint.pt", weights_only=True)
        steps.append(state["step"])
    assert 0 < steps[0] < steps[1]
    # No step is done twice, none left out.
    done = [line.split(",")[1] for line in log.read_text().splitlines() if ",loss," in line]
    assert done == [str(number + 1) for number in range(steps[1])]


@pytest.mark.parametrize("phase", (1, 2, 3))
def test_every_setting_can_be_given_on_the_command_line(phase):
    config = built_config(PhaseConfig, read_values(f"configs/phase{phase}.yaml"), "test")

    def changes(record, before=""):
        for name, value in dataclasses.asdict(record).items():
            inner = getattr(record, name)
            if dataclasses.is_dataclass(inner):
                yield from changes(inner, f"{before}{name}.")
            else:
                yield f"{before}{name}={yaml.safe_dump(value, default_flow_style=True).strip()}"

    given = [change.removesuffix("\n...") for change in changes(config)]
    assert len(given) > 60 and "run.epochs=100" in " ".join(given) or phase == 3
    other = read_values(f"configs/phase{phase % 3 + 1}.yaml", given)
    assert built_config(PhaseConfig, other, "test") == config
