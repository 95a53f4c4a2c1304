import dataclasses

import cv2
import numpy as np
import pytest

from tests.train.databases.pictures.tables import made_up_table
from train.databases.pictures.database import open_database
from train.databases.pictures.database_file import write_table
from train.phases.augmentation import CropDraw, jitter_colours
from train.phases.cut_out import cut_out


@pytest.fixture
def spotted(tmp_path):
    """Return a database of one large picture with a soft spot on a joint."""
    root = tmp_path / "data"
    (root / "database").mkdir(parents=True)
    table = {key: value[:1] for key, value in made_up_table("h36m").items() if len(value)}
    centre = (803.0, 517.0)
    table["joints2D"][0, 0] = (*centre, 1)
    write_table(root / "database" / "h36m_train_db.pt", table)
    y, x = np.mgrid[:1080, :1920]
    spot = 255 * np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / (2 * 30.0**2))
    path = tmp_path / str(table["img_name"][0])
    path.parent.mkdir(parents=True)
    cv2.imwrite(str(path), np.repeat(spot[..., None], 3, 2).astype(np.uint8))
    return open_database(root, "h36m", "train", "video_3d")


@pytest.mark.parametrize("side", [300, 500, 1000, 1900])
@pytest.mark.parametrize("reduced", [False, True])
def test_a_joint_stays_on_its_pixel_in_whatever_size_a_picture_is_read(spotted, side, reduced):
    database = dataclasses.replace(spotted, boxes=np.array([[760.0, 540.0, side, side]]))
    labelled = cut_out(database, np.array([0]), CropDraw(1.0), reduced)
    bright = labelled.crops[0, ..., 0].astype(float) ** 4
    y, x = np.mgrid[:224, :224]
    found = np.array([(x * bright).sum(), (y * bright).sum()]) / bright.sum()
    np.testing.assert_allclose(found, labelled.keypoints[0, 0, :2], atol=0.15)


def test_colours_stay_where_nothing_is_drawn_and_change_alike_in_all_frames():
    random = np.random.default_rng(0)
    crops = np.repeat(random.integers(0, 256, (1, 224, 224, 3), dtype=np.uint8), 3, axis=0)
    # Hue is a byte, as in Pillow, which is why noise does not stay to the last bit.
    still = jitter_colours(crops, 0.0, random).astype(int)
    assert np.abs(still - crops).mean() < 1 and np.abs(still - crops).max() <= 10
    changed = jitter_colours(crops, 0.3, random)
    assert (changed[0] == changed[2]).all() and (changed[0] != crops[0]).any()
