"""Our decoding of BlazePose against MediaPipe itself, recorded by `record_body_oracle.py`.

MediaPipe ships the faster network only; the exact one has the same inputs and outputs.
"""

from pathlib import Path

import numpy as np
import pytest

from core_model.body.landmarks import place_landmarks
from core_model.body.model import default_body
from core_model.body.skeleton import forward_kinematics
from core_model.detection.detector import Detector
from core_model.detection.landmarker import Landmarker, Pose
from core_model.detection.region import Region
from core_model.take import Take
from core_model.video.clip import open_video
from tests.places import DEMO, DEMO_TRUTH

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
        wanted, points = (oracle[f"{clip}:{key}"] for key in ("frames", "image"))
    frames = enumerate(open_video(shared / "data" / "clips" / clip))
    images = [frame.image for index, frame in frames if index in wanted]
    pixels = []
    for image, recorded in zip(images, points, strict=True):
        pose = find(image)
        if np.isnan(recorded).any():
            assert pose is None or pose.presence < 0.5
            continue
        assert pose is not None and pose.presence >= 0.5
        pixels.append(np.linalg.norm(pose.landmarks[:, :2] - recorded[:, :2], axis=1))
    assert np.median(pixels) < 0.1
    assert np.max(pixels) < 2


def test_both_networks_see_the_same_body():
    image = next(iter(open_video(DEMO, start=1.0))).image
    region = max((each.region() for each in Detector().detect(image)), key=_size)
    fast, best = (Landmarker(quality).find(image, region) for quality in ("fast", "best"))
    apart = np.linalg.norm(fast.landmarks[:, :2] - best.landmarks[:, :2], axis=1)
    assert np.median(apart) < 0.03 * region.size
    assert not np.array_equal(fast.landmarks, best.landmarks)


def test_what_the_picture_does_not_show_is_less_visible():
    """Legs are painted over: they are lost, and what is above is not."""
    image = next(iter(open_video(DEMO, start=1.0))).image
    region = max((each.region() for each in Detector().detect(image)), key=_size)
    legs, arms = range(25, 33), range(11, 17)
    for quality in ("fast", "best"):
        whole = Landmarker(quality).find(image, region).landmarks
        covered = image.copy()
        covered[int(whole[[23, 24], 1].max()) + 5 :] = image[-1, -1]
        half = Landmarker(quality).find(covered, region).landmarks
        assert whole[legs, 2].mean() > 0.8
        assert half[legs, 2].mean() < 0.3
        assert half[arms, 2].mean() > 0.8


@pytest.mark.parametrize("quality", ["fast", "best"])
def test_followed_closely_nobody_shrinks_to_what_shows_of_them(quality):
    """Looked at closely ever again, half a body keeps the size that it has looked at whole."""
    image = next(iter(open_video(DEMO, start=1.0))).image
    region = max((each.region() for each in Detector().detect(image)), key=_size)
    landmarker = Landmarker(quality)
    whole = landmarker.find(image, region)
    shoulders, hips = (whole.landmarks[pair, 1].mean() for pair in ([11, 12], [23, 24]))
    half = image.copy()
    half[int((shoulders + hips) / 2) :] = image[-1, -1]
    found = followed = whole.next_region
    for _ in range(20):
        found = landmarker.find(half, found).next_region
        followed = landmarker.follow(half, followed).next_region
    assert followed.size == pytest.approx(found.size, rel=0.12)


def test_who_is_followed_is_seen_more_exactly():
    """Against looking as MediaPipe does, on a walk whose truth is known."""
    truth, body, landmarker = Take.load(DEMO_TRUTH), default_body(), Landmarker("fast")
    assert truth.camera is not None
    joints, turned = forward_kinematics(truth.rotations(), body.rest_joints(truth.betas))
    points = place_landmarks(joints, turned, body.landmark_offsets(truth.betas))
    true = truth.camera.project(truth.camera.world_to_camera(points + truth.trans[:, None]))
    off: dict[str, list[np.ndarray]] = {"found": [], "followed": []}
    for index, frame in enumerate(open_video(DEMO)):
        if index % 15 == 0:
            region = max((each.region() for each in Detector().detect(frame.image)), key=_size)
            found = landmarker.find(frame.image, region)
            again = landmarker.find(frame.image, found.next_region)
            followed = landmarker.follow(frame.image, found.next_region)
            for name, pose in (("found", again), ("followed", followed)):
                missed = pose.landmarks[11:, :2] - true[index, 11:]
                off[name].append(np.linalg.norm(missed, axis=-1))
    assert np.median(off["followed"]) < 0.97 * np.median(off["found"])


def _size(region: Region) -> float:
    return region.size


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
