"""INT: independent tokens for joint rotations, shape and camera (ICLR 2023).

In every frame 24 joint tokens, a shape token and a camera token attend together with the frame's
evidence; then each joint's tokens attend to each other through time; linear heads read the result.

Shape legend: B clips, T frames, F = B*T, J 24 joints, D width.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from core_model.body.skeleton import JOINT_COUNT
from core_model.network.blocks import Block
from core_model.network.config import INTConfig
from core_model.network.keypoint_tokens import KeypointTokens

READ_OUTS = JOINT_COUNT + 2


class INTOutput(NamedTuple):
    """What the network says about each frame.

    Attributes
    ----------
    rot6d : (B, T, 24, 6)
        Rotations in SMPL order, local to the parent; joint 0 turns SMPL space to camera space.
    betas : (B, T, 10)
        Body shape.
    camera : (B, T, 3)
        Weak perspective on the crop: scale, x, y.
    """

    rot6d: Tensor
    betas: Tensor
    camera: Tensor


class INTNetwork(nn.Module):
    """INT over image or keypoint evidence, with the parameter names of the published files.

    Attributes
    ----------
    frames_at_a_time : int or None
        Read frames in parts of so many; all at once if None.
    """

    frames_at_a_time: int | None = None

    def __init__(self, config: INTConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        if config.evidence == "keypoints":
            self.keypoint_embed = KeypointTokens(width, READ_OUTS)
        else:
            from core_model.network.image_tokens import PATCH_COUNT, HybridPatches

            self.patch_embed = HybridPatches(width, config.trunk)
            self.cls_token = nn.Parameter(torch.empty(1, 1, width))
            self.pos_embed = nn.Parameter(torch.empty(1, PATCH_COUNT + 1, width))
        self.joint3d_tokens = nn.Parameter(torch.empty(1, JOINT_COUNT, width))
        self.shape_token = nn.Parameter(torch.empty(1, 1, width))
        self.cam_token = nn.Parameter(torch.empty(1, 1, width))
        self.blocks = nn.ModuleList(
            Block(width, config.spatial_heads) for _ in range(config.spatial_blocks)
        )
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.joint3d_head = nn.Linear(width, 6)
        self.shape_head = nn.Linear(width, 10)
        self.cam_head = nn.Linear(width, 3)
        if config.temporal_blocks:
            self.temporal_transformer = nn.ModuleList(
                Block(width, config.temporal_heads) for _ in range(config.temporal_blocks)
            )
        if config.temporal_embedding_length:
            self.temporal_pos_embedding = nn.Parameter(
                torch.empty(1, config.temporal_embedding_length, width)
            )
        self._initialise()

    def _initialise(self) -> None:
        for parameter in (p for name, p in self.named_parameters() if "." not in name):
            nn.init.trunc_normal_(parameter, std=0.02)
        for head in (self.joint3d_head, self.shape_head, self.cam_head):
            nn.init.trunc_normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
        if self.config.evidence == "keypoints":
            nn.init.trunc_normal_(self.keypoint_embed.identity, std=0.02)
            # Start from no rotation at all rather than from an undefined one.
            with torch.no_grad():
                self.joint3d_head.bias.copy_(torch.tensor([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]))

    def forward(self, evidence: Tensor) -> INTOutput:
        """Read clips.

        Parameters
        ----------
        evidence : (B, T, 3, 224, 224) or (B, T, 33, 3)
            Normalised crops, or landmarks as from `core_model.network.evidence`.
        """
        clips, frames = evidence.shape[:2]
        tokens_FRD = self.read_frames(evidence.flatten(0, 1))
        joints_BTJD = tokens_FRD[:, :JOINT_COUNT].unflatten(0, (clips, frames))
        if self.config.temporal_blocks:
            joints_BTJD = self.relate_frames(joints_BTJD)
        return self.read_out(joints_BTJD, tokens_FRD.unflatten(0, (clips, frames)))

    def read_frames(self, evidence: Tensor) -> Tensor:
        """Return the 26 read-out tokens (F, 26, D) of frames (F, ...), each frame on its own."""
        if self.frames_at_a_time and len(evidence) > self.frames_at_a_time:
            parts = evidence.split(self.frames_at_a_time)
            return torch.cat([self.read_frames(part) for part in parts])
        count = len(evidence)
        read_outs = torch.cat((self.joint3d_tokens, self.shape_token, self.cam_token), dim=1)
        if self.config.evidence == "keypoints":
            seen, starts = self.keypoint_embed(evidence)
            tokens, updated = torch.cat((read_outs + starts, seen), dim=1), READ_OUTS
        else:
            patches = self.patch_embed(evidence)
            cls = self.cls_token.expand(count, -1, -1)
            seen = torch.cat((cls, patches), dim=1) + self.pos_embed
            tokens = torch.cat((read_outs.expand(count, -1, -1), seen), dim=1)
            updated = tokens.shape[1]
        for block in self.blocks[:-1]:
            tokens = block(tokens, updated)
        # Of the last block only the read-outs are used.
        tokens = self.blocks[-1](tokens, READ_OUTS)
        return self.norm(tokens[:, :READ_OUTS])

    def relate_frames(self, joints_BTJD: Tensor) -> Tensor:
        """Let each joint's tokens attend to each other through time, (B, T, 24, D)."""
        clips, frames, joints, width = joints_BTJD.shape
        rows = joints_BTJD.transpose(1, 2).reshape(clips * joints, frames, width)
        if self.config.temporal_embedding_length:
            rows = rows + self.time_embedding(frames)
        for block in self.temporal_transformer:
            rows = block(rows)
        return rows.view(clips, joints, frames, width).transpose(1, 2)

    def time_embedding(self, frames: int) -> Tensor:
        """Return the time embedding (1, T, D), interpolated for lengths it was not made for."""
        if frames == self.temporal_pos_embedding.shape[1]:
            return self.temporal_pos_embedding
        stretched = functional.interpolate(
            self.temporal_pos_embedding.transpose(1, 2), size=frames, mode="linear"
        )
        return stretched.transpose(1, 2)

    def read_out(self, joints_BTJD: Tensor, tokens_BTRD: Tensor) -> INTOutput:
        """Apply the heads to joint tokens and to the shape and camera tokens of the frames."""
        return INTOutput(
            rot6d=self.joint3d_head(joints_BTJD),
            betas=self.shape_head(tokens_BTRD[:, :, JOINT_COUNT]),
            camera=self.cam_head(tokens_BTRD[:, :, JOINT_COUNT + 1]),
        )
