"""Up is told by edges where these are exact, and by how people keep their balance where not."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from core_model.fit.stature import set_stature, stature
from core_model.lifting.figure import Figure
from core_model.world.manhattan import ManhattanFrame
from core_model.world.to_takes import camera_in_world
from tests.core_model.views.filming import BODY, around, at_origin, filmed
from train.places import RENDERED_FOLDER

CAMERA = around(20)
WALK = at_origin(RENDERED_FOLDER / "walk_front_01.npz")
UP = CAMERA.to_world[:3, :3].T @ [0.0, 0.0, 1.0]


def leaning(degrees: float) -> list[Figure]:
    """Return somebody who walks, as a capture that errs by so much makes them lean."""
    (figure,) = filmed([WALK], CAMERA).figures
    turn = Rotation.from_euler("x", degrees, degrees=True).as_matrix()
    figure.rotations[:, 0] = turn @ figure.rotations[:, 0]
    figure.pelvis = figure.pelvis @ turn.T
    return [figure]


def tilt(degrees: float | None) -> float:
    """Return by how much up is wrong, degrees, if edges tell it to within so many."""
    room = None
    if degrees is not None:
        turned = np.radians(degrees) ** 2 * np.eye(3)
        room = ManhattanFrame(CAMERA.to_world[:3, :3], turned, CAMERA.focal, 0.01, 0.9)
    found = camera_in_world(leaning(8), WALK.times, CAMERA, BODY, room)
    return float(np.degrees(np.arccos(np.clip(found.to_world[2, :3] @ UP, -1, 1))))


def test_exact_edges_tell_up_alone_and_vague_ones_beside_people() -> None:
    assert tilt(0.5) == pytest.approx(0, abs=1e-4)
    assert 5 < tilt(None) < 11
    assert 0.5 < tilt(4.0) < 0.8 * tilt(None)


@pytest.mark.parametrize("known", [(), (True, False), (True, True)])
def test_two_who_stand_on_one_floor_share_their_sizes_but_what_is_known_stays(known) -> None:
    """The second is taken for a tenth too large: as tall in the picture, and farther away."""
    (first,), (second,) = filmed([WALK], CAMERA).figures, filmed([WALK], CAMERA).figures
    tall = stature(BODY, first.betas)
    set_stature(second, BODY, 1.1 * tall)
    camera_in_world([first, second], WALK.times, CAMERA, BODY, known=known)
    factors = [stature(BODY, each.betas) / tall for each in (first, second)]
    if known == ():
        assert factors[0] == pytest.approx(1.05, abs=0.02)
        assert factors[1] == pytest.approx(1.05, abs=0.02)
    elif all(known):
        assert factors == pytest.approx([1.0, 1.1])
    else:
        # Not all of it: floors are known to 5 cm, and people differ.
        assert factors[0] == 1
        assert 1 <= factors[1] < 1.05
