"""Whether one motion really explains what all clips show."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core_model.body.model import Body
from core_model.body.placement import landmarks_in_picture
from core_model.errors import ViewsError
from core_model.fit.terms import VISIBLE
from core_model.geometry.camera import Camera
from core_model.network.evidence import BODY_LANDMARKS
from core_model.views.clips import ClipMotion
from core_model.views.colours import colours_apart
from core_model.views.placing import Placed
from core_model.views.together import Together, alone_in_first, on_grid

_NEAR = 0.006  # of the figure's size, by which landmarks may always miss it in the middle
_TIMES = 2.3  # of what a clip is missed by when it is captured alone
_MOST = 0.75
_VISIBLE = 0.5
_SURE = 0.1  # of the match, below which another offset explains as much
_AT_ALL = 0.03  # likewise, however well one motion explains both
_CLOSELY = 1.6  # times what the clip alone is missed by: that is no accident
_DOUBT = 0.5  # of the match or the choice of its offset: below it colours are looked at
_OTHER_COLOURS = 16.0  # of `colours_apart`


@dataclass(frozen=True)
class Missed:
    """By how much landmarks of somebody miss a motion, as shares of their size in the picture.

    Parameters
    ----------
    clips : tuple of int
        That show them together with another clip.
    together : tuple of float
        Of each: the motion that explains all clips; three quarters of the landmarks are
        nearer.
    alone : tuple of float
        Of each: the motion of that clip alone.
    """

    clips: tuple[int, ...]
    together: tuple[float, ...]
    alone: tuple[float, ...]

    @property
    def worst(self) -> float:
        """How many times as far off as alone they are, at worst; 1 where that is near enough."""
        pairs = zip(self.together, self.alone, strict=True)
        return max((both / max(alone, _NEAR) for both, alone in pairs), default=1.0)


def missed_by_person(clips: Sequence[ClipMotion], together: Together, body: Body) -> list[Missed]:
    """Return by how much everybody is missed, in clips that show them together with others."""
    found = []
    for figure, person in zip(together.figures, together.people, strict=True):
        times = clips[0].own_times(figure)
        seen = {clip: _seen(clips, together, clip, who, times) for clip, who in person.items()}
        rows = []
        for index, number in person.items():
            others = [each[1] for clip, each in seen.items() if clip != index]
            landmarks, own_sight = seen[index]
            both = own_sight & np.any(others, axis=0) if others else np.zeros(len(times), bool)
            own, placed = clips[index].figures[number], together.cameras[index]
            moments = placed.on_first_clock(clips[index].own_times(own))
            alone = own.seen & (np.interp(moments, times, both.astype(float), 0, 0) > 0)
            if not both.any() or not alone.any():
                continue
            rotations = figure.rotations[both].copy()
            rotations[:, 0] = placed.rotation @ rotations[:, 0]
            pelvis = placed.from_first(figure.pelvis[both])
            shared = rotations, figure.betas, pelvis, landmarks[both], placed.camera, body
            single = own.rotations[alone], own.betas, own.pelvis[alone], own.landmarks[alone]
            missed = _missed(*shared), _missed(*single, clips[index].camera, body)
            if None not in missed:
                rows.append((index, *missed))
        columns = [tuple(column) for column in zip(*rows, strict=True)] if rows else [(), (), ()]
        found.append(Missed(*columns))
    return found


def _seen(
    clips: Sequence[ClipMotion], together: Together, clip: int, who: int, times: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return landmarks of somebody in a clip at `times` (T,), and when it shows them."""
    figure = clips[clip].figures[who]
    own = together.cameras[clip].on_first_clock(clips[clip].own_times(figure))
    return on_grid(figure, own, times)


def agreed(
    clips: Sequence[ClipMotion], placed: Placed, together: Together, body: Body
) -> tuple[Together, list[str]]:
    """Refuse clips that do not show what the others show; return what they agree on.

    Whoever the clips disagree about, while they agree about others, is as the first clip that
    shows them had it alone.

    Parameters
    ----------
    clips : sequence of ClipMotion
    placed : Placed
    together : Together
    body : Body

    Returns
    -------
    together : Together
    warnings : list of str
        What the user should know, in sentences.

    Raises
    ------
    ViewsError
    """
    missed = missed_by_person(clips, together, body)
    for index, (match, told_by) in enumerate(zip(placed.matches, placed.told_by, strict=True), 1):
        name, first = clips[index].name, clips[0].name
        ratios = [each.worst for each in missed if index in each.clips]
        if not ratios or min(ratios) > _TIMES:
            raise ViewsError(
                f"{name} and {first} do not show the same performance, or one of the cameras was "
                "moved: no one motion explains both. Film the same people at the same time with "
                "phones that stand still, say when it begins (offset), or leave that clip out."
            )
        loosely = min(ratios) > _CLOSELY
        unsure = match.sure < _SURE if loosely else max(match.sure, match.clear) < _AT_ALL
        if told_by == "motion" and unsure:
            raise ViewsError(
                f"Nobody can tell when {name} begins in {first}, or whether it shows the same "
                "performance: too little moves in both, or the same again and again. Say when "
                "it begins (offset), or leave that clip out."
            )
        # Where another offset agrees for longer, a short fit is not word enough.
        rivalled = match.second > match.gain or max(match.sure, match.clear) < _DOUBT
        doubt = told_by == "motion" and rivalled
        if doubt and _looks_otherwise(clips, placed, index):
            raise ViewsError(
                f"{name} and {first} do not show the same performance: people move alike in both, "
                "but their clothes and what they stand on have other colours. If it is the same "
                "performance, say when the clip begins (offset), or leave that clip out."
            )
    figures, people = [*together.figures], [*together.people]
    confidences, warnings = [*together.confidences], list[str]()
    for number, each in enumerate(missed):
        if each.worst > _TIMES:
            index, who = min(together.people[number].items())
            figures[number], confidences[number] = alone_in_first(
                clips, together.cameras, index, who, body
            )
            people[number] = {index: who}
            warnings.append(
                f"The clips do not agree about person {number + 1}, who is captured from "
                f"{clips[index].name} alone."
            )
    return Together(figures, confidences, together.cameras, people), warnings


def _looks_otherwise(clips: Sequence[ClipMotion], placed: Placed, index: int) -> bool:
    """Tell whether nobody in a clip looks as they do in any other, as far as that was seen."""
    found = []
    for person in placed.people:
        for other, who in person.items():
            if other == index or index not in person:
                continue
            if clips[index].looks and clips[other].looks:
                pair = clips[index].looks[person[index]], clips[other].looks[who]
                found.append(colours_apart(*pair))
    apart = [each for each in found if each is not None]
    return bool(apart) and min(apart) > _OTHER_COLOURS


def _missed(
    rotations: np.ndarray,
    betas: np.ndarray,
    pelvis: np.ndarray,
    landmarks: np.ndarray,
    camera: Camera,
    body: Body,
) -> float | None:
    """Return by what share of the figure's size three quarters of the landmarks are missed at most.

    Each counts as in the fit; None where none is visible. The middle would not show a camera that
    was moved in the second half.
    """
    pixels = landmarks_in_picture(rotations, betas, pelvis, camera, body)
    off = np.linalg.norm(pixels - landmarks[..., :2], axis=-1)
    size = np.ptp(landmarks[..., :2], axis=1).max(axis=-1)[:, None]
    share = (off / np.maximum(size, 1e-6))[:, BODY_LANDMARKS]
    visible = landmarks[:, BODY_LANDMARKS, 2]
    counted = visible > _VISIBLE
    if not counted.any():
        return None
    order = np.argsort(share[counted])
    weight = np.cumsum((visible[counted] ** VISIBLE)[order])
    return float(share[counted][order][np.searchsorted(weight, _MOST * weight[-1])])
