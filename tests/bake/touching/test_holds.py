"""Where a foot belongs that stood in what a take was made of."""

import numpy as np

from bake.feet.contacts import foot_points
from bake.feet.figure import LEGS, TOE, posed
from bake.motion.touches import Touch
from bake.touching.holds import hold_end, rolled_on
from tests.bake.standing import FIGURE, TIMELINE, stepping


def test_a_foot_slides_no_further_than_is_told_and_else_as_it_does():
    keys = stepping(seconds=1.0, noise=0.0)
    pose, times = posed(FIGURE, keys.quaternions, keys.positions), TIMELINE.time_of(keys.frames)
    points = np.concatenate((foot_points(pose), pose.soles[:, :, TOE, None]), axis=2)[:, 0]
    own = rolled_on(points)
    assert np.linalg.norm(np.diff(own, axis=0), axis=1).min() > 1e-4, "it slides all the time"
    stands = [Touch("left_foot", 0.0, 1.0, height=0.0, rolls=True, found=True)]
    for told, left in ((2.0 * own @ [[0, 1], [1, 0]], 1.0), (own, 1.0), (0.5 * own, 0.5), (0, 0)):
        slid = np.zeros_like(own) + told
        hold = hold_end(FIGURE, pose, times, stands, (LEGS[0][2], LEGS[0][3]), slid)
        steps = np.diff(own + hold.move[:, :2], axis=0)
        np.testing.assert_allclose(steps, left * np.diff(own, axis=0), atol=1e-9)
