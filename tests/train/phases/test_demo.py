import csv

import numpy as np

from train.phases import demo


def test_curves_add_up_the_terms_of_a_step_and_are_drawn_over_the_phases(tmp_path):
    with open(tmp_path / "log.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("kind", "step", "minutes", "name", "value"))
        for step in range(1, 21):
            for name, value in (
                ("loss", 1000 / step),
                ("clips/keypoints_2d", 2.0),
                ("images/keypoints_2d", 3.0),
                ("clips/joints_3d", 0.0 if step == 4 else 1.0),
                ("rate", 9.0),
            ):
                writer.writerow(("train", step, "0.1", name, value))
    curves = demo.losses(tmp_path)
    assert set(curves) == {"loss", "keypoints_2d", "joints_3d"}
    assert (curves["keypoints_2d"] == 5).all() and len(curves["loss"]) == 20
    first, last = demo.ends(curves["loss"])
    assert first > 3 * last
    image = demo.drawn({1: curves, 2: curves})
    rows = [np.flatnonzero((image[:, x] < 80).all(axis=-1)) for x in (100, 560)]
    assert rows[0].size and rows[1].size and rows[0].mean() < rows[1].mean() - 100  # it falls
