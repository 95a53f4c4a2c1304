"""Takes are found again wherever the .blend goes and whatever the scene is called."""

import shutil
from pathlib import Path
from typing import Any

import bpy
import pytest

from tests.bake.motions import walking
from tests.int_mocap_addon.conftest import DEMO


def _save(path: Path, **options: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    bpy.ops.wm.save_as_mainfile(filepath=str(path), **options)


@pytest.fixture
def project(mocap: Any, tmp_path: Path) -> Path:
    """Return a folder with a .blend that is open and a take beside it, listed."""
    folder = tmp_path / "proj"
    _save(folder / "shot.blend")
    (folder / "takes").mkdir()
    walking().save(folder / "takes" / "walk.npz")
    bpy.ops.int_mocap.load_takes(filepath=str(folder / "takes" / "walk.npz"))
    return folder


def _take() -> Any:
    return bpy.context.scene.int_mocap.takes[0]


def test_a_file_that_is_saved_into_another_folder(project, tmp_path):
    assert _take().path == "//takes/walk.npz"
    _save(tmp_path / "elsewhere" / "deep" / "shot_v2.blend")
    assert _take().path == "//../../proj/takes/walk.npz"
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "elsewhere" / "deep" / "shot_v2.blend"))
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}


def test_a_copy_that_is_saved_elsewhere(project, tmp_path):
    copy = tmp_path / "backup" / "shot.blend"
    _save(copy, copy=True)
    assert _take().path == "//takes/walk.npz"
    bpy.ops.wm.open_mainfile(filepath=str(copy))
    assert _take().path == "//../proj/takes/walk.npz"
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}


def test_saving_that_fails_changes_nothing(project, tmp_path):
    with pytest.raises(RuntimeError):
        bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "nowhere" / "shot.blend"))
    assert _take().path == "//takes/walk.npz"


def test_a_project_that_is_moved_as_a_whole(project, tmp_path):
    bpy.ops.wm.save_mainfile()
    shutil.move(project, tmp_path / "archive")
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "archive" / "shot.blend"))
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}


def test_a_project_whose_file_is_saved_after_the_take_was_listed(mocap, tmp_path):
    folder = tmp_path / "proj"
    folder.mkdir()
    walking().save(folder / "walk.npz")
    bpy.ops.int_mocap.load_takes(filepath=str(folder / "walk.npz"))
    _save(folder / "shot.blend")
    shutil.move(folder, tmp_path / "archive")
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "archive" / "shot.blend"))
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}


def test_people_who_were_found_stay_when_the_file_is_saved_elsewhere(mocap, tmp_path):
    _save(tmp_path / "proj" / "shot.blend")
    mocap = bpy.context.scene.int_mocap
    shutil.copy(DEMO, tmp_path / "proj" / "clip.mp4")
    mocap.capture.clip = "//clip.mp4"
    mocap.capture.found.add().number = 3
    mocap.capture.tracks = "tracks.npz"
    _save(tmp_path / "elsewhere" / "shot.blend")
    assert mocap.capture.clip == "//../proj/clip.mp4"
    assert len(mocap.capture.found) == 1 and mocap.capture.tracks == "tracks.npz"


@pytest.mark.filterwarnings("ignore:.*blend relative")
@pytest.mark.parametrize("given", ["mocap_takes", "//mocap_takes", "//sub/../mocap_takes"])
def test_a_relative_takes_folder_lies_beside_the_file(addon, tmp_path, given):
    from int_mocap_addon.storage import captures_folder

    addon.preferences.takes_folder = given
    unsaved = captures_folder()
    assert unsaved.is_absolute() and unsaved.name == "mocap_takes"
    assert Path.cwd() not in unsaved.parents
    _save(tmp_path / "shot.blend")
    assert captures_folder() == tmp_path / "mocap_takes"


def test_a_capture_into_a_relative_folder_of_an_unsaved_file_is_baked(mocap, addon):
    addon.preferences.takes_folder = "mocap_takes"
    mocap.capture.hands = False
    assert bpy.ops.int_mocap.capture() == {"FINISHED"}
    assert mocap.takes[0].armature and Path(mocap.takes[0].path).is_file()


def test_a_scene_that_is_renamed_meanwhile_gets_its_take(mocap, drive):
    from int_mocap_addon import tasks
    from int_mocap_addon.capture.job import capture_steps
    from int_mocap_addon.capture.request import request_of
    from int_mocap_addon.takes.baking import bake_steps

    mocap.capture.hands = False
    scene: Any = bpy.context.scene
    tasks.start("Capture", capture_steps(scene.name, request_of(scene)))
    drive(lambda task: task.progress.text.startswith("Following"))
    scene.name = "Shot 010"
    bpy.data.scenes.new("Scene")
    outcome = drive().outcome
    assert outcome.finished and len(scene.int_mocap.takes) == 1, outcome
    assert scene.int_mocap.takes[0].armature.name in scene.objects

    tasks.start("Bake", bake_steps("Shot 010", [scene.int_mocap.takes[0].uid]))
    scene.name = "Shot 020"
    assert drive().outcome.text.startswith("Baked 1 take")


def test_a_task_finds_its_scene_after_an_undo(mocap):
    from int_mocap_addon.scenes import SceneOfTask

    bpy.ops.ed.undo_push(message="start")
    bpy.context.scene.name = "Shot 010"
    bpy.ops.ed.undo_push(message="renamed")
    where = SceneOfTask("Shot 010")
    bpy.ops.ed.undo()
    assert where.find().name == "Scene" and where.is_shown()
    bpy.ops.ed.redo()
    assert where.find().name == "Shot 010"


def test_a_scene_that_is_deleted_meanwhile_is_one_sentence(mocap, drive):
    from int_mocap_addon import tasks
    from int_mocap_addon.capture.job import capture_steps
    from int_mocap_addon.capture.request import request_of

    mocap.capture.hands = False
    doomed: Any = bpy.context.scene
    task = tasks.start("Capture", capture_steps(doomed.name, request_of(doomed)))
    drive(lambda task: task.progress.text.startswith("Following"))
    bpy.context.window.scene = bpy.data.scenes.new("other")
    bpy.data.scenes.remove(doomed)
    drive()
    assert task.outcome
    assert task.outcome.text.startswith("The scene Scene is not there any more. The takes are in")


def test_two_captures_never_share_a_folder(addon, tmp_path):
    from int_mocap_addon.storage import new_capture_folder

    folders = [new_capture_folder(tmp_path / "dance.mp4") for _ in range(3)]
    assert [folder.name for folder in folders] == ["dance", "dance_2", "dance_3"]
    assert all(folder.is_dir() for folder in folders)


def test_a_takes_folder_that_is_a_file_is_one_sentence(addon, tmp_path):
    from core_model.errors import OutputError
    from int_mocap_addon.storage import new_capture_folder

    (tmp_path / "taken").write_text("")
    for given in ("taken", "taken/deeper"):
        addon.preferences.takes_folder = str(tmp_path / given)
        with pytest.raises(OutputError, match="taken"):
            new_capture_folder(Path("dance.mp4"))
