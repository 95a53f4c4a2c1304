"""Tokens from 33 landmarks: one token each, and a first guess for the tokens that are read out."""

import torch
from torch import Tensor, nn

from core_model.body.landmarks import LANDMARK_COUNT


class KeypointTokens(nn.Module):
    """Turn landmarks of one frame into evidence tokens and starts for the read-out tokens.

    A transformer needs long training to learn where each landmark stands relative to all others; a
    small MLP over the whole figure gives every read-out token that knowledge from the start.
    """

    def __init__(self, width: int, read_outs: int) -> None:
        super().__init__()
        self.read_outs = read_outs
        self.landmark = nn.Linear(3, width)
        self.identity = nn.Parameter(torch.empty(1, LANDMARK_COUNT, width))
        self.figure = nn.Sequential(
            nn.Linear(3 * LANDMARK_COUNT, 4 * width),
            nn.GELU(),
            nn.Linear(4 * width, 4 * width),
            nn.GELU(),
            nn.Linear(4 * width, read_outs * width),
        )

    def forward(self, landmarks: Tensor) -> tuple[Tensor, Tensor]:
        """Embed landmarks (F, 33, 3): x, y in units of the figure, visibility.

        Returns
        -------
        evidence : (F, 33, D)
        starts : (F, R, D)
            To be added to the R learned read-out tokens.
        """
        evidence = self.landmark(landmarks) + self.identity
        starts = self.figure(landmarks.flatten(1))
        return evidence, starts.view(len(landmarks), self.read_outs, -1)
