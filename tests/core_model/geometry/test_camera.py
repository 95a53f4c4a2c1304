import numpy as np

from core_model.geometry.camera import Camera, solve_translation
from core_model.geometry.rotations import axis_angle_to_matrix


def figures(count=40):
    """Return points of figures (T, 33, 3), where they stand (T, 3) and a camera."""
    random = np.random.default_rng(0)
    points = random.normal(0, (0.25, 0.45, 0.25), (count, 33, 3))
    places = np.stack(
        (random.uniform(-2, 2, count), random.uniform(-1, 1, count), random.uniform(2, 9, count)), 1
    )
    return points, places, Camera.assumed(1280, 720)


def test_translation_is_found_exactly_without_noise():
    points, places, camera = figures()
    rays = camera.rays(camera.project(points + places[:, None]))
    found, solved = solve_translation(points, rays, np.ones(rays.shape[:2]))
    assert solved.all()
    np.testing.assert_allclose(found, places, atol=1e-5)


def test_a_zoom_is_taken_out_of_pixels_and_put_in_again():
    points, places, camera = figures()
    zoom = np.linspace(1, 2, len(places))
    own = [Camera(camera.focal * each, camera.center, camera.size) for each in zoom]
    filmed = np.stack(
        [lens.project(at) for lens, at in zip(own, points + places[:, None], strict=True)]
    )
    still = camera.project(points + places[:, None])
    np.testing.assert_allclose(camera.through_one_lens(filmed, zoom), still, atol=1e-9)
    np.testing.assert_allclose(camera.through_zoom(still, zoom), filmed, atol=1e-9)
    assert camera.through_one_lens(filmed, np.empty(0)) is filmed


def test_a_fifth_of_wild_landmarks_moves_the_figure_little():
    points, places, camera = figures()
    pixels = camera.project(points + places[:, None])
    pixels[:, ::5] += 150
    found, solved = solve_translation(points, camera.rays(pixels), np.ones(pixels.shape[:2]))
    assert solved.all()
    assert np.median(np.linalg.norm(found - places, axis=1)) < 0.05


def test_figures_with_hardly_a_landmark_are_not_placed():
    points, places, camera = figures(3)
    rays = camera.rays(camera.project(points + places[:, None]))
    trust = np.ones(rays.shape[:2])
    trust[1, 2:] = 0
    _, solved = solve_translation(points, rays, trust)
    assert solved.tolist() == [True, False, True]


def test_world_and_camera_are_inverse():
    to_world = np.eye(4)
    to_world[:3, :3] = axis_angle_to_matrix(np.array([0.5, -0.3, 1.0]))
    to_world[:3, 3] = (1, 2, 3)
    camera = Camera(700.0, np.array([320.0, 240.0]), np.array([640, 480]), to_world)
    points = np.random.default_rng(0).normal(size=(10, 3))
    np.testing.assert_allclose(camera.camera_to_world(camera.world_to_camera(points)), points)
