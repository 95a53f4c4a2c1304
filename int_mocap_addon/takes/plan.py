"""What is to be baked, and how: plain values, read from the panels before the work begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from ..cleanup.keying import keying_of
from ..cleanup.properties import BODY_PARTS, BY_TAKE
from ..settings import settings_of
from .listing import find_take, take_file, takes_of_shot
from .trim import trim_of

if TYPE_CHECKING:
    from bake.motion.resample import FrameRate, Timeline
    from bake.motion.trim import Trim
    from bake.scene.animation.curves import Keying


@dataclass(frozen=True)
class BakePlan:
    """What to do with one take.

    Parameters
    ----------
    uid : str
        Of the take.
    path : Path
    captured : Path or None
        The take before it was corrected; None where it never was.
    up : str
        The axis that is up in the file.
    timeline : Timeline
    profile : str
        Name of a smoothing profile.
    strength : dict
        Multiple of the profile for each body part.
    root_motion : str or None
        One of `bake.motion.root_motion.ROOT_MOTIONS`, None for what fits the take.
    feet : str or None
        One of `bake.feet.foot_lock.FOOT_MODES`, None for what fits the take.
    body_file : Path or None
        An SMPL file, None for the default body.
    trim : Trim
    keying : Keying
    """

    uid: str
    path: Path
    captured: Path | None
    up: str
    timeline: "Timeline"
    profile: str
    strength: dict[str, float]
    root_motion: str | None
    feet: str | None
    body_file: Path | None
    trim: "Trim"
    keying: "Keying"


@dataclass(frozen=True)
class ShotPlan:
    """What to do with the camera of one capture, or of one shot of it.

    Parameters
    ----------
    numbers : list of int
        Which of the plans are of this shot.
    others : list of Path
        Takes of the same shot that are not baked now; they know turns of the camera, too.
    """

    numbers: list[int]
    others: list[Path]


def frame_rate(scene: bpy.types.Scene, uids: Sequence[str]) -> "FrameRate":
    """Return the frame rate that the Clean-up panel asks for."""
    from bake.motion.resample import FrameRate, exact_rate
    from bake.scene.timing import is_animated

    choice = settings_of(scene).cleanup.frame_rate
    if choice == "CLIP" or (choice == "AUTO" and not is_animated(scene)):
        return exact_rate(find_take(scene, uids[0]).rate)
    return FrameRate(scene.render.fps, scene.render.fps_base)


def start_frame(scene: bpy.types.Scene) -> int:
    """Return the frame at which clips begin: the scene's first, until the panel says another."""
    cleanup = settings_of(scene).cleanup
    chosen = cleanup.is_property_set("start_frame")
    return int(cleanup.start_frame if chosen else scene.frame_start)


def make_plan(scene: bpy.types.Scene, uid: str, rate: "FrameRate") -> BakePlan:
    """Read the Clean-up panel for a take."""
    from bake.motion.resample import Timeline

    item, cleanup = find_take(scene, uid), settings_of(scene).cleanup
    return BakePlan(
        uid=uid,
        path=take_file(item),
        captured=Path(bpy.path.abspath(item.path)) if item.solved else None,
        up=item.up,
        timeline=Timeline(rate, item.clip_start, start_frame(scene)),
        profile=cleanup.profile,
        strength={part: getattr(cleanup, part) for part in BODY_PARTS},
        root_motion=None if cleanup.root_motion == BY_TAKE else cleanup.root_motion,
        feet=None if cleanup.feet == BY_TAKE else cleanup.feet,
        body_file=Path(bpy.path.abspath(item.body_file)) if item.body_file else None,
        trim=trim_of(item),
        keying=keying_of(cleanup),
    )


def plan_shots(scene: bpy.types.Scene, uids: Sequence[str]) -> list[ShotPlan]:
    """Put the takes that are baked together with the rest of their captures, shot by shot."""
    shots: dict[str, ShotPlan] = {}
    for number, uid in enumerate(uids):
        seen = takes_of_shot(scene, find_take(scene, uid))
        others = [take_file(each) for each in seen if each.uid not in uids]
        shots.setdefault(seen[0].uid, ShotPlan([], others)).numbers.append(number)
    return list(shots.values())
