"""`python -m train.evaluate 3dpw --checkpoint F`: the image network by its paper's protocol."""

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from core_model.engine.command_line import a_path, a_whole_number
from core_model.network.checkpoints import load_int_checkpoint
from core_model.network.devices import choose_device
from core_model.storage.atomic import replaced_when_complete
from train.bodies.posed_points import gendered_bodies, open_body, smpl_files
from train.databases.pictures.database import Database, open_database
from train.databases.pictures.mixture import ValidationConfig
from train.distributed import connect
from train.evaluate.protocol import JOINT_SETS, evaluate
from train.evaluate.video_scores import VideoResult, scores

_PARTS = {"3dpw": "test", "h36m": "val", "mpii3d": "test"}
_MEASURES = {
    "mpjpe": "MPJPE mm",
    "pa_mpjpe": "PA-MPJPE mm",
    "pve": "PVE mm",
    "accel": "accel mm/frame²",
    "accel_error": "accel error mm/frame²",
    "frames": "frames",
    "unreadable": "unreadable",
}
_PUBLISHED = {"3dpw": {"INT, published (README and abstract), T = 64": {"pa_mpjpe": 42.0}}}


def main(arguments: Sequence[str]) -> int:
    """Evaluate, print a table, and write it as JSON if wanted; return the exit code."""
    given = _parser().parse_args(arguments)
    processes = connect()
    settings = ValidationConfig(
        given.dataset, given.part or _PARTS[given.dataset], given.seqlen, given.scale
    )
    database = open_database(given.root, given.dataset, settings.part, "video_3d")
    body = open_body(smpl_files(given.root / "smpl_data", given.own_body))
    network = load_int_checkpoint(given.checkpoint).to(choose_device(given.device))
    with tqdm(unit="window", desc=given.dataset, disable=processes.rank > 0) as bar:
        results = evaluate(
            network,
            database,
            body,
            settings,
            processes,
            bar.update,
            given.overlays,
            gendered_bodies(given.root / "smpl_data", given.own_body) if given.gendered else None,
        )
    if processes.rank == 0:
        print(table(given.dataset, results, given.sequences))
        joints = JOINT_SETS[given.dataset]
        source = "J_regressor_h36m" if joints.h36m else "SPIN's 49 joints"
        truth = f"{source} on each person's own gender" if given.gendered else "the database"
        print(
            f"{len(joints.predicted)} joints, predicted by {source}, true by {truth}; clips of "
            f"{given.seqlen}."
        )
        if given.json:
            _write_json(given.json, settings, database, results)
    processes.close()
    return 0


def table(dataset: str, results: list[VideoResult], each: bool) -> str:
    """Return measures as a table for people: all together, what is published, and each video.

    Parameters
    ----------
    dataset : str
    results : list of VideoResult
    each : bool
        Whether to list every video.
    """
    rows = {"all": scores(results)} | _PUBLISHED.get(dataset, {})
    if each:
        rows |= {result.name: scores([result]) for result in results}
    width = max(map(len, rows))
    lines = [" | ".join([" " * width, *_MEASURES.values()])]
    for name, found in rows.items():
        cells = [
            _cell(found.get(measure, math.nan), measure).rjust(len(title))
            for measure, title in _MEASURES.items()
        ]
        lines.append(" | ".join([name.ljust(width), *cells]))
    return "\n".join(lines)


def _cell(value: float, measure: str) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:.0f}" if measure in ("frames", "unreadable") else f"{value:.1f}"


def _write_json(
    path: Path, settings: ValidationConfig, database: Database, results: list[VideoResult]
) -> None:
    def plain(found: dict[str, float]) -> dict[str, float | None]:
        return {name: None if math.isnan(value) else value for name, value in found.items()}

    content = {
        "set": database.form.name,
        "part": settings.part,
        "clip_length": settings.clip_length,
        "all": plain(scores(results)),
        "videos": {result.name: plain(scores([result])) for result in results},
        "published": _PUBLISHED.get(database.form.name, {}),
    }
    with replaced_when_complete(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m train.evaluate",
        description="Measure a checkpoint of the image network by the protocol of its paper. Under "
        "horovodrun or torchrun, every process reads its share of the videos.",
    )
    parser.add_argument("dataset", choices=tuple(JOINT_SETS))
    parser.add_argument("--checkpoint", type=a_path, required=True)
    parser.add_argument(
        "--seqlen", type=a_whole_number, default=16, help="frames seen together (default: 16)"
    )
    parser.add_argument("--root", type=a_path, default=Path("data"), help="default: data")
    parser.add_argument("--part", help="train, val or test; as in the paper if not given")
    parser.add_argument(
        "--gendered",
        action="store_true",
        help="3dpw: the truth of each person's own gender, SMPL_MALE.pkl and SMPL_FEMALE.pkl, in "
        "the place of the database's joints and the neutral body",
    )
    parser.add_argument("--scale", type=float, default=1.1, help="of the crop (default: 1.1)")
    parser.add_argument("--sequences", action="store_true", help="list every video too")
    parser.add_argument("--json", type=a_path, metavar="FILE", help="write all of it there")
    parser.add_argument(
        "--own-body", action="store_true", help="the body of this program in the place of SMPL"
    )
    parser.add_argument(
        "--overlays",
        type=a_path,
        metavar="DIR",
        help="write a video of each there, joints drawn in",
    )
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    return parser
