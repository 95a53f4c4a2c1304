"""The custom properties of a control rig that have to be set for a bake."""

from bake.retarget.bone_map import BoneMap, Setting
from bake.retarget.settings import RetargetSettings


def needed_settings(bone_map: BoneMap, settings: RetargetSettings) -> tuple[Setting, ...]:
    """Return what has to be set so that a rig goes by the controls that are keyed.

    Where both kinds are keyed, limbs go by IK; a limb without IK by FK.

    Parameters
    ----------
    bone_map : BoneMap
    settings : RetargetSettings
    """
    limbs = [
        setting
        for each in bone_map.limbs.values()
        for setting in (each.to_fk if settings.limbs == "fk" else each.to_ik)
    ]
    return (*bone_map.settings, *limbs)
