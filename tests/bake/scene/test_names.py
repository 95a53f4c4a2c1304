"""Names of what a clip became."""

import pytest

from bake.scene.names import object_name


def test_names_tell_clip_and_person():
    assert object_name("street", "person_02") == "street_person_02"
    assert object_name("walk_poses", "walk_poses") == "walk_poses"


@pytest.mark.parametrize("clip", ["x" * 200, "\N{CAT FACE}" * 80])
def test_long_clip_names_leave_room_for_the_person(clip):
    name = object_name(clip, "person_02")
    assert name.endswith("_person_02") and len(f"{name}_body".encode()) <= 63
