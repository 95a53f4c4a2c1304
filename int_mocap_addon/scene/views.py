"""The 3D Views that show a scene: looking through a camera, and bringing a figure into sight."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import bpy
from bpy_extras.view3d_utils import location_3d_to_region_2d
from mathutils import Vector

_MARGIN = 4  # pixels that Blender leaves around a camera's picture
_ZOOM_RANGE = (-30.0, 600.0)
_SIDEBARS = ("UI", "TOOLS")


@dataclass(frozen=True)
class View:
    """A 3D View in a window, with its largest region.

    Parameters
    ----------
    window : bpy.types.Window
    area : bpy.types.Area
    region : bpy.types.Region
    space : bpy.types.SpaceView3D
    """

    window: Any
    area: Any
    region: Any
    space: Any

    def override(self) -> Any:
        """Return the context in which operators of that view work."""
        return bpy.context.temp_override(window=self.window, area=self.area, region=self.region)


def views_of(scene: bpy.types.Scene) -> Iterator[View]:
    """Give every 3D View that shows a scene."""
    manager = bpy.context.window_manager
    for window in manager.windows if manager else ():
        if window.scene != scene:
            continue
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                space: Any = area.spaces.active
                regions = [each for each in area.regions if each.type == "WINDOW"]
                # Of the four of a quad view only one can look through a camera.
                own = [each for each in regions if each.data == space.region_3d]
                yield View(window, area, (own or regions)[0], space)


def look_through(view: View, camera: bpy.types.Object, *, is_scenes: bool) -> None:
    """Show in a view what a camera sees, as large as fits beside the sidebar.

    Parameters
    ----------
    view : View
    camera : bpy.types.Object
    is_scenes : bool
        Whether it is the scene's camera; else it becomes that of the view alone.
    """
    view.space.use_local_camera = not is_scenes
    if not is_scenes:
        view.space.camera = camera
    view.space.region_3d.view_perspective = "CAMERA"
    _fit_picture(view)


def frame_in(view: View) -> None:
    """Move a view over to what is selected, from where it looks now.

    A view through a camera leaves it: else the camera might be moved.
    """
    if view.space.region_3d.view_perspective == "CAMERA":
        view.space.region_3d.view_perspective = "PERSP"
    with view.override():
        bpy.ops.view3d.view_selected()


def is_in_sight(view: View, points: Sequence[Vector]) -> bool:
    """Return whether most of these points of the world are inside a view, beside its bars."""
    left, right = _covered(view)
    inside = 0
    for point in points:
        place = location_3d_to_region_2d(view.region, view.space.region_3d, point)
        inside += bool(
            place
            and left <= place.x <= view.region.width - right
            and 0 <= place.y <= view.region.height
        )
    return 2 * inside > len(points)


def has_lost_camera(view: View) -> bool:
    """Return whether a view looked through a camera of its own that was deleted."""
    return bool(view.space.use_local_camera and view.space.camera is None)


def _fit_picture(view: View) -> None:
    """Zoom so that the whole picture of the camera is seen, between the bars at the sides."""
    with view.override():
        bpy.ops.view3d.view_center_camera()
    seen, render = view.space.region_3d, view.window.scene.render
    width, height = view.region.width, view.region.height
    left, right = _covered(view)
    aspect = (render.resolution_x * render.pixel_aspect_x) / (
        render.resolution_y * render.pixel_aspect_y
    )
    # As Blender has just fitted it into the whole region.
    shown = min(width - _MARGIN, (height - _MARGIN) * aspect)
    room = width - left - right - _MARGIN
    if room <= 0:
        return
    factor = _zoom_factor(seen.view_camera_zoom)
    if shown > room:
        factor *= room / shown
        zoom = 50 * (2 * factor**0.5 - 2**0.5)
        seen.view_camera_zoom = min(max(zoom, _ZOOM_RANGE[0]), _ZOOM_RANGE[1])
        factor = _zoom_factor(seen.view_camera_zoom)
    seen.view_camera_offset = ((right - left) / (4 * width * factor), 0.0)


def _zoom_factor(zoom: float) -> float:
    """Return how much larger than at its smallest Blender shows a camera's picture."""
    return (zoom / 50 + 2**0.5) ** 2 / 4


def _covered(view: View) -> tuple[int, int]:
    """Return how many pixels the bars of a view cover at its left and right side."""
    left = right = 0
    for each in view.area.regions:
        # A bar that is closed is one pixel wide.
        if each.type not in _SIDEBARS or each.width <= 1:
            continue
        begin, end = each.x - view.region.x, each.x - view.region.x + each.width
        if not 0 <= begin < end <= view.region.width:
            continue  # beside the region, not over it
        if each.alignment == "LEFT":
            left = max(left, end)
        else:
            right = max(right, view.region.width - begin)
    return left, right
