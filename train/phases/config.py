"""What a phase of the image network's training is told, read from a small YAML file."""

from dataclasses import dataclass, field
from typing import Literal, cast

from core_model.errors import MocapError
from core_model.network import INTConfig
from core_model.network.config import PAPER_TRUNK, Stages
from train.bodies.posed_points import BodyConfig
from train.databases.pictures.mixture import MixtureConfig, ValidationConfig
from train.losses.phase_losses import PhaseWeights
from train.phases.augmentation import AugmentationConfig


@dataclass(frozen=True)
class NetworkConfig:
    """Parts of the image network, and its sizes, which are the paper's if nothing is said.

    Parameters
    ----------
    temporal, time_embedding : bool
    temporal_heads : int
    temporal_blocks : int
    width, blocks, heads : int
        Of the spatial part.
    trunk : list of list of int
        Width, bottlenecks and stride of each stage.
    """

    temporal: bool = True
    time_embedding: bool = True
    temporal_heads: int = 12
    temporal_blocks: int = 3
    width: int = 768
    blocks: int = 6
    heads: int = 12
    trunk: list[list[int]] = field(default_factory=lambda: [list(each) for each in PAPER_TRUNK])

    def sizes(self) -> INTConfig:
        """Return the sizes as the network wants them.

        Raises
        ------
        MocapError
            When no network has them.
        """
        try:
            return INTConfig(
                evidence="image",
                width=self.width,
                spatial_blocks=self.blocks,
                spatial_heads=self.heads,
                temporal_blocks=self.temporal_blocks if self.temporal else 0,
                temporal_heads=self.temporal_heads,
                temporal_embedding_length=16 if self.temporal and self.time_embedding else None,
                trunk=cast(Stages, tuple(map(tuple, self.trunk))),
            )
        except (ValueError, TypeError) as error:
            raise MocapError(f"The network cannot be made: {error}.") from error


@dataclass(frozen=True)
class OptimiserConfig:
    """How weights are changed.

    Parameters
    ----------
    kind : "adam" or "sgd"
    rate : float
    weight_decay : float
        As L2 in the gradient.
    momentum : float
        Of SGD.
    milestones : list of int
        Epochs after which the rate is a tenth of what it was.
    clip : float or None
        Longest gradient; as it is if None.
    accumulate : int
        Batches of a process for one step.
    """

    kind: Literal["adam", "sgd"] = "adam"
    rate: float = 1e-4
    weight_decay: float = 0.0
    momentum: float = 0.9
    milestones: list[int] = field(default_factory=list)
    clip: float | None = None
    accumulate: int = 1


@dataclass(frozen=True)
class PhaseRunConfig:
    """Length and place of a run, and what it costs.

    Parameters
    ----------
    folder : str
    seed : int
    epochs : int
    epoch_batches : int or None
        Batches of an epoch, all processes together; None: until the sets that lead (3D videos, else
        2D, else images) were seen once.
    start : str or None
        A checkpoint of the phase before, or published, to begin with.
    init : str or None
        Weights of the hybrid vision transformer, ImageNet-21k, for phase 1.
    keep_every : int
        Epochs from one `epoch_N.pth.tar` to the next.
    commit_every : int
        Steps after which an elastic run keeps its state in memory.
    log_every : int
        Steps.
    workers : int
        Processes that read pictures, for each process that trains.
    bfloat16 : bool or None
        Calculate the network in bfloat16; None: where the card or the processor itself does.
    half_messages : bool
        Send gradients as float16.
    checkpointing : bool
        Calculate the blocks twice and keep less of them, where memory is short.
    tensorboard : bool
        Write scalars and overlays for TensorBoard, which must be installed.
    device : str
    """

    folder: str
    seed: int = 0
    epochs: int = 100
    epoch_batches: int | None = None
    start: str | None = None
    init: str | None = None
    keep_every: int = 20
    commit_every: int = 50
    log_every: int = 50
    workers: int = 4
    bfloat16: bool | None = False
    half_messages: bool = False
    checkpointing: bool = False
    tensorboard: bool = False
    device: str = "auto"


@dataclass(frozen=True)
class PhaseConfig:
    """All of a phase."""

    run: PhaseRunConfig
    mixture: MixtureConfig
    body: BodyConfig = field(default_factory=BodyConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)
    augmentation: AugmentationConfig = field(default_factory=AugmentationConfig)
    losses: PhaseWeights = field(default_factory=PhaseWeights)
    optimiser: OptimiserConfig = field(default_factory=OptimiserConfig)
    validation: ValidationConfig = field(default_factory=ValidationConfig)
