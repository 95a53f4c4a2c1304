"""A person in a scene, as the writer puts it there."""

from dataclasses import dataclass
from typing import Any

import bpy

from bake.motion.resample import FrameRate, Keys, Timeline
from bake.scene.animation.curves import Keying
from bake.scene.animation.motion import motion_of
from bake.scene.body_mesh import COLOURS
from bake.scene.rig.rig_look import RigStyle
from bake.scene.writer import Figure, write_person
from core_model.take import Take

EXACT = Keying(tolerance=None)
"""A key on every frame."""


@dataclass
class Person:
    """What a take became, and the motion as it was keyed."""

    armature: Any
    body: Any
    action: Any
    keys: Keys


def written(
    take: Take,
    scene: bpy.types.Scene,
    smoothing: str = "none",
    with_body: bool = True,
    start: float | None = None,
    keying: Keying = EXACT,
    style: RigStyle = RigStyle(),
    name: str = "dancer",
    **body: Any,
) -> Person:
    """Write a take at 30 frames per second; frame one is its first, or the moment `start`.

    Every frame gets a key unless `keying` says otherwise.
    """
    timeline = Timeline(FrameRate(30, 1.0), take.times[0] if start is None else start)
    motion = motion_of(take, timeline, smoothing, root_motion="free", feet="never", **body)
    figure, warnings = write_person(
        scene,
        Figure(),
        name,
        motion,
        scene.collection,
        colour=COLOURS[0],
        with_body=with_body,
        style=style,
        keying=keying,
    )
    assert warnings == [] and figure.armature is not None
    data = figure.armature.animation_data
    assert data
    return Person(figure.armature, figure.body, data.action, motion.keys)
