"""Whether Blender shows what was solved: constraints and drivers may turn bones elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.motion import RigMotion
from bake.retarget.rig import Bone, Rig

_FRAMES = 12
_DEGREES = 5.0
_NEAR = 0.03  # of the rig's height: from a control to the bone that deforms in its place
_ALONG = np.cos(np.radians(25))
_LIMBS = ("_hip", "_knee", "_shoulder", "_elbow")
_EVEN = 0.01
_NAMED = 3  # bones in one sentence


@dataclass(frozen=True)
class Look:
    """A bone that is looked at.

    Parameters
    ----------
    joint : str
    mapped : str
        The bone that was told to turn.
    seen : str
        The bone that should point as that one does: itself, or what deforms in its place.
    """

    joint: str
    mapped: str
    seen: str


def looks_at(rig: Rig, bone_map: BoneMap, motion: RigMotion) -> list[Look]:
    """Return what has to be looked at: all bones of joints that were solved, and their flesh."""
    places = rig.place_of()
    heads = np.stack([bone.head for bone in rig.bones])
    height = float(np.linalg.norm(np.ptp(heads, axis=0)))
    looks = []
    for joint, mapped in bone_map.joints.items():
        if mapped.locked or not mapped.bones or mapped.bones[0] not in motion.seen:
            continue
        bone = rig.bones[places[mapped.bones[0]]]
        if bone.name in motion.turns:
            looks.append(Look(joint, bone.name, bone.name))
        if joint.endswith(_LIMBS) and not bone.deform:
            flesh = _deforming(bone, rig, _NEAR * height)
            if flesh:
                looks.append(Look(joint, bone.name, flesh))
    return looks


def moments(motion: RigMotion, blend_in: int = 0, blend_out: int = 0) -> np.ndarray:
    """Return which frames of a motion are looked at, (M,) places; not those of a blend."""
    frames = motion.frames
    inside = np.flatnonzero((frames >= frames[0] + blend_in) & (frames <= frames[-1] - blend_out))
    chosen = np.linspace(0, len(inside) - 1, min(_FRAMES, len(inside)))
    return inside[np.unique(np.rint(chosen).astype(int))]


def what_differs(
    rig: Rig, motion: RigMotion, looks: Sequence[Look], which: np.ndarray, matrices: np.ndarray
) -> list[str]:
    """Return sentences about bones that Blender turns by more than 5 degrees elsewhere.

    Parameters
    ----------
    rig : Rig
    motion : RigMotion
    looks : sequence of Look
    which : (M,) int
        Frames of the motion, from `moments`.
    matrices : (M, L, 4, 4)
        Of the bones `seen` in the world, as Blender evaluates them at those frames.
    """
    places = rig.place_of()
    axes = rig.to_world[:3, :3]
    even = _is_even(axes)
    found: dict[str, list[tuple[float, Look]]] = {}
    for index, look in enumerate(looks):
        at_rest = _unit(axes @ rig.bones[places[look.seen]].rest[:3, 1])
        wanted = motion.seen[look.mapped][which] @ at_rest
        shown = _unit(matrices[:, index, :3, 1])
        off = float(np.degrees(np.arccos(np.clip((wanted * shown).sum(axis=1), -1, 1)).max()))
        if off > _DEGREES:
            reason = _reason(rig.bones[places[look.seen]], even)
            found.setdefault(reason, []).append((off, look))
    return [_sentence(rig.name, reason, each) for reason, each in found.items()]


def _sentence(rig: str, reason: str, found: list[tuple[float, Look]]) -> str:
    found = sorted(found, key=lambda each: -each[0])
    names = [f"{look.seen} ({look.joint.replace('_', ' ')})" for _, look in found]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    listed = ", ".join(names[:_NAMED]) + more
    verb = "points" if len(names) == 1 else "point"
    return f"{listed} of {rig} {verb} up to {found[0][0]:.0f} degrees elsewhere: {reason}."


def _is_even(axes: np.ndarray) -> bool:
    """Return whether an object (3, 3) is scaled alike along its axes, and not sheared."""
    squared = axes.T @ axes
    return bool(np.abs(squared / np.trace(squared) * 3 - np.eye(3)).max() < _EVEN)


def _reason(bone: Bone, even: bool) -> str:
    if not even:
        return "the object is not scaled alike along all axes (apply its scale, then retarget)"
    kinds = list(dict.fromkeys(_named(each.kind) for each in bone.constraints))
    if not kinds:
        return "what they hang on, a driver or a layer turns them"
    if len(kinds) == 1:
        return f"the constraint {kinds[0]} turns them"
    return f"the constraints {', '.join(kinds)} turn them"


def _deforming(control: Bone, rig: Rig, near: float) -> str:
    """Return the bone that deforms where a control is, "" if none does."""
    best, name = near, ""
    for bone in rig.bones:
        away = float(np.linalg.norm(bone.head - control.head))
        if bone.deform and away < best and bone.rest[:3, 1] @ control.rest[:3, 1] > _ALONG:
            best, name = away, bone.name
    return name


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))


def _named(kind: str) -> str:
    """Return what Blender calls a kind of constraint."""
    return " ".join("IK" if word == "IK" else word.title() for word in kind.split("_"))
