"""What a user may choose about an export."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bake.retarget.detection.detect import detect
from bake.retarget.maps.bone_map import BoneMap
from bake.retarget.rig import Rig


@dataclass(frozen=True)
class ExportOptions:
    """What a user may choose beside the preset.

    Parameters
    ----------
    with_meshes : bool
        Bodies and clothes as well as bones.
    deform_only : bool
        Without controls and helpers of a rig.
    animated : bool
        With the motion; else only the figure at rest.
    root : bool or None
        Whether a figure without a root bone gets one; None as the preset has it.
    frames : tuple of int or None
        First and last frame; None for those of each figure's motion.
    each_strip : bool
        Every NLA strip that is no layer is a motion of its own, for formats that have room for
        several; else all that is seen is one.
    maps : mapping of str to BoneMap
        By the name of the armature, for formats that hold the motion of a human. Where there is
        none, or one of other bones than are exported, the bones are found.
    """

    with_meshes: bool = True
    deform_only: bool = True
    animated: bool = True
    root: bool | None = None
    frames: tuple[int, int] | None = None
    each_strip: bool = True
    maps: Mapping[str, BoneMap] = field(default_factory=dict)

    @property
    def separate(self) -> bool:
        """Whether motions may be told apart: a stretch of the scene's time is one."""
        return self.each_strip and self.animated and self.frames is None

    def map_for(self, name: str, rig: Rig) -> BoneMap:
        """Return which bone of an exported figure is which joint.

        Raises
        ------
        RigError
            When it is no human figure.
        """
        given = self.maps.get(name)
        return given if given and set(given.bones()) <= set(rig.names) else detect(rig)
