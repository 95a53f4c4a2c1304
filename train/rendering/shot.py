"""What a clip of the rendered benchmark is made of: who does what, and where the camera stands."""

from dataclasses import dataclass, field
from fractions import Fraction

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


@dataclass(frozen=True)
class Phone:
    """One of several cameras that film the same performance, each by its own clock.

    Parameters
    ----------
    view : View
    seconds : float
        How long it films.
    start : float
        When its first picture is taken, seconds on the clock of the performance.
    size : (2,) int
    frame_rate : Fraction
        What its file says.
    drift : float
        Parts in a million that its seconds are too long.
    turning : bool
        It stands still and turns after the people, nearer than if it had to see their whole way.
    microphone : int
        Samples a second of its sound; 0 for a clip without.
    """

    view: View
    seconds: float = 3.0
    start: float = 0.0
    size: tuple[int, int] = WIDE
    frame_rate: Fraction = Fraction(FRAME_RATE)
    drift: float = 0.0
    turning: bool = False
    microphone: int = 0

    @property
    def frames(self) -> int:
        """How many pictures it takes."""
        return round(self.seconds * self.frame_rate)


@dataclass(frozen=True)
class ViewShot:
    """A performance and the cameras that film it.

    Parameters
    ----------
    shot : Shot
        Its view is where obstacles hide people from.
    phones : tuple of Phone
    claps : tuple of float
        When somebody claps their hands, seconds.
    """

    shot: Shot
    phones: tuple[Phone, ...]
    claps: tuple[float, ...] = ()
