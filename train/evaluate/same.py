"""Does a change leave results as they were? `python -m train.evaluate same BEFORE AFTER`.

`record` captures and bakes a fixed set of clips, with the code as it is or as it was in another
revision; `same` lists for every take and every .blend whether two records hold the same.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from core_model.assets import ASSETS
from train.evaluate.benchmarks import BenchmarkError
from train.places import DEFAULT_DATA, DEMO_FOLDER, RENDERED_FOLDER, REPOSITORY

_SHARED = ("clips/sports2d_demo.mp4", "clips/pose2sim_multi/cam02.mp4")
_TIMES = ("stages", "version")
"""Members of `capture.json` that tell nothing of the motion."""


def clips_to_record(data: Path) -> dict[str, Path]:
    """Return the clips by the name of their record: ours, and those of the data folder if there."""
    ours = [DEMO_FOLDER / "demo.mp4", *sorted(RENDERED_FOLDER.glob("*.mp4"))]
    named = {path.stem: path for path in ours}
    others = [data / name for name in _SHARED]
    return named | {path.stem: path for path in others if path.exists()}


def record(folder: Path, clips: Mapping[str, Path], revision: str | None = None) -> None:
    """Capture and bake clips into `folder`, with the code as it is or as it was.

    What is there already is kept, so that a record that was interrupted goes on.

    Parameters
    ----------
    folder : Path
    clips : mapping
        By name.
    revision : str, optional
        Of this repository, for its code at that time.

    Raises
    ------
    BenchmarkError
        When there is no such revision, or a capture or a bake fails.
    """
    with _code_of(revision) as code:
        for name, clip in clips.items():
            takes, file = (folder / name).resolve(), (folder / f"{name}.blend").resolve()
            if file.exists():
                continue
            for command in (
                ("core_model", str(clip.resolve()), "-o", str(takes)),
                ("bake", str(takes), "-o", str(file)),
            ):
                print(f"{name}: python -m {command[0]}", flush=True)
                done = subprocess.run(
                    [sys.executable, "-m", *command],
                    cwd=code,
                    capture_output=True,
                    encoding="utf-8",
                    errors="replace",
                )
                if done.returncode:
                    raise BenchmarkError(f"{name} failed: {done.stderr.strip()[-2000:]}")


def differences(
    before: Mapping[str, np.ndarray], after: Mapping[str, np.ndarray], tolerance: float
) -> tuple[list[str], float]:
    """Compare arrays by name.

    Parameters
    ----------
    before, after : mapping of str to numpy.ndarray
    tolerance : float
        By how much numbers may differ.

    Returns
    -------
    sentences : list of str
        What is not the same; empty if all is.
    largest : float
        The largest difference between numbers of arrays of one shape.
    """
    said = [f"{name} is missing" for name in before.keys() - after.keys()]
    said += [f"{name} is new" for name in after.keys() - before.keys()]
    largest = 0.0
    for name in sorted(before.keys() & after.keys()):
        one, other = np.asarray(before[name]), np.asarray(after[name])
        if one.shape != other.shape:
            said.append(f"{name} has the shape {other.shape}, not {one.shape}")
        elif one.dtype.kind not in "fiub":
            said += [f"{name} is {other}, not {one}"] if (one != other).any() else []
        elif one.size and not np.array_equal(one, other, equal_nan=one.dtype.kind == "f"):
            apart = np.abs(one.astype(np.float64) - other.astype(np.float64))
            most = float(np.where(np.isnan(apart), np.inf, apart).max())
            largest = max(largest, most)
            said += [f"{name} differs by {most:.3g}"] if most > tolerance else []
    return said, largest


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `same` and return 0 if everything is the same, 1 if not."""
    parser = argparse.ArgumentParser(
        prog="python -m train.evaluate same",
        description="Compare two records file by file: takes array by array, .blend files by their "
        "keys, bones, meshes and cameras.",
    )
    parser.add_argument("before", type=Path, help="a folder from `record`, or any with captures")
    parser.add_argument("after", type=Path)
    parser.add_argument(
        "--tolerance",
        type=float,
        default=0.0,
        metavar="D",
        help="numbers may differ by so much (default: not at all)",
    )
    options = parser.parse_args(arguments)
    names = [_names(folder) for folder in (options.before, options.after)]
    if not names[0]:
        raise BenchmarkError(f"There is nothing to compare in {options.before}.")
    changed = 0
    for name in sorted(names[0] | names[1]):
        if name not in names[0] or name not in names[1]:
            said, largest = [f"only {'after' if name in names[1] else 'before'}"], 0.0
        else:
            said, largest = differences(
                _read(options.before / name), _read(options.after / name), options.tolerance
            )
        changed += bool(said)
        equal = "the same" if largest == 0 else f"the same within {largest:.3g}"
        print(f"{name}: {'; '.join(said[:5]) if said else equal}")
        if len(said) > 5:
            print(f"  and {len(said) - 5} more")
    print(f"{len(names[0] | names[1])} files, {changed} not the same")
    return 1 if changed else 0


def record_main(arguments: Sequence[str] | None = None) -> int:
    """Run `record` and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m train.evaluate record",
        description="Capture and bake the demo, the rendered clips and two real ones, to be "
        "compared with another record by `same`.",
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--revision", help="with the code as it was there (default: as it is)")
    parser.add_argument("--clips", nargs="+", metavar="NAME", help="only these clips")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="data folder")
    options = parser.parse_args(arguments)
    clips = clips_to_record(options.data)
    if options.clips:
        unknown = [name for name in options.clips if name not in clips]
        if unknown:
            raise BenchmarkError(f"There is no clip {unknown[0]}; there are {', '.join(clips)}.")
        clips = {name: clips[name] for name in options.clips}
    record(options.folder, clips, options.revision)
    return 0


def _names(folder: Path) -> set[str]:
    patterns = ("*/person_*.npz", "*/capture.json", "*.blend")
    return {str(path.relative_to(folder)) for each in patterns for path in folder.glob(each)}


def _read(path: Path) -> dict[str, np.ndarray]:
    if path.suffix == ".npz":
        with np.load(path) as file:
            return dict(file)
    if path.suffix == ".json":
        summary = json.loads(path.read_text(encoding="utf-8"))
        return {key: np.array(str(summary[key])) for key in summary if key not in _TIMES}
    from bake.scene.contents import contents_of  # Blender, for those who compare such files only

    return contents_of(path)


@contextmanager
def _code_of(revision: str | None) -> Iterator[Path]:
    """Give the folder of the code of a revision; a scratch copy, unless it is today's."""
    if revision is None:
        yield REPOSITORY
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "code")
        git = ["git", "-C", str(REPOSITORY), "worktree"]
        made = subprocess.run(
            [*git, "add", "--detach", str(folder), revision], capture_output=True, text=True
        )
        if made.returncode:
            raise BenchmarkError(f"The code of {revision} cannot be had: {made.stderr.strip()}")
        try:
            for model in (ASSETS / "pose").glob("*.tflite"):
                shutil.copy(model, folder / model.relative_to(REPOSITORY))
            yield folder
        finally:
            subprocess.run([*git, "remove", "--force", str(folder)], capture_output=True)
