"""All numbers that a person in the scene is made of; reads nothing of Blender and changes nothing.

It can be worked out in a thread while Blender is used.
"""

from dataclasses import dataclass

import numpy as np

from bake.cleaning import cleaned
from bake.motion.fingers import finger_motion
from bake.motion.resample import Keys, Timeline
from bake.motion.root_path import RootPath, root_path
from bake.motion.smoothing import load_profile, scaled
from bake.motion.surroundings import around, as_before, corrected_frames
from bake.motion.touches import Touch, within
from bake.motion.trim import Trim
from bake.scene.animation.confidence import confidence_at
from bake.scene.rig.pose_bones import fingers_in_world, rest_in_world
from core_model.body.model import Body, default_body
from core_model.take import Take


@dataclass(frozen=True)
class Motion:
    """One person's motion and body, ready to be written.

    Parameters
    ----------
    take : Take
    keys : Keys
    fps : float
        Frames of the scene per second.
    confidence : (K, 24)
        At the frames of `keys`.
    path : RootPath
        The way over the ground, at the frames of `keys`.
    fingers : (K, 30, 4) or None
        At the frames of `keys`; None for takes and bodies without.
    body : Body
    body_file : str
        Where the body came from; empty for the default one.
    joints, vertices : (24, 3), (V, 3)
        Rest pose in Blender's world, metres.
    stands : tuple of Touch
        Where feet are held because they were found to stand.
    """

    take: Take
    keys: Keys
    fps: float
    confidence: np.ndarray
    path: RootPath
    fingers: np.ndarray | None
    body: Body
    body_file: str
    joints: np.ndarray
    vertices: np.ndarray
    stands: tuple[Touch, ...] = ()

    def rest_fingers(self) -> tuple[np.ndarray, np.ndarray]:
        """Return joints (30, 3) and tips (10, 3) of the fingers, as `joints`."""
        return fingers_in_world(self.body, self.take.betas)


def motion_of(
    take: Take,
    timeline: Timeline,
    smoothing: str = "default",
    *,
    strength: dict[str, float] | None = None,
    root_motion: str | None = None,
    feet: str | None = None,
    body: Body | None = None,
    body_file: str = "",
    trim: Trim = Trim(),
    captured: Take | None = None,
) -> Motion:
    """Clean a take up and put it on its body.

    Parameters
    ----------
    take : Take
    timeline : Timeline
        The scene's frame rate, and the moment of the clip at its first frame.
    smoothing : str
        Name of a profile.
    strength : dict, optional
        Multiple of the profile for body parts.
    root_motion, feet : str or None
        One of `ROOT_MOTIONS` and of `FOOT_MODES`. None: on the ground with pinned feet if the take
        is from a video and is smoothed, else as it is.
    body : Body, optional
        Another body than the default one; its mesh gets shape keys. Corrections by the pose, which
        Blender's skinning does not have, are left out.
    body_file : str
        Where `body` came from.
    trim : Trim
        What is left out of the motion; the rest is as without it.
    captured : Take, optional
        What the take was before it was corrected: far from what was, the motion is as of this.

    Raises
    ------
    MocapError
        When the person was seen in no frame that is left, or there is no such profile.
    """
    profile = scaled(load_profile(smoothing), strength or {})
    shown = body or default_body()
    mended = take.from_video and smoothing != "none"
    modes = (
        root_motion or ("ground" if mended else "free"),
        feet or ("auto" if mended else "never"),
    )
    corrected = None if captured is None else corrected_frames(take, captured)
    as_was = None if captured is None or corrected is None else captured
    found = cleaned(take, timeline, profile, shown, *modes, as_was)
    keys = found.keys
    if captured is not None and corrected is not None:
        before = cleaned(as_before(take, captured), timeline, profile, shown, *modes)
        keys = around(keys, before.keys, timeline, take.times[corrected])
    part = trim.part(timeline.time_of(keys.frames))
    keys = keys[part]
    times = timeline.time_of(keys.frames)
    fingers = finger_motion(take, timeline, profile) if shown.has_fingers else None
    joints, vertices = rest_in_world(shown, take.betas)
    return Motion(
        take=take,
        keys=keys,
        fps=timeline.rate.value,
        confidence=confidence_at(take, keys, timeline),
        path=root_path(keys, timeline),
        fingers=None if fingers is None else fingers[part],
        body=shown,
        body_file=body_file,
        joints=joints,
        vertices=vertices,
        stands=within(found.stands, float(times[0]), float(times[-1])),
    )
