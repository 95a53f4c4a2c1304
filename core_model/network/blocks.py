"""Pre-norm transformer blocks, the same for space and time.

Shape legend: N rows, S tokens of a row, Q tokens that are updated, D width.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional


class Attention(nn.Module):
    """Multi-head self-attention in which the first tokens of a row ask all tokens of the row."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x_NSD: Tensor, queries: int) -> Tensor:
        """Return what the first `queries` tokens gather from all, (N, Q, D)."""
        rows, tokens, width = x_NSD.shape
        qkv = self.qkv(x_NSD).view(rows, tokens, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        q = q[:, :, :queries]
        if torch.is_grad_enabled() and x_NSD.device.type == "cpu":
            # Over so few tokens the fused product's way back takes five times as long on a CPU.
            scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-2, -1)
            gathered = scores.softmax(-1) @ v
        else:
            gathered = functional.scaled_dot_product_attention(q, k, v)
        return self.proj(gathered.transpose(1, 2).reshape(rows, queries, width))


class MLP(nn.Module):
    """Two linear layers with an exact GELU between them, four times as wide inside."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Map (..., D) to (..., D)."""
        return self.fc2(functional.gelu(self.fc1(x)))


class Block(nn.Module):
    """`x += attention(norm1(x)); x += mlp(norm2(x))`."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = MLP(width)

    def forward(self, x_NSD: Tensor, queries: int | None = None) -> Tensor:
        """Update the tokens of each row (N, S, D).

        With `queries`, only the first so many tokens are updated; the rest are looked at and stay.
        """
        queries = x_NSD.shape[1] if queries is None else queries
        x_NQD = x_NSD[:, :queries] + self.attn(self.norm1(x_NSD), queries)
        x_NQD = x_NQD + self.mlp(self.norm2(x_NQD))
        if queries == x_NSD.shape[1]:
            return x_NQD
        return torch.cat((x_NQD, x_NSD[:, queries:]), dim=1)
