"""A clip captured through a checkpoint of the image INT, and onto an SMPL body."""

import json

import numpy as np
import pytest
import torch

from core_model.body.model import default_body
from core_model.body.smpl_landmarks import SMPL_PELVIS
from core_model.capture import capture
from core_model.errors import AssetError, MocapError
from core_model.geometry.camera import Camera
from core_model.lifting.lift import lift_crops
from core_model.network import INTConfig, INTNetwork, INTOutput
from core_model.options import CaptureOptions
from core_model.take import Take
from core_model.tracking.tracks import Track
from core_model.video.clip import Frame
from tests.core_model.smpl_like import made_up_arrays, write_like_chumpy
from tests.places import DEMO


@pytest.fixture(scope="module")
def captured(int_checkpoint, tmp_path_factory):
    """Return the folder of a third of a second captured from its pictures."""
    folder = tmp_path_factory.mktemp("image")
    stages = []
    capture(
        DEMO,
        folder,
        CaptureOptions(start=1.0, end=1.3, weights=int_checkpoint, device="cpu"),
        lambda stage, done, total, ahead=None: stages.append((stage, done, total)),
    )
    return folder, stages


def test_capture_through_pictures_gives_well_formed_takes(captured):
    folder, stages = captured
    takes = [Take.load(path) for path in sorted(folder.glob("person_*.npz"))]
    assert takes
    for take in takes:
        assert take.source["model"] == "INT, image evidence"
        assert take.source["body"] == "default"
        assert take.frame_valid.any()
        # The shape that the network finds is SMPL's, and this body is not.
        assert not take.betas.any()
        depth = take.camera_joints()[take.frame_valid, 0, 2]
        assert (depth > 0.5).all() and (depth < 100).all()
    counted = [(done, total) for stage, done, total in stages if stage == "network"]
    assert counted[-1][0] == counted[-1][1] == sum(len(take) for take in takes)
    assert "network" in json.loads((folder / "capture.json").read_text())["stages"]


def test_what_the_network_says_is_not_refined_unless_wanted(captured):
    assert not [stage for stage, _, _ in captured[1] if stage == "fit"]


def test_smpl_body_gives_shape_and_place(tmp_path):
    write_like_chumpy(made_up_arrays(), tmp_path / "SMPL_NEUTRAL.pkl")
    options = CaptureOptions(
        people="largest", start=1.0, end=1.4, body=tmp_path / "SMPL_NEUTRAL.pkl", refine=False
    )
    (take,) = capture(DEMO, tmp_path / "takes", options)
    assert take.source["body"] == "SMPL_NEUTRAL.pkl"
    assert take.frame_valid.any()


@pytest.mark.parametrize("window", [0, -3, 10**6])
def test_windows_without_sense_are_refused_before_the_work(window, tmp_path):
    with pytest.raises(MocapError, match="1 to 1024 frames"):
        capture(DEMO, tmp_path / "takes", CaptureOptions(window=window))


def test_a_body_of_another_mesh_is_refused_before_the_work(tmp_path):
    np.savez(tmp_path / "mesh.npz", **made_up_arrays(240) | {"f": np.zeros((1, 3), int)})
    with pytest.raises(AssetError, match="not SMPL's own mesh"):
        capture(DEMO, tmp_path / "takes", CaptureOptions(body=tmp_path / "mesh.npz"))
    assert not (tmp_path / "takes").exists()


def test_the_place_is_that_of_the_networks_camera():
    """A camera head that always says scale 0.9 puts the pelvis where the crop's middle looks."""

    class Constant(INTNetwork):
        def __init__(self):
            super().__init__(INTConfig.keypoints())
            self.config = INTConfig.image()

        def read_frames(self, pictures):
            return torch.zeros(len(pictures), 26, 1)

        def relate_frames(self, joints):
            return joints

        def read_out(self, joints, tokens):
            count = joints.shape[1]
            straight = torch.tensor([1.0, 0, 0, 1, 0, 0]).expand(1, count, 24, 6)
            camera = torch.tensor([0.9, 0.0, 0.0]).expand(1, count, 3)
            return INTOutput(straight, torch.ones(1, count, 10), camera)

    random = np.random.default_rng(0)
    landmarks = np.ones((20, 33, 3))
    landmarks[..., :2] = random.uniform((250, 100), (350, 300), (33, 2))
    times = np.arange(20) / 30
    track = Track(1, np.arange(20), landmarks, np.ones((20, 4)), np.ones(20))
    frames = [Frame(time, np.zeros((400, 600, 3), np.uint8)) for time in times]
    camera, cpu = Camera.assumed(600, 400, 800.0), torch.device("cpu")
    (figure,) = lift_crops([track], frames, times, camera, Constant(), cpu, default_body())
    at = figure.pelvis - SMPL_PELVIS
    assert (at[:, 2] > 2).all()
    limbs = landmarks[0, [11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28], :2]
    middle = (limbs.min(axis=0) + limbs.max(axis=0)) / 2
    np.testing.assert_allclose(camera.project(at), np.tile(middle, (20, 1)), atol=1e-6)
