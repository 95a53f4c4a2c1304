import json

import pytest
import torch

from core_model.errors import MocapError
from tests.train.distributed.speaks import main
from tests.train.distributed.together import LAUNCHERS, run_together
from train.distributed import connect
from train.distributed.alone import OneProcess

KINDS = {"torchrun": "TorchProcesses", "horovod": "HorovodProcesses"}


@pytest.mark.processes
@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_two_processes_hear_the_same(launcher, tmp_path):
    run_together(launcher, 2, "-m", "tests.train.distributed.speaks", str(tmp_path))
    for rank in range(2):
        told = json.loads((tmp_path / f"{rank}.json").read_text())
        assert told["kind"] == KINDS[launcher]
        assert (told["size"], told["local_rank"]) == (2, rank)
        assert told["broadcast"] == [[0.0] * 3, [0.0, 1.0, 2.0, 3.0]]
        assert told["value"] == {"from": 0}
        assert told["means"][:2] == [[[0.5, 0.5], [0.5, 0.5]], 5.0]
        assert told["means"][2] == pytest.approx([1 / 3])
        rough, dtype = told["rough"]
        assert rough == pytest.approx([5 / 6] * 2, abs=1e-3) and dtype == "torch.float32"
        assert told["gathered"] == [[0, ""], [1, "x"]]
        assert told["values"] == {"loss": 0.5, "only0": 5.0, "only1": 5.0}
        assert told["wishes"] == [True, False]
        assert told["state"] == [[[0.0] * 3] * 2, 0, ["text", [0, None]]]
        assert told["ran"] == [7]


def test_one_process_needs_nobody(tmp_path):
    main(tmp_path)
    told = json.loads((tmp_path / "0.json").read_text())
    assert (told["kind"], told["size"]) == ("OneProcess", 1)
    assert told["means"][:2] == [[[0.0, 0.0], [0.0, 0.0]], 0.0]
    assert told["gathered"] == [[0, ""]] and told["wishes"] == [False, False]


def test_a_mean_of_one_process_changes_nothing():
    tensor = torch.tensor([1 / 3])
    OneProcess().average([tensor], half=True)
    assert tensor.item() == torch.tensor(1 / 3).item()


def test_horovod_that_is_missing_or_of_another_pytorch_is_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("HOROVOD_RANK", "0")
    found = tmp_path / "horovod-0.28.1.dist-info"

    def elsewhere(name):
        from importlib.metadata import PackageNotFoundError, PathDistribution

        if not found.is_dir():
            raise PackageNotFoundError(name)
        return PathDistribution(found)

    monkeypatch.setattr("train.distributed.with_horovod.distribution", elsewhere)
    with pytest.raises(MocapError, match="not installed.*make horovod"):
        connect()
    found.mkdir()
    (tmp_path / "horovod").mkdir()
    (tmp_path / "horovod" / "metadata.json").write_text('{"pytorch": "1.13.0"}')
    with pytest.raises(MocapError, match="built for PyTorch 1.13.0, but this is"):
        connect()
