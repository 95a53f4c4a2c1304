"""From a batch to its loss: the image network's pass over clips and pictures."""

import torch
from torch import Tensor, nn

from core_model.geometry.rotations import rot6d_to_matrix
from core_model.lifting.crops import normalised
from core_model.network import INTNetwork
from train.bodies.posed_points import SpinJoints
from train.losses.phase_losses import (
    PhaseWeights,
    Prediction,
    Truth,
    clip_losses,
    image_losses,
    project,
    rotation_angles,
    together,
)
from train.phases.samples import Batch, Part


class PhaseStep:
    """Losses of batches.

    Parameters
    ----------
    network : INTNetwork
    joints : SpinJoints
    weights : PhaseWeights
    bfloat16 : bool
        Of the network; rotations and losses need all their digits.
    reference_quirks : bool
        Overwrite the time embedding by the stretched one whenever the length of clips changes, as
        the paper's code does: after the first pictures it tells no time any more.
    """

    def __init__(
        self,
        network: INTNetwork,
        joints: SpinJoints,
        weights: PhaseWeights,
        bfloat16: bool = False,
        reference_quirks: bool = False,
    ) -> None:
        self.network, self.joints, self.weights = network, joints, weights
        self._bfloat16, self._quirks = bfloat16, reference_quirks
        self.device = network.norm.weight.device

    def predict(self, pictures: Tensor) -> Prediction:
        """Read clips (B, T, 224, 224, 3) uint8."""
        clips, frames = pictures.shape[:2]
        evidence = normalised(pictures.to(self.device, non_blocking=True).flatten(0, 1))
        if self._quirks and self.network.config.temporal_embedding_length:
            embedding = self.network.time_embedding(frames).detach()
            if embedding.shape != self.network.temporal_pos_embedding.shape:
                self.network.temporal_pos_embedding = nn.Parameter(embedding)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self._bfloat16):
            output = self.network(evidence.unflatten(0, (clips, frames)))
        rotations = rot6d_to_matrix(output.rot6d.float())
        betas, camera = output.betas.float(), output.camera.float()
        joints = self.joints.place(rotations.flatten(0, 1), betas.flatten(0, 1))
        joints = joints.unflatten(0, (clips, frames))
        return Prediction(
            project(joints, camera), joints, rotations, rotation_angles(rotations), betas
        )

    def losses(self, batch: Batch) -> tuple[Tensor, dict[str, float]]:
        """Return the loss of a batch, and its weighted terms."""
        terms: dict[str, Tensor] = {}
        zero = torch.zeros((), device=self.device)
        clip_loss = image_loss = zero
        clip_frames = image_count = 0
        if batch.clips is not None:
            said, truth = self._read(batch.clips)
            found = clip_losses(said, truth, self.weights, batch.only_2d)
            clip_loss, clip_frames = torch.stack(list(found.values())).sum(), _count(batch.clips)
            terms |= {f"clips/{name}": term for name, term in found.items()}
        if batch.images is not None:
            said, truth = self._read(batch.images)
            found = image_losses(said, truth, self.weights)
            image_loss, image_count = torch.stack(list(found.values())).sum(), _count(batch.images)
            terms |= {f"images/{name}": term for name, term in found.items()}
        loss = together(clip_loss, clip_frames, image_loss, image_count)
        report = torch.stack([loss, *terms.values()]).detach().tolist()
        return loss, dict(zip(("loss", *terms), report, strict=True))

    def _read(self, part: Part) -> tuple[Prediction, Truth]:
        return self.predict(part.pictures), part.truth.to(self.device)


def _count(part: Part) -> int:
    return part.pictures.shape[0] * part.pictures.shape[1]
