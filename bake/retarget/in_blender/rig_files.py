"""Characters in files: whatever Blender can import, opened with its armature found."""

import io
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import bpy

from bake.headless import blender_failed
from bake.retarget.in_blender.told_bones import remember_bones
from bake.retarget.maps.vrm_file import joints_in_file
from core_model.errors import RigError

_GLTF = (".glb", ".gltf", ".vrm")
ENDINGS = (".blend", ".fbx", *_GLTF, ".bvh")


@dataclass(frozen=True)
class OpenedRig:
    """What came out of a file.

    Parameters
    ----------
    scene : bpy.types.Scene
    armature : bpy.types.Object
    objects : tuple of bpy.types.Object
        All that belongs to the character: the armature, and the meshes that it moves.
    """

    scene: bpy.types.Scene
    armature: bpy.types.Object
    objects: tuple[bpy.types.Object, ...]


def open_rig(path: Path, name: str = "", moving: bool = False) -> OpenedRig:
    """Open a character, alone; everything that was open in Blender is closed.

    Scripts that a file brings along are not run.

    Parameters
    ----------
    path : Path
    name : str
        Of the armature, where the file has several.
    moving : bool
        Whether what the character does in the file is wanted; if not, other formats than .blend
        give it at rest.

    Raises
    ------
    RigError
        When the file cannot be read, or it is not clear which armature is meant.
    """
    if path.suffix.lower() not in ENDINGS:
        raise RigError(f"{path} is no character that can be opened: {_listed(ENDINGS)} can.")
    if not path.is_file():
        raise RigError(f"There is no file {path}.")
    try:
        with redirect_stdout(io.StringIO()):
            _open(path)
    except RuntimeError as error:
        raise RigError(blender_failed(f"open {path}", error)) from error
    scene = _scene_with_armature()
    armature = the_armature(scene.objects, str(path), name)
    if path.suffix.lower() in _GLTF:
        remember_bones(armature, joints_in_file(path))
    if not moving and path.suffix.lower() != ".blend":
        _to_rest(armature)
    return OpenedRig(scene, armature, (armature, *meshes_of(armature, scene)))


def the_armature(
    objects: Iterable[bpy.types.Object], where: str, name: str = ""
) -> bpy.types.Object:
    """Return the armature that is meant: the only one, or the only one that moves a mesh.

    Parameters
    ----------
    objects : iterable of bpy.types.Object
    where : str
        Where they are, for the user.
    name : str
        Of the armature, if the user gave one.

    Raises
    ------
    RigError
        When none or several could be meant.
    """
    things = list(objects)
    found = [each for each in things if _is_rig(each)]
    if not found:
        raise RigError(f"{where} has no armature with bones.")
    if name:
        named = [each for each in found if each.name == name]
        if not named:
            raise RigError(
                f"{where} has no armature {name}; there is {_listed(each.name for each in found)}."
            )
        return named[0]
    movers = [each for each in found if _moved_by(each, things)]
    fitting = found if len(found) == 1 else movers
    if len(fitting) == 1:
        return fitting[0]
    raise RigError(
        f"{where} has {len(found)} armatures: {_listed(each.name for each in found)}. "
        "Say which one is meant."
    )


def meshes_of(armature: bpy.types.Object, scene: bpy.types.Scene) -> list[bpy.types.Object]:
    """Return the meshes of a scene that an armature moves."""
    return _moved_by(armature, scene.objects)


def _scene_with_armature() -> bpy.types.Scene:
    """Return the open scene, or the first that has an armature where that has none.

    Files that libraries are made of may have no scene at all: all is put into the open one then.
    """
    scene = bpy.data.scenes[0] if bpy.context.scene is None else bpy.context.scene
    fitting = [each for each in (scene, *bpy.data.scenes) if any(map(_is_rig, each.objects))]
    if not fitting:
        for thing in bpy.data.objects:
            if not thing.users_scene:
                scene.collection.objects.link(thing)
        return scene
    if bpy.context.window:
        bpy.context.window.scene = fitting[0]
    return fitting[0]


def _moved_by(armature: Any, things: Iterable[Any]) -> list[bpy.types.Object]:
    return [
        each
        for each in things
        if each.type == "MESH"
        and (
            each.parent == armature
            or any(mod.type == "ARMATURE" and mod.object == armature for mod in each.modifiers)
        )
    ]


def _open(path: Path) -> None:
    ending = path.suffix.lower()
    if ending == ".blend":
        bpy.ops.wm.open_mainfile(filepath=str(path), load_ui=False, use_scripts=False)
        return
    # The factory settings would switch add-ons off, this one too, and take its wheels away.
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    _importer(ending)(filepath=str(path))


def _importer(ending: str) -> Callable[..., Any]:
    if ending == ".fbx":
        return _import_fbx
    if ending == ".bvh":
        # The format has frames without times; they are to be frames of the scene.
        return partial(bpy.ops.import_anim.bvh, update_scene_fps=True)
    return bpy.ops.import_scene.gltf


def _import_fbx(filepath: str) -> None:
    try:
        bpy.ops.import_scene.fbx(filepath=filepath)
    except RuntimeError:
        # Since Blender 4.5 there is a second reader, which knows FBX as text, too.
        if bpy.app.version < (4, 5, 0):
            raise
        bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
        wm: Any = bpy.ops.wm
        wm.fbx_import(filepath=filepath)


def _to_rest(armature: bpy.types.Object) -> None:
    """Take a character's motion away, and put its bones to rest."""
    armature.animation_data_clear()
    assert armature.pose
    for bone in armature.pose.bones:
        bone.matrix_basis.identity()


def _is_rig(thing: Any) -> bool:
    return thing.type == "ARMATURE" and len(thing.data.bones) > 0


def _listed(names: Iterable[str]) -> str:
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
