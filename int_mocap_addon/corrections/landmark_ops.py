"""Landmarks by hand: dragged over the clip, in the camera's view."""

from typing import Any

import bpy
import numpy as np
from bpy.props import BoolProperty, EnumProperty, FloatProperty

from core_model.body.landmarks import LANDMARK_INDEX, LANDMARK_NAMES
from core_model.errors import MocapError

from ..fixing.ops import figure_in_hand
from ..operators import Result, can_start, redraw_panels
from ..settings import settings_of
from ..wrapping import ui_scale
from .landmarks import Landmarks, nearest, to_clip, to_screen
from .markers import refresh_pin_markers, words
from .ops import wants_take

_SURE, _UNSURE, _UNSEEN = (0.5, 0.95, 0.5, 0.9), (1.0, 0.75, 0.2, 0.9), (1.0, 0.3, 0.3, 0.6)
_BY_HAND = (0.35, 0.75, 1.0, 1.0)
_RADIUS, _CORNERS = 4.5, 12
_BONES = [
    *(("shoulder", "elbow"), ("elbow", "wrist"), ("wrist", "index"), ("shoulder", "hip")),
    *(("hip", "knee"), ("knee", "ankle"), ("ankle", "heel"), ("ankle", "foot_index")),
]
_LINES = [
    *((f"{side}_{a}", f"{side}_{b}") for side in ("left", "right") for a, b in _BONES),
    *(("left_shoulder", "right_shoulder"), ("left_hip", "right_hip")),
]
_HELP = "Drag a landmark to where it is; H: hidden (in the preview range); Enter: done"


class INT_MOCAP_OT_move_landmark(bpy.types.Operator):
    """Say where a landmark is, or that it is hidden."""

    bl_idname = "int_mocap.move_landmark"
    bl_label = "Move Landmark"
    bl_description = "Say where a landmark is in the picture at this frame, or that it is hidden"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    landmark: EnumProperty(items=[(name, words(name).title(), "") for name in LANDMARK_NAMES])
    x: FloatProperty(name="X", description="Pixels of the clip from its left")
    y: FloatProperty(name="Y", description="Pixels of the clip from its top")
    hidden: BoolProperty(name="Hidden")

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        return wants_take(cls, context, baked=False)

    def execute(self, context: bpy.types.Context) -> Result:
        scene, take = context.scene, figure_in_hand(context)
        assert scene
        number = LANDMARK_INDEX[self.landmark]
        try:
            known = Landmarks.of(take)
            row = known.row(scene, take)
            if self.hidden:
                known.hide(scene, take, row, number)
            else:
                known.move(take, row, number, np.array([self.x, self.y]))
        except MocapError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        refresh_pin_markers(scene)
        redraw_panels(context)
        return {"FINISHED"}


class INT_MOCAP_OT_edit_landmarks(bpy.types.Operator):
    """Drag landmarks over the clip."""

    bl_idname = "int_mocap.edit_landmarks"
    bl_label = "Edit Landmarks"
    bl_description = (
        "Show where the capture saw the 33 landmarks, over the clip in the camera's view; drag a "
        "wrong one to where it is, or mark it as hidden, then press Solve Again"
    )

    _handle: Any = None
    _area: Any = None
    _known: Landmarks | None = None
    _dragged: int | None = None
    _pixel: Any = None

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        if not wants_take(cls, context, baked=True):
            return False
        if figure_in_hand(context).camera is None:
            cls.poll_message_set("The take was baked without its camera")
            return False
        space: Any = context.space_data
        if space is None or space.type != "VIEW_3D":
            cls.poll_message_set("This is done in a 3D View")
            return False
        return can_start(cls)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        scene, take = context.scene, figure_in_hand(context)
        manager: Any = context.window_manager
        assert scene
        try:
            self._known = Landmarks.of(take)
        except MocapError as error:
            self.report({"ERROR"}, str(error))
            return {"CANCELLED"}
        scene.camera = take.camera
        space: Any = context.space_data
        space.region_3d.view_perspective = "CAMERA"
        self._area = context.area
        self._handle = bpy.types.SpaceView3D.draw_handler_add(
            self._draw, (take.uid,), "WINDOW", "POST_PIXEL"
        )
        if context.workspace:
            context.workspace.status_text_set(_HELP)
        manager.modal_handler_add(self)
        self._area.tag_redraw()
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> Result:
        take = figure_in_hand(context)
        if take is None or take.camera is None:
            return self._end(context)
        self._area.tag_redraw()
        if event.type in {"RET", "ESC", "NUMPAD_ENTER"} and event.value == "PRESS":
            return self._end(context)
        region = next(each for each in self._area.regions if each.type == "WINDOW")
        at = (event.mouse_x - region.x, event.mouse_y - region.y)
        inside = 0 <= at[0] < region.width and 0 <= at[1] < region.height
        view = (region, self._area.spaces.active.region_3d)
        if self._dragged is not None:
            return self._drag(context, take, event, view, at)
        if not inside or self._over_panel(at, region):
            return {"PASS_THROUGH"}
        if event.type in {"LEFTMOUSE", "H"} and event.value == "PRESS":
            under = self._under(context, take, view, at)
            if under is None:
                return {"PASS_THROUGH"}
            if event.type == "H":
                self._say(landmark=LANDMARK_NAMES[under], hidden=True)
                return {"RUNNING_MODAL"}
            self._dragged, self._pixel = under, None
            return {"RUNNING_MODAL"}
        return {"PASS_THROUGH"}

    def cancel(self, context: bpy.types.Context) -> None:
        self._end(context)

    def _drag(
        self,
        context: bpy.types.Context,
        take: Any,
        event: bpy.types.Event,
        view: Any,
        at: tuple[float, float],
    ) -> Result:
        assert self._known and self._dragged is not None and context.scene
        if event.type == "MOUSEMOVE":
            try:
                row = self._known.row(context.scene, take)
            except MocapError:
                return {"RUNNING_MODAL"}
            self._pixel = to_clip(self._known, row, take.camera, view, at)
        elif event.type == "RIGHTMOUSE":
            self._dragged = None
        elif event.type == "LEFTMOUSE" and event.value == "RELEASE":
            name, pixel = LANDMARK_NAMES[self._dragged], self._pixel
            self._dragged = None
            if pixel is not None:
                self._say(landmark=name, x=float(pixel[0]), y=float(pixel[1]))
        return {"RUNNING_MODAL"}

    def _say(self, **said: Any) -> None:
        """Let the operator say it that can be undone."""
        operators: Any = bpy.ops
        try:
            operators.int_mocap.move_landmark("EXEC_DEFAULT", True, **said)
        except RuntimeError as error:
            self.report({"ERROR"}, str(error).removeprefix("Error: ").strip())

    def _under(
        self, context: bpy.types.Context, take: Any, view: Any, at: tuple[float, float]
    ) -> int | None:
        assert self._known and context.scene
        try:
            row = self._known.row(context.scene, take)
        except MocapError:
            return None
        shown = self._known.at(take, row)
        places = to_screen(self._known, row, take.camera, view, shown[:, :2])
        return nearest(places, at, ui_scale())

    def _over_panel(self, at: tuple[float, float], region: Any) -> bool:
        x, y = at[0] + region.x, at[1] + region.y
        return any(
            each.type != "WINDOW"
            and each.width > 1
            and each.x <= x < each.x + each.width
            and each.y <= y < each.y + each.height
            for each in self._area.regions
        )

    def _end(self, context: bpy.types.Context) -> Result:
        if self._handle is not None:
            bpy.types.SpaceView3D.draw_handler_remove(self._handle, "WINDOW")
            self._handle = None
        if context.workspace:
            context.workspace.status_text_set(None)
        if self._area:
            self._area.tag_redraw()
        return {"FINISHED"}

    def _draw(self, uid: str) -> None:
        context = bpy.context
        space: Any = context.space_data
        scene: Any = context.scene
        take = next((each for each in settings_of(scene).takes if each.uid == uid), None)
        if take is None or take.camera is None or space.region_3d.view_perspective != "CAMERA":
            return
        assert self._known
        try:
            row = self._known.row(scene, take)
        except MocapError:
            return
        shown = self._known.at(take, row)
        if self._dragged is not None and self._pixel is not None:
            shown[self._dragged] = (*self._pixel, 1.0)
        view = (context.region, space.region_3d)
        moved = np.abs(shown[:, :2] - self._known.captured.keypoints2d[row, :, :2]).max(axis=1) > 0
        places = to_screen(self._known, row, take.camera, view, shown[:, :2])
        draw_landmarks(places, shown[:, 2], moved)


def draw_landmarks(places: np.ndarray, sure: np.ndarray, moved: np.ndarray) -> None:
    """Draw landmarks (33, 2), in pixels of the region, with lines along the limbs."""
    import gpu
    from gpu_extras.batch import batch_for_shader

    shader = gpu.shader.from_builtin("UNIFORM_COLOR")
    gpu.state.blend_set("ALPHA")
    ends = [(LANDMARK_INDEX[a], LANDMARK_INDEX[b]) for a, b in _LINES]
    seen = [pair for pair in ends if not np.isnan(places[list(pair)]).any()]
    shader.uniform_float("color", (1.0, 1.0, 1.0, 0.35))
    corners: Any = places[np.array(seen, int).ravel()].astype(np.float32)
    batch_for_shader(shader, "LINES", {"pos": corners}).draw(shader)
    angles = 2 * np.pi * np.arange(_CORNERS + 1) / _CORNERS
    circle = _RADIUS * ui_scale() * np.stack((np.cos(angles), np.sin(angles)), axis=1)
    for place, visible, by_hand in zip(places, sure, moved, strict=True):
        if np.isnan(place).any():
            continue
        colour = _SURE if visible > 0.6 else _UNSURE if visible > 0.2 else _UNSEEN
        rim = place + circle
        middle = np.broadcast_to(place, rim[1:].shape)
        disc: Any = np.stack((middle, rim[:-1], rim[1:]), axis=1).reshape(-1, 2)
        shader.uniform_float("color", _BY_HAND if by_hand else colour)
        batch_for_shader(shader, "TRIS", {"pos": disc.astype(np.float32)}).draw(shader)
    gpu.state.blend_set("NONE")


CLASSES = (INT_MOCAP_OT_move_landmark, INT_MOCAP_OT_edit_landmarks)
