"""The rendered benchmark's clips: who does what, in which room, and where the camera stands."""

from train.rendering.clothes import Outfit
from train.rendering.shot import Actor, Shot, View

_DARK = Outfit(
    skin=(0.42, 0.28, 0.20),
    hair=(0.06, 0.05, 0.05),
    shirt=(0.85, 0.83, 0.78),
    trousers=(0.18, 0.18, 0.20),
    shoes=(0.15, 0.12, 0.10),
    long_sleeves=True,
)
_SPORT = Outfit(
    skin=(0.72, 0.50, 0.38),
    hair=(0.35, 0.22, 0.10),
    shirt=(0.10, 0.35, 0.65),
    trousers=(0.10, 0.10, 0.12),
    shoes=(0.80, 0.25, 0.15),
    shorts=True,
)
_STRIPES = Outfit(
    skin=(0.86, 0.68, 0.58),
    hair=(0.62, 0.48, 0.25),
    shirt=(0.75, 0.78, 0.70),
    trousers=(0.38, 0.30, 0.22),
    shoes=(0.25, 0.18, 0.14),
    long_sleeves=True,
    striped=True,
)
_GREY = Outfit(
    shirt=(0.45, 0.46, 0.48), trousers=(0.33, 0.34, 0.36), shoes=(0.7, 0.7, 0.7), long_sleeves=True
)
_GREEN = Outfit(
    skin=(0.60, 0.42, 0.32),
    hair=(0.08, 0.07, 0.07),
    shirt=(0.15, 0.42, 0.24),
    trousers=(0.55, 0.50, 0.40),
    shoes=(0.12, 0.12, 0.12),
)
_PLAIN = Outfit()

_WIDE, _TALL, _LARGE = (640, 360), (360, 640), (854, 480)

SHOTS = (
    Shot("walk_front", (Actor("07_05", 5, _SPORT),), 90, View(15), 1),
    Shot(
        "walk_side", (Actor("35_12", 2, _DARK),), 90, View(82, 2, 1.8), 2, _LARGE, light_turns=140
    ),
    Shot(
        "walk_away",
        (Actor("35_16", 5, _STRIPES),),
        90,
        View(168, 10, 1.1, roll=4),
        3,
        shadows=False,
    ),
    Shot(
        "sneak_high",
        (Actor("17_03", 10, _GREEN),),
        90,
        View(40, 32, 0.85),
        4,
        clutter=12,
    ),
    Shot("punch", (Actor("17_10", 470, _SPORT),), 90, View(28, 5), 5, _LARGE),
    Shot(
        "box_behind",
        (Actor("13_18", 322, _GREY),),
        90,
        View(205, 3, 1.3),
        6,
        clutter=10,
        shadows=False,
    ),
    Shot("jump_low", (Actor("13_42", 4, _PLAIN),), 90, View(-28, -9, 0.8), 7, clutter=0),
    Shot(
        "leap_side",
        (Actor("13_13", 6, _DARK),),
        96,
        View(90, 6),
        8,
        _LARGE,
        clutter=6,
        shadows=False,
    ),
    Shot("squat_high", (Actor("13_30", 358, _STRIPES),), 120, View(52, 24), 9, _TALL),
    Shot(
        "seated",
        (Actor("13_01", 70, _GREEN),),
        110,
        View(-35, 8, 1.1),
        10,
        obstacles=("stool",),
    ),
    Shot("bend", (Actor("13_31", 245, _GREY),), 90, View(-42, 5), 11, _TALL, light_turns=90),
    Shot("signals", (Actor("13_26", 265, _PLAIN),), 90, View(8, 18, 0.6), 12, _TALL, clutter=12),
    Shot(
        "reach_back",
        (Actor("13_10", 55, _SPORT),),
        90,
        View(152, -4, 0.9),
        13,
        clutter=10,
        light_turns=-120,
        shadows=False,
    ),
    Shot("kick", (Actor("90_05", 22, _GREY),), 90, View(-72, 6, 1.2), 14, _LARGE),
    Shot("cartwheel", (Actor("90_02", 56, _GREEN),), 90, View(24, 6), 15, clutter=0, shadows=False),
    Shot(
        "laugh_table",
        (Actor("13_15", 395, _DARK),),
        90,
        View(10, 10, 1.0),
        16,
        obstacles=("table",),
        shadows=False,
    ),
    Shot(
        "limp_pillar",
        (Actor("17_03", 2, _STRIPES),),
        90,
        View(64, 4, 1.0),
        17,
        obstacles=("pillar",),
    ),
    Shot(
        "crossing",
        (
            Actor("35_01", 0, _SPORT, (0.0, 0.45), 90.0),
            Actor("07_05", 20, _STRIPES, (0.0, -0.45), -90.0),
        ),
        86,
        View(4, 6, 0.9, 0.9),
        18,
        _LARGE,
    ),
)
"""All on subjects that no training run has seen: 07, 13, 17, 35 and 90."""
