"""What a training run is told, read from a small YAML file."""

from dataclasses import dataclass, field
from pathlib import Path

from train.losses.pose_losses import LossWeights
from train.settings.records import built_config, read_values
from train.synthetic.landmark_noise import NoiseConfig
from train.synthetic.samples import CameraConfig


@dataclass(frozen=True)
class MotionConfig:
    """Where motion comes from, which subjects are kept for validation, and what is drawn how often.

    Parameters
    ----------
    sources : list of str
    held_out_subjects : list of str
    kinds : dict of str to float
        Share of the windows that show each of `train.synthetic.motion_kinds.KINDS`.
    """

    sources: list[str]
    held_out_subjects: list[str] = field(default_factory=list)
    kinds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class RunConfig:
    """Length, sizes and place of a run; `frames` and `windows` are per step.

    `steps` is the whole run, along which the learning rate falls; `minutes` ends a sitting earlier,
    to be gone on with. `start` is a file of weights to begin with instead of from nothing.
    `bfloat16` None: where the card or the processor itself calculates in it. `compile` makes the
    network's own machine code first, which needs a C++ compiler and a minute or two, and saves a
    quarter of each step.
    """

    folder: str
    seed: int = 0
    steps: int = 30_000
    minutes: float | None = None
    start: str | None = None
    save_every_minutes: float = 5.0
    frames: int = 192
    windows: int = 16
    window_length: int = 32
    end_to_end: bool = False
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    bfloat16: bool | None = None
    compile: bool = False
    tensorboard: bool = False
    device: str = "auto"


@dataclass(frozen=True)
class TrainConfig:
    """All of a training run."""

    motion: MotionConfig
    run: RunConfig
    cameras: CameraConfig = field(default_factory=CameraConfig)
    noise: NoiseConfig = field(default_factory=NoiseConfig)
    losses: LossWeights = field(default_factory=LossWeights)


def load_config(path: str | Path) -> TrainConfig:
    """Read the configuration of the keypoint network's training.

    A path that is not there is looked for in `train/`.

    Raises
    ------
    MocapError
        When the file is missing, no YAML, or names something unknown.
    """
    return built_config(TrainConfig, read_values(path), Path(path).name)
