"""Which sets a phase learns from and is validated on."""

from dataclasses import dataclass, field

from train.databases.pictures.check import Wanted


@dataclass(frozen=True)
class MixtureConfig:
    """Which sets a phase draws from, and how much of each kind a process takes for one batch.

    Sets of a kind are laid end to end and shuffled, so that each counts by its size.

    Parameters
    ----------
    root : str
        The folder `data`: databases in `database/`, pictures beside it.
    videos_3d, videos_2d, images : list of str
        Names of sets.
    image_every : dict of str to int
        Of a set of videos that serves as images, every how many frames; 1 if it is not named.
    clips_3d, clips_2d, pictures : int
        Of a batch.
    clip_length : int
        Frames of a clip, spread over a window of 128.
    check_pictures : bool
        Look for every picture before the run.
    """

    root: str = "data"
    videos_3d: list[str] = field(default_factory=list)
    videos_2d: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    image_every: dict[str, int] = field(default_factory=dict)
    clips_3d: int = 0
    clips_2d: int = 0
    pictures: int = 0
    clip_length: int = 16
    check_pictures: bool = True


@dataclass(frozen=True)
class ValidationConfig:
    """What is evaluated after each epoch.

    Parameters
    ----------
    dataset : str or None
        3dpw, h36m or mpii3d; nothing if None.
    part : str
    clip_length : int
        Frames that the network sees together.
    scale : float
        Side of the crop over the person's box.
    batch : int
        Windows of 128 frames at a time.
    """

    dataset: str | None = None
    part: str = "test"
    clip_length: int = 16
    scale: float = 1.1
    batch: int = 8


def sets_wanted(mixture: MixtureConfig, validation: ValidationConfig) -> list[Wanted]:
    """Return the sets of a phase in the order of their kinds, the validation's last."""
    wanted: list[Wanted] = [(name, "train", "video_3d") for name in mixture.videos_3d]
    wanted += [(name, "train", "video_2d") for name in mixture.videos_2d]
    wanted += [(name, "train", "image") for name in mixture.images]
    if validation.dataset is not None:
        wanted.append((validation.dataset, validation.part, "video_3d"))
    return wanted
