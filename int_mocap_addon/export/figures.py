"""The figures that the panel Export is about."""

from typing import Any

import bpy

from ..settings import settings_of


def chosen_figures(context: bpy.types.Context) -> list[Any]:
    """Return the armatures that are to be exported."""
    scene = context.scene
    assert scene
    if settings_of(scene).export.figures == "ALL":
        return [each for each in scene.objects if each.type == "ARMATURE" and _moves(each)]
    found = [_armature_of(each) for each in (*context.selected_objects, context.active_object)]
    return list(dict.fromkeys(each for each in found if each))


def why_none(context: bpy.types.Context) -> str:
    """Return why there is nothing to export, "" if there is something."""
    if chosen_figures(context):
        return ""
    if settings_of(context.scene).export.figures == "ALL":
        return "No armature of this scene moves: bake a take first"
    return "Select a figure: its armature or its body"


def _armature_of(thing: Any) -> Any:
    """Return the armature that an object is, or that moves it."""
    if thing is None:
        return None
    return thing if thing.type == "ARMATURE" else thing.find_armature()


def _moves(armature: Any) -> bool:
    data = armature.animation_data
    return bool(data and (data.action or any(track.strips for track in data.nla_tracks)))
