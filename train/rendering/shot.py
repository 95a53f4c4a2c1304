"""What a clip of the rendered benchmark is made of: who does what, and where the camera stands."""

from dataclasses import dataclass, field

from train.rendering.clothes import Outfit

FRAME_RATE = 30
WIDE, TALL, LARGE = (640, 360), (360, 640), (854, 480)
"""Sizes of pictures."""


@dataclass(frozen=True)
class Actor:
    """Somebody in a clip.

    Parameters
    ----------
    motion : str
        Name of a clip of motion capture.
    start : int
        First frame of it.
    outfit : Outfit
    place : (2,)
        Where the middle of the way is, metres.
    heading : float
        Degrees that the motion is turned to the left; at 0 it faces -Y on average.
    """

    motion: str
    start: int
    outfit: Outfit
    place: tuple[float, float] = (0.0, 0.0)
    heading: float = 0.0


@dataclass(frozen=True)
class View:
    """Where the camera stands, as seen from the people.

    Parameters
    ----------
    azimuth : float
        Degrees: 0 before their faces, 90 at their left, 180 behind.
    elevation : float
        Degrees that the camera is above the middle of the body.
    focal : float
        Focal length as a share of the picture's longer side.
    fill : float
        Share of the picture that the whole way takes, of width or height.
    roll : float
        Degrees.
    """

    azimuth: float
    elevation: float = 4.0
    focal: float = 0.95
    fill: float = 0.86
    roll: float = 0.0


@dataclass(frozen=True)
class Shot:
    """One clip. Its name seeds nothing; `seed` makes bodies and room.

    Parameters
    ----------
    name : str
    actors : tuple of Actor
    frames : int
    view : View
    seed : int
    size : (2,) int
        Width and height in pixels.
    clutter : int
        How much stands around; 0 is a plain room.
    light_turns : float
        Degrees that the light goes around during the clip.
    shadows : bool
        Hard light with shadows, or soft light without.
    obstacles : tuple of str
        Of "table", "pillar", "stool".
    """

    name: str
    actors: tuple[Actor, ...]
    frames: int
    view: View
    seed: int
    size: tuple[int, int] = WIDE
    clutter: int = 8
    light_turns: float = 0.0
    shadows: bool = True
    obstacles: tuple[str, ...] = field(default_factory=tuple)
