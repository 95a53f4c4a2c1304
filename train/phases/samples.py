"""Batches of clips and pictures with their labels, drawn from databases by their number."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from core_model.errors import MocapError
from core_model.geometry.weak_perspective import CROP_SIDE
from core_model.lifting.windows import CHUNK, reflected
from train.databases.pictures.check import check_databases
from train.databases.pictures.database import Database
from train.databases.pictures.mixture import MixtureConfig, sets_wanted
from train.losses.phase_losses import Truth
from train.phases.augmentation import (
    AugmentationConfig,
    draw_crop,
    erase_sides,
    jitter_colours,
    mirrored_joints,
    mirrored_keypoints,
    mirrored_poses,
)
from train.phases.chunks import chunks, video_bounds
from train.phases.config import PhaseConfig
from train.phases.cut_out import Labelled, cut_out
from train.phases.sampling import ShuffledOrder


class Part(NamedTuple):
    """Clips of one length, or pictures, which are clips of one frame.

    Attributes
    ----------
    pictures : (B, T, 224, 224, 3) uint8
    truth : Truth
    """

    pictures: Tensor
    truth: Truth


class Batch(NamedTuple):
    """What a process learns from at a time.

    Attributes
    ----------
    clips : Part or None
        Those of sets without 3D first.
    only_2d : int
        How many these are.
    images : Part or None
    """

    clips: Part | None
    only_2d: int
    images: Part | None


class _Clips:
    """Windows of the videos of some sets, end to end."""

    def __init__(self, databases: Sequence[Database], length: int) -> None:
        self._databases = databases
        self._spread = CHUNK // length
        rows: list[tuple[int, int, int, int]] = []
        for number, database in enumerate(databases):
            assert database.videos is not None
            for first, end in video_bounds(database.videos):
                frames, _ = chunks(end - first, database.form.stride)
                starts = database.form.stride * np.arange(len(frames))
                rows += [(number, first, end - first, start) for start in starts]
        self._windows = np.array(rows, np.int64).reshape(-1, 4)

    def __len__(self) -> int:
        return len(self._windows)

    def rows(self, index: int, random: np.random.Generator) -> tuple[Database, np.ndarray]:
        """Return the database and the rows (T,) of a clip, its first frame chosen at random."""
        number, first, count, start = self._windows[index]
        places = np.arange(random.integers(self._spread), CHUNK, self._spread)
        return self._databases[number], first + reflected(start + places, count)


class _Pictures:
    """Single pictures of some sets, end to end."""

    def __init__(self, databases: Sequence[Database], every: Sequence[int]) -> None:
        self._databases = databases
        self._every = every
        counts = [-(-len(each) // step) for each, step in zip(databases, every, strict=True)]
        self._ends = np.cumsum(counts, dtype=np.int64)

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    def rows(self, index: int, random: np.random.Generator) -> tuple[Database, np.ndarray]:
        """Return the database and the row (1,) of a picture."""
        number = int(np.searchsorted(self._ends, index, side="right"))
        before = self._ends[number - 1] if number else 0
        return self._databases[number], np.array([self._every[number] * (index - before)])


class Mixture(Dataset[Batch]):
    """The batches of a phase by their number.

    Parameters
    ----------
    databases : sequence of Database
    config : MixtureConfig
    augmentation : AugmentationConfig
    seed : int

    Raises
    ------
    MocapError
        When there is nothing to draw.
    """

    def __init__(
        self,
        databases: Sequence[Database],
        config: MixtureConfig,
        augmentation: AugmentationConfig,
        seed: int,
    ) -> None:
        of = {
            kind: [each for each in databases if each.kind == kind]
            for kind in ("video_3d", "video_2d", "image")
        }
        every = [config.image_every.get(each.form.name, 1) for each in of["image"]]
        drawn: dict[str, tuple[_Clips | _Pictures, int]] = {
            "video_3d": (_Clips(of["video_3d"], config.clip_length), config.clips_3d),
            "video_2d": (_Clips(of["video_2d"], config.clip_length), config.clips_2d),
            "image": (_Pictures(of["image"], every), config.pictures),
        }
        self._augmentation = augmentation
        self._kinds = {
            kind: (samples, ShuffledOrder(len(samples), seed, kind), count)
            for kind, (samples, count) in drawn.items()
            if count and len(samples)
        }
        if not self._kinds:
            raise MocapError("The mixture draws nothing: name sets and how much of each kind.")
        leading, _, count = next(iter(self._kinds.values()))
        self.epoch_batches = max(1, len(leading) // count)

    def __getitem__(self, number: int) -> Batch:
        made = {
            kind: [self._sample(kind, each) for each in range(number * count, (number + 1) * count)]
            for kind, (_, _, count) in self._kinds.items()
        }
        only_2d = made.get("video_2d", [])
        clips, images = only_2d + made.get("video_3d", []), made.get("image", [])
        return Batch(
            _stacked(clips) if clips else None,
            len(only_2d),
            _stacked(images) if images else None,
        )

    def _sample(self, kind: str, number: int) -> Labelled:
        samples, order, _ = self._kinds[kind]
        random, config = order.random(number), self._augmentation
        database, rows = samples.rows(order.sample(number), random)
        labelled = cut_out(database, rows, draw_crop(config, random), config.reduced_decoding)
        crops = labelled.crops
        if config.jitter and kind == "video_3d":
            crops = jitter_colours(crops, config.jitter, random)
        if config.erase:
            crops = erase_sides(crops, config, random)
        keypoints, joints, theta = labelled.keypoints, labelled.joints, labelled.theta
        if random.random() < config.flip:
            crops = crops[:, :, ::-1]
            keypoints, joints = mirrored_keypoints(keypoints), mirrored_joints(joints)
            theta[:, 3:75] = mirrored_poses(theta[:, 3:75], config.reference_quirks)
        return Labelled(crops, keypoints, joints, theta, labelled.has_smpl)

    def loader(self, numbers: Iterable[int], workers: int) -> Iterator[Batch]:
        """Return the batches of these numbers, read ahead by so many processes."""
        loader = DataLoader(
            self,
            batch_size=None,
            sampler=numbers,
            num_workers=workers,
            pin_memory=torch.cuda.is_available(),
            worker_init_fn=_one_thread,
            multiprocessing_context="fork" if workers else None,
        )
        return iter(loader)


def open_sets(config: PhaseConfig, pictures: bool) -> tuple[list[Database], Database | None]:
    """Open the sets of a phase and the one that it is validated on.

    Parameters
    ----------
    config : PhaseConfig
    pictures : bool
        Whether to look for every picture, if the configuration wants it.

    Raises
    ------
    MocapError
        With everything that is missing or damaged, line by line.
    """
    mixture, validation = config.mixture, config.validation
    wanted = sets_wanted(mixture, validation)
    databases, wrong = check_databases(
        Path(mixture.root), wanted, pictures and mixture.check_pictures
    )
    if wrong:
        raise MocapError("The data is not complete.\n" + "\n".join(wrong))
    validated = databases.pop() if validation.dataset is not None else None
    return databases, validated


def _stacked(samples: Sequence[Labelled]) -> Part:
    def tensor(name: str) -> Tensor:
        return torch.from_numpy(np.stack([getattr(each, name) for each in samples]))

    keypoints = tensor("keypoints").float()
    keypoints[..., :2] = 2 * keypoints[..., :2] / CROP_SIDE - 1
    has_smpl = torch.tensor([float(each.has_smpl) for each in samples])
    truth = Truth(
        keypoints,
        tensor("joints").float(),
        tensor("theta").float(),
        has_smpl[:, None].expand(keypoints.shape[:2]).contiguous(),
    )
    return Part(tensor("crops"), truth)


def _one_thread(_: int) -> None:
    cv2.setNumThreads(0)
