"""Tables of plain text."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import astuple

import numpy as np

from core_model.body.skeleton import JOINT_NAMES
from train.evaluate.metrics import PoseErrors
from train.evaluate.scores import COLUMNS, Row, mean_row, median_row

_COUNTS = 2  # of the last columns
_METHOD = 26  # characters
_POSE_COLUMNS = ("MPJPE", "PA-MPJPE", "PA clip", "in plane", "depth", "accel", "flips", "frames")


def row_table(rows: Mapping[str, Mapping[str, Row | None]], each: bool) -> str:
    """Lay out every clip's methods, and mean and median over clips if there are several.

    These are over the clips that MediaPipe has a row for, so that all methods are compared on
    the same ones.

    Parameters
    ----------
    rows : mapping
        By clip, then by method.
    each : bool
        Whether clips have rows of their own; if not, the means alone are shown.
    """
    width = max(len("clip"), *(len(clip) for clip in rows)) + 2
    lines = [f"{'clip':{width}}{'':{_METHOD}}" + "".join(f"{name:>8}" for name in COLUMNS)]
    for clip, methods in rows.items() if each or len(rows) == 1 else ():
        lines += [
            f"{clip:{width}}{method:{_METHOD}}" + _numbers(row.values())
            for method, row in methods.items()
            if row is not None
        ]
    compared = [methods for methods in rows.values() if None not in methods.values()]
    if len(rows) > 1 and compared:
        for method in compared[0]:
            mean = mean_row([row for methods in compared if (row := methods[method])])
            lines.append(f"{'mean':{width}}{method:{_METHOD}}" + _numbers(mean))
            if each:
                middle = median_row([row for found in compared if (row := found[method])])
                lines.append(f"{'median':{width}}{method:{_METHOD}}" + _numbers(middle))
    return "\n".join(lines)


def pose_table(rows: Mapping[str, Mapping[str, Row | None]]) -> str:
    """Lay out PA-MPJPE: clips down, methods across, and the last as a share of the first."""
    methods = [name for name in next(iter(rows.values())) if not name.startswith("(")]
    width = max(len("clip"), *(len(clip) for clip in rows)) + 2
    heads = [name.removeprefix("+ ").split(" ")[0].rstrip(",") for name in methods]
    lines = [f"{'clip':{width}}" + "".join(f"{head:>12}" for head in heads) + f"{'ratio':>8}"]
    for clip, found in rows.items():
        values = [row.pose.pa_mpjpe if (row := found[name]) else math.nan for name in methods]
        ratio = f"{values[-1] / values[0]:8.2f}" if math.isfinite(values[0]) else f"{'-':>8}"
        lines.append(f"{clip:{width}}" + "".join(_number(value, 12) for value in values) + ratio)
    return "\n".join(lines)


def rotation_table(rows: Mapping[str, Mapping[str, Row | None]]) -> str:
    """Lay out the mean rotation error of each joint: joints down, methods across."""
    methods = [name for name in next(iter(rows.values())) if name[0] not in "(M"]
    heads = [name.removeprefix("+ ").split(" ")[0].rstrip(",") for name in methods]
    means = {
        name: np.mean([row.joint_rotations for found in rows.values() if (row := found[name])], 0)
        for name in methods
    }
    lines = [f"{'joint':16}" + "".join(f"{head:>12}" for head in heads)]
    for joint, name in enumerate(JOINT_NAMES):
        numbers = "".join(_number(means[method][joint], 12) for method in methods)
        lines.append(f"{'root' if joint == 0 else name:16}" + numbers)
    return "\n".join(lines)


def error_table(results: Mapping[str, Mapping[str, PoseErrors]]) -> str:
    """Lay out errors of joint positions alone.

    Parameters
    ----------
    results : mapping
        By clip, then by method.
    """
    lines = [f"{'clip':10}{'':27}" + "".join(f"{name:>10}" for name in _POSE_COLUMNS)]
    for clip, methods in results.items():
        for method, errors in methods.items():
            numbers = "".join(f"{value:10.1f}" for value in astuple(errors)[:-_COUNTS])
            counts = "".join(f"{value:10d}" for value in astuple(errors)[-_COUNTS:])
            lines.append(f"{clip:10}{method:27}{numbers}{counts}")
    lines.append("mm; accel in mm/frame²; flips and frames are counts")
    return "\n".join(lines)


HELD_OUT_UNITS = "mm, mm, degrees (23 local rotations), degrees (root), m/s²; noisy landmarks"
FLOOR_UNITS = (
    "tilt of gravity in degrees; lowest skin off the floor, captured and baked, in mm; joints off "
    "in the picture once baked, and by how much the bake moved them there, % of the box"
)


def mean_table(
    title: str, errors: Mapping[str, Sequence[float]], columns: Sequence[str], units: str
) -> str:
    """Lay out errors by subject, stage or motion, and say what they are counted in."""
    lines = [f"{title:24}" + "".join(f"{name:>10}" for name in columns)]
    for name, values in errors.items():
        lines.append(f"{name:24}" + "".join(f"{value:10.1f}" for value in values))
    lines.append(units)
    return "\n".join(lines)


def _numbers(values: Sequence[float]) -> str:
    floats = "".join(_number(value, 8) for value in values[:-_COUNTS])
    return floats + "".join(f"{int(value):8d}" for value in values[-_COUNTS:])


def _number(value: float, width: int) -> str:
    return f"{value:{width}.1f}" if math.isfinite(value) else f"{'-':>{width}}"
