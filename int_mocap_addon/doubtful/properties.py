"""Doubtful ranges of a take, kept in the .blend."""

import bpy
from bpy.props import BoolProperty, FloatProperty, StringProperty


class DoubtfulItem(bpy.types.PropertyGroup):
    """A stretch of a take in which a part of the body was hardly seen."""

    name: StringProperty()  # the part of the body
    start: FloatProperty()  # seconds of the clip
    end: FloatProperty()
    confidence: FloatProperty()
    kind: StringProperty(default="unsure")
    severity: FloatProperty()
    seen: BoolProperty(name="Seen", description="You have looked at it: it is not gone to any more")
