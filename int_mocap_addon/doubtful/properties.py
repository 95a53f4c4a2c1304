"""Doubtful ranges of a take, kept in the .blend."""

import bpy
from bpy.props import FloatProperty, StringProperty


class DoubtfulItem(bpy.types.PropertyGroup):
    """A stretch of a take in which a part of the body was hardly seen."""

    name: StringProperty()  # the part of the body
    start: FloatProperty()  # seconds of the clip
    end: FloatProperty()
    confidence: FloatProperty()
