import dataclasses
import json

import av
import numpy as np
import pytest
import torch

from core_model.errors import MocapError
from core_model.geometry.rotations import axis_angle_to_matrix, matrix_to_rot6d
from core_model.network import INTConfig, INTNetwork, INTOutput
from tests.train.phases.conftest import small_sets
from train.bodies.posed_points import BodyConfig, open_body
from train.databases.pictures.database import open_database
from train.databases.pictures.mixture import ValidationConfig
from train.distributed.alone import OneProcess
from train.evaluate import protocol, protocol_command
from train.evaluate.protocol import JOINT_SETS, evaluate
from train.evaluate.video_scores import VideoResult, scores
from train.phases.augmentation import CropDraw
from train.phases.cut_out import cut_out_readable

__all__ = ["small_sets"]


class Knowing(INTNetwork):
    """Stands for a network that knows the truth of the row whose number fills a picture."""

    def __init__(self, database):
        super().__init__(INTConfig.keypoints())
        theta = np.stack([database.theta(row) for row in range(len(database))])
        self.theta = torch.from_numpy(theta)

    def forward(self, pictures):
        level = pictures[:, :, 0, 0, 0] * 0.229 + 0.485
        theta = self.theta[(255 * level).round().long()]
        rotations = axis_angle_to_matrix(theta[..., 3:75].unflatten(-1, (24, 3)))
        return INTOutput(matrix_to_rot6d(rotations), theta[..., 75:], theta[..., :3])


@pytest.fixture
def numbered(monkeypatch):
    """Let every picture be filled with the number of its row."""

    def cut(database, rows, draw):
        labelled, read = cut_out_readable(database, rows, draw)
        filled = np.ones((1, 224, 224, 3), np.uint8) * rows[:, None, None, None].astype(np.uint8)
        return dataclasses.replace(labelled, crops=filled), read

    monkeypatch.setattr(protocol, "cut_out_readable", cut)


@pytest.mark.parametrize(("name", "part"), [("3dpw", "test"), ("h36m", "val"), ("mpii3d", "test")])
def test_who_knows_the_truth_is_without_error(numbered, small_sets, tmp_path, name, part):
    database = open_database(small_sets / "data", name, part, "video_3d")
    settings = ValidationConfig(name, part, clip_length=16)
    body = open_body(BodyConfig())
    shown = tmp_path / "overlays"
    results = evaluate(
        Knowing(database), database, body, settings, OneProcess(), overlay_folder=shown
    )
    with av.open(str(shown / f"{results[0].name}.mp4")) as clip:
        frames = [frame.to_ndarray(format="rgb24") for frame in clip.decode(video=0)]
    assert len(frames) == len(results[0].joints) and frames[0].shape == (448, 448, 3)
    # Limbs are drawn in green on the dark picture.
    assert (frames[0][..., 1].astype(int) - frames[0][..., 0] > 60).sum() > 500
    found = scores(results)
    assert np.isnan(found["pve"]) == (name == "mpii3d")
    if name == "mpii3d":
        # The others' predictions are joints of another regressor than their truth.
        assert found["mpjpe"] == pytest.approx(0, abs=0.01)
    else:
        assert found["pve"] == pytest.approx(0, abs=0.01)
    assert len(results[0].joints[0]) == len(JOINT_SETS[name].true)


def test_the_truth_may_be_of_each_persons_own_gender(numbered, small_sets):
    database = open_database(small_sets / "data", "3dpw", "test", "video_3d")
    settings = ValidationConfig("3dpw", "test", clip_length=16)
    body, regressors = open_body(BodyConfig())
    tall = dataclasses.replace(body, v_template=1.1 * body.v_template)
    known = dataclasses.replace(database, genders=np.full(len(database), "m"))

    def found(person):
        bodies = {"m": person, "f": body}
        arguments = (known, (body, regressors), settings, OneProcess())
        return scores(evaluate(Knowing(database), *arguments, gendered=bodies))

    # Truth and prediction are then joints of the same regressor.
    same = found(body)
    assert same["mpjpe"] == pytest.approx(0, abs=0.01)
    assert same["pve"] == pytest.approx(0, abs=0.01)
    other = found(tall)
    assert other["mpjpe"] > 20 and other["pve"] > 20 and other["pa_mpjpe"] < 5
    with pytest.raises(MocapError, match="who is a woman"):
        evaluate(
            Knowing(database), database, (body, regressors), settings, OneProcess(), gendered={}
        )


def test_measures_are_what_they_are_called():
    random = np.random.default_rng(0)
    truth = random.normal(size=(8, 14, 3))
    moved = truth + [0.003, 0, 0.004]
    result = VideoResult("a", moved, truth, np.full(8, 0.002), 3)
    found = scores([result, dataclasses.replace(result, unreadable=1)])
    assert found["mpjpe"] == pytest.approx(5)
    assert found["pa_mpjpe"] == pytest.approx(0, abs=1e-9)
    assert found["accel_error"] == pytest.approx(0, abs=1e-9) and found["accel"] > 1000
    assert found["pve"] == pytest.approx(2)
    assert (found["frames"], found["unreadable"]) == (16, 4)


def test_pictures_that_cannot_be_read_are_counted(small_sets, tmp_path):
    database = open_database(small_sets / "data", "mpii3d", "test", "video_3d")
    names = database.names.copy()
    names[1] = "data/gone.jpg"
    changed = dataclasses.replace(database, names=names)
    labelled, read = cut_out_readable(changed, np.array([0, 1, 2, 1]), CropDraw(1.1))
    assert read.tolist() == [True, False, True, False]
    assert not labelled.crops[1].any() and labelled.crops[0].any()


def test_the_table_and_the_file_say_the_same(small_sets, tmp_path):
    result = VideoResult("walk", np.zeros((4, 14, 3)), np.zeros((4, 14, 3)), np.full(4, np.nan), 0)
    said = protocol_command.table("3dpw", [result], each=True)
    assert "42.0" in said and "walk" in said and said.splitlines()[1].split("|")[3].strip() == "-"
    path = tmp_path / "scores.json"
    database = open_database(small_sets / "data", "3dpw", "test", "video_3d")
    protocol_command._write_json(path, ValidationConfig("3dpw"), database, [result])
    content = json.loads(path.read_text())
    assert content["all"]["mpjpe"] == 0 and content["all"]["pve"] is None
    assert list(content["videos"]) == ["walk"]
