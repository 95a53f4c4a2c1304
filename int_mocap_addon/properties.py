"""All that the tab remembers in the .blend: `scene.int_mocap`."""

import bpy
from bpy.props import CollectionProperty, IntProperty, PointerProperty

from .capture.properties import CaptureSettings
from .cleanup.properties import CleanupSettings
from .fixing.properties import FixSettings
from .rig.properties import RigSettings
from .scene.properties import SceneSettings
from .takes.properties import TakeItem


class MocapSettings(bpy.types.PropertyGroup):
    """Settings of the panels and the list of takes."""

    capture: PointerProperty(type=CaptureSettings)
    cleanup: PointerProperty(type=CleanupSettings)
    rig: PointerProperty(type=RigSettings)
    scene: PointerProperty(type=SceneSettings)
    fixing: PointerProperty(type=FixSettings)
    takes: CollectionProperty(type=TakeItem)
    active_take: IntProperty(name="Active Take")
