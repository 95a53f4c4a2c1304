"""What a file of another system says, before it is placed in our world: people and their frame."""

from dataclasses import dataclass, field

import numpy as np

CAMERA, Y_UP, Z_UP = "camera", "y-up", "z-up"
"""Frames of reference: x right, y down, z forward; Y up; Z up, as a Take has it."""


@dataclass(frozen=True)
class Person:
    """One person as a system saw them, in the system's own frame of reference.

    Parameters
    ----------
    poses : (F, 72)
        Axis-angle per joint in SMPL order; joint 0 turns SMPL space to the frame of reference.
    places : (F, 3)
        Metres: SMPL's translation, which added to the rest position of the pelvis is its place; or
        that place itself, see `at_pelvis`.
    betas : (10,)
    frames : (F,) int or None
        Number of the picture that each row is of; one after the other if None.
    hands : (F, 90) or None
        Axis-angle per joint of the fingers, as in SMPL-H.
    at_pelvis : bool
        Whether `places` are of the pelvis.
    gender : str
    confidence : (F,) or None
        0 to 1; how sure the system is, where it says so.
    name : str
        How the system calls the person.
    """

    poses: np.ndarray
    places: np.ndarray
    betas: np.ndarray
    frames: np.ndarray | None = None
    hands: np.ndarray | None = None
    at_pelvis: bool = False
    gender: str = "neutral"
    confidence: np.ndarray | None = None
    name: str = ""


@dataclass(frozen=True)
class Lens:
    """What filmed people before a camera.

    Parameters
    ----------
    focal : float
        Pixels.
    size : (float, float)
        Width and height of the picture, pixels; its middle is where the lens points.
    """

    focal: float
    size: tuple[float, float]


@dataclass(frozen=True)
class Result:
    """What one file, or a few that belong together, hold.

    Parameters
    ----------
    system : str
        Name of what made it.
    people : list of Person
    frame : str
        Frame of reference, one of `CAMERA`, `Y_UP` and `Z_UP`.
    rate : float or None
        Pictures per second; None where nothing says.
    estimated : bool
        Whether it was estimated from a video, and is as restless as a capture.
    floor : bool
        Whether the floor is at height 0 already.
    shared : bool
        Whether all people are in the same space.
    lens : Lens or None
        Of the camera whose frame of reference it is, where that is known and stood still.
    axis_unsure : bool
        Whether which axis is up may be otherwise in files of this kind.
    warnings : tuple of str
        What the user should know, to follow the name of the file in a sentence.
    """

    system: str
    people: list[Person]
    frame: str
    rate: float | None = None
    estimated: bool = True
    floor: bool = False
    shared: bool = True
    lens: Lens | None = None
    axis_unsure: bool = False
    warnings: tuple[str, ...] = field(default=())
