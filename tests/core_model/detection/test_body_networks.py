"""Our decoding of BlazePose against MediaPipe itself, recorded by `record_body_oracle.py`.

MediaPipe ships the faster network only; the exact one has the same inputs and outputs.
"""

from pathlib import Path

import numpy as np
import pytest

from core_model.detection.detector import Detector
from core_model.detection.landmarker import Landmarker, Pose
from core_model.detection.region import Region
from core_model.video.clip import open_video
from tests.places import DEMO

ORACLE = Path(__file__).parent / "body_oracle.npz"
CLIPS = sorted({key.split(":")[0] for key in np.load(ORACLE).files})


def find(image: np.ndarray) -> Pose | None:
    """Find the most certain person as MediaPipe does with a still picture."""
    detections = Detector().detect(image)
    return Landmarker("fast").find(image, detections[0].region()) if detections else None


@pytest.mark.shared
@pytest.mark.parametrize("clip", CLIPS)
def test_landmarks_are_those_of_mediapipe(shared, clip):
    with np.load(ORACLE) as oracle:
        wanted, world, points = (oracle[f"{clip}:{key}"] for key in ("frames", "world", "image"))
    frames = enumerate(open_video(shared / "data" / "clips" / clip))
    images = [frame.image for index, frame in frames if index in wanted]
    pixels, metres = [], []
    for image, recorded_world, recorded in zip(images, world, points, strict=True):
        pose = find(image)
        if np.isnan(recorded).any():
            assert pose is None or pose.presence < 0.5
            continue
        assert pose is not None and pose.presence >= 0.5
        pixels.append(np.linalg.norm(pose.landmarks[:, :2] - recorded[:, :2], axis=1))
        metres.append(np.linalg.norm(pose.world - recorded_world, axis=1))
    assert np.median(pixels) < 0.1
    assert np.max(pixels) < 2
    assert np.median(metres) < 0.001
    assert np.max(metres) < 0.002


def test_both_networks_see_the_same_body():
    image = next(iter(open_video(DEMO, start=1.0))).image
    region = max((each.region() for each in Detector().detect(image)), key=lambda each: each.size)
    fast, best = (Landmarker(quality).find(image, region) for quality in ("fast", "best"))
    apart = np.linalg.norm(fast.landmarks[:, :2] - best.landmarks[:, :2], axis=1)
    assert np.median(apart) < 0.03 * region.size
    assert not np.array_equal(fast.landmarks, best.landmarks)


def test_what_the_picture_does_not_show_is_less_visible():
    """Legs are painted over: they are lost, and what is above is not."""
    image = next(iter(open_video(DEMO, start=1.0))).image
    region = max((each.region() for each in Detector().detect(image)), key=lambda each: each.size)
    legs, arms = range(25, 33), range(11, 17)
    for quality in ("fast", "best"):
        whole = Landmarker(quality).find(image, region).landmarks
        covered = image.copy()
        covered[int(whole[[23, 24], 1].max()) + 5 :] = image[-1, -1]
        half = Landmarker(quality).find(covered, region).landmarks
        assert whole[legs, 2].mean() > 0.8
        assert half[legs, 2].mean() < 0.3
        assert half[arms, 2].mean() > 0.8


def test_region_maps_its_corners_around_the_person():
    upright = Region.around_body(np.array([100.0, 200.0]), np.array([100.0, 120.0]))
    assert upright.angle == pytest.approx(0)
    assert upright.size == pytest.approx(2 * 80 * 1.25)
    lying = Region.around_body(np.array([100.0, 200.0]), np.array([180.0, 200.0]))
    # The head of somebody who lies to the right is at the top of the region.
    assert lying.points_to_pixels(np.array([[0.5, 0.1]]))[0] == pytest.approx([180, 200])


def test_region_cut_is_the_picture_itself_where_it_needs_no_scaling():
    image = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    region = Region(np.array([32.0, 32.0]), 32.0)
    assert (region.cut(image, 32, 0) == image[16:48, 16:48]).all()


def test_nobody_is_found_in_noise():
    image = np.random.default_rng(0).integers(0, 255, (360, 640, 3), np.uint8)
    assert Detector().detect(image) == []
