"""One person's motion in two clips laid upon itself: over time, and in space.

Two captures of one performance differ by a rigid motion, which is where the second camera stands,
and by how late its clock is.
"""

from dataclasses import dataclass

import numpy as np

from core_model.geometry.rotations import nearest_rotation
from core_model.views.clips import Sampled

PLACE = 3.0
"""Weight of where somebody is against one of the 24 joints of how they stand there."""

_WIDTH = 0.1  # metres from which a joint counts ever less
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
        Metres by which each joint misses its partner.
    """

    rotation: np.ndarray
    translation: np.ndarray
    missed: np.ndarray


def align(a: np.ndarray, b: np.ndarray, trust: np.ndarray, start: Rigid | None = None) -> Rigid:
    """Find the rigid motion that takes joints (N, J, 3) `a` onto their partners `b`, robustly.

    Kabsch's solution, with Geman-McClure weights.

    Parameters
    ----------
    a, b : (N, J, 3)
        Metres.
    trust : (N, J)
        Weight of each pair.
    start : Rigid, optional
        Where the search begins: what it misses by far is left out.
    """
    weight = trust.copy()
    if start is not None:
        far = np.linalg.norm(a @ start.rotation.T + start.translation - b, axis=-1)
        weight = trust / (1 + (far / _WIDTH) ** 2) ** 2
    rotation, translation = np.eye(3), np.zeros(3)
    missed = np.zeros(trust.shape)
    for round_ in range(_ROUNDS):
        total = max(weight.sum(), 1e-9)
        middle_a = (weight[..., None] * a).sum(axis=(0, 1)) / total
        middle_b = (weight[..., None] * b).sum(axis=(0, 1)) / total
        covariance = np.einsum("nji,nj,njk->ik", b - middle_b, weight, a - middle_a)
        rotation = nearest_rotation(covariance)
        translation = middle_b - rotation @ middle_a
        missed = np.linalg.norm(a @ rotation.T + translation - b, axis=-1)
        width = _WIDTH * (max(1.0, 4.0 - round_) if start is None else 1.0)
        weight = trust / (1 + (missed / width) ** 2) ** 2
    return Rigid(rotation, translation, missed)
