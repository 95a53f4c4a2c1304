"""Which bone of a rig is which joint of a human: data in a file, never code."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SCHEMA = "int-mocap/bone-map"
VERSION = 1

LIMBS = ("left_arm", "right_arm", "left_leg", "right_leg")


@dataclass(frozen=True)
class JointBones:
    """The bones that follow a joint.

    Parameters
    ----------
    bones : tuple of str
        From the body outwards. In the trunk and neck they share the joint's turn by their lengths;
        in a limb the first one swings and twists, the others only take their share of the twist.
    twist : float
        Share, 0 to 1, of a limb's twist about itself that goes to the bones after the first.
    locked : bool
        The user wants these bones left alone.
    """

    bones: tuple[str, ...]
    twist: float = 0.0
    locked: bool = False


@dataclass(frozen=True)
class Setting:
    """A property of a bone, and the value it needs for a bake.

    Parameters
    ----------
    bone, property : str
    value : float
    built_in : bool
        Whether the property is Blender's own, such as "ik_stretch", and no custom one.
    index : int
        Of the component of one that is Blender's own; -1 for a single number.
    """

    bone: str
    property: str
    value: float
    built_in: bool = False
    index: int = -1


@dataclass(frozen=True)
class LimbControls:
    """How a control rig moves a limb by its end.

    Parameters
    ----------
    control : str
        The bone that hand or foot is put to.
    pole : str
        The bone that knee or elbow point at, "" for none.
    toe : str
        The bone that turns the toes in IK, "" for none.
    to_ik, to_fk : tuple of Setting
        What to set so that the limb goes by these controls, or by those of `BoneMap.joints`.
    """

    control: str
    pole: str = ""
    toe: str = ""
    to_ik: tuple[Setting, ...] = ()
    to_fk: tuple[Setting, ...] = ()


@dataclass(frozen=True)
class BoneMap:
    """A rig family, or one rig.

    Parameters
    ----------
    name : str
        Shown to the user.
    joints : mapping of str to JointBones
        By the names of `human.HUMAN_JOINTS`.
    mover : str
        The bone that carries the whole body where that is not the pelvis's, "" if it is. It takes
        the pelvis's turn as well when the pelvis's bone hangs on it; that one stays at rest then.
    root : str
        The bone on the floor above everything, "" for none.
    limbs : mapping of str to LimbControls
        By the names of `LIMBS`; empty where there is no IK.
    settings : tuple of Setting
        What else has to be set on the rig for a bake.
    prefixes : tuple of str
        What may stand before every name of a bone, such as "mixamorig:".
    certainty : mapping of str to float
        0 to 1 by joint, how sure detection is; empty for a preset.
    """

    name: str
    joints: Mapping[str, JointBones]
    mover: str = ""
    root: str = ""
    limbs: Mapping[str, LimbControls] = field(default_factory=dict)
    settings: tuple[Setting, ...] = ()
    prefixes: tuple[str, ...] = ()
    certainty: Mapping[str, float] = field(default_factory=dict)

    def bones(self) -> tuple[str, ...]:
        """Return all bones that follow joints, but not those that are locked."""
        return tuple(
            bone for each in self.joints.values() if not each.locked for bone in each.bones
        )
