"""Performances that two or three phones film, each from its place and by its own clock.

The phones stand as two people would hold them: 60 to 180 degrees around from each other, neither as
high nor as level, with other lenses, some upright, never started at the same moment.
"""

from dataclasses import replace
from fractions import Fraction

from train.rendering.shot import TALL, Phone, Shot, View, ViewShot
from train.rendering.shots import SHOTS

_BY_NAME = {shot.name: shot for shot in SHOTS}
_NTSC = Fraction(30000, 1001)


def _longer(name: str, frames: int) -> Shot:
    """Return a shot of the rendered benchmark in soft and steady light, of so many frames."""
    return replace(_BY_NAME[name], frames=frames, shadows=False, light_turns=0.0)


_PUNCH = _longer("punch", 112)
_BOX = _longer("box_behind", 112)
_AWAY = _longer("walk_away", 100)
_PILLAR = _longer("limp_pillar", 108)
_CROSSING = _longer("crossing", 86)
_KICK = _longer("kick", 104)
_SIDE = _longer("walk_side", 96)
_SIGNALS = _longer("signals", 412)
_SQUAT = _longer("squat_high", 120)

VIEW_SHOTS = (
    ViewShot(_PUNCH, (Phone(_PUNCH.view, 3.0), Phone(View(103, 1, 0.8), 2.9, 0.7))),
    ViewShot(_BOX, (Phone(_BOX.view, 2.6), Phone(View(280, 7, 0.95, roll=-2), 2.6, 0.43, TALL))),
    ViewShot(_AWAY, (Phone(_AWAY.view, 3.0), Phone(View(243, 5, 0.75, roll=1.5), 2.8, 0.37))),
    ViewShot(_PILLAR, (Phone(_PILLAR.view, 2.8), Phone(View(-20, 8, 1.1, roll=2), 2.6, 0.52))),
    ViewShot(
        _CROSSING,
        (
            Phone(_CROSSING.view, 2.7),
            Phone(View(76, 3, 0.8, roll=-1.5), 2.5, 0.29, frame_rate=_NTSC),
            Phone(View(-70, 11, 1.0, roll=2.5), 2.6, 0.14),
        ),
    ),
    ViewShot(_KICK, (Phone(_KICK.view, 2.6), Phone(View(108, 2, 0.9), 2.6, 0.47))),
    ViewShot(
        _SIDE,
        (Phone(_SIDE.view, 2.6), Phone(View(-40, 3, 0.8, 0.8, roll=1), 2.6, 0.31, turning=True)),
    ),
    ViewShot(
        _SQUAT,
        (
            Phone(_SQUAT.view, 3.1, 0.0, TALL, microphone=48000),
            Phone(View(142, 5, 0.9, roll=-2.5), 2.6, 0.83, microphone=44100),
        ),
        claps=(1.37, 2.64),
    ),
    ViewShot(
        _SIGNALS,
        (
            Phone(_SIGNALS.view, 13.4, 0.0, TALL, microphone=48000),
            Phone(
                View(-68, 4, 0.85, roll=1.5),
                10.2,
                3.37,
                frame_rate=Fraction(25),
                drift=100.0,
                microphone=44100,
            ),
        ),
        claps=(4.21, 4.83, 11.64),
    ),
)
"""Of subjects that no training run has seen, as `SHOTS`."""
