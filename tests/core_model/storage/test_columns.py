import numpy as np

from core_model.storage.columns import Columns
from core_model.storage.npz import read_npz


def test_rows_that_were_added_in_turn_come_back_as_one_array(tmp_path):
    scratch, path = tmp_path / "scratch", tmp_path / "a.npz"
    scratch.mkdir()
    random, columns = np.random.default_rng(0), Columns(scratch)
    pieces = [
        {"a": random.normal(size=(count, 3, 3)), "b": random.random(count) > 0.5}
        for count in (4, 1, 900)
    ]
    for piece in pieces:
        columns.append(piece)
    columns.write(path, {"text": "x"})
    read = read_npz(path, ("a", "b", "text"), 2**20)
    for name in ("a", "b"):
        np.testing.assert_array_equal(read[name], np.concatenate([each[name] for each in pieces]))
    assert str(read["text"]) == "x"
    assert np.load(path)["a"].shape == (905, 3, 3), "numpy reads it, too"
