"""All that the tab remembers in the .blend: `scene.int_mocap`."""

from typing import Any

import bpy
from bpy.props import BoolProperty, CollectionProperty, IntProperty, PointerProperty

from .capture.properties import CaptureSettings
from .cleanup.properties import CleanupSettings
from .corrections.markers import refresh_pin_markers
from .corrections.properties import CorrectionSettings
from .doubtful.markers import refresh_markers
from .export.properties import ExportSettings
from .finishing.properties import FinishSettings
from .fixing.properties import FixSettings
from .retarget.properties import RetargetSettings
from .rig.properties import RigSettings
from .scene.properties import SceneSettings
from .takes.properties import TakeItem
from .tasks import forget_outcome


def _show_other_take(settings: "MocapSettings", context: bpy.types.Context) -> None:
    """Say nothing more of a take that is not the active one any more."""
    forget_outcome()
    scene: Any = settings.id_data
    refresh_markers(scene)
    refresh_pin_markers(scene)


class MocapSettings(bpy.types.PropertyGroup):
    """Settings of the panels and the list of takes."""

    capture: PointerProperty(type=CaptureSettings)
    cleanup: PointerProperty(type=CleanupSettings)
    rig: PointerProperty(type=RigSettings)
    scene: PointerProperty(type=SceneSettings)
    fixing: PointerProperty(type=FixSettings)
    finish: PointerProperty(type=FinishSettings)
    corrections: PointerProperty(type=CorrectionSettings)
    retarget: PointerProperty(type=RetargetSettings)
    export: PointerProperty(type=ExportSettings)
    takes: CollectionProperty(type=TakeItem)
    has_defaults: BoolProperty()  # of the preferences, see `defaults`
    active_take: IntProperty(name="Active Take", update=_show_other_take)
