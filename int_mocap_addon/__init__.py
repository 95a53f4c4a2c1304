"""INT Mocap in Blender: the sidebar tab Mocap, from a video to keyframes.

Blender itself loads nothing heavy: capturing happens in a process of its own, and what bakes is
loaded when it is first needed.
"""

import bpy
from bpy.app.handlers import persistent

from . import (
    command_line,
    copies,
    preferences,
    properties,
    saving,
    status_bar,
    tasks,
    worker_process,
)
from .capture import drop, more_cameras, thumbnails
from .capture import ops as capture_ops
from .capture import panel as capture_panel
from .capture import properties as capture_properties
from .cleanup import panel as cleanup_panel
from .cleanup import properties as cleanup_properties
from .corrections import contacts_panel as corrections_contacts_panel
from .corrections import landmark_ops as corrections_landmark_ops
from .corrections import moves as correction_moves
from .corrections import ops as corrections_ops
from .corrections import overlay as correction_marks
from .corrections import panel as corrections_panel
from .corrections import part_ops as corrections_part
from .corrections import people_ops as corrections_people_ops
from .corrections import properties as corrections_properties
from .corrections import strips as contact_strips
from .corrections import touch_ops as corrections_touch_ops
from .doubtful import ops as doubtful_ops
from .doubtful import panel as doubtful_panel
from .doubtful import properties as doubtful_properties
from .export import ops as export_ops
from .export import panel as export_panel
from .export import properties as export_properties
from .finishing import ops as finishing_ops
from .finishing import panel as finishing_panel
from .finishing import properties as finishing_properties
from .fixing import ops as fixing_ops
from .fixing import panel as fixing_panel
from .fixing import properties as fixing_properties
from .fixing import session as fixing_session
from .retarget import button as retarget_button
from .retarget import ghost as retarget_ghost
from .retarget import ops as retarget_ops
from .retarget import panel as retarget_panel
from .retarget import properties as retarget_properties
from .rig import names as rig_names
from .rig import panel as rig_panel
from .rig import properties as rig_properties
from .rig.gltf import glTF2ExportUserExtension as glTF2ExportUserExtension
from .rig.gltf import glTF2ImportUserExtension as glTF2ImportUserExtension
from .scene import ops as scene_ops
from .scene import overlay
from .scene import panel as scene_panel
from .scene import properties as scene_properties
from .takes import edits as takes_edits
from .takes import ops as takes_ops
from .takes import panel as takes_panel
from .takes import properties as takes_properties

_CLASSES: tuple[type, ...] = (
    capture_properties.FoundPersonItem,
    capture_properties.ClipItem,
    capture_properties.ViewItem,
    capture_properties.CaptureSettings,
    doubtful_properties.DoubtfulItem,
    corrections_properties.CorrectionItem,
    corrections_properties.CorrectionSettings,
    takes_properties.TakeItem,
    cleanup_properties.CleanupSettings,
    fixing_properties.FixSettings,
    *finishing_properties.CLASSES,
    scene_properties.SceneSettings,
    rig_properties.RigSettings,
    *retarget_properties.CLASSES,
    export_properties.ExportSettings,
    properties.MocapSettings,
    *capture_ops.CLASSES,
    *more_cameras.CLASSES[:-1],
    *drop.CLASSES,
    *takes_edits.CLASSES,
    *takes_ops.CLASSES,
    *fixing_ops.CLASSES,
    *corrections_ops.CLASSES,
    *corrections_people_ops.CLASSES,
    *corrections_landmark_ops.CLASSES,
    *corrections_part.CLASSES,
    *corrections_touch_ops.CLASSES,
    *finishing_ops.CLASSES,
    *doubtful_ops.CLASSES,
    *scene_ops.CLASSES,
    *retarget_ops.CLASSES,
    *retarget_button.CLASSES,
    *export_ops.CLASSES,
    capture_panel.CLASSES[0],
    more_cameras.CLASSES[-1],
    *capture_panel.CLASSES[1:],
    *takes_panel.CLASSES,
    *cleanup_panel.CLASSES,
    *fixing_panel.CLASSES,
    *corrections_panel.CLASSES,
    *corrections_contacts_panel.CLASSES,
    *doubtful_panel.CLASSES,
    *finishing_panel.CLASSES,
    *scene_panel.CLASSES,
    *rig_panel.CLASSES,
    *retarget_panel.CLASSES,
    *export_panel.CLASSES,
)


@persistent
def _before_another_file(*_: object) -> None:
    tasks.end_all()
    thumbnails.forget_thumbnails()


def register() -> None:
    """Add everything to Blender, or wait until another copy of this add-on is switched off."""
    bpy.utils.register_class(preferences.MocapPreferences)
    if not copies.another_works():
        take_over()


def unregister() -> None:
    """Take everything out of Blender again; what is under way ends."""
    if preferences.works():
        _give_up()
        waiting = copies.waiting_copy()
        if waiting:
            waiting.take_over()
    bpy.utils.unregister_class(preferences.MocapPreferences)


def take_over() -> None:
    """Be the copy of this add-on that works."""
    for cls in _CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.int_mocap = bpy.props.PointerProperty(  # type: ignore[attr-defined]
        type=properties.MocapSettings
    )
    bpy.types.Object.int_mocap_map = bpy.props.PointerProperty(  # type: ignore[attr-defined]
        type=retarget_properties.BoneMapSettings
    )
    bpy.app.handlers.load_pre.append(_before_another_file)
    saving.add_handlers()
    rig_names.add_handlers()
    fixing_session.add_handlers()
    correction_moves.add_handlers()
    overlay.add_overlay()
    correction_marks.add_marks()
    contact_strips.add_strips()
    retarget_ghost.add_ghost()
    status_bar.add_status()
    command_line.register()


def _give_up() -> None:
    tasks.end_all()
    worker_process.drop_spare()
    command_line.unregister()
    status_bar.remove_status()
    retarget_ghost.remove_ghost()
    contact_strips.remove_strips()
    correction_marks.remove_marks()
    overlay.remove_overlay()
    correction_moves.remove_handlers()
    fixing_session.remove_handlers()
    rig_names.remove_handlers()
    saving.remove_handlers()
    bpy.app.handlers.load_pre.remove(_before_another_file)
    del bpy.types.Object.int_mocap_map  # type: ignore[attr-defined]
    del bpy.types.Scene.int_mocap  # type: ignore[attr-defined]
    for cls in reversed(_CLASSES):
        bpy.utils.unregister_class(cls)
    thumbnails.forget_thumbnails()
