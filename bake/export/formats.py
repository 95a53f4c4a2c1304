"""The formats that figures are written in, by the suffix of the file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bake.export.alembic import put_meshes, write_alembic
from bake.export.bvh import write_bvh
from bake.export.c3d import write_c3d
from bake.export.cleaned import Space, cleaned
from bake.export.fbx import write_fbx
from bake.export.gltf import write_gltf
from bake.export.human_motion import human_in
from bake.export.joint_table import JointTable, write_csv
from bake.export.options import ExportOptions
from bake.export.presets import PRESETS, Preset
from bake.export.reading import Reading
from bake.export.rig_take import take_of_rig
from bake.export.smpl_take import is_of_smpl, take_of
from bake.export.stage import stage_for
from bake.export.staging import put_on_stage
from bake.export.usd import write_usd
from bake.export.vrma import write_vrma
from bake.scene.units import units_per_metre
from core_model.errors import OutputError

_CENTIMETRES = 100.0
"""An FBX in centimetres needs no scale on any object, which engines would keep."""


@dataclass(frozen=True)
class Job:
    """One file.

    Parameters
    ----------
    path : Path
        The temporary one.
    scene : bpy.types.Scene
    readings : sequence of Reading
    preset : Preset
    options : ExportOptions
    """

    path: Path
    scene: Any
    readings: Sequence[Reading]
    preset: Preset
    options: ExportOptions

    @property
    def metres(self) -> float:
        """In a unit of the scene."""
        return 1.0 / units_per_metre(self.scene)

    @property
    def fps(self) -> float:
        """Of the scene."""
        return float(self.scene.render.fps / self.scene.render.fps_base)


@dataclass(frozen=True)
class Format:
    """A format.

    Parameters
    ----------
    title, description : str
        Shown to the user.
    write : callable
        Writes a `Job` and returns what the user should know.
    one_figure : bool
        Whether a file holds one figure only, and one motion.
    clips : bool
        Whether it holds several motions of a figure, for programs that have clips.
    """

    title: str
    description: str
    write: Callable[[Job], list[str]]
    one_figure: bool = False
    clips: bool = False


def _fbx(job: Job) -> list[str]:
    per_unit = _CENTIMETRES * job.metres
    space = Space(per_unit, _CENTIMETRES, y_up=job.preset.fbx_up == "Y")
    with stage_for(job.scene) as stage:
        stage.scene.unit_settings.scale_length = 1 / _CENTIMETRES
        told = put_on_stage(
            stage,
            job.readings,
            space,
            animated=job.options.animated,
            object_name=job.preset.object_name,
        )
        only = len(job.readings) == 1
        stage.call(stage.scene, job.readings[0].title if only else job.scene.name)
        write_fbx(
            job.path,
            job.preset,
            animated=job.options.animated,
            whole_scene=not job.preset.clips,
        )
    return told


def _glb(job: Job) -> list[str]:
    with stage_for(job.scene) as stage:
        space = Space(job.metres, root_y_up=True)
        told = put_on_stage(stage, job.readings, space, animated=job.options.animated)
        write_gltf(job.path, job.preset, animated=job.options.animated)
    if job.preset == PRESETS["godot"] and not any(each.figure.meshes for each in job.readings):
        told.append("Godot reads bones without a mesh as plain nodes: export the meshes as well.")
    return told


def _usd(job: Job) -> list[str]:
    with stage_for(job.scene) as stage:
        told = put_on_stage(stage, job.readings, Space(job.metres), animated=job.options.animated)
        write_usd(job.path, animated=job.options.animated)
    return told


def _bvh(job: Job) -> list[str]:
    (reading,) = job.readings
    units = job.preset.units_per_metre
    bones = replace(reading, figure=replace(reading.figure, meshes=[]))
    with stage_for(job.scene) as stage:
        space = Space(units * job.metres, units, y_up=True)
        put_on_stage(stage, [bones], space, stand=False, with_scale=False)
        armature = stage.scene.collection.objects[0]
        write_bvh(job.path, armature, int(reading.frames[0]), int(reading.frames[-1]), units)
    name = "centimeters" if units == _CENTIMETRES else "meters"
    return [f"A BVH does not tell its unit: this one is in {name}, Y up."]


def _vrma(job: Job) -> list[str]:
    (reading,) = job.readings
    human = human_in(reading, job.fps, job.metres, job.options)
    write_vrma(job.path, human, reading.title)
    return []


def _alembic(job: Job) -> list[str]:
    if not any(reading.figure.meshes for reading in job.readings):
        raise OutputError("There is no mesh to export: Alembic holds meshes, and no bones.")
    units = job.preset.units_per_metre
    with stage_for(job.scene) as stage:
        put_meshes(stage, job.readings)
        write_alembic(job.path, stage.scene, units * job.metres)
    return []


def _amass(job: Job) -> list[str]:
    (reading,) = job.readings
    if is_of_smpl(reading):
        take_of(reading, job.fps, job.metres).save(job.path)
        return []
    take_of_rig(job.scene, reading, job.fps, job.metres, job.options).save(job.path)
    return [f"{reading.name} is another figure than SMPL's: its motion is on the average body."]


def _csv(job: Job) -> list[str]:
    write_csv(job.path, _table(job))
    return []


def _c3d(job: Job) -> list[str]:
    write_c3d(job.path, _table(job))
    return []


def _table(job: Job) -> JointTable:
    (reading,) = job.readings
    seen = cleaned(reading.rig, reading.skeleton, reading.posed, reading.placed, Space(job.metres))
    return JointTable(
        reading.skeleton.names, reading.frames, job.fps, np.array(seen.posed[..., :3, 3])
    )


FORMATS = {
    ".fbx": Format(
        "FBX", "Bones, bodies and motion, for Unreal, Unity, Maya and most others", _fbx, clips=True
    ),
    ".glb": Format(
        "glTF", "Bones, bodies and motion in one file, for Godot and the web", _glb, clips=True
    ),
    ".usdc": Format("USD", "Bones, bodies and motion, for USD pipelines", _usd),
    ".usda": Format("USD as text", "As USD, to be read by people", _usd),
    ".abc": Format("Alembic", "The meshes, vertex by vertex, with all their modifiers", _alembic),
    ".bvh": Format("BVH", "Bones and motion as text", _bvh, one_figure=True),
    ".vrma": Format("VRM Animation", "The motion for any VRM avatar", _vrma, one_figure=True),
    ".npz": Format(
        "AMASS", "The motion as a take, as SMPL's world reads it", _amass, one_figure=True
    ),
    ".csv": Format("CSV", "Places of joints as a table", _csv, one_figure=True),
    ".c3d": Format("C3D", "Places of joints as markers, for biomechanics", _c3d, one_figure=True),
}
"""By suffix."""
