"""Tokens from a 224x224 picture: a ResNet-V2 trunk of three stages, then one token per 16 pixels.

The layout and the parameter names are those of the hybrid vision transformer (Dosovitskiy et al.,
"An Image is Worth 16x16 Words", ICLR 2021) that the published INT files were trained from.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from core_model.geometry.weak_perspective import CROP_SIDE
from core_model.network.config import Stages

PATCH_COUNT = (CROP_SIDE // 16) ** 2


def padded(x: Tensor, kernel: int, stride: int, value: float = 0.0) -> Tensor:
    """Pad (F, C, H, W) so that a window of `kernel` gives ceil(size / stride), as TensorFlow does.

    Half of the padding comes before, the larger half after.
    """
    pads = []
    for size in (x.shape[-1], x.shape[-2]):
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        pads += [total // 2, total - total // 2]
    return functional.pad(x, pads, value=value) if any(pads) else x


def _rectified(x: Tensor) -> Tensor:
    """Set what is negative to zero, in place: normalisation does not look at its output again."""
    return functional.relu(x, inplace=True)


class StandardisedConv(nn.Conv2d):
    """A convolution without bias whose filters are brought to mean 0 and deviation 1 before use.

    Qiao et al., "Weight Standardization", 2019; population deviation, 1e-5 added to it.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1) -> None:
        super().__init__(inputs, outputs, kernel, stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Map (F, inputs, H, W) to (F, outputs, ceil(H / stride), ceil(W / stride))."""
        x = padded(x, self.kernel_size[0], self.stride[0])
        return functional.conv2d(x, self.standardised(), stride=self.stride)

    def standardised(self) -> Tensor:
        """Return the filters as they are used."""
        deviation, mean = torch.std_mean(self.weight, dim=(1, 2, 3), keepdim=True, correction=0)
        return (self.weight - mean) / (deviation + 1e-5)


class GroupNorm(nn.GroupNorm):
    """Group normalisation with 32 groups."""

    def __init__(self, width: int) -> None:
        super().__init__(32, width, eps=1e-5)


class Stem(nn.Module):
    """7x7 convolution and 3x3 maximum, each halving the picture."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = StandardisedConv(3, 64, 7, 2)
        self.norm = GroupNorm(64)

    def forward(self, x: Tensor) -> Tensor:
        """Map (F, 3, H, W) to (F, 64, H / 4, W / 4)."""
        x = _rectified(self.norm(self.conv(x)))
        return functional.max_pool2d(padded(x, 3, 2, float("-inf")), 3, 2)


class Shortcut(nn.Module):
    """Brings what goes around a bottleneck to its width and size."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv = StandardisedConv(inputs, outputs, 1, stride)
        self.norm = GroupNorm(outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Map (F, inputs, H, W) to (F, outputs, H / stride, W / stride)."""
        return self.norm(self.conv(x))


class Bottleneck(nn.Module):
    """1x1, 3x3 and 1x1 convolutions around which the input is added."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        middle = outputs // 4
        self.conv1 = StandardisedConv(inputs, middle, 1)
        self.norm1 = GroupNorm(middle)
        self.conv2 = StandardisedConv(middle, middle, 3, stride)
        self.norm2 = GroupNorm(middle)
        self.conv3 = StandardisedConv(middle, outputs, 1)
        self.norm3 = GroupNorm(outputs)
        around = inputs != outputs or stride != 1
        self.downsample = Shortcut(inputs, outputs, stride) if around else None

    def forward(self, x: Tensor) -> Tensor:
        """Map (F, inputs, H, W) to (F, outputs, H / stride, W / stride)."""
        around = x if self.downsample is None else self.downsample(x)
        x = _rectified(self.norm1(self.conv1(x)))
        x = _rectified(self.norm2(self.conv2(x)))
        x = self.norm3(self.conv3(x))
        return _rectified(x.add_(around))


class Stage(nn.Module):
    """Bottlenecks of one width; the first carries the stride."""

    def __init__(self, inputs: int, outputs: int, count: int, stride: int) -> None:
        super().__init__()
        self.blocks = nn.Sequential(
            Bottleneck(inputs, outputs, stride),
            *(Bottleneck(outputs, outputs, 1) for _ in range(count - 1)),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map (F, inputs, H, W) to (F, outputs, H / stride, W / stride)."""
        return self.blocks(x)


class Trunk(nn.Module):
    """The convolutional part: (F, 3, 224, 224) to (F, 1024, 14, 14), or as wide as its stages."""

    def __init__(self, stages: Stages) -> None:
        super().__init__()
        self.stem = Stem()
        widths = [64] + [width for width, _, _ in stages]
        self.stages = nn.Sequential(
            *(
                Stage(inputs, outputs, count, stride)
                for inputs, (outputs, count, stride) in zip(widths, stages, strict=False)
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        """Run the stem and the stages."""
        return self.stages(self.stem(x))


class HybridPatches(nn.Module):
    """Evidence tokens from pictures, one for each of 14x14 places, row by row."""

    def __init__(self, width: int, stages: Stages) -> None:
        super().__init__()
        self.backbone = Trunk(stages)
        self.proj = nn.Conv2d(stages[-1][0], width, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        """Map normalised pictures (F, 3, 224, 224) to tokens (F, 196, D)."""
        return self.proj(self.backbone(pictures)).flatten(2).transpose(1, 2)
