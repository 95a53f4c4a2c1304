"""What a user may choose about an export."""

from dataclasses import dataclass


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
    """

    with_meshes: bool = True
    deform_only: bool = True
    animated: bool = True
    root: bool | None = None
    frames: tuple[int, int] | None = None
