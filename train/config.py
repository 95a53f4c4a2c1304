"""What a training run is told, read from a small YAML file."""

from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import yaml

from core_model.errors import MocapError
from train.losses.pose_losses import LossWeights
from train.synthetic.landmark_noise import NoiseConfig
from train.synthetic.samples import CameraConfig


@dataclass(frozen=True)
class MotionConfig:
    """Where motion comes from and which subjects are kept for validation."""

    sources: list[str]
    held_out_subjects: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class RunConfig:
    """Length, sizes and place of a run; `frames` and `windows` are per step."""

    folder: str
    seed: int = 0
    minutes: float = 60.0
    save_every_minutes: float = 5.0
    frames: int = 192
    windows: int = 16
    window_length: int = 32
    end_to_end: bool = False
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    bfloat16: bool = True
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
    """Read a training configuration; a path that is not there is looked for in `train/`.

    Raises
    ------
    MocapError
        When the file is missing, no YAML, or names something unknown.
    """
    path = Path(path)
    if not path.exists():
        path = Path(__file__).parent / path
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MocapError(f"There is no configuration at {path}.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise MocapError(f"{path} is not valid YAML: {error}") from error
    return _built(TrainConfig, values, path.name)


def _built(kind: type, values: Any, where: str) -> Any:
    known = {entry.name for entry in fields(kind)}
    if not isinstance(values, dict):
        raise MocapError(f"{where}: expected the settings {', '.join(sorted(known))}.")
    unknown = set(values) - known
    if unknown:
        raise MocapError(
            f"{where}: unknown setting {', '.join(sorted(map(str, unknown)))}; "
            f"known are {', '.join(sorted(known))}."
        )
    hints = get_type_hints(kind)
    made = {
        name: _built(hints[name], value, f"{where}: {name}") if is_dataclass(hints[name]) else value
        for name, value in values.items()
    }
    try:
        return kind(**made)
    except TypeError as error:
        raise MocapError(f"{where}: a setting is missing ({error}).") from error
