"""Where a camera looks that turns: told by any of its frames, it is the same camera."""

import numpy as np
from scipy.spatial.transform import Rotation

from train.evaluate.several_views import looking


def test_a_camera_that_turned_is_the_same_by_whichever_frame_it_is_told() -> None:
    pan = Rotation.from_rotvec(np.linspace(0, 0.5, 40)[:, None] * np.array([0.1, 1.0, 0.0]))
    first = Rotation.from_rotvec([0.2, -0.8, 0.1]).as_matrix()
    place = np.array([2.0, 0.3, 1.5])
    middle = (pan[20].inv() * pan).as_matrix()  # from every frame to the one in the middle
    turned = pan[20].inv().as_matrix() @ first

    by_first = looking(first, -first @ place, pan.as_matrix())
    by_middle = looking(turned, -turned @ place, middle)

    np.testing.assert_allclose(by_middle.rotations, by_first.rotations, atol=1e-12)
    np.testing.assert_allclose(by_middle.place, place, atol=1e-12)
    np.testing.assert_allclose(by_first.place, place, atol=1e-12)
