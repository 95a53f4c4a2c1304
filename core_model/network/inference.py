"""The image INT made ready for fast reading: the same numbers, arranged for the machine.

Filters are standardised once, pictures laid out channels-last, the precision halved if wanted. On a
processor oneDNN's matrix product, with weights packed for it, takes the place of the linear algebra
library's, which on some processors uses only half of the registers. PyTorch's compiler is not used:
on two cores nearly three minutes passed before the first frame.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from core_model.network.blocks import Block
from core_model.network.image_tokens import HybridPatches, StandardisedConv, padded
from core_model.network.int_network import INTNetwork

_FRAMES_IN_CACHE = 8  # fewer would fit better, but cost more on a processor that others use too
_EXPECTED_ROWS = 1024  # only a hint for the packing


def prepare_for_inference(network: INTNetwork, half: bool = False) -> INTNetwork:
    """Rearrange an image network, in place, for reading only; do so after moving it to its device.

    The network then has other parameters and cannot be saved or trained any more. Networks of
    other evidence are small and stay as they are.

    Parameters
    ----------
    network : INTNetwork
    half : bool
        Calculate the transformer in bfloat16, and on a graphics card the trunk in float16, which
        turns joints by 0.3 degrees on average. The trunk is what suffers from rounding: in bfloat16
        it alone would turn joints four times as far. A processor that cannot calculate in bfloat16
        itself would only be slower with it, and calculates as ever.
    """
    if network.config.evidence != "image":
        return network
    on_cpu = network.norm.weight.device.type == "cpu"
    packed = on_cpu and _packing_works(torch.float32)
    with_half = half and not (packed and not _packing_works(torch.bfloat16))
    blocks = torch.bfloat16 if with_half else torch.float32
    trunk = torch.float16 if half and not on_cpu else torch.float32
    if on_cpu:
        network.frames_at_a_time = _FRAMES_IN_CACHE
    return rearranged(network, trunk, blocks, packed)


def rearranged(
    network: INTNetwork, trunk_dtype: torch.dtype, blocks_dtype: torch.dtype, packed: bool
) -> INTNetwork:
    """Rearrange an image network, in place, into parts of these precisions."""
    trunk = network.patch_embed.backbone
    for parent in list(trunk.modules()):
        for name, module in list(parent.named_children()):
            if isinstance(module, StandardisedConv):
                filters = module.standardised().detach().to(trunk_dtype)
                pointwise = filters.shape[-1] == 1
                kind = PointwiseConv if pointwise and packed else FoldedConv
                setattr(parent, name, kind(filters, module.stride[0]))
    trunk.to(trunk_dtype)
    network.add_module("patch_embed", FastPatches(network.patch_embed, trunk_dtype, packed))
    for blocks in [part for part in network.children() if isinstance(part, nn.ModuleList)]:
        for index, block in enumerate(blocks):
            assert isinstance(block, Block)
            blocks[index] = FastBlock(block, blocks_dtype, packed)
    return network


class FastLinear(nn.Module):
    """A linear layer, and a GELU after it if wanted, in a given precision."""

    def __init__(
        self,
        weight: Tensor,
        bias: Tensor | None,
        dtype: torch.dtype,
        packed: bool,
        gelu: bool = False,
    ) -> None:
        super().__init__()
        weight = weight.detach().to(dtype)
        if packed:
            weight = torch.ops.mkldnn._reorder_linear_weight(weight, _EXPECTED_ROWS)
        self.weight = weight
        self.bias = None if bias is None else bias.detach().to(dtype)
        self.dtype, self.packed, self.gelu = dtype, packed, gelu

    def forward(self, x: Tensor) -> Tensor:
        """Map (..., inputs) to (..., outputs), of the layer's precision."""
        x = x.to(self.dtype)
        if self.packed:
            kind, variant = ("gelu", "none") if self.gelu else ("none", "")
            return torch.ops.mkldnn._linear_pointwise(x, self.weight, self.bias, kind, [], variant)
        x = functional.linear(x, self.weight, self.bias)
        return functional.gelu(x) if self.gelu else x


class FastBlock(nn.Module):
    """`Block` of fast layers; tokens that are only looked at get no query."""

    def __init__(self, block: Block, dtype: torch.dtype, packed: bool) -> None:
        super().__init__()
        self.norm1, self.norm2 = block.norm1, block.norm2
        attention, mlp = block.attn, block.mlp
        self.heads = attention.heads
        weight, bias = attention.qkv.weight, attention.qkv.bias
        width = weight.shape[1]
        self.query = FastLinear(weight[:width], bias[:width], dtype, packed)
        self.key_value = FastLinear(weight[width:], bias[width:], dtype, packed)
        self.proj = FastLinear(attention.proj.weight, attention.proj.bias, dtype, packed)
        self.fc1 = FastLinear(mlp.fc1.weight, mlp.fc1.bias, dtype, packed, gelu=True)
        self.fc2 = FastLinear(mlp.fc2.weight, mlp.fc2.bias, dtype, packed)

    def forward(self, x_NSD: Tensor, queries: int | None = None) -> Tensor:
        """Update the first `queries` tokens of each row (N, S, D), all if not given."""
        rows, tokens, _ = x_NSD.shape
        queries = tokens if queries is None else queries
        normed = self.norm1(x_NSD)
        q = self.query(normed[:, :queries]).view(rows, queries, self.heads, -1).transpose(1, 2)
        kv = self.key_value(normed).view(rows, tokens, 2, self.heads, -1)
        k, v = kv.permute(2, 0, 3, 1, 4)
        gathered = functional.scaled_dot_product_attention(q, k, v)
        x_NQD = x_NSD[:, :queries] + self.proj(gathered.transpose(1, 2).flatten(2))
        x_NQD += self.fc2(self.fc1(self.norm2(x_NQD)))
        return x_NQD if queries == tokens else torch.cat((x_NQD, x_NSD[:, queries:]), dim=1)


class FastPatches(nn.Module):
    """`HybridPatches` of fast layers; the tokens come in single precision."""

    def __init__(self, patches: HybridPatches, dtype: torch.dtype, packed: bool) -> None:
        super().__init__()
        self.backbone, self.dtype = patches.backbone, dtype
        self.proj = FastLinear(patches.proj.weight.flatten(1), patches.proj.bias, dtype, packed)

    def forward(self, pictures: Tensor) -> Tensor:
        """Map normalised pictures (F, 3, 224, 224) to tokens (F, 196, D)."""
        pictures = pictures.to(dtype=self.dtype, memory_format=torch.channels_last)
        places = self.backbone(pictures).permute(0, 2, 3, 1)
        return self.proj(places).flatten(1, 2).float()


class FoldedConv(nn.Module):
    """A convolution whose filters were standardised beforehand."""

    def __init__(self, filters: Tensor, stride: int) -> None:
        super().__init__()
        self.filters = filters.contiguous(memory_format=torch.channels_last)
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        """Map (F, inputs, H, W) to (F, outputs, ceil(H / stride), ceil(W / stride))."""
        kernel = self.filters.shape[-1]
        if self.stride == 1:
            return functional.conv2d(x, self.filters, padding=kernel // 2)
        return functional.conv2d(padded(x, kernel, self.stride), self.filters, stride=self.stride)


class PointwiseConv(nn.Module):
    """A 1x1 convolution as a matrix product over the places of a channels-last picture."""

    def __init__(self, filters: Tensor, stride: int) -> None:
        super().__init__()
        self.linear = FastLinear(filters.flatten(1), None, filters.dtype, packed=True)
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        """Map (F, inputs, H, W) to (F, outputs, ceil(H / stride), ceil(W / stride))."""
        places = x[..., :: self.stride, :: self.stride].permute(0, 2, 3, 1)
        return self.linear(places).permute(0, 3, 1, 2)


def _packing_works(dtype: torch.dtype) -> bool:
    """Tell whether oneDNN multiplies in a precision here, and as the ordinary product does.

    For bfloat16 it needs AVX-512 or its like.
    """
    if not torch.backends.mkldnn.is_available():
        return False
    weight, bias, rows = torch.eye(32)[:16], torch.ones(16), torch.randn(4, 32)
    try:
        found = FastLinear(weight, bias, dtype, packed=True, gelu=True)(rows).float()
    # The operator is that of PyTorch's own compiler; another version might not have it.
    except (AttributeError, RuntimeError, TypeError):
        return False
    exact = functional.gelu(rows[:, :16] + 1)
    return torch.allclose(found, exact, atol=1e-5 if dtype == torch.float32 else 0.05)
