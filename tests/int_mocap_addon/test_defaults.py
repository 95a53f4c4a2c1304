"""Preferences give scenes their beginning, and take nothing from the user."""

from typing import Any

import bpy

from tests.places import DEMO


def test_a_scene_takes_the_defaults_when_it_is_first_used(addon: Any):
    settings: Any = bpy.context.scene.int_mocap
    addon.preferences.profile, addon.preferences.root = "heavy", "HIPS"
    addon.preferences.reduce_keys, addon.preferences.bone_shapes = False, True
    assert settings.cleanup.profile == "default"
    settings.capture.clip = str(DEMO)
    assert (settings.cleanup.profile, settings.cleanup.reduce_keys) == ("heavy", False)
    assert (settings.rig.root, settings.rig.bone_shapes) == ("HIPS", True)


def test_what_the_user_set_stays(addon: Any):
    settings: Any = bpy.context.scene.int_mocap
    addon.preferences.profile, addon.preferences.root = "heavy", "HIPS"
    settings.cleanup.profile = "default"
    settings.capture.clip = str(DEMO)
    assert settings.cleanup.profile == "default" and settings.rig.root == "HIPS"
    settings.rig.root = "NONE"
    addon.preferences.profile = "none"
    settings.capture.clip = ""
    assert (settings.cleanup.profile, settings.rig.root) == ("default", "NONE")


def test_takes_that_are_loaded_use_a_scene_too(addon: Any, walk: Any):
    assert bpy.context.scene.int_mocap.has_defaults
