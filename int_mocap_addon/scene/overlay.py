"""Text in the 3D View: how sure the capture is of the frame that is shown."""

from typing import Any

import blf
import bpy

from bake.motion.doubtful import DOUBTFUL
from bake.scene.marks import PROPERTY

from ..settings import settings_of

_SIZE = 13
_LEFT, _BOTTOM = 20, 56  # above the panel of the last operation
_SURE, _UNSURE, _UNSEEN = (0.75, 0.95, 0.75, 1.0), (1.0, 0.8, 0.3, 1.0), (1.0, 0.4, 0.35, 1.0)

_handle: Any = None


def lines(scene: bpy.types.Scene) -> list[tuple[str, tuple[float, float, float, float]]]:
    """Return text and colour for each baked take, at the scene's current frame."""
    shown = []
    for take in settings_of(scene).takes:
        armature = take.armature
        confidence = armature.get(PROPERTY) if armature else None
        if confidence is None or scene.objects.get(armature.name) != armature:
            continue
        if confidence <= 0:
            shown.append((f"{take.name}: not seen", _UNSEEN))
        else:
            colour = _UNSURE if confidence < DOUBTFUL else _SURE
            shown.append((f"{take.name}: {confidence:.0%} sure", colour))
    return shown


def _draw() -> None:
    context = bpy.context
    space, scene = context.space_data, context.scene
    if scene is None or not settings_of(scene).scene.show_overlay:
        return
    if not isinstance(space, bpy.types.SpaceView3D) or not space.overlay.show_overlays:
        return
    preferences = context.preferences
    scale = preferences.system.ui_scale if preferences else 1.0
    font = 0
    blf.size(font, _SIZE * scale)
    for number, (text, colour) in enumerate(reversed(lines(scene))):
        blf.color(font, *colour)
        blf.position(font, _LEFT * scale, (_BOTTOM + 1.5 * _SIZE * number) * scale, 0)
        blf.draw(font, text)


def add_overlay() -> None:
    """Begin to draw."""
    global _handle
    _handle = bpy.types.SpaceView3D.draw_handler_add(_draw, (), "WINDOW", "POST_PIXEL")


def remove_overlay() -> None:
    """Draw no more."""
    global _handle
    if _handle is not None:
        bpy.types.SpaceView3D.draw_handler_remove(_handle, "WINDOW")
        _handle = None
