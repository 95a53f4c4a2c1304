"""All that the tab remembers in the .blend: `scene.int_mocap`."""

import bpy
from bpy.props import CollectionProperty, IntProperty, PointerProperty

from .capture.properties import CaptureSettings
from .cleanup.properties import CleanupSettings
from .scene.properties import SceneSettings
from .takes.properties import TakeItem


class MocapSettings(bpy.types.PropertyGroup):
    """Settings of the four panels and the list of takes."""

    capture: PointerProperty(type=CaptureSettings)
    cleanup: PointerProperty(type=CleanupSettings)
    scene: PointerProperty(type=SceneSettings)
    takes: CollectionProperty(type=TakeItem)
    active_take: IntProperty(name="Active Take")
