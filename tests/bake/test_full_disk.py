"""A disk that is full while Blender saves leaves the file of before."""

import bpy
import pytest

from bake.bake_file import bake_file
from bake.bake_job import BakeJob
from bake.export.blend_file import is_whole
from core_model.errors import OutputError
from tests.bake.motions import walking


@pytest.mark.parametrize(
    ("ending", "rooms"), [("blend", (0, 1, 5, 20)), ("bvh", (1, 5)), ("usdc", (1, 5))]
)
def test_a_disk_that_is_full_leaves_the_result_of_before(small_disk, tmp_path, ending, rooms):
    take = tmp_path / "person_01.npz"
    walking(frames=48, rate=24).save(take)
    output = small_disk(8) / f"walk.{ending}"
    output.write_bytes(b"of before")
    job = BakeJob([take], output, with_body=False)
    for pages in rooms:
        small_disk(pages)
        with pytest.raises(OutputError) as refused:
            bake_file(job, lambda line: None)
        assert "Traceback" not in str(refused.value)
        assert output.read_bytes() == b"of before"
        assert [path.name for path in output.parent.iterdir()] == [output.name]
    small_disk(200)
    bake_file(job, lambda line: None)
    assert output.stat().st_size > 5000


@pytest.mark.parametrize("compress", [True, False])
def test_a_file_that_lacks_anything_is_not_whole(tmp_path, compress):
    path = tmp_path / "scene.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path), copy=True, compress=compress)
    content = path.read_bytes()
    assert is_whole(path)
    for length in (0, 3, 1000, len(content) // 2, len(content) - 40, len(content) - 1):
        path.write_bytes(content[:length])
        assert not is_whole(path), length
    if compress:  # a page that could not be written, though later ones could
        path.write_bytes(content[:4096] + content[8192:])
        assert not is_whole(path)
