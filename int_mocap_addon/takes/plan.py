"""What is to be baked, and how: plain values, read from the panels before the work begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from ..properties import settings_of
from .listing import find_take

if TYPE_CHECKING:
    from bake.motion.resample import FrameRate, Timeline


@dataclass(frozen=True)
class BakePlan:
    """What to do with one take.

    Parameters
    ----------
    uid : str
        Of the take.
    path : Path
    up : str
        The axis that is up in the file.
    timeline : Timeline
    profile : str
        Name of a smoothing profile.
    strength : dict
        Multiple of the profile for each body part.
    root_motion : str
        One of `bake.motion.root_motion.ROOT_MOTIONS`.
    feet : str
        One of `bake.feet.foot_lock.FOOT_MODES`.
    body_file : Path or None
        An SMPL file, None for the default body.
    """

    uid: str
    path: Path
    up: str
    timeline: "Timeline"
    profile: str
    strength: dict[str, float]
    root_motion: str
    feet: str
    body_file: Path | None


def frame_rate(scene: bpy.types.Scene, uids: Sequence[str]) -> "FrameRate":
    """Return the frame rate that the Clean-up panel asks for."""
    from bake.motion.resample import FrameRate, exact_rate

    choice = settings_of(scene).cleanup.frame_rate
    if choice == "CLIP" or (choice == "AUTO" and not bpy.data.actions):
        return exact_rate(find_take(scene, uids[0]).rate)
    return FrameRate(scene.render.fps, scene.render.fps_base)


def make_plan(scene: bpy.types.Scene, uid: str, rate: "FrameRate") -> BakePlan:
    """Read the Clean-up panel for a take."""
    from bake.motion.resample import Timeline

    item, cleanup = find_take(scene, uid), settings_of(scene).cleanup
    return BakePlan(
        uid=uid,
        path=Path(bpy.path.abspath(item.path)),
        up=item.up,
        timeline=Timeline(rate, item.clip_start, cleanup.start_frame),
        profile=cleanup.profile,
        strength={part: getattr(cleanup, part) for part in ("torso", "head", "arms", "legs")}
        | {"root": cleanup.root},
        root_motion=cleanup.root_motion,
        feet=cleanup.feet,
        body_file=Path(bpy.path.abspath(item.body_file)) if item.body_file else None,
    )
