"""Shapes of the default body: adults that anny makes, and what they have in common."""

from collections.abc import Iterator

import numpy as np

_SHAPE_COUNT = 10

_SAMPLES = 400
_SEED = 0
# Of anny's phenotypes: an average adult of 1.70 m, heights spread by 9 cm.
_MEAN_HEIGHT = 0.4
_SPREAD = (0.3, 0.2, 0.2, 0.07, 0.2)


def phenotypes() -> Iterator[dict[str, float]]:
    """Make up adults.

    Yields
    ------
    dict of float
        The phenotype of the average, then of random ones.
    """
    names = ("gender", "muscle", "weight", "height", "proportions")
    mean = np.array([0.5, 0.5, 0.5, _MEAN_HEIGHT, 0.5])
    yield {"age": 2 / 3} | dict(zip(names, mean.tolist(), strict=True))
    generator = np.random.default_rng(_SEED)
    for _ in range(_SAMPLES - 1):
        values = np.clip(generator.normal(mean, _SPREAD), 0, 1)
        phenotype = {"age": float(generator.uniform(0.6, 1.0))}
        yield phenotype | {name: float(v) for name, v in zip(names, values, strict=True)}


def principal_shapes(
    vertices: np.ndarray, people: list[dict[str, float]]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the average shape (V, 3) and ten directions (V, 3, 10), one standard deviation each.

    The first makes the body taller, the second heavier (regressions on anny's phenotypes); the
    others are the principal components of what these two leave over.

    Parameters
    ----------
    vertices : (S, V, 3)
        Metres, the average first.
    people : list of dict
        The phenotype of each.
    """
    mean = vertices[0]
    left = (vertices - mean).reshape(len(vertices), -1)
    left = left - left.mean(axis=0)
    total = left.var(axis=0).sum()
    directions = []
    for name in ("height", "weight"):
        values = np.array([phenotype[name] for phenotype in people])
        directions.append(
            np.linalg.lstsq((values - values.mean())[:, None], left, rcond=None)[0][0]
        )
        directions[-1] /= np.linalg.norm(directions[-1])
        left = left - np.outer(left @ directions[-1], directions[-1])
    _, _, components = np.linalg.svd(left, full_matrices=False)
    basis = np.stack([*directions, *components[: _SHAPE_COUNT - len(directions)]])
    offsets = (vertices - mean).reshape(len(vertices), -1)
    spread = (offsets @ basis.T).std(axis=0)
    shapes = (basis * spread[:, None]).reshape(_SHAPE_COUNT, -1, 3)
    for number, shape in enumerate(shapes):
        height = np.ptp((mean + shape)[:, 1]) - np.ptp(mean[:, 1])
        print(f"shape {number}: {100 * height:+.1f} cm tall, {1000 * spread[number]:.0f} mm spread")
    print(f"ten shapes leave {100 * (1 - (spread**2).sum() / total):.2f} % of the variance")
    print(f"mean height {np.ptp(mean[:, 1]):.3f} m")
    return mean, np.moveaxis(shapes, 0, -1)
