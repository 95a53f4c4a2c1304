"""Square, turned regions of a picture: how they are found, and cut out for a network."""

from dataclasses import dataclass

import cv2
import numpy as np

_AVERAGED = 1.2  # pixels of a picture to one that is cut out, below which they are sampled
_MARGIN = 1.25  # the networks were trained on regions this much larger than the body's circle


@dataclass(frozen=True)
class Region:
    """A square in a picture that stands upright for the person in it.

    Parameters
    ----------
    center : (2,)
        Pixels.
    size : float
        Length of a side in pixels.
    angle : float
        Radians, clockwise as seen; 0 for a person who stands upright.
    """

    center: np.ndarray
    size: float
    angle: float = 0.0

    @classmethod
    def around_body(cls, hips: np.ndarray, end: np.ndarray) -> "Region":
        """Place a region from BlazePose's two alignment points.

        Parameters
        ----------
        hips : (2,)
            Middle of the hips, pixels.
        end : (2,)
            The point straight above it, in the person's sense, on the circle round the body.
        """
        x, y = np.asarray(end, np.float64) - hips
        angle = np.pi / 2 + np.arctan2(y, x)
        return cls(
            center=np.asarray(hips, np.float64),
            size=float(2 * np.hypot(x, y) * _MARGIN),
            angle=float((angle + np.pi) % (2 * np.pi) - np.pi),
        )

    def blended(self, other: "Region", share: float) -> "Region":
        """Return a region that is `share` (0 to 1) of `other` and the rest of this one."""
        turn = (other.angle - self.angle + np.pi) % (2 * np.pi) - np.pi
        return Region(
            center=(1 - share) * self.center + share * other.center,
            size=float(self.size ** (1 - share) * other.size**share),
            angle=float(self.angle + share * turn),
        )

    def scaled(self, share: float) -> "Region":
        """Return the region about the same centre whose sides are `share` as long."""
        return Region(self.center, share * self.size, self.angle)

    def to_pixels(self) -> np.ndarray:
        """Return the matrix (2, 3) from the region, 0 to 1 in each direction, to pixels."""
        cos, sin = np.cos(self.angle) * self.size, np.sin(self.angle) * self.size
        linear = np.array([[cos, -sin], [sin, cos]])
        corner = self.center - linear @ [0.5, 0.5]
        return np.column_stack((linear, corner))

    def points_to_pixels(self, points: np.ndarray) -> np.ndarray:
        """Take points (..., 2) of the region, 0 to 1, into pixels."""
        matrix = self.to_pixels()
        return points @ matrix[:, :2].T + matrix[:, 2]

    def cut(
        self, image: np.ndarray, side: int, border: int, *, averaged: bool = False
    ) -> np.ndarray:
        """Cut the region out of a picture.

        Sampling is bilinear, as in the pipeline that the networks were made for.

        Parameters
        ----------
        image : (H, W, 3) uint8
        side : int
            Of what is cut out, in pixels.
        border : int
            What lies outside the picture, an OpenCV border type.
        averaged : bool
            Whether all pixels count where the region has more than are cut out. Else some between
            are passed over, and grain is as strong as in a large picture.

        Returns
        -------
        (side, side, 3) uint8
        """
        matrix = self.to_pixels()
        matrix[:, :2] /= side
        if averaged and self.size > _AVERAGED * side:
            image, smaller = _averaged(image, self._corners(), self.size / side)
            matrix = smaller @ np.vstack((matrix, (0, 0, 1)))
        return cv2.warpAffine(
            image,
            matrix,
            (side, side),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=border,
        )

    def _corners(self) -> np.ndarray:
        """Return the corners (4, 2) in pixels."""
        return self.points_to_pixels(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]))


def _averaged(image: np.ndarray, corners: np.ndarray, step: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the part of a picture between corners, `step` pixels made one, and how it lies.

    The second is the matrix (2, 3) from pixels of the picture to those of the part.
    """
    size = np.array(image.shape[1::-1])
    halved = 2 ** int(np.log2(step))
    low = np.clip(np.floor(corners.min(axis=0)) - 2 * step, 0, size - 1).astype(int)
    high = np.clip(np.ceil(corners.max(axis=0)) + 2 * step, low + 1, size).astype(int)
    # First by a power of two, which is quick; what is left is done to a few pixels.
    count = np.maximum((high - low) // halved, 1)
    high = np.minimum(low + halved * count, size)
    part = image[low[1] : high[1], low[0] : high[0]]
    for wanted in (count, np.maximum(np.rint((high - low) / step), 1).astype(int)):
        part = cv2.resize(part, wanted.tolist(), interpolation=cv2.INTER_AREA)
    scale = np.array(part.shape[1::-1]) / (high - low)
    return part, np.column_stack((np.diag(scale), (0.5 - low) * scale - 0.5))
