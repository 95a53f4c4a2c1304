"""A figure whose landmarks were put right, lifted through the network once more."""

from dataclasses import replace

import numpy as np
import torch

from core_model.body.model import Body
from core_model.body.placement import place_in_camera
from core_model.geometry.camera import Camera
from core_model.lifting.figure import Figure
from core_model.lifting.keypoint_lifting import lift_track
from core_model.network import INTNetwork
from core_model.solving.sides import Lift
from core_model.tracking.gaps import bridged, stretches


def network_lift(network: INTNetwork, device: torch.device, body: Body, camera: Camera) -> Lift:
    """Return what lifts figures before a camera that stands still, keeping their shape.

    Parameters
    ----------
    network : INTNetwork
        With keypoint evidence, on `device`.
    device : torch.device
    body : Body
    camera : Camera
    """

    def lift(figure: Figure, times: np.ndarray) -> Figure:
        rotations = figure.rotations.copy()
        for frames in stretches(np.flatnonzero(figure.seen), times):
            span = slice(int(frames[0]), int(frames[-1]) + 1)
            landmarks = bridged(frames, figure.landmarks[frames], times)
            rotations[span] = lift_track(network, landmarks, times[span], camera, device).rotations
        pelvis, placed = place_in_camera(rotations, figure.betas, figure.landmarks, camera, body)
        known = figure.seen & placed
        pelvis = np.where(known[:, None], pelvis, figure.pelvis)
        return replace(figure, rotations=rotations, pelvis=pelvis)

    return lift
