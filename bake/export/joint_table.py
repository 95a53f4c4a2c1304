"""Where joints are in the world, as a table: CSV for people and spreadsheets."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class JointTable:
    """Places of joints over time.

    Parameters
    ----------
    names : tuple of str
    frames : (K,) int
        Of the scene.
    fps : float
    places : (K, J, 3)
        World: Z up, metres.
    """

    names: tuple[str, ...]
    frames: np.ndarray
    fps: float
    places: np.ndarray

    @property
    def times(self) -> np.ndarray:
        """Seconds from the first frame, (K,)."""
        return np.asarray((self.frames - self.frames[0]) / self.fps)


def write_csv(path: Path, table: JointTable) -> None:
    """Write a row for each frame: its number, its time in seconds, x, y, z of each joint."""
    heading = [f"{name}_{axis}" for name in table.names for axis in "xyz"]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["frame", "seconds", *heading])
        for frame, time, places in zip(table.frames, table.times, table.places, strict=True):
            writer.writerow(
                [int(frame), f"{time:.6f}", *(f"{number:.6f}" for number in places.ravel())]
            )
