"""How straight the legs are of people who stand straight, in real clips: by their captures.

The clips' people were looked at frame by frame; in those named here both legs are straight as far
as a picture can show. No truth was measured: what is wanted is a small angle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import torch

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.model import default_body
from core_model.body.skeleton import forward_kinematics
from core_model.detection.qualities import BEST
from core_model.geometry.camera import Camera
from core_model.lifting.figure import Figure
from core_model.network import INTNetwork
from core_model.options import CaptureOptions
from core_model.pipeline.stages import STAGES, run
from core_model.pipeline.work import Work
from core_model.video.clip import open_video
from train.databases.straight_limbs import LEGS, flexion
from train.evaluate.benchmarks import BenchmarkError
from train.evaluate.clip_tracks import tracked_in


@dataclass(frozen=True)
class Stance:
    """Somebody who stands with both legs straight.

    Parameters
    ----------
    name : str
    clip : str
        In the data folder's `clips`.
    start, end : float or None
        The part of the clip that is captured, seconds.
    first, last : int
        Frames of the clip, numbered from 0 at its own rate, between which he stands.
    frame_rate : float
    place : (x, y)
        Where the middle of his box is about, in parts of the picture.
    """

    name: str
    clip: str
    start: float | None
    end: float | None
    first: int
    last: int
    frame_rate: float
    place: tuple[float, float]


_GYM, _YOGA = "people/gymnasts_attention.avi", "people/yoga_warrior.mp4"
_ROOF, _TABLE = "sports2d_demo.mp4", "intel_onebyone.mp4"
STANCES = (
    Stance("gymnast left, attention", _GYM, 0, 18.2, 172, 178, 10, (0.25, 0.6)),
    Stance("gymnast middle, attention", _GYM, 0, 18.2, 172, 178, 10, (0.5, 0.64)),
    Stance("gymnast right, attention", _GYM, 0, 18.2, 172, 178, 10, (0.69, 0.6)),
    Stance("gymnast left, arms aside", _GYM, 0, 18.2, 66, 71, 10, (0.25, 0.6)),
    Stance("gymnast middle, arms aside", _GYM, 0, 18.2, 66, 71, 10, (0.5, 0.64)),
    Stance("gymnast right, arms aside", _GYM, 0, 18.2, 66, 71, 10, (0.69, 0.6)),
    Stance("yoga, profile", _YOGA, 0, 3.8, 40, 100, 29.97, (0.35, 0.5)),
    Stance("yoga, profile, at the end", _YOGA, 23, 26, 710, 770, 29.97, (0.45, 0.5)),
    Stance("on the roof, from the front", _ROOF, 2, 3.2, 76, 82, 30, (0.37, 0.3)),
    Stance("at a table, from behind", _TABLE, 32, 42, 330, 410, 10, (0.6, 0.5)),
    Stance("another, from behind", _TABLE, 55, 64, 565, 630, 10, (0.6, 0.5)),
)


@dataclass(frozen=True)
class Knee:
    """Bends of the straighter leg in a stance, medians, degrees.

    Parameters
    ----------
    picture : float
        Between the landmarks of hip, knee and ankle, as they lie in the picture.
    network, fitted : float
        In the figure, before and after the fit to the landmarks.
    """

    picture: float
    network: float
    fitted: float


def straight_knees(
    network: INTNetwork,
    data: Path,
    device: torch.device,
    stances: Sequence[Stance] = STANCES,
    quality: str = BEST,
) -> dict[str, Knee]:
    """Capture each stance and measure its knees, by name.

    Parameters
    ----------
    network : INTNetwork
        With keypoint evidence, on `device`.
    data : Path
        The data folder.
    device : torch.device
    stances : sequence of Stance
        Those of one part of a clip stand together.
    quality : str
        One of `core_model.detection.qualities.MODELS`.

    Raises
    ------
    BenchmarkError
        When a clip is missing or nobody was found where somebody stands.
    """
    found: dict[str, Knee] = {}
    for (clip, start, end), group in groupby(
        stances, lambda each: (each.clip, each.start, each.end)
    ):
        video = data / "clips" / clip
        if not video.exists():
            raise BenchmarkError(f"There is no clip {video}; --data names the folder of data.")
        work = _tracked(video, start, end, network, device, quality)
        before = STAGES.index(next(stage for stage in STAGES if stage.name == "fit"))
        run(work, STAGES[1:before])
        lifted = [figure.rotations.copy() for figure in work.figures]
        run(work, STAGES[before : before + 1])
        for stance in group:
            who = _who_stands(work, stance)
            figure = work.figures[who]
            rows = _rows(work, stance, figure)
            bends = [_bends(rotations[rows]) for rotations in (lifted[who], figure.rotations)]
            found[stance.name] = Knee(_seen_bend(figure.landmarks[rows]), *bends)
    return found


def knee_table(knees: dict[str, Knee]) -> str:
    """Lay out the bends of every stance, and their medians."""
    lines = [f"{'straighter leg':30}{'picture':>10}{'network':>10}{'fitted':>10}"]
    rows = [(name, (knee.picture, knee.network, knee.fitted)) for name, knee in knees.items()]
    rows.append(("median", tuple(np.median([values for _, values in rows], axis=0))))
    lines += [f"{name:30}" + "".join(f"{value:10.1f}" for value in values) for name, values in rows]
    return "\n".join([*lines, "degrees; a leg that is straight has none"])


def _tracked(
    video: Path,
    start: float | None,
    end: float | None,
    network: INTNetwork,
    device: torch.device,
    quality: str,
) -> Work:
    tracked = tracked_in(video, start=start, end=end, quality=quality)
    clip = open_video(video, start, end)
    camera = Camera.assumed(clip.width, clip.height)
    options = CaptureOptions(start=start, end=end, hands=False, quality=quality)
    work = Work(clip, camera, network, device, default_body(), options)
    work.know(tracked)
    work.looks = None
    return work


def _rows(work: Work, stance: Stance, figure: Figure) -> np.ndarray:
    """Return the rows of a figure in which it stands and was seen."""
    times = work.times[figure.first : figure.first + len(figure.seen)] * stance.frame_rate
    wanted = (times > stance.first - 0.5) & (times < stance.last + 0.5) & figure.seen
    return np.flatnonzero(wanted)


def _who_stands(work: Work, stance: Stance) -> int:
    size = np.array([work.video.width, work.video.height])
    far = []
    for figure in work.figures:
        boxes = figure.bbox[_rows(work, stance, figure)]
        middles = (boxes[:, :2] + boxes[:, 2:] / 2) / size
        off = np.linalg.norm(middles - stance.place, axis=1)
        far.append(float(np.median(off)) if len(off) else np.inf)
    if not far or min(far) > 0.2:
        raise BenchmarkError(f"Nobody was found in {stance.clip} for the stance {stance.name}.")
    return int(np.argmin(far))


def _bends(rotations: np.ndarray) -> float:
    joints, _ = forward_kinematics(rotations, default_body().rest_joints(np.zeros(10)))
    return _straighter([flexion(joints, leg) for leg in LEGS])


def _seen_bend(landmarks: np.ndarray) -> float:
    bends = []
    for side in ("left", "right"):
        hip, knee, ankle = (
            landmarks[:, LANDMARK_INDEX[f"{side}_{part}"], :2] for part in ("hip", "knee", "ankle")
        )
        upper, lower = knee - hip, ankle - knee
        turn = upper[:, 0] * lower[:, 1] - upper[:, 1] * lower[:, 0]
        bends.append(abs(np.arctan2(turn, (upper * lower).sum(axis=1))))
    return _straighter(bends)


def _straighter(bends: Sequence[np.ndarray]) -> float:
    return float(np.degrees(np.median(np.minimum(*bends))))
