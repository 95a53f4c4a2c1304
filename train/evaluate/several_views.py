"""How far captures from several clips are from the truth: motion, cameras and clocks."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import torch

from core_model.body.model import default_body
from core_model.fit.stature import stature
from core_model.geometry.rotations import rotation_angle
from core_model.network import INTNetwork
from core_model.pipeline.work import Work
from core_model.take import Take
from core_model.views.pipeline import run_together
from train.evaluate.aligned import align, best_take
from train.evaluate.benchmarks import BenchmarkClip, clip_of_take, pose2sim_clips
from train.evaluate.scores import compared_frames, motion_row
from train.evaluate.stages import work_on
from train.evaluate.view_clips import ViewClip

COLUMNS = ("MPJPE", "PA", "camera", "place", "scaled", "focal", "sync")
UNITS = (
    "MPJPE and PA in mm; camera: its rotation against the first one's, degrees; place: where it "
    "stands, seen from the first, % of its distance from the people, and scaled: if sizes were "
    "known; focal %; sync ms"
)


_STILL = np.empty(0)


@dataclass(frozen=True)
class ViewsRow:
    """One capture from several clips, against the truth.

    Parameters
    ----------
    mpjpe, pa : float
        Millimetres.
    camera : float
        Degrees by which a further camera is turned wrongly, in the mean of its frames, the worst of
        them.
    place : float
        Of its distance from the people, by which it stands elsewhere, the worst.
    scaled : float
        The same, all places scaled to fit best: nobody knows how tall people are.
    focal : float
        Share by which focal lengths are wrong, the worst.
    sync : float
        Milliseconds, the worst.
    """

    mpjpe: float
    pa: float
    camera: float
    place: float
    scaled: float
    focal: float
    sync: float

    def values(self) -> list[float]:
        """Return the numbers of `COLUMNS`."""
        shares = [100 * each for each in (self.place, self.scaled, self.focal)]
        return [self.mpjpe, self.pa, self.camera, *shares, self.sync]


@dataclass(frozen=True)
class Looking:
    """Where a further camera stands and looks, in the space of the first one.

    Parameters
    ----------
    rotations : (T, 3, 3) or (1, 3, 3)
        From that space to its own, in each of its frames; one if it stands still.
    place : (3,)
        Metres.
    """

    rotations: np.ndarray
    place: np.ndarray


def looking(rotation: np.ndarray, translation: np.ndarray, turns: np.ndarray = _STILL) -> Looking:
    """Return how a camera looks that may turn, whichever of its frames it is told by.

    Parameters
    ----------
    rotation : (3, 3)
        From the first camera's space to that which `turns` lead to.
    translation : (3,)
        Likewise, metres.
    turns : (T, 3, 3) or (0,)
        From its own space in each frame; empty if it stands still.
    """
    own = np.swapaxes(turns, 1, 2) @ rotation if turns.size else rotation[None]
    return Looking(own, -rotation.T @ translation)


def capture_together(works: Sequence[Work]) -> list[Take]:
    """Return the takes of several clips captured together; each offset is found.

    Parameters
    ----------
    works : sequence of Work
        From `work_on`; they stay as they are.
    """
    own = [replace(work, warnings=[]) for work in works]
    run_together(own, [None] * (len(own) - 1))
    return own[0].takes


def score(clip: BenchmarkClip, takes: Sequence[Take]) -> tuple[float, float]:
    """Return MPJPE and PA-MPJPE of the take of a clip's person, mm."""
    motion = align(clip, best_take(clip, takes))
    row = motion_row(clip, motion, compared_frames(clip, [motion]), floor=False)
    return row.pose.mpjpe, row.pose.pa_mpjpe


def pose2sim_rows(
    network: INTNetwork, device: torch.device, data: Path, counts: Sequence[int] = (2, 3, 4)
) -> Iterator[tuple[str, ViewsRow]]:
    """Yield how good captures of the Pose2Sim man are, for every choice of his views."""
    clips = pose2sim_clips(data)
    with np.load(data / "clips" / "pose2sim_single" / "reference3d.npz") as file:
        rotations, places, lenses = file["R"], file["t"], file["K"]
    works = [work_on(clip, network, device) for clip in clips]
    for count in counts:
        for chosen in combinations(range(len(clips)), count):
            takes = capture_together([works[index] for index in chosen])
            first, *others = chosen
            truth = []
            for index in others:
                turn = rotations[index] @ rotations[first].T
                truth.append(looking(turn, places[index] - turn @ places[first]))
            focals = [float(lenses[index][0, 0]) for index in chosen]
            name = "+".join(clips[index].name for index in chosen)
            yield name, _row(clips[first], takes, truth, focals, [0.0] * len(others))


def rendered_rows(
    clips: Sequence[ViewClip],
    network: INTNetwork,
    device: torch.device,
    told: Collection[str] = (),
) -> Iterator[tuple[str, ViewsRow]]:
    """Yield how good captures of performances are that were rendered from several cameras.

    Parameters
    ----------
    clips : sequence of ViewClip
    network : INTNetwork
        With keypoint evidence, on `device`.
    device : torch.device
    told : collection of str
        "focal" gives every camera's focal length, "height" how tall the first person is, as a user
        may.
    """
    for clip in clips:
        seen = [_benchmark(clip, index, 0) for index in range(len(clip.views))]
        works = [work_on(each, network, device) for each in seen]
        if "height" in told:
            works = [_with_height(work, clip.takes[0].betas) for work in works]
        if "focal" in told:
            works = [
                _with_focal(work, view.camera.focal)
                for work, view in zip(works, clip.views, strict=True)
            ]
        takes = capture_together(works)
        first, *others = clip.views
        truth = []
        world_to_first = np.linalg.inv(first.camera.to_world)
        for view in others:
            between = np.linalg.inv(world_to_first @ view.camera.to_world)
            truth.append(looking(between[:3, :3], between[:3, 3], view.turns))
        focals = [view.camera.focal for view in clip.views]
        for person in range(len(clip.takes)):
            whole = _benchmark(clip, 0, person)
            name = clip.name if len(clip.takes) == 1 else f"{clip.name}_{person + 1}"
            yield name, _row(whole, takes, truth, focals, clip.offsets)


def _with_height(work: Work, betas: np.ndarray) -> Work:
    """Return work of which the height of the first person was given, of shape betas (10)."""
    height = stature(default_body(), betas)
    return replace(work, options=replace(work.options, height=height))


def _with_focal(work: Work, focal: float) -> Work:
    """Return work of which the focal length, pixels, was given."""
    return replace(
        work,
        camera=replace(work.camera, focal=focal),
        options=replace(work.options, focal=focal),
        focal_told_by="given",
    )


def _benchmark(clip: ViewClip, index: int, person: int) -> BenchmarkClip:
    """Return one view of one person as a clip with truth."""
    view = clip.views[index]
    take = view.seen(clip.takes[person])
    # Of a clip the first picture is at 0, by its own clock.
    take.times = np.arange(view.frames) / view.frame_rate
    nobody = np.full((len(take), 33, 3), np.nan)
    return clip_of_take(f"{clip.name}_{person + 1}", view.video, take, nobody, len(clip.takes))


def _row(
    clip: BenchmarkClip,
    takes: Sequence[Take],
    truth: Sequence[Looking],
    focals: Sequence[float],
    offsets: Sequence[float],
) -> ViewsRow:
    mpjpe, pa = score(clip, takes)
    take = best_take(clip, takes)
    assert take.camera is not None
    people = np.nanmedian(clip.truth[:, 0], axis=0)
    cameras, found_at, true_at, syncs = [], [], [], []
    known = zip(take.views, truth, offsets[-len(take.views) :], strict=True)
    for view, true, offset in known:
        still = np.linalg.inv(view.camera.to_world)
        found = looking(still[:3, :3], still[:3, 3], view.turns)
        cameras.append(float(np.degrees(rotation_angle(found.rotations, true.rotations)).mean()))
        away = float(np.linalg.norm(true.place - people))
        found_at.append(found.place / away)
        true_at.append(true.place / away)
        syncs.append(1000 * abs(view.offset - offset))
    lenses = [take.camera.focal, *(view.camera.focal for view in take.views)]
    wrong = [abs(found / true - 1) for found, true in zip(lenses, focals, strict=True)]
    stands, should = np.array(found_at), np.array(true_at)
    places, scaled = (
        float(np.linalg.norm(factor * stands - should, axis=1).max())
        for factor in (1.0, (stands * should).sum() / (stands**2).sum())
    )
    return ViewsRow(mpjpe, pa, max(cameras), places, scaled, max(wrong), max(syncs))
