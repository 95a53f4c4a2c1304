"""The settings of the sub-panel Keys, as plain values."""

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bake.scene.animation.curves import Keying


def keying_of(cleanup: Any) -> "Keying":
    """Read how a motion is to be keyed from `CleanupSettings`."""
    from bake.reduction.key_reduction import Tolerance
    from bake.scene.animation.curves import Keying

    tolerance = Tolerance(math.degrees(cleanup.angle_tolerance), cleanup.distance_tolerance)
    return Keying(tolerance if cleanup.reduce_keys else None, cleanup.rotation_mode)
