"""What a .blend holds, as arrays: the same for the same motion, another for another."""

import numpy as np
import pytest

from bake.__main__ import main
from bake.scene.contents import contents_of
from core_model.errors import OutputError
from core_model.take import Take
from tests.bake.motions import filmed_from_the_front, walking


@pytest.fixture
def baked(tmp_path):
    def bake(take: Take, name: str) -> dict[str, np.ndarray]:
        take.save(tmp_path / "walk.npz")
        path = tmp_path / f"{name}.blend"
        assert main([str(tmp_path / "walk.npz"), "-o", str(path), "--smooth", "none"]) == 0
        return contents_of(path)

    return bake


def test_the_same_take_gives_the_same_contents_and_another_take_others(baked):
    take = walking(camera=filmed_from_the_front())
    one, again = baked(take, "one"), baked(take, "again")
    assert one.keys() == again.keys() and len(one) > 150
    for name, values in one.items():
        np.testing.assert_array_equal(values, again[name])
    take.trans[:, 2] += 0.25
    other = baked(take, "other")
    changed = {name for name in one if not np.array_equal(one[name], other[name])}
    assert changed and all("location" in name for name in changed)


def test_a_file_that_is_no_blend_is_one_sentence(tmp_path):
    (tmp_path / "no.blend").write_bytes(b"nothing")
    with pytest.raises(OutputError, match="Blender could not open"):
        contents_of(tmp_path / "no.blend")
