"""A second set of performances that two phones film: looked at in the end, chosen by in one thing.

Other motions than those of `view_shots`, of subjects that no training run has seen, in other rooms:
exercises that are repeated, work on the spot, two people, a phone that turns, one that comes late.
That an exercise was refused (`jacks`, `jacks_far`) was seen here, and mended; nothing else was.
"""

from dataclasses import replace
from fractions import Fraction

from train.rendering.shot import LARGE, TALL, Actor, Phone, Shot, View, ViewShot
from train.rendering.wardrobe import DARK, GREEN, GREY, PLAIN, SPORT, STRIPES


def _shot(name: str, actors: tuple[Actor, ...], frames: int, seed: int) -> Shot:
    """Return a shot in soft light; obstacles hide people from straight ahead."""
    return Shot(name, actors, frames, View(0), seed, shadows=False)


WITHHELD_VIEW_SHOTS = (
    ViewShot(
        _shot("jacks", (Actor("13_31", 19, STRIPES),), 210, 201),
        (
            Phone(View(-45, 2, 0.75), 4.0, 0.0, TALL),
            Phone(View(45, 4, 0.8, roll=2), 4.5, 2.2, TALL),
        ),
    ),
    ViewShot(
        _shot("jacks_far", (Actor("13_31", 10, GREY),), 220, 215),
        (Phone(View(-10, 2, 0.75), 5.0, 0.0, TALL), Phone(View(95, 4, 0.8, roll=-2), 4.0, 3.1)),
    ),
    ViewShot(
        _shot("squats", (Actor("13_30", 0, GREEN),), 300, 212),
        (Phone(View(-40, 2, 0.75), 7.0, 0.0, TALL), Phone(View(50, 4, 0.8, roll=2), 6.0, 3.3)),
    ),
    ViewShot(
        replace(_shot("traffic", (Actor("13_26", 19, PLAIN),), 190, 202), clutter=0),
        (Phone(View(-5, 3, 0.8), 4.0), Phone(View(88, 6, 0.8), 5.0, 0.9)),
    ),
    ViewShot(
        _shot(
            "meeting",
            (
                Actor("07_01", 0, SPORT, (0.0, 0.5), 90.0),
                Actor("03_01", 10, GREY, (0.0, -0.5), -90.0),
            ),
            78,
            203,
        ),
        (
            Phone(View(10, 6, 0.9, 0.9), 2.5, 0.0, LARGE),
            Phone(View(175, 4, 0.8, 0.9, roll=-1), 2.1, 0.4),
        ),
    ),
    ViewShot(
        _shot("cartwheel", (Actor("90_02", 56, GREEN),), 95, 204),
        (Phone(View(24, 6), 2.5), Phone(View(-66, 3, 0.75, roll=3), 2.5, 0.5)),
    ),
    ViewShot(
        replace(_shot("sit", (Actor("13_01", 300, DARK),), 170, 205), obstacles=("stool",)),
        (
            Phone(View(70, 6, 0.8), 4.0),
            Phone(View(-15, 5, 0.7, roll=-2), 3.5, 1.5, turning=True),
        ),
    ),
    ViewShot(
        replace(_shot("uneven", (Actor("03_03", 300, GREEN),), 95, 206), clutter=12),
        (Phone(View(35, 10, 1.0), 2.8), Phone(View(-60, 4, 0.7), 2.6, 0.3, TALL)),
    ),
    ViewShot(
        _shot("laugh", (Actor("13_14", 150, SPORT),), 330, 207),
        (Phone(View(20, 5, 0.75), 10.5), Phone(View(-50, 6, 0.85, roll=1), 3.0, 4.37)),
    ),
    ViewShot(
        _shot("run", (Actor("35_17", 0, SPORT),), 42, 208),
        (Phone(View(-98, 3, 1.0), 1.4, 0.0, LARGE), Phone(View(-30, 5, 0.75), 1.3, 0.1)),
    ),
    ViewShot(
        _shot("box_sixty", (Actor("17_10", 590, DARK),), 106, 209),
        (
            Phone(View(40, 5, 0.9), 3.4),
            Phone(View(-35, 3, 0.8), 3.3, 0.2, frame_rate=Fraction(60)),
        ),
    ),
    ViewShot(
        _shot("stroll", (Actor("07_10", 0, DARK),), 75, 213),
        (Phone(View(-60, 5, 0.9), 2.4), Phone(View(20, 4, 0.8, roll=2), 1.8, 0.7)),
    ),
    ViewShot(
        _shot("punches", (Actor("17_10", 0, PLAIN),), 200, 214),
        (Phone(View(-30, 5, 0.8), 5.0), Phone(View(60, 4, 0.8, roll=2), 4.0, 2.5)),
    ),
)
