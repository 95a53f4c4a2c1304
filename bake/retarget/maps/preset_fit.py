"""A preset on a rig: its names as they are spelled there."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from bake.retarget.maps.bone_map import BoneMap, JointBones, LimbControls, Setting
from bake.retarget.maps.bone_names import Names, key
from bake.retarget.rig import Rig

_Find = Callable[[str], str]

_TELLING = ("pelvis", "left_knee", "left_elbow", "head")
"""Joints by whose names a prefix is guessed; it then has to fit most."""


def fit_preset(preset: BoneMap, rig: Rig, names: Names | None = None) -> BoneMap:
    """Return a map with the rig's own names of all bones that it has.

    Namespaces, prefixes, separators and capitals may differ. Bones and controls that the rig does
    not have are left out, and so are joints without any.

    Parameters
    ----------
    preset : BoneMap
        A preset, or any other map.
    rig : Rig
    names : Names, optional
        Those of the rig, where several presets are tried on it.
    """
    names = names or Names(rig.names)
    prefix = _prefix(preset, names)
    has = {bone.name: bone.properties for bone in rig.bones}

    def find(name: str) -> str:
        return names.find(name, prefix) if name else ""

    joints: dict[str, JointBones] = {}
    for joint, each in preset.joints.items():
        bones = tuple(dict.fromkeys(filter(None, map(find, each.bones))))
        if bones:
            joints[joint] = replace(each, bones=bones)

    def there(settings: Iterable[Setting]) -> tuple[Setting, ...]:
        found = (replace(setting, bone=find(setting.bone)) for setting in settings)
        return tuple(each for each in found if each.property in has.get(each.bone, ()))

    limbs = {
        limb: _limb(controls, find, there)
        for limb, controls in preset.limbs.items()
        if find(controls.control)
    }
    return replace(
        preset,
        joints=joints,
        mover=find(preset.mover),
        root=find(preset.root),
        limbs=limbs,
        settings=there(preset.settings),
        prefixes=(),
        certainty={joint: preset.certainty[joint] for joint in preset.certainty if joint in joints},
    )


def _limb(
    controls: LimbControls,
    find: _Find,
    there: Callable[[Iterable[Setting]], tuple[Setting, ...]],
) -> LimbControls:
    return LimbControls(
        find(controls.control),
        find(controls.pole),
        find(controls.toe),
        there(controls.to_ik),
        there(controls.to_fk),
    )


def _prefix(preset: BoneMap, names: Names) -> str:
    """Return the key of what stands before most of the preset's names on this rig."""
    wanted = {key(bone) for each in preset.joints.values() for bone in each.bones}
    some = tuple(key(preset.joints[joint].bones[0]) for joint in _TELLING if joint in preset.joints)
    before = {own.removesuffix(name) for own in names.keys for name in some if own.endswith(name)}
    known = {key(prefix) for prefix in preset.prefixes}
    keys = set(names.keys)

    def worth(prefix: str) -> tuple[int, bool, bool]:
        return sum(prefix + name in keys for name in wanted), not prefix, prefix in known

    return max(sorted(before), key=worth, default="")
