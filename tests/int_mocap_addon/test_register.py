"""The add-on comes and goes without a trace, quickly, and loads nothing heavy."""

import json
import os
import subprocess
import sys
from typing import Any

import bpy

from tests.int_mocap_addon.conftest import MODULE
from tests.places import ROOT


def _registered() -> dict[str, Any]:
    kinds = ("Operator", "Panel", "UIList", "PropertyGroup", "AddonPreferences", "FileHandler")
    return {
        "classes": {
            kind: sorted(c.__name__ for c in getattr(bpy.types, kind).__subclasses__())
            for kind in kinds
        }
        and sorted(name for name in dir(bpy.types) if "mocap" in name.lower()),
        "handlers": {
            name: len(value)
            for name in dir(bpy.app.handlers)
            if isinstance(value := getattr(bpy.app.handlers, name), list)
        },
        "scene": hasattr(bpy.types.Scene, "int_mocap"),
        "operators": dir(bpy.ops.int_mocap),
        "keymaps": {
            name: len(keymap.keymap_items)
            for name, keymap in bpy.context.window_manager.keyconfigs.addon.keymaps.items()
        },
    }


def test_coming_and_going_twice_leaves_nothing():
    from int_mocap_addon.capture import thumbnails
    from int_mocap_addon.scene import overlay

    before = _registered()
    for _ in range(2):
        bpy.ops.preferences.addon_enable(module=MODULE)
        assert hasattr(bpy.types.Scene, "int_mocap") and overlay._handle is not None
        assert "capture" in dir(bpy.ops.int_mocap)
        bpy.ops.preferences.addon_disable(module=MODULE)
        assert _registered() == before
        assert overlay._handle is None and thumbnails._previews is None


def test_enabling_loads_nothing_heavy(tmp_path):
    code = f"""
import bpy, json, sys, time
start = time.perf_counter()
bpy.ops.preferences.addon_enable(module={MODULE!r})
seconds = time.perf_counter() - start
heavy = {{"torch", "scipy", "cv2", "av", "bake.scene.animation.motion", "bake.scene.writer"}}
heavy = sorted(heavy & set(sys.modules))
print(json.dumps([seconds, heavy, hasattr(bpy.types.Scene, "int_mocap")]))
"""
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ | {"BLENDER_USER_RESOURCES": str(tmp_path)},
    )
    seconds, heavy, registered = json.loads(result.stdout.splitlines()[-1])
    print(f"enabled in {1000 * seconds:.0f} ms")
    assert registered and heavy == []


def test_every_button_has_a_label_and_a_tooltip_by_the_rules(addon):
    from int_mocap_addon.capture import ops as capture_ops
    from int_mocap_addon.takes import ops as takes_ops

    for cls in (*capture_ops.CLASSES, *takes_ops.CLASSES):
        # Blender writes prepositions small: Set Origin to Geometry.
        assert cls.bl_label.replace(" from ", " ").istitle(), cls.bl_label
        assert cls.bl_description and not cls.bl_description.endswith("."), cls.bl_idname
    for group in ("capture", "cleanup", "rig", "scene"):
        for name, shown in getattr(bpy.context.scene.int_mocap, group).bl_rna.properties.items():
            assert not shown.description.endswith("."), name


def test_the_profiles_of_the_panel_are_those_of_bake(addon):
    from bake.feet.foot_lock import FOOT_MODES
    from bake.motion.root_motion import ROOT_MOTIONS
    from bake.motion.smoothing import BODY_PARTS, PROFILE_NAMES, load_profile
    from int_mocap_addon.cleanup.properties import BODY_PARTS as SHOWN_PARTS
    from int_mocap_addon.cleanup.properties import BY_TAKE

    shown = bpy.context.scene.int_mocap.cleanup.bl_rna.properties
    items = shown["profile"].enum_items
    assert [item.identifier for item in items] == list(PROFILE_NAMES)
    for item in items:
        profile = load_profile(item.identifier)
        assert (item.name, f"{item.description}.") == (profile.title, profile.description)
    for name, modes in (("root_motion", ROOT_MOTIONS), ("feet", FOOT_MODES)):
        first, *others = [item.identifier for item in shown[name].enum_items]
        assert first == shown[name].default == BY_TAKE and others == list(modes)
    assert set(SHOWN_PARTS) == set(BODY_PARTS)
