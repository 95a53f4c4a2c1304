"""A preset on a rig: its names as they are spelled there."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from bake.retarget.bone_map import BoneMap, JointBones, LimbControls, Setting
from bake.retarget.bone_names import Names, key
from bake.retarget.rig import Rig

_Find = Callable[[str], str]


def fit_preset(preset: BoneMap, rig: Rig) -> BoneMap:
    """Return a map with the rig's own names of all bones that it has.

    Namespaces, prefixes, separators and capitals may differ. Bones and controls that the rig does
    not have are left out, and so are joints without any.

    Parameters
    ----------
    preset : BoneMap
        A preset, or any other map.
    rig : Rig
    """
    names = Names(rig.names)
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
    before: Counter[str] = Counter()
    for own in names.keys:
        for name in wanted:
            if own.endswith(name):
                before[own.removesuffix(name)] += 1
    known = {key(prefix) for prefix in preset.prefixes}
    best = max(before.items(), key=lambda each: (each[1], each[0] in known), default=("", 0))
    return best[0] if best[1] > before[""] else ""
