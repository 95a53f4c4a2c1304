"""What a file that a user got from somewhere is: `python -m core_model check FILE...`."""

import argparse
from pathlib import Path
from typing import NamedTuple

from core_model.body.model import load_body
from core_model.errors import AssetError
from core_model.network import INTConfig
from core_model.network.checkpoints import is_safetensors, load_int_checkpoint
from core_model.network.torch_files import is_torch_file

_KINDS_OF_BODY = {".pkl", ".npz"}


class Finding(NamedTuple):
    """What a file is.

    Attributes
    ----------
    usable : bool
    sentence : str
        What it is and what it is good for, or why it cannot be used.
    """

    usable: bool
    sentence: str


def check_file(path: Path) -> Finding:
    """Find out what a file is by its contents; nothing in it is run."""
    try:
        if is_safetensors(path) or is_torch_file(path) or path.suffix not in _KINDS_OF_BODY:
            return Finding(True, _described(load_int_checkpoint(path).config))
        body = load_body(path)
    except AssetError as error:
        return Finding(False, str(error))
    corrections = "without" if body.posedirs is None else "with"
    return Finding(
        True,
        f"a body with {len(body.v_template)} vertices, {corrections} corrections by the pose; "
        "used with --body",
    )


def _described(config: INTConfig) -> str:
    if config.evidence == "keypoints":
        return "INT over landmarks, of this program; used with --weights"
    if not config.temporal_blocks:
        return (
            "INT of phase 1: it sees single pictures and has no temporal part, so that motion "
            "trembles more; used with --weights"
        )
    length = config.temporal_embedding_length
    frames = f"made for {length} frames at a time" if length else "without time embedding"
    return f"INT with its temporal part, {frames}; used with --weights"


def check_command(arguments: list[str]) -> int:
    """Print one line for each file; return 0 when all can be used, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m core_model check",
        description="Say what files are (checkpoints of INT, weights, SMPL bodies) and whether "
        "they will be used. Nothing in them is run.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    findings = [(path, check_file(path)) for path in parser.parse_args(arguments).files]
    for path, finding in findings:
        print(f"{path}: {'usable' if finding.usable else 'not usable'}: {finding.sentence}")
    return 0 if all(finding.usable for _, finding in findings) else 1
