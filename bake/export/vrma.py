"""VRMA, a motion for any VRM avatar: a binary glTF with the extension VRMC_vrm_animation 1.0.

It holds no avatar, only the nodes of a human in the T-pose of VRM and how they turn. So the motion
is first put onto a skeleton of that pose, of the figure's own proportions.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bake.export.glb_file import GlbFile
from bake.export.human_motion import AS_IT_IS
from bake.export.t_pose import t_pose
from bake.retarget.human import HumanMotion
from bake.retarget.maps.bone_map import BoneMap, JointBones
from bake.retarget.maps.vrm_names import VRM1_NAMES
from bake.retarget.solving.solve import solve
from core_model.errors import OutputError

EXTENSION = "VRMC_vrm_animation"
_VERSION = "1.0"
_SPINE = ("spine1", "spine2", "spine3")
_NEEDED = ("spine", "head") + tuple(
    f"{side}{part}"
    for part in ("UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot")
    for side in ("left", "right")
)


def write_vrma(path: Path, human: HumanMotion, title: str) -> None:
    """Write a motion.

    Parameters
    ----------
    path : Path
    human : HumanMotion
    title : str
        What the motion is called.

    Raises
    ------
    OutputError
        When bones are missing that every VRM avatar has.
    """
    names = _names_of(human)
    rig = t_pose(human)
    joints = [bone.name for bone in rig.bones]
    whole = BoneMap("VRM", {joint: JointBones((joint,)) for joint in joints})
    motion = solve(human, rig, whole, AS_IT_IS)
    file = GlbFile("INT Mocap")
    numbers = {bone.name: place for place, bone in enumerate(rig.bones)}
    file.content["nodes"] = [
        {"name": names.get(bone.name, bone.name), "translation": _y_up(offset).tolist()}
        for bone, offset in zip(rig.bones, _offsets(rig.parents, rig.world_heads()), strict=True)
    ]
    for place, parent in enumerate(rig.parents):
        if parent >= 0:
            file.content["nodes"][parent].setdefault("children", []).append(place)
    # The hips may not be the top: what is above them is the model's origin.
    file.content["nodes"].append({"name": "root", "children": [numbers["pelvis"]]})
    file.content["scenes"] = [{"nodes": [len(joints)]}]
    file.content["scene"] = 0
    times = file.add_numbers((motion.frames - motion.frames[0]) / motion.fps)
    samplers, channels = [], []
    hips = rig.bones[numbers["pelvis"]].head
    tracks = [(numbers["pelvis"], "translation", _y_up(hips + motion.moves["pelvis"]))]
    tracks += [(numbers[name], "rotation", _quaternions(motion.turns[name])) for name in joints]
    for node, channel, values in tracks:
        samplers.append({"input": times, "output": file.add_numbers(values)})
        channels.append({"sampler": len(samplers) - 1, "target": {"node": node, "path": channel}})
    file.content["animations"] = [{"name": title, "samplers": samplers, "channels": channels}]
    bones = {names[joint]: {"node": numbers[joint]} for joint in joints if joint in names}
    file.content["extensionsUsed"] = [EXTENSION]
    file.content["extensions"] = {
        EXTENSION: {"specVersion": _VERSION, "humanoid": {"humanBones": bones}}
    }
    file.write(path)


def _names_of(human: HumanMotion) -> dict[str, str]:
    """Return VRM's names of the joints that there are, as far as VRM lets them be there."""
    names = {joint: VRM1_NAMES[joint] for joint in human.joints}
    # A chest needs a spine below it, and an upper chest a chest, whatever they are called here.
    spine = [joint for joint in _SPINE if joint in names]
    names |= dict(zip(spine, ("spine", "chest", "upperChest"), strict=False))
    for joint in list(names):
        if joint[-1] in "23" and joint not in _SPINE and f"{joint[:-1]}1" not in names:
            del names[joint]
    missing = [name for name in _NEEDED if name not in names.values()]
    if missing:
        raise OutputError(
            f"{human.name} lacks bones that every VRM avatar has: {', '.join(missing)}. Give them "
            "bones in the bone map of the panel Retarget, then export again."
        )
    return names


def _offsets(parents: tuple[int, ...], heads: np.ndarray) -> Iterator[np.ndarray]:
    for head, parent in zip(heads, parents, strict=True):
        yield head - heads[parent] if parent >= 0 else head


def _y_up(points: np.ndarray) -> np.ndarray:
    """Return points (..., 3) of Blender's world in that of glTF, in which figures face +Z."""
    return np.stack((points[..., 0], points[..., 2], -points[..., 1]), axis=-1)


def _quaternions(turns: np.ndarray) -> np.ndarray:
    """Return turns (K, 4), w first in Blender's axes, as glTF has them: w last."""
    return np.concatenate((_y_up(turns[:, 1:]), turns[:, :1]), axis=1)
