"""Whether one motion really explains what all clips show."""

from collections.abc import Sequence

import numpy as np

from core_model.body.model import Body
from core_model.body.placement import landmarks_in_picture
from core_model.errors import ViewsError
from core_model.geometry.camera import Camera
from core_model.network.evidence import BODY_LANDMARKS
from core_model.views.clips import ClipMotion
from core_model.views.together import Together, on_grid

_MOST = 0.06  # of the figure's size, by which landmarks may miss it in the middle
_TIMES = 3.0  # and of what that clip alone is missed by


def missed_by_clip(
    clips: Sequence[ClipMotion], together: Together, body: Body
) -> list[tuple[float, float]]:
    """Return by how much landmarks of each clip are missed: together, and by the clip alone.

    Medians over landmarks and frames, as shares of the figure's size in the picture; of clips that
    show nobody whom another shows, zeros.
    """
    found = []
    for index, clip in enumerate(clips):
        placed = together.cameras[index]
        with_others, by_itself = [], []
        for figure, person in zip(together.figures, together.people, strict=True):
            if index not in person or len(person) < 2:
                continue
            own = clip.figures[person[index]]
            times = clips[0].own_times(figure)
            landmarks, seen = on_grid(own, placed.on_first_clock(clip.own_times(own)), times)
            if not seen.any():
                continue
            rotations = figure.rotations[seen].copy()
            rotations[:, 0] = placed.rotation @ rotations[:, 0]
            pelvis = placed.from_first(figure.pelvis[seen])
            with_others.append(
                _missed(rotations, figure.betas, pelvis, landmarks[seen], placed.camera, body)
            )
            alone = own.rotations[own.seen], own.betas, own.pelvis[own.seen]
            by_itself.append(_missed(*alone, own.landmarks[own.seen], clip.camera, body))
        found.append((_middle(with_others), _middle(by_itself)))
    return found


def _middle(shares: Sequence[np.ndarray]) -> float:
    return float(np.median(np.concatenate(shares))) if shares else 0.0


def check_agreement(clips: Sequence[ClipMotion], together: Together, body: Body) -> list[str]:
    """Refuse clips that one motion does not explain; return warnings about those that fit badly.

    Raises
    ------
    ViewsError
        When a clip does not belong to the others.
    """
    missed = missed_by_clip(clips, together, body)
    for index, (joint, alone) in enumerate(missed[1:], start=1):
        others = missed[0]
        worst = max(joint, others[0])
        usual = max(alone, others[1])
        if worst > _MOST and worst > _TIMES * usual:
            raise ViewsError(
                f"{clips[index].name} does not show the same performance as {clips[0].name}: what "
                f"people do there and here differs by {100 * worst:.0f} % of their size. Film the "
                "same people at the same time, or leave that clip out."
            )
    return []


def _missed(
    rotations: np.ndarray,
    betas: np.ndarray,
    pelvis: np.ndarray,
    landmarks: np.ndarray,
    camera: Camera,
    body: Body,
) -> np.ndarray:
    """Return by what share of the figure's size each visible landmark is missed, (N,)."""
    pixels = landmarks_in_picture(rotations, betas, pelvis, camera, body)
    off = np.linalg.norm(pixels - landmarks[..., :2], axis=-1)
    size = np.ptp(landmarks[..., :2], axis=1).max(axis=-1)[:, None]
    share = (off / np.maximum(size, 1e-6))[:, BODY_LANDMARKS]
    return np.asarray(share[landmarks[:, BODY_LANDMARKS, 2] > 0.5])
