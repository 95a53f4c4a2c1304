"""A second set of rendered clips, on which nothing was ever chosen or tuned: looked at in the end.

Other motions of the subjects that no training run has seen, other people, rooms and cameras.
"""

from train.rendering.shot import LARGE, TALL, Actor, Shot, View
from train.rendering.wardrobe import DARK, GREEN, GREY, PLAIN, SPORT, STRIPES

WITHHELD_SHOTS = (
    Shot("uneven", (Actor("03_03", 300, GREEN),), 90, View(35, 14, 1.2), 101),
    Shot("run_past", (Actor("35_17", 0, SPORT),), 36, View(-98, 3, 1.6), 102, LARGE),
    Shot("stroll_low", (Actor("07_10", 0, GREY),), 75, View(-60, -7), 103, shadows=False),
    Shot("jacks", (Actor("13_31", 19, STRIPES),), 90, View(-20, 6), 104, TALL),
    Shot("box_front", (Actor("17_10", 590, DARK),), 90, View(40, 5, 1.1), 105, LARGE),
    Shot("traffic_back", (Actor("13_26", 19, PLAIN),), 90, View(-140, 12, 0.8), 106, clutter=12),
    Shot("laugh_low", (Actor("13_14", 199, SPORT),), 90, View(70, -6), 107, light_turns=120),
    Shot("jump_back", (Actor("13_39", 0, GREY),), 86, View(150, 6, 1.1), 108, clutter=0),
    Shot("punch_high", (Actor("17_10", 100, GREEN),), 90, View(-50, 30, 0.85), 109, shadows=False),
    Shot("reach_near", (Actor("13_10", 299, DARK),), 90, View(-10, 4, 0.7), 110, TALL),
    Shot("sit_side", (Actor("13_01", 299, PLAIN),), 90, View(80, 6), 111, obstacles=("stool",)),
    Shot(
        "meeting",
        (
            Actor("07_01", 0, STRIPES, (0.0, 0.5), 90.0),
            Actor("03_01", 10, GREY, (0.0, -0.5), -90.0),
        ),
        78,
        View(10, 6, 0.9, 0.9),
        112,
        LARGE,
        obstacles=("pillar",),
    ),
)
