"""What an INT network is made of, in one small record that is stored beside its weights."""

import math
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

Evidence = Literal["image", "keypoints"]
Stages = tuple[tuple[int, int, int], ...]

PAPER_TRUNK: Stages = ((256, 3, 1), (512, 4, 2), (1024, 9, 2))
"""Width, bottlenecks and stride of each stage."""

_TRUNK_STRIDE = 4  # behind a stem of 4: a token for 16x16 pixels


@dataclass(frozen=True)
class INTConfig:
    """Sizes of an INT network and the evidence that it looks at.

    Parameters
    ----------
    evidence : "image" or "keypoints"
        224x224 crops (B, T, 3, 224, 224), or BlazePose landmarks (B, T, 33, 3).
    width : int
        Length of every token.
    spatial_blocks, spatial_heads : int
        Transformer blocks over the tokens of one frame.
    temporal_blocks, temporal_heads : int
        Transformer blocks over each joint's own token through time; 0 blocks: no temporal part.
    temporal_embedding_length : int or None
        Frames that the learned time embedding was made for; None: no embedding.
    trunk : tuple of (int, int, int)
        Width, bottlenecks and stride of each stage before the tokens of pictures.
    """

    evidence: Evidence
    width: int
    spatial_blocks: int
    spatial_heads: int
    temporal_blocks: int
    temporal_heads: int
    temporal_embedding_length: int | None
    trunk: Stages = PAPER_TRUNK

    def __post_init__(self) -> None:
        """Refuse sizes that no network of this kind has.

        Raises
        ------
        ValueError
            When a size is no whole number or out of bounds, or the width cannot be shared out
            among the heads.
        """
        # A file may hold anything, tensors too, with which one cannot calculate.
        counts = (
            *(self.width, self.spatial_blocks, self.spatial_heads),
            *(self.temporal_blocks, self.temporal_heads),
        )
        if self.evidence not in get_args(Evidence) or any(type(each) is not int for each in counts):
            raise ValueError("no INT has such sizes")
        if not isinstance(self.temporal_embedding_length, int | None):
            raise ValueError("no INT has such a time embedding")
        if any(type(each) is not int for stage in self.trunk for each in stage):
            raise ValueError("no INT has such stages")
        blocks, heads = self.spatial_blocks + self.temporal_blocks, self.spatial_heads
        length = self.temporal_embedding_length
        if not (
            0 < self.width <= 4096
            and min(self.spatial_blocks, self.temporal_blocks) >= 0
            and 0 < blocks <= 64
            and (length is None or 0 < length <= 4096)
        ):
            raise ValueError(f"no INT has these sizes: {self}")
        if any(count < 1 or self.width % count for count in (heads, self.temporal_heads)):
            raise ValueError(f"{self.width} numbers cannot be shared out among {heads} heads")
        # Files hold lists.
        object.__setattr__(self, "trunk", tuple(map(tuple, self.trunk)))
        sound = all(
            width in range(128, 4097, 128) and 0 < count <= 64 and stride in (1, 2)
            for width, count, stride in self.trunk
        )
        if not sound or math.prod(stride for _, _, stride in self.trunk) != _TRUNK_STRIDE:
            raise ValueError(f"no INT has these stages: {self.trunk}")

    @classmethod
    def keypoints(cls) -> "INTConfig":
        """Return the configuration of the weights that ship with the program."""
        return cls(
            evidence="keypoints",
            width=128,
            spatial_blocks=3,
            spatial_heads=4,
            temporal_blocks=2,
            temporal_heads=4,
            temporal_embedding_length=32,
        )

    @classmethod
    def image(
        cls,
        temporal: bool = True,
        temporal_embedding_length: int | None = 16,
        temporal_heads: int = 12,
    ) -> "INTConfig":
        """Return the configuration of the INT paper's model (phase 1: `temporal=False`)."""
        return cls(
            evidence="image",
            width=768,
            spatial_blocks=6,
            spatial_heads=12,
            temporal_blocks=3 if temporal else 0,
            temporal_heads=temporal_heads,
            temporal_embedding_length=temporal_embedding_length if temporal else None,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the record as plain values, for storing; the paper's trunk goes without saying."""
        values = asdict(self)
        if self.trunk == PAPER_TRUNK:
            del values["trunk"]
        return values
