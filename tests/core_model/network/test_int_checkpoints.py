"""Checkpoints of INT load strictly; anything else gets a sentence, runs nothing and stays small."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from core_model.__main__ import main
from core_model.errors import AssetError
from core_model.network import INTConfig
from core_model.network.checkpoints import load_int_checkpoint, save_weights
from core_model.network.file_check import check_file
from tests.core_model.int_files import as_trained, make_bad_files, tiny_parameters
from tests.core_model.smpl_like import made_up_arrays, write_like_chumpy

CUTS = 20


def same(network, parameters):
    found = network.state_dict()
    assert found.keys() == parameters.keys()
    return all(torch.equal(found[name], tensor.float()) for name, tensor in parameters.items())


def test_checkpoint_of_the_trainer_loads_strictly(int_checkpoint, image_network):
    network = load_int_checkpoint(int_checkpoint)
    assert network.config == INTConfig.image()
    assert not network.training
    assert same(network, image_network.state_dict())


def test_checkpoint_cut_off_anywhere_gets_a_sentence(int_checkpoint, tmp_path):
    path = tmp_path / "cut.pth.tar"
    shutil.copyfile(int_checkpoint, path)
    size = path.stat().st_size
    for place in reversed(range(CUTS)):
        os.truncate(path, size * place // CUTS + (place == 0) * 3)
        with pytest.raises(AssetError, match="cut off|no file of PyTorch") as caught:
            load_int_checkpoint(path)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize(
    "config",
    [
        INTConfig.image(),
        INTConfig.image(temporal_embedding_length=64),
        INTConfig.image(temporal_embedding_length=None),
        INTConfig.image(temporal=False),
    ],
)
def test_files_of_any_phase_and_age_of_pytorch_load(config, zipped, tmp_path):
    parameters = tiny_parameters(config)
    path = tmp_path / "epoch_20.pth.tar"
    torch.save(as_trained(parameters), path, _use_new_zipfile_serialization=zipped)
    network = load_int_checkpoint(path)
    assert network.config == config
    assert same(network, parameters)


def test_bare_parameters_half_precision_safetensors_and_other_heads_load(tmp_path):
    parameters = tiny_parameters(INTConfig.image(temporal=False))
    half = {name: tensor.half() for name, tensor in parameters.items()}
    torch.save(half, tmp_path / "half.pt")
    assert same(load_int_checkpoint(tmp_path / "half.pt"), half)
    save_file({name: t.contiguous() for name, t in half.items()}, tmp_path / "int.safetensors")
    network = load_int_checkpoint(tmp_path / "int.safetensors")
    assert same(network, half)
    save_weights(network, tmp_path / "ours.safetensors", {})
    assert same(load_int_checkpoint(tmp_path / "ours.safetensors"), half)
    torch.save(tiny_parameters(), tmp_path / "heads.pt")
    one = load_int_checkpoint(tmp_path / "heads.pt", temporal_heads=1)
    assert one.config == INTConfig.image(temporal_heads=1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"spatial_heads": 0},
        {"temporal_heads": -4},
        {"temporal_blocks": -1},
        {"width": 128.0},
        {"width": torch.ones(2)},
        {"spatial_blocks": True},
        {"evidence": "sound"},
        {"trunk": [[256, torch.ones(1), 1]]},
        {"trunk": 3},
    ],
)
def test_sizes_that_no_network_has_are_refused_in_a_sentence(wrong, tmp_path):
    sizes = INTConfig.image().as_dict() | wrong
    torch.save({"state_dict": tiny_parameters(), "sizes": sizes}, tmp_path / "model.pt")
    with pytest.raises(AssetError, match="cannot be used"):
        load_int_checkpoint(tmp_path / "model.pt")


def test_the_network_does_not_need_its_file_any_more(tmp_path):
    torch.save(tiny_parameters(), tmp_path / "model.pt")
    network = load_int_checkpoint(tmp_path / "model.pt")
    os.truncate(tmp_path / "model.pt", 0)
    assert same(network, tiny_parameters())


_CHECK_ALL = """
import json, resource, sys
from pathlib import Path
from core_model.network.file_check import check_file
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before = peak()
found = {path: check_file(Path(path)) for path in sys.argv[1:]}
print(json.dumps([found, peak() - before]))
"""


def test_bad_files_get_one_sentence_run_nothing_and_take_little_memory(tmp_path):
    folder, made = tmp_path / "files", tmp_path / "made"
    folder.mkdir()
    expected = make_bad_files(folder, made)
    assert len(expected) + CUTS >= 60
    paths = [str(folder / name) for name in expected]
    run = subprocess.run(
        [sys.executable, "-c", _CHECK_ALL, *paths], capture_output=True, text=True, check=True
    )
    found, megabytes = json.loads(run.stdout)
    for name, piece in expected.items():
        usable, sentence = found[str(folder / name)]
        assert not usable, name
        assert piece in sentence, f"{name}: {sentence}"
        assert sentence.endswith(".") and "\n" not in sentence, sentence
        assert "Traceback" not in sentence
    assert not made.exists()
    assert megabytes < 500


def test_files_with_wrong_bytes_never_end_in_a_traceback(tmp_path):
    random = np.random.default_rng(0)
    torch.save(as_trained(tiny_parameters()), tmp_path / "new.pt")
    torch.save(
        as_trained(tiny_parameters()), tmp_path / "old.pt", _use_new_zipfile_serialization=False
    )
    arrays = made_up_arrays(48)
    arrays["f"] %= 48
    write_like_chumpy(arrays, tmp_path / "body.pkl")
    np.savez(tmp_path / "body.npz", **arrays)
    for source in sorted(tmp_path.iterdir()):
        whole = source.read_bytes()
        for number in range(40):
            data = bytearray(whole)
            if number < 15:
                del data[int(random.integers(len(data))) :]
            else:
                # Where the structure is, at the front and at the back.
                near = random.integers(0, 3000, 5) % len(data)
                for place in near if number % 2 else len(data) - 1 - near:
                    data[place] = random.integers(256)
            path = tmp_path / f"damaged{source.suffix}"
            path.write_bytes(data)
            assert "\n" not in check_file(path).sentence


@pytest.mark.skipif(os.name != "posix", reason="Windows has other permissions")
def test_a_file_that_may_not_be_read_is_named(tmp_path):
    path = tmp_path / "secret.pt"
    path.write_bytes(b"x")
    path.chmod(0)
    everything_allowed = os.geteuid() == 0
    if everything_allowed:
        os.seteuid(65534)
    try:
        with pytest.raises(AssetError, match="permission denied"):
            load_int_checkpoint(path)
    finally:
        if everything_allowed:
            os.seteuid(0)


def test_check_says_what_files_are(tmp_path, capsys):
    torch.save(as_trained(tiny_parameters()), tmp_path / "model.pt")
    torch.save(tiny_parameters(INTConfig.image(temporal=False)), tmp_path / "phase_1.pt")
    write_like_chumpy(made_up_arrays(), tmp_path / "SMPL_NEUTRAL.pkl")
    good = [str(tmp_path / name) for name in ("model.pt", "phase_1.pt", "SMPL_NEUTRAL.pkl")]
    assert main(["check", *good]) == 0
    lines = capsys.readouterr().out.splitlines()
    for line, piece in zip(lines, ("16 frames", "phase 1", "6890 vertices"), strict=True):
        assert ": usable: " in line and piece in line
    assert main(["check", good[0], str(tmp_path / "none.pt")]) == 1
    assert "not usable: There is no file" in capsys.readouterr().out
