"""The rigs that retargeting is tried on, as armature objects in the open scene.

`load_rig` gives one as its maker made it; `rig_variants` holds what else may be true of a rig.
Those of `SHARED_RIGS` need the data folder: tests that load them are marked `shared`.
"""

import functools
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest

from bake.scene.rig.armature import add_finger_bones, create_armature, editing
from bake.scene.rig.pose_bones import fingers_in_world, rest_in_world
from bake.scene.rig.root_bone import put_root_bone
from core_model.body.model import default_body
from tests.places import SHARED

_GLB = {
    "kenney": "kenney.glb",
    "m2m_sample": "m2m_sample_rig.glb",
    "m2m_female": "m2m_female.glb",
    "m2m_male": "m2m_male.glb",
    "m2m_zombie": "m2m_zombie.glb",
}
_CONTROL_RIG = "m2m_control"
_DEFINITIONS = {
    "mixamo": "mixamo",
    "cmu_mb": "cmu_mb",
    "game_engine": "game_engine",
    "default": "default",
    "mpfb_rigify": "rigify",
}

SHARED_RIGS = (*_GLB, _CONTROL_RIG)
OWN_RIGS = (*_DEFINITIONS, "metarig", "rigify", "ours")
ALL_RIGS = (*SHARED_RIGS, *OWN_RIGS)
PLAIN_RIGS = tuple(name for name in ALL_RIGS if name not in ("rigify", _CONTROL_RIG))
"""Those whose bones animators turn themselves: no constraints, no drivers."""


_OPERATORS: Any = bpy.ops
"""Add-ons' own are in no stub."""


def load_rig(name: str) -> Any:
    """Put a rig of `ALL_RIGS` into the scene and return its armature; its mesh may come with it."""
    if name in _GLB:
        return _import_glb(SHARED / "data" / "rigs" / _GLB[name])
    if name == _CONTROL_RIG:
        if bpy.app.version < (4, 5, 0):
            pytest.skip("This rig was saved by Blender 5.0, which older ones cannot read.")
        return append_rig(SHARED / "data" / "rigs" / "m2m_control_rig.blend", "Armature")
    if name in _DEFINITIONS:
        file = Path(__file__).parent / "rig_definitions" / f"{_DEFINITIONS[name]}.json"
        return build_rig(name, json.loads(file.read_text(encoding="utf-8")))
    return {"metarig": _metarig, "rigify": _generated_rig, "ours": _our_rig}[name]()


def build_rig(name: str, rows: list[Any], connected: bool = False) -> Any:
    """Make an armature of rows of name, parent, head, tail and roll, parents first."""
    armature: Any = bpy.data.objects.new(name, bpy.data.armatures.new(name))
    _scene().collection.objects.link(armature)
    bones = armature.data.edit_bones
    with editing(armature):
        for own, parent, head, tail, roll in rows:
            bone = bones.new(own)
            bone.head, bone.tail, bone.roll = head, tail, roll
            if parent:
                bone.parent = bones[parent]
                bone.use_connect = connected and (bone.head - bone.parent.tail).length < 1e-5
    return armature


def append_rig(file: Path, armature_name: str) -> Any:
    """Append an armature of a .blend with its meshes."""
    libraries: Any = bpy.data.libraries
    with libraries.load(str(file)) as (there, wanted):
        wanted.objects = list(there.objects)
    for thing in wanted.objects:
        if thing.type == "ARMATURE" or thing.find_armature():
            _scene().collection.objects.link(thing)
    _layer().update()
    return next(thing for thing in wanted.objects if thing.name.startswith(armature_name))


def _import_glb(file: Path) -> Any:
    before = set(bpy.data.objects)
    bpy.ops.import_scene.gltf(filepath=str(file))
    return next(
        thing for thing in bpy.data.objects if thing not in before and thing.type == "ARMATURE"
    )


def _metarig() -> Any:
    """Return Rigify's human meta-rig."""
    with _rigify():
        _OPERATORS.object.armature_human_metarig_add()
        return bpy.context.object


def load_animal(kind: str) -> Any:
    """Put one of Rigify's animals into the scene: cat, wolf, horse, bird, shark."""
    with _rigify():
        getattr(_OPERATORS.object, f"armature_{kind}_metarig_add")()
        return bpy.context.object


@contextmanager
def _rigify() -> Iterator[None]:
    preferences = bpy.context.preferences
    enabled = preferences is not None and "rigify" in preferences.addons
    bpy.ops.preferences.addon_enable(module="rigify")
    try:
        yield
    finally:
        if not enabled:
            bpy.ops.preferences.addon_disable(module="rigify")


@functools.cache
def _generated_file() -> Path:
    """Generate Rigify's human rig, which takes ten seconds, and leave nothing else in the scene."""
    file = Path(tempfile.mkdtemp(prefix="rigify-")) / "rigify.blend"
    before = {id for ids in _all_ids() for id in ids}
    armature = generate_rig(lambda metarig: None)
    bpy.data.libraries.write(str(file), {armature})
    bpy.data.batch_remove([id for ids in _all_ids() for id in ids if id not in before])
    return file


def generate_rig(change: Callable[[Any], Any]) -> Any:
    """Generate Rigify's human rig of a meta-rig that was changed before, and return it."""
    with _rigify():
        metarig = _metarig()
        change(metarig)
        layer = _layer()
        layer.objects.active = metarig
        metarig.select_set(True)
        _OPERATORS.pose.rigify_generate()
        armature = bpy.context.object
        assert armature and armature.name == "rig"
        bpy.ops.object.mode_set(mode="OBJECT")
    return armature


def _generated_rig() -> Any:
    return append_rig(_generated_file(), "rig")


def _our_rig() -> Any:
    """Return our own armature, with fingers and a root bone, standing on the floor."""
    body, betas = default_body(), np.zeros(10)
    joints, vertices = rest_in_world(body, betas)
    up = np.array([0, 0, -vertices[:, 2].min()])
    armature = create_armature("ours", joints + up, _scene().collection)
    fingers, tips = fingers_in_world(body, betas)
    add_finger_bones(armature, fingers + up, tips + up)
    put_root_bone(armature, "origin", joints + up)
    return armature


def _all_ids() -> tuple[Any, ...]:
    data = bpy.data
    return (
        data.objects,
        data.armatures,
        data.meshes,
        data.collections,
        data.texts,
        data.actions,
        data.curves,
        data.materials,
    )


def _scene() -> bpy.types.Scene:
    assert bpy.context.scene
    return bpy.context.scene


def _layer() -> bpy.types.ViewLayer:
    assert bpy.context.view_layer
    return bpy.context.view_layer
