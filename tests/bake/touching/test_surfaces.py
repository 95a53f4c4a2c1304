"""What touches a real surface stays on it: a ramp, a stair, a ball, a wall."""

import numpy as np
import pytest

from bake.feet.figure import Figure, posed
from bake.motion.resample import Keys
from bake.motion.touches import Touch, touches_of
from bake.touching.surfaces import Triangles
from core_model.body.skeleton import JOINT_INDEX
from core_model.take import Take
from tests.bake.standing import FIGURE, stepping
from tests.bake.touching.postures import kneeling
from tests.bake.touching.test_keep import kept
from tests.places import RENDERED

PARTS = {"foot": ("ankle", "foot"), "hand": ("wrist", "hand")}


def quad(a, b, c, d) -> np.ndarray:
    """Return two triangles (2, 3, 3)."""
    return np.array([[a, b, c], [a, c, d]], float)


def ramp(degrees: float, low=0.0) -> np.ndarray:
    """Return a ramp that rises along Y through the origin."""
    rise = 2 * np.tan(np.radians(degrees))
    return quad((-2, -2, low - rise), (2, -2, low - rise), (2, 2, low + rise), (-2, 2, low + rise))


def stair(edge: float, height: float) -> np.ndarray:
    """Return a step up beyond X = edge, with the floor before it, and its front."""
    return np.concatenate(
        (
            quad((-2, -2, 0), (edge, -2, 0), (edge, 2, 0), (-2, 2, 0)),
            quad((edge, -2, height), (2, -2, height), (2, 2, height), (edge, 2, height)),
            quad((edge, -2, 0), (edge, 2, 0), (edge, 2, height), (edge, -2, height)),
        )
    )


def ball(centre, radius: float, rings=48) -> np.ndarray:
    """Return a sphere of triangles."""
    down, around = np.linspace(0, np.pi, rings), np.linspace(0, 2 * np.pi, 2 * rings)
    u, v = np.meshgrid(down, around, indexing="ij")
    points = np.stack((np.sin(u) * np.cos(v), np.sin(u) * np.sin(v), np.cos(u)), axis=-1)
    points = np.asarray(centre) + radius * points
    a, b, c, d = points[:-1, :-1], points[1:, :-1], points[1:, 1:], points[:-1, 1:]
    both = np.concatenate((np.stack((a, b, c), -2), np.stack((a, c, d), -2)))
    return both.reshape(-1, 3, 3)


def skin_of(keys: Keys, figure: Figure, limb: str, rows: slice) -> np.ndarray:
    """Return the skin (N, S, 3) of a foot or a hand."""
    side, _, part = limb.rpartition("_")
    pose = posed(figure, keys.quaternions[rows], keys.positions[rows])
    joints = [JOINT_INDEX[f"{side}_{each}"] for each in PARTS[part]]
    return np.concatenate(
        [
            pose.joints[:, each, None]
            + np.einsum("nab,sb->nsa", pose.turned[:, each], figure.surface[each])
            for each in joints
        ],
        axis=1,
    )


def slide(skin: np.ndarray) -> float:
    """Return the largest step of any point of skin (N, S, 3), mm a frame."""
    return float(1000 * np.linalg.norm(np.diff(skin, axis=0), axis=-1).max())


def above(skin: np.ndarray, place, normal) -> np.ndarray:
    """Return how far the lowest skin of each frame (N,) is above a plane, mm."""
    return np.asarray(1000 * ((skin - place) @ np.asarray(normal)).min(axis=1))


ROWS = slice(0, 28)  # both feet stand
STANDS = [Touch("left_foot", 0.0, 0.9), Touch("right_foot", 0.0, 0.9)]


def on(surface: np.ndarray, touches=STANDS) -> list[Touch]:
    return [Touch(each.limb, each.start, each.end, surface=surface) for each in touches]


@pytest.mark.parametrize("degrees", [8, -15, 22])
def test_feet_lie_on_a_slope_and_do_not_slide(degrees):
    keys = stepping()
    after = kept(keys, on(ramp(degrees)))
    angle = np.radians(degrees)
    normal = [0.0, -np.sin(angle), np.cos(angle)]
    for touch in STANDS:
        before, skin = (skin_of(each, FIGURE, touch.limb, ROWS) for each in (keys, after))
        assert slide(before) > 1 and np.ptp(above(before, np.zeros(3), normal)) > 1
        assert slide(skin) < 1
        assert np.abs(above(skin, np.zeros(3), normal)).max() < 5
        # The sole lies on it: heel and ball are as far from it.
        side = int(touch.limb.startswith("right"))
        pose = posed(FIGURE, after.quaternions[ROWS], after.positions[ROWS])
        heights = 1000 * pose.soles[:, side, :3] @ normal
        assert np.ptp(heights, axis=1).max() < 5


def test_one_foot_on_a_step_and_one_before_it():
    keys = stepping(drift=0.0)
    # The left foot is at X > 0; what stands on the step is captured too low, and the other right.
    after = kept(keys, on(stair(0.0, 0.15)))
    left, right = (skin_of(after, FIGURE, each.limb, ROWS) for each in STANDS)
    assert np.abs(1000 * (left[..., 2].min(axis=1) - 0.15)).max() < 5
    assert np.abs(1000 * right[..., 2].min(axis=1)).max() < 5
    assert max(slide(left), slide(right)) < 1


def test_a_foot_stands_on_top_of_a_ball():
    keys = stepping(drift=0.0)
    ankle = posed(FIGURE, keys.quaternions, keys.positions).joints[0, JOINT_INDEX["left_ankle"]]
    centre, radius = [ankle[0], ankle[1] - 0.05, -0.25], 0.4
    after = kept(keys, on(ball(centre, radius), STANDS[:1]))
    skin = skin_of(after, FIGURE, "left_foot", ROWS)
    away = np.linalg.norm(skin - centre, axis=-1).min(axis=1) - radius
    assert np.abs(1000 * away).max() < 5 and slide(skin) < 1


@pytest.mark.parametrize("flipped", [False, True])
def test_a_hand_leans_on_a_wall_from_the_side_of_the_arm(flipped):
    keys = kneeling()
    hand = skin_of(keys, FIGURE, "left_hand", slice(15, 45)).mean(axis=(0, 1))
    wall = quad(*((hand[0] + 0.05, y, z) for y, z in ((-2, -2), (2, -2), (2, 3), (-2, 3))))
    wall = wall[:, ::-1] if flipped else wall
    after = kept(keys, [Touch("left_hand", 0.5, 1.5, surface=wall)])
    skin = skin_of(after, FIGURE, "left_hand", slice(15, 45))
    away = 1000 * (hand[0] + 0.05 - skin[..., 0].max(axis=1))
    assert np.abs(away).max() < 5 and slide(skin) < 1


def test_a_hand_lies_on_a_ball():
    keys = kneeling()
    hand = skin_of(keys, FIGURE, "left_hand", slice(15, 45)).mean(axis=(0, 1))
    centre, radius = hand - [0.0, 0.05, 0.3], 0.27
    after = kept(keys, [Touch("left_hand", 0.5, 1.5, surface=ball(centre, radius))])
    skin = skin_of(after, FIGURE, "left_hand", slice(15, 45))
    away = np.linalg.norm(skin - centre, axis=-1).min(axis=1) - radius
    assert np.abs(1000 * away).max() < 5 and slide(skin) < 1


def test_a_knee_rests_on_a_slope():
    keys, degrees = kneeling(), 10
    after = kept(keys, [Touch("left_knee", 0.5, 2.5, surface=ramp(degrees))])
    angle, rows = np.radians(degrees), slice(15, 75)
    knee = posed(FIGURE, after.quaternions[rows], after.positions[rows]).joints[
        :, JOINT_INDEX["left_knee"]
    ]
    away = 1000 * (knee @ [0.0, -np.sin(angle), np.cos(angle)] - FIGURE.kneecaps[0])
    assert np.abs(away).max() < 5 and slide(knee[:, None]) < 1


def test_what_is_seated_on_a_slope_does_not_sink():
    keys = stepping(noise=0.0, drift=0.0)
    pose = posed(FIGURE, keys.quaternions[ROWS], keys.positions[ROWS])
    skin = pose.joints[:, :1] + np.einsum("nab,sb->nsa", pose.turned[:, 0], FIGURE.surface[0])
    seat = float(skin[..., 2].min())
    after = kept(keys, [Touch("seat", 0.0, 0.9, surface=ramp(12, seat - 0.05))])
    pose = posed(FIGURE, after.quaternions[ROWS], after.positions[ROWS])
    skin = pose.joints[:, :1] + np.einsum("nab,sb->nsa", pose.turned[:, 0], FIGURE.surface[0])
    angle = np.radians(12)
    away = above(skin, [0, 0, seat - 0.05], [0.0, -np.sin(angle), np.cos(angle)])
    assert np.abs(away).max() < 5


def test_where_a_surface_has_nothing_below_its_nearest_place_counts():
    small = quad((0.0, 0.3, 0.1), (0.6, 0.3, 0.1), (0.6, 0.9, 0.1), (0.0, 0.9, 0.1))
    after = kept(stepping(drift=0.0), on(small, STANDS[:1]))
    skin = skin_of(after, FIGURE, "left_foot", ROWS)
    assert np.isfinite(skin).all() and slide(skin) < 1


def test_triangles_tell_the_nearest_place_and_the_height():
    surface = Triangles(np.concatenate((ramp(0, 0.2), ramp(0, 1.0), np.zeros((1, 3, 3)))))
    heights, normals = surface.under(np.array([[0.1, 0.1, 0.3], [0.1, 0.1, 0.8], [9, 9, 0]]))
    assert heights[:2] == pytest.approx([0.2, 1.0]) and heights[2] == -np.inf
    assert normals[0] == pytest.approx([0, 0, 1])
    place, normal = surface.nearest(np.array([5.0, 0.0, 0.0]), np.array([5.0, 0.0, -3.0]))
    assert place == pytest.approx([2, 0, 0.2]) and normal == pytest.approx([0, 0, -1])


def test_a_take_brings_its_surfaces_along_and_nonsense_is_left_out():
    take = Take.load(RENDERED / "bend_01.npz")
    told = {"limb": "seat", "start": 1.0, "end": 2.0, "height": 0.0}
    good, bad = ramp(5).tolist(), [[[0, 0, 0]], "ramp", [], [[[0, 0, float("nan")]] * 3]]
    take.source = take.source | {"contacts": [{**told, "surface": each} for each in (good, *bad)]}
    first, *others = touches_of(take)
    assert first.surface is not None and np.allclose(first.surface, good)
    assert all(each.surface is None for each in others)


@pytest.mark.parametrize("name", ["start", "end", "height", "surface"])
def test_numbers_that_nothing_can_hold_are_left_out(name):
    take, endless = Take.load(RENDERED / "bend_01.npz"), 10**400
    told = {"limb": "seat", "start": 1.0, "end": 2.0, "height": 0.0}
    told[name] = [[[0, 0, endless]] * 3] if name == "surface" else endless
    take.source = take.source | {"contacts": [told]}
    assert all(each.surface is None for each in touches_of(take))
    assert len(touches_of(take)) == (name == "surface")
