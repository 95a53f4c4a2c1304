"""What an exported figure does, as a human in motion: through its bone map, whatever its rig."""

from bake.export.cleaned import CleanFigure, Space, cleaned
from bake.export.options import ExportOptions
from bake.export.reading import Reading
from bake.export.skeleton import ADDED
from bake.retarget.human import HumanMotion
from bake.retarget.rig import Bone, Rig
from bake.retarget.settings import RetargetSettings
from bake.retarget.sources.armatures import human_of_rig

AS_IT_IS = RetargetSettings(pin_feet=False, floor=False, tolerance=None)
"""How the motion goes onto another skeleton: with nothing mended on the way."""


def human_in(reading: Reading, fps: float, per_unit: float, options: ExportOptions) -> HumanMotion:
    """Return what an exported figure does.

    Parameters
    ----------
    reading : Reading
    fps : float
    per_unit : float
        Metres in a unit of the scene.
    options : ExportOptions

    Raises
    ------
    RigError
        When the rig is no human figure.
    """
    seen = cleaned(reading.rig, reading.skeleton, reading.posed, reading.placed, Space(per_unit))
    rig = _clean_rig(reading, seen)
    bone_map = options.map_for(reading.name, rig)
    bones = bone_map.bones()
    columns = [rig.place_of()[bone] for bone in bones]
    return human_of_rig(
        reading.name, rig, bone_map, bones, seen.posed[:, columns], reading.frames, fps
    )


def _clean_rig(reading: Reading, seen: CleanFigure) -> Rig:
    """Return the bones that would be exported as a rig, without controls and helpers."""
    bones = []
    for bone, rest, length in zip(reading.skeleton.bones, seen.rest, seen.lengths, strict=True):
        tail = rest[:3, 3] + length * rest[:3, 1]
        if bone.source == ADDED:
            bones.append(Bone(bone.name, bone.parent, rest, tail, deform=False))
            continue
        mine = reading.rig.bones[bone.source]
        bones.append(Bone(bone.name, bone.parent, rest, tail, deform=mine.deform))
    return Rig(reading.name, tuple(bones))
