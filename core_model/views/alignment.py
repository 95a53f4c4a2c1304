"""One person's motion in two clips laid upon itself: over time, and in space.

Two captures of one performance differ by a rigid motion, which is where the second camera stands,
and by how late its clock is.
"""

from dataclasses import dataclass

import numpy as np

from core_model.geometry.rotations import nearest_rotation
from core_model.views.clips import Sampled

PLACE = 2.0
"""Weight of where somebody is against one of the 24 joints of how they stand there."""

_WIDTH = 0.1  # metres from which a joint counts ever less
_WIDTH_OF_PLACE = 0.4  # likewise, where somebody is
_ROUNDS = 12


@dataclass(frozen=True)
class Offsets:
    """How well two motions agree if the second clip's clock is so late.

    Parameters
    ----------
    offsets : (N,)
        Seconds on the first clip's clock at which the second's is 0, increasing.
    residual : (N,)
        Root of the mean squared distance of joints, metres, after the best rigid motion.
    overlap : (N,)
        Seconds in which both saw the person.
    """

    offsets: np.ndarray
    residual: np.ndarray
    overlap: np.ndarray


def compare_offsets(a: Sampled, b: Sampled, rate: float) -> Offsets:
    """Compare two motions at all offsets of their clocks at once.

    Kabsch's rotation and its residual need sums of products over the overlap; those are
    correlations, which a Fourier transform gives for every offset.

    Parameters
    ----------
    a, b : Sampled
    rate : float
        Samples a second.
    """
    size = 1 << int(np.ceil(np.log2(len(a.seen) + len(b.seen))))

    def spectrum(values: np.ndarray) -> np.ndarray:
        return np.asarray(np.fft.rfft(values, size, axis=0))

    def over_time(values: np.ndarray) -> np.ndarray:
        return np.asarray(np.fft.irfft(values, size, axis=0))

    seen_a, seen_b = spectrum(a.seen), spectrum(b.seen).conj()
    pose_a, pose_b = (
        (each.joints - each.joints[:, :1]) * each.seen[:, None, None] for each in (a, b)
    )
    place_a, place_b = (each.joints[:, 0] * each.seen[:, None] for each in (a, b))
    poses_a = spectrum(pose_a)
    poses_b = spectrum(pose_b).conj()
    places_a, places_b = spectrum(place_a), spectrum(place_b).conj()
    overlap = over_time(seen_a * seen_b)
    count = np.maximum(overlap, 1e-6)
    mean_a = over_time(places_a * seen_b[:, None]) / count[:, None]
    mean_b = over_time(seen_a[:, None] * places_b) / count[:, None]
    crossed = over_time(np.einsum("fji,fjk->fik", poses_a, poses_b))
    moved = over_time(np.einsum("fi,fk->fik", places_a, places_b))
    moved -= count[:, None, None] * mean_a[:, :, None] * mean_b[:, None, :]
    sizes = over_time(spectrum((pose_a**2).sum(axis=(1, 2))) * seen_b)
    sizes += over_time(seen_a * spectrum((pose_b**2).sum(axis=(1, 2))).conj())
    ways = over_time(spectrum((place_a**2).sum(axis=1)) * seen_b)
    ways += over_time(seen_a * spectrum((place_b**2).sum(axis=1)).conj())
    ways -= count * ((mean_a**2).sum(axis=1) + (mean_b**2).sum(axis=1))
    u, stretch, vt = np.linalg.svd(crossed + PLACE * moved)
    stretch[:, 2] *= np.sign(np.linalg.det(u @ vt))
    squares = sizes + PLACE * ways - 2 * stretch.sum(axis=1)
    joints = a.joints.shape[1] + PLACE
    residual = np.sqrt(np.maximum(squares, 0) / (joints * count))
    shift = np.arange(size)
    shift = np.where(shift >= len(a.seen), shift - size, shift)
    order = np.argsort(shift)
    return Offsets(
        (shift[order] + a.first - b.first) / rate, residual[order], overlap[order] / rate
    )


@dataclass(frozen=True)
class Rigid:
    """A rigid motion, and how well it lays one motion upon another.

    Parameters
    ----------
    rotation : (3, 3)
    translation : (3,)
        Metres.
    missed : (N, J)
        Metres by which each joint, seen from the pelvis, misses its partner.
    aside : (N,)
        Metres by which the pelvis does.
    """

    rotation: np.ndarray
    translation: np.ndarray
    missed: np.ndarray
    aside: np.ndarray


def align(a: np.ndarray, b: np.ndarray, start: Rigid | None = None, place: float = PLACE) -> Rigid:
    """Find the rigid motion that takes joints (N, J, 3) `a` onto their partners `b`, robustly.

    Kabsch's solution with Geman-McClure weights. How somebody stands counts more than where: one
    camera sees a stance well, and guesses how far away it is.

    Parameters
    ----------
    a, b : (N, J, 3)
        Metres; joint 0 is the pelvis.
    start : Rigid, optional
        Where the search begins: what it misses by far is left out.
    place : float
        Weight of where somebody is against one joint of how they stand there.
    """
    pose_a, pose_b = a - a[:, :1], b - b[:, :1]
    place_a, place_b = a[:, 0], b[:, 0]
    if start is None:
        weight, near = np.ones(a.shape[:2]), np.full(len(a), place)
    else:
        missed = np.linalg.norm(pose_a @ start.rotation.T - pose_b, axis=-1)
        aside = place_a @ start.rotation.T + start.translation - place_b
        weight, near = _weights(missed, np.linalg.norm(aside, axis=-1), 1.0, place)
    for round_ in range(_ROUNDS):
        middle_a, middle_b = (np.average(each, axis=0, weights=near) for each in (place_a, place_b))
        covariance = np.einsum("nji,nj,njk->ik", pose_b, weight, pose_a)
        covariance += np.einsum("ni,n,nk->ik", place_b - middle_b, near, place_a - middle_a)
        rotation = nearest_rotation(covariance)
        translation = middle_b - rotation @ middle_a
        missed = np.linalg.norm(pose_a @ rotation.T - pose_b, axis=-1)
        aside = np.linalg.norm(place_a @ rotation.T + translation - place_b, axis=-1)
        wider = max(1.0, 4.0 - round_) if start is None else 1.0
        weight, near = _weights(missed, aside, wider, place)
    return Rigid(rotation, translation, missed, aside)


def _weights(
    missed: np.ndarray, aside: np.ndarray, wider: float, place: float
) -> tuple[np.ndarray, np.ndarray]:
    weight = 1 / (1 + (missed / (wider * _WIDTH)) ** 2) ** 2
    return weight, place / (1 + (aside / (wider * _WIDTH_OF_PLACE)) ** 2) ** 2 + 1e-6
