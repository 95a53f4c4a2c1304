"""The landmarks of a take's person at the frame that is shown, and where a view shows them."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bpy
import numpy as np
from mathutils import Vector

from core_model.errors import MocapError

from .frames import frame_of, time_of
from .kinds import HIDDEN, LANDMARK
from .records import add_landmark, add_span, sort_corrections

if TYPE_CHECKING:
    from core_model.take import Take

_NEAR = 14.0  # pixels of the screen from a landmark, at a scale of 1
_EDGE = 1e-4  # seconds


@dataclass
class Landmarks:
    """What was seen of a person, with what was said of it.

    Parameters
    ----------
    captured : Take
        As it was captured.
    """

    captured: "Take"

    @classmethod
    def of(cls, take: Any) -> "Landmarks":
        """Read the landmarks of a take.

        Raises
        ------
        MocapError
            When none were seen, or the file cannot be read.
        """
        from core_model.take import Take

        captured = Take.load(Path(bpy.path.abspath(take.path)))
        if captured.camera is None or not captured.keypoints2d[..., 2].any():
            raise MocapError(
                f"{take.name} was not captured from a clip by this program: it has no landmarks."
            )
        return cls(captured)

    def row(self, scene: bpy.types.Scene, take: Any) -> int:
        """Return the frame of the take that the scene shows.

        Raises
        ------
        MocapError
            When it has none there.
        """
        time = time_of(scene, take, scene.frame_current_final)
        row = int(np.abs(self.captured.times - time).argmin())
        if abs(self.captured.times[row] - time) > max(1 / self.captured.frame_rate, 0.1):
            raise MocapError(f"{take.name} has no frame here.")
        return row

    def at(self, take: Any, row: int) -> np.ndarray:
        """Return (33, 3): x, y in pixels of the clip, and how sure; moved ones are where put."""
        from core_model.body.landmarks import LANDMARK_INDEX

        shown = self.captured.keypoints2d[row].copy()
        time = self.captured.times[row]
        for item in take.corrections:
            if not item.enabled or item.part not in LANDMARK_INDEX:
                continue
            if item.kind == LANDMARK and abs(item.time - time) < 0.5 / self.captured.frame_rate:
                shown[LANDMARK_INDEX[item.part]] = (*item.values[:2], 1.0)
            elif item.kind == HIDDEN and item.time - _EDGE <= time <= item.end + _EDGE:
                shown[LANDMARK_INDEX[item.part], 2] = 0.0
        return shown

    def move(self, take: Any, row: int, landmark: int, pixel: np.ndarray) -> None:
        """Say where a landmark is in the picture.

        Raises
        ------
        MocapError
            When that is outside of it.
        """
        from core_model.body.landmarks import LANDMARK_NAMES

        assert self.captured.camera
        size = np.asarray(self.captured.camera.size, float)
        if (pixel < -0.5 * size).any() or (pixel > 1.5 * size).any():
            raise MocapError("That is far outside the picture: mark the landmark as hidden.")
        add_landmark(take, float(self.captured.times[row]), LANDMARK_NAMES[landmark], pixel)
        sort_corrections(take)

    def hide(self, scene: bpy.types.Scene, take: Any, row: int, landmark: int) -> tuple[int, int]:
        """Say that a landmark is hidden in the preview range, else in this frame; return which."""
        from core_model.body.landmarks import LANDMARK_NAMES

        start = end = float(self.captured.times[row])
        if scene.use_preview_range:
            start = time_of(scene, take, scene.frame_preview_start)
            end = time_of(scene, take, scene.frame_preview_end)
        add_span(take, HIDDEN, start, max(end, start), LANDMARK_NAMES[landmark])
        sort_corrections(take)
        return frame_of(scene, take, start), frame_of(scene, take, end)


def to_screen(
    landmarks: Landmarks, row: int, camera: Any, view: Any, pixels: np.ndarray
) -> np.ndarray:
    """Return where a view shows pixels (N, 2) of the clip, (N, 2); NaN for those behind it.

    Parameters
    ----------
    landmarks : Landmarks
    row : int
        Frame of the take that the scene shows.
    camera : bpy.types.Object
        Of the capture, in Blender.
    view : tuple
        Region and RegionView3D.
    pixels : (N, 2)
    """
    from bpy_extras.view3d_utils import location_3d_to_region_2d

    region, seen = view
    found: list[tuple[float, float]] = []
    for x, y, z in landmarks.captured.lens_at(row).rays(pixels).tolist():
        # Blender's camera looks along -Z, and its Y is up.
        at: Any = camera.matrix_world @ Vector((x, -y, -z))
        point: Any = location_3d_to_region_2d(region, seen, at)
        found.append((np.nan, np.nan) if point is None else (point[0], point[1]))
    return np.array(found).reshape(-1, 2)


def to_clip(
    landmarks: Landmarks, row: int, camera: Any, view: Any, at: tuple[float, float]
) -> np.ndarray:
    """Return the pixel (2,) of the clip's frame that a view shows at a place of its region."""
    from bpy_extras.view3d_utils import region_2d_to_location_3d

    region, seen = view
    # A point on the plane one unit before the camera that lies under the cursor.
    depth = camera.matrix_world @ Vector((0.0, 0.0, -1.0))
    point = camera.matrix_world.inverted() @ region_2d_to_location_3d(region, seen, at, depth)
    x, y, z = point
    return np.asarray(landmarks.captured.lens_at(row).project(np.array([x, -y, -z])))


def nearest(places: np.ndarray, at: tuple[float, float], scale: float) -> int | None:
    """Return which of some places (N, 2) is under the cursor, None if none is."""
    away = np.linalg.norm(places - np.array(at), axis=1)
    away = np.where(np.isnan(away), np.inf, away)
    best = int(away.argmin())
    return best if away[best] <= _NEAR * scale else None
