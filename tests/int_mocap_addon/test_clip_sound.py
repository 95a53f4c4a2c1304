"""A baked take is heard as its clip is, where the user wants so."""

from typing import Any

import bpy
import pytest

from bake.scene.clip.sound import strips_of
from tests.bake.motions import filmed_from_the_front, walking

pytest.importorskip("av", reason="clips are made with PyAV")

from tests.bake.scene.clip.test_sound import beeping  # noqa: E402

pytestmark = pytest.mark.skipif(
    bpy.app.version < (4, 4, 0), reason="the bpy module 4.2 was built without sound"
)


@pytest.fixture
def heard(mocap: Any, tmp_path: Any) -> Any:
    """Return the listed take of a part of a clip with sound, from its first second on."""
    take = walking(camera=filmed_from_the_front())
    take.times += 1.0
    take.source = {"video": str(beeping(tmp_path / "street.mp4", seconds=3.3))}
    take.save(tmp_path / "person_01.npz")
    bpy.ops.int_mocap.load_takes(filepath=str(tmp_path / "person_01.npz"))
    return mocap.takes[0]


def strips() -> list[tuple[str, int, int]]:
    """Return name, first frame and end of all strips."""
    scene: Any = bpy.context.scene
    found = strips_of(scene.sequence_editor) if scene.sequence_editor else ()
    return [(each.name, each.frame_final_start, each.frame_final_end) for each in found]


def test_sound_comes_with_the_motion_and_moves_with_it(mocap, heard):
    scene: Any = bpy.context.scene
    bpy.ops.int_mocap.bake()
    assert strips() == [("street", 1, 61)]
    assert scene.sync_mode == "AUDIO_SYNC"
    mocap.cleanup.start_frame = 1001
    bpy.ops.int_mocap.bake()
    assert strips() == [("street", 1001, 1061)]
    scene.render.fps, mocap.cleanup.frame_rate = 24, "SCENE"
    bpy.ops.int_mocap.bake()
    assert strips() == [("street", 1001, 1049)]
    mocap.scene.with_sound = False
    bpy.ops.int_mocap.bake()
    assert strips() == [] and not bpy.data.sounds


def test_sound_that_begins_later_than_the_pictures_is_known_from_the_capture(heard, tmp_path):
    (tmp_path / "capture.json").write_text(
        '{"format": "int-mocap-capture-1", "sound_start": 1.5, '
        '"people": [{"file": "person_01.npz", "start": 1.0}]}'
    )
    bpy.ops.int_mocap.bake()
    assert strips() == [("street", 16, 61)]


def test_an_edit_of_the_users_is_left_alone_unless_asked_for(mocap, heard, tmp_path):
    scene: Any = bpy.context.scene
    mine = strips_of(scene.sequence_editor_create())
    mine.new_sound("mine", str(tmp_path / "street.mp4"), 1, 1)
    bpy.ops.int_mocap.bake()
    assert [name for name, *_ in strips()] == ["mine"] and scene.sync_mode == "NONE"
    mocap.scene.with_sound = True
    bpy.ops.int_mocap.bake()
    assert sorted(name for name, *_ in strips()) == ["mine", "street"]


def test_sound_goes_with_its_take(mocap, heard, tmp_path):
    from int_mocap_addon.takes.replacing import remove_takes_of_clip

    scene: Any = bpy.context.scene
    bpy.ops.int_mocap.bake()
    remove_takes_of_clip(scene, tmp_path / "street.mp4")
    assert strips() == [] and not bpy.data.sounds
