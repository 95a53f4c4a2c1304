"""Checkpoints of INT as its trainer writes them, and a corpus of files that are none."""

import io
import json
import os
import pickle
import struct
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from core_model.network import INTConfig, INTNetwork


def tiny_parameters(config: INTConfig | None = None) -> dict[str, Tensor]:
    """Return parameters that repeat one number each, so that files of them are small."""
    with torch.device("meta"):
        network = INTNetwork(config or INTConfig.image())
    return {
        name: torch.tensor([0.001 * index]).expand(tensor.shape)
        for index, (name, tensor) in enumerate(network.state_dict().items())
    }


def as_trained(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return what the trainer saves, as if several graphics cards had been used."""
    optimizer = torch.optim.Adam([torch.nn.Parameter(torch.zeros(3))])
    body = {"smpl.v_template": torch.zeros(6890, 3), "smpl.parents": torch.zeros(24).long()}
    return {
        "epoch": 100,
        "performance": np.float64(42.3),
        "history_best_performance": np.float32(42.0),
        "state_dict": {f"module.{name}": tensor for name, tensor in (parameters | body).items()},
        "optimizer": optimizer.state_dict(),
    }


class _Runs:
    """A pickle of it makes a file when loaded carelessly."""

    def __init__(self, made: Path) -> None:
        self.made = made

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch '{self.made}'",)


class _Calls:
    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call


def make_bad_files(folder: Path, made: Path) -> dict[str, str]:
    """Write files that are no checkpoint of INT; those that run something would make `made`.

    Returns
    -------
    dict
        A piece of the sentence that belongs to each file, by its name.
    """
    expected = _not_even_archives(folder) | _archives(folder) | _other_contents(folder)
    expected |= _malicious(folder, made) | _nearly_int(folder)
    expected["missing.pt"] = "no file"
    return expected


def _not_even_archives(folder: Path) -> dict[str, str]:
    contents = {
        "empty.pt": (b"", "empty"),
        "zeros.pt": (bytes(2**20), "zeros"),
        "noise.pt": (np.random.default_rng(0).bytes(10_000), "no file of PyTorch"),
        "text.pt": (b"model weights, see the web page\n", "no file of PyTorch"),
        "page.pth.tar": (b"<!DOCTYPE html><html>Google Drive - Virus scan</html>", "web page"),
        "pointer.pt": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "git lfs"),
        "picture.pt": (b"\x89PNG\r\n\x1a\n" + bytes(range(100)), "no file of PyTorch"),
        "gzip.pt": (b"\x1f\x8b\x08" + bytes(range(100)), "no file of PyTorch"),
        "start_of_zip.pt": (b"PK\x03\x04" + bytes(range(200)), "cut off"),
        "no_weights.safetensors": (struct.pack("<Q", 2) + b"{}", "no parameters"),
        "lies.safetensors": (struct.pack("<Q", 2**60) + b"{" + bytes(100), "damaged"),
    }
    for name, (data, _) in contents.items():
        (folder / name).write_bytes(data)
    (folder / "folder.pt").mkdir()
    return {name: sentence for name, (_, sentence) in contents.items()} | {"folder.pt": "folder"}


def _archives(folder: Path) -> dict[str, str]:
    with tarfile.open(folder / "archive.pth.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo("model.pth"), io.BytesIO())
    with zipfile.ZipFile(folder / "zip.pt", "w") as archive:
        archive.writestr("readme.txt", "unpack me")
    np.savez(folder / "arrays.npz", poses=np.zeros((3, 72)))
    with zipfile.ZipFile(folder / "bomb.pt", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", bytes(300 * 2**20))
    with zipfile.ZipFile(folder / "script.pt", "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02N.")
        archive.writestr("archive/constants.pkl", b"\x80\x02).")
    # The directory of the archive claims 3 GB for an entry of some bytes.
    with zipfile.ZipFile(folder / "lies.pt", "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02N.")
    data = (folder / "lies.pt").read_bytes()
    directory = data.index(b"PK\x01\x02")
    huge = struct.pack("<II", 3_000_000_000, 3_000_000_000)
    (folder / "lies.pt").write_bytes(data[: directory + 20] + huge + data[directory + 28 :])
    return {
        "archive.pth.tar": "no file of PyTorch",
        "zip.pt": "zip archive",
        "arrays.npz": "it has no 'v_template'",
        "bomb.pt": "more than it holds",
        "script.pt": "TorchScript",
        "lies.pt": "more than it holds",
    }


def _other_contents(folder: Path) -> dict[str, str]:
    tensor = torch.zeros(3)
    contents: dict[str, tuple[Any, str]] = {
        "tensor.pt": (tensor, "holds a Tensor"),
        "list.pt": ([tensor], "holds a list"),
        "nothing.pt": (None, "holds a NoneType"),
        "empty_table.pt": ({}, "no parameters"),
        "optimiser.pt": (torch.optim.Adam([torch.nn.Parameter(tensor)]).state_dict(), "optimiser"),
        "resume.pt": ({"epoch": 3, "optimizer": {"state": {}}}, "only an optimiser"),
        "spin.pt": ({"model": {"conv1.weight": tensor, "init_pose": tensor}}, "SPIN"),
        "hmr.pt": ({"decpose.weight": tensor}, "HMR"),
        "vibe.pth.tar": ({"gen_state_dict": {"regressor.init_pose": tensor}}, "VIBE"),
        "vit.pth": ({"patch_embed.x": tensor, "blocks.11.attn.qkv.weight": tensor}, "ViT"),
        "resnet.pth": ({"layer1.0.conv1.weight": tensor, "fc.weight": tensor}, "ResNet"),
        "gpt.pt": ({"state_dict": {"wte.weight": tensor}}, "another model"),
        "module.pt": (torch.nn.Linear(2, 2), "asks for torch.nn.modules.linear.Linear"),
    }
    for name, (content, _) in contents.items():
        torch.save(content, folder / name)
    save_file({"unet.weight": tensor}, folder / "diffusion.safetensors")
    config = INTConfig.keypoints().as_dict() | {"width": 10**9, "spatial_blocks": 10**9}
    header = {"format": "int-mocap-1", "config": json.dumps(config)}
    save_file({"norm.weight": tensor}, folder / "giant.safetensors", header)
    return {name: sentence for name, (_, sentence) in contents.items()} | {
        "diffusion.safetensors": "another model",
        "giant.safetensors": "damaged or of another version",
    }


def _malicious(folder: Path, made: Path) -> dict[str, str]:
    runs = _Runs(made)
    trained = as_trained(tiny_parameters())
    torch.save(trained | {"epoch": runs}, folder / "runs.pth.tar")
    torch.save(
        trained | {"epoch": runs}, folder / "runs_old.pt", _use_new_zipfile_serialization=False
    )
    (folder / "runs.pickle").write_bytes(pickle.dumps(runs))
    (folder / "runs.pkl").write_bytes(pickle.dumps({"v_template": runs}, 2))
    torch.save(trained | {"epoch": _Calls(eval, f"open({str(made)!r}, 'w')")}, folder / "eval.pt")
    torch.save(trained | {"epoch": _Calls(bytearray, 30 * 2**30)}, folder / "memory.pt")
    torch.save(trained | {"epoch": _Calls(torch.FloatTensor, 10**10)}, folder / "memory_2.pt")
    torch.save(trained | {"epoch": "x" * 10**6}, folder / "text_bomb.pt")
    torch.save(trained, folder / "protocol_4.pt", pickle_protocol=4)
    with zipfile.ZipFile(folder / "deep.pt", "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02" + b"]" * 100_000 + b"a" * 99_999 + b".")
        archive.writestr("archive/version", b"3\n")
    return {
        "runs.pth.tar": "asks for posix.system",
        "runs_old.pt": "asks for posix.system",
        "runs.pickle": "no file of PyTorch",
        "runs.pkl": "asks for posix.system",
        "eval.pt": "asks for __builtin__.eval",
        "memory.pt": "asks for __builtin__.bytearray",
        "memory_2.pt": "asks for torch.FloatTensor",
        "text_bomb.pt": "texts",
        "protocol_4.pt": "STACK_GLOBAL",
        "deep.pt": "holds a list",
    }


def _nearly_int(folder: Path) -> dict[str, str]:
    good = tiny_parameters()
    key = "temporal_pos_embedding"
    changes: dict[str, tuple[dict[str, Any], str]] = {
        "incomplete.pt": ({"blocks.3.norm1.bias": None}, "1 parameters are missing"),
        "maed.pt": ({"temp_embed": torch.zeros(1, 16, 768)}, "it has 'temp_embed'"),
        "shape.pt": ({"cam_head.weight": torch.zeros(4, 768)}, "has the shape (4, 768)"),
        "transposed.pt": ({"blocks.0.mlp.fc1.weight": torch.zeros(1).expand(768, 3072)}, "shape"),
        "endless.pt": ({"norm.weight": torch.zeros(1).expand(10**12)}, "has the shape"),
        "not_numbers.pt": ({"norm.weight": torch.full((768,), torch.nan)}, "not numbers"),
        "integers.pt": ({"norm.weight": torch.ones(768).long()}, "ordinary numbers"),
        "no_time.pt": ({key: torch.zeros(1, 0, 768)}, "cannot be used"),
        "long_time.pt": ({key: torch.zeros(1).expand(1, 10**9, 768)}, "cannot be used"),
        "flat_time.pt": ({key: torch.zeros(768)}, "cannot be used"),
    }
    for name, (change, _) in changes.items():
        changed = {key: tensor for key, tensor in (good | change).items() if tensor is not None}
        torch.save(as_trained(changed), folder / name)
    return {name: sentence for name, (_, sentence) in changes.items()}
