"""Hands as all cameras saw them, each by how well it did."""

from collections.abc import Sequence

import numpy as np

from core_model.body.fingers import FINGER_JOINT_COUNT, HandMotion
from core_model.body.model import Body
from core_model.fit.placed_camera import PlacedCamera
from core_model.geometry.rotations import matrix_to_rot6d, rot6d_to_matrix
from core_model.hands.pipeline import ObservedHands, give_hands, read_hands
from core_model.lifting.figure import Figure
from core_model.views.clips import ClipMotion, interpolated
from core_model.views.together import Together, average_turns


def give_seen_hands(
    together: Together,
    clips: Sequence[ClipMotion],
    seen: Sequence[ObservedHands | None],
    body: Body,
) -> None:
    """Turn wrists and bend fingers as the cameras saw them, in place.

    Parameters
    ----------
    together : Together
    clips : sequence of ClipMotion
    seen : sequence of ObservedHands or None
        Of each clip; None where nobody looked.
    body : Body
    """
    for figure, person in zip(together.figures, together.people, strict=True):
        times = clips[0].own_times(figure)
        read = [
            _on_grid(own, clips[index], number, together.cameras[index], figure, times, body)
            for index, number in person.items()
            if (own := seen[index]) is not None
        ]
        if not read:
            continue
        sure = [hands.confidence for hands, _ in read]
        weights = [each**2 + 1e-9 for each in sure]
        by_finger = [np.repeat(each, FINGER_JOINT_COUNT // 2, axis=1) for each in weights]
        fingers = average_turns([hands.fingers for hands, _ in read], by_finger)
        palms = average_turns([palms for _, palms in read], weights)
        best = np.max(sure, axis=0)
        give_hands(figure, HandMotion(fingers, best), palms, times, body)


def _on_grid(
    seen: ObservedHands,
    clip: ClipMotion,
    number: int,
    placed: PlacedCamera,
    figure: Figure,
    times: np.ndarray,
    body: Body,
) -> tuple[HandMotion, np.ndarray]:
    """Return hands and palms at `times` (T,), palms turned to the first camera's space."""
    track, sights, own = seen.tracks[number], seen.sights[number], clip.figures[number]
    moments = clip.own_times(own)
    hands, palms = read_hands(
        sights, track.frames - own.first, track.zoom, moments, clip.camera, body, figure.betas
    )
    if clip.turns is not None:
        palms = clip.turns[own.first : own.first + len(own.seen), None] @ palms
    palms = placed.rotation.T @ palms
    at = placed.on_first_clock(moments)
    sure = np.stack([np.interp(times, at, c, left=0, right=0) for c in hands.confidence.T], 1)
    return HandMotion(_turns_at(times, at, hands.fingers), sure), _turns_at(times, at, palms)


def _turns_at(times: np.ndarray, own: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """Return rotations (N, J, 3, 3) known at `own` (N,) at other times (T,)."""
    return np.asarray(rot6d_to_matrix(interpolated(times, own, matrix_to_rot6d(turns))))
