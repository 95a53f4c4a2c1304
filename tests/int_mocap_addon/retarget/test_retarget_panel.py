"""The panel Retarget: from a take, or another armature, to keys on a character."""

from typing import Any

import bpy
import numpy as np
import pytest

from tests.bake.conftest import curves_of
from tests.bake.retarget.rigs import load_rig
from tests.bake.retarget.truth import TRUTH
from tests.int_mocap_addon.conftest import contents


@pytest.fixture
def hero(mocap: Any) -> Any:
    """Return a character that is the target, with its map."""
    armature = load_rig("mixamo")
    mocap.retarget.target = armature
    return armature


def rows(shown: Any) -> dict[str, list[str]]:
    """Bones by joint, as the list shows them."""
    return {joint.name: [bone.name for bone in joint.bones] for joint in shown.joints}


def free(shown: Any, joint: str) -> None:
    """Let no bone follow a joint."""
    row = next(each for each in shown.joints if each.name == joint)
    row.bones[0].name = ""


def test_choosing_a_target_finds_its_bones_and_keeps_a_map_that_is_there(hero, mocap):
    free(hero.int_mocap_map, "head")
    mocap.retarget.target = None
    mocap.retarget.target = hero
    listed = rows(hero.int_mocap_map)
    assert listed["left_knee"] == ["mixamorig:LeftLeg"] and listed["head"] == [""]
    assert bpy.ops.int_mocap.detect_bones() == {"FINISHED"}
    assert rows(hero.int_mocap_map)["head"] == ["mixamorig:Head"]


def test_detect_lists_every_joint_with_its_bones(hero):
    listed = rows(hero.int_mocap_map)
    for joint, bones in TRUTH["mixamo"].items():
        assert listed[joint] == list(bones)
    assert len(listed) == 52


def test_a_take_moves_the_character(hero, walk, drive):
    assert bpy.ops.int_mocap.retarget() == {"FINISHED"}
    action = hero.animation_data.action
    assert action.name == walk.name and bpy.context.scene.render.fps == 30
    assert len(bpy.data.armatures) == 1, "our own figure is not needed for it"
    moved = {curve.data_path for curve in curves_of(hero).fcurves}
    assert 'pose.bones["mixamorig:LeftUpLeg"].rotation_quaternion' in moved


def test_what_another_armature_does_moves_the_character(hero, walk, mocap):
    assert bpy.ops.int_mocap.bake() == {"FINISHED"}
    figure = walk.armature
    mocap.retarget.source, mocap.retarget.armature = "ARMATURE", figure
    mocap.retarget.listed = "SOURCE"
    assert bpy.ops.int_mocap.detect_bones() == {"FINISHED"}
    assert rows(figure.int_mocap_map)["left_knee"] == ["left_knee"]
    assert bpy.ops.int_mocap.retarget() == {"FINISHED"}
    scene = bpy.context.scene
    for frame in (5, 20, 50):
        scene.frame_set(frame)
        ways = []
        for armature, bone in ((figure, "left_knee"), (hero, "mixamorig:LeftLeg")):
            posed = armature.pose.bones[bone]
            ways.append(np.array((posed.tail - posed.head).normalized()))
        assert np.degrees(np.arccos(min(ways[0] @ ways[1], 1))) < 2


def test_every_reason_not_to_is_said(mocap, walk):
    from int_mocap_addon.retarget.button import why_not

    settings, context = mocap.retarget, bpy.context
    assert "target" in why_not(context)
    armature = load_rig("mixamo")
    settings.target = armature
    armature.int_mocap_map.joints.clear()
    assert "no bone map" in why_not(context)
    bpy.ops.int_mocap.detect_bones()
    assert why_not(context) == ""
    armature.int_mocap_map.joints[0].bones[0].name = "tail"
    assert "no bone tail" in why_not(context)
    settings.source = "ARMATURE"
    assert "motion comes from" in why_not(context)
    settings.armature = armature
    assert "same armature" in why_not(context)
    settings.source = "TAKE"
    mocap.takes.clear()
    assert "no take" in why_not(context)
    assert not bpy.ops.int_mocap.retarget.poll()
    settings.target = None
    assert not bpy.ops.int_mocap.detect_bones.poll()


def test_a_map_is_edited_saved_and_loaded(hero, tmp_path):
    shown = hero.int_mocap_map
    knee = next(i for i, joint in enumerate(shown.joints) if joint.name == "left_knee")
    shown.active_joint = knee
    assert bpy.ops.int_mocap.add_mapped_bone() == {"FINISHED"}
    path = tmp_path / "hero.json"
    hero.data.bones.active = hero.data.bones["mixamorig:LeftFoot"]
    assert bpy.ops.int_mocap.pick_bone(index=1) == {"FINISHED"}
    with pytest.raises(RuntimeError, match="left ankle"):
        bpy.ops.int_mocap.save_map(filepath=str(path))
    free(hero.int_mocap_map, "left_thumb3")
    hero.data.bones.active = hero.data.bones["mixamorig:LeftHandThumb3"]
    assert bpy.ops.int_mocap.pick_bone(index=1) == {"FINISHED"}
    shown.joints[knee].twist = 0.5
    assert bpy.ops.int_mocap.save_map(filepath=str(path)) == {"FINISHED"}
    assert bpy.ops.int_mocap.use_preset(preset="mixamo") == {"FINISHED"}
    assert rows(hero.int_mocap_map)["left_knee"] == ["mixamorig:LeftLeg"]
    assert bpy.ops.int_mocap.load_map(filepath=str(path)) == {"FINISHED"}
    assert rows(hero.int_mocap_map)["left_knee"] == [
        "mixamorig:LeftLeg",
        "mixamorig:LeftHandThumb3",
    ]
    assert hero.int_mocap_map.joints[knee].twist == pytest.approx(0.5)
    hero.int_mocap_map.active_joint = knee
    assert bpy.ops.int_mocap.remove_mapped_bone(index=0) == {"FINISHED"}
    assert rows(hero.int_mocap_map)["left_knee"] == ["mixamorig:LeftHandThumb3"]
    (tmp_path / "none.json").write_text("{}")
    with pytest.raises(RuntimeError, match="no bone map"):
        bpy.ops.int_mocap.load_map(filepath=str(tmp_path / "none.json"))


def test_a_map_is_saved_with_the_file(hero, tmp_path):
    before = rows(hero.int_mocap_map)
    hero.int_mocap_map.joints[3].locked = True
    path = str(tmp_path / "scene.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path)
    settings: Any = bpy.context.scene.int_mocap
    assert rows(settings.retarget.target.int_mocap_map) == before
    assert settings.retarget.target.int_mocap_map.joints[3].locked


def test_the_map_of_a_library_override_can_be_changed_and_is_saved(hero, tmp_path):
    from int_mocap_addon.retarget.maps import map_settings

    hero.int_mocap_map.joints[3].locked = True
    library, path = str(tmp_path / "hero.blend"), str(tmp_path / "scene.blend")
    bpy.data.libraries.write(library, {hero})
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    libraries: Any = bpy.data.libraries
    with libraries.load(library, link=True) as (there, wanted):
        wanted.objects = there.objects
    scene: Any = bpy.context.scene
    own = wanted.objects[0].override_create()
    scene.collection.objects.link(own)
    scene.int_mocap.retarget.target = own
    assert map_settings(own).joints[3].locked, "the map of the library is where it begins"
    free(map_settings(own), "head")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.open_mainfile(filepath=path)
    kept: Any = map_settings(bpy.context.scene.int_mocap.retarget.target)
    assert kept.owner and kept.joints[3].locked and not rows(kept)["head"][0]
    assert bpy.ops.int_mocap.detect_bones() == {"FINISHED"}
    assert rows(kept)["head"] == ["mixamorig:Head"]


def test_what_the_user_chose_is_sure(hero):
    from int_mocap_addon.retarget.maps import certainty_of, is_doubtful, read_map

    joint = hero.int_mocap_map.joints[4]
    joint.certainty = 0.3
    assert is_doubtful(joint) and certainty_of(joint) == pytest.approx(0.3)
    free(hero.int_mocap_map, "left_thumb3")
    joint.bones[0].name = "mixamorig:LeftHandThumb3"
    assert not is_doubtful(joint) and read_map(hero).certainty[joint.name] == 1.0


def test_cancelling_leaves_nothing(hero, walk, drive):
    from int_mocap_addon import tasks
    from int_mocap_addon.retarget.retargeting import retarget_steps

    before = contents()
    tasks.start("Retarget", retarget_steps(bpy.context.scene.name))
    drive(lambda task: (task.progress.fraction or 0) >= 0.8)
    tasks.current().cancel()
    assert contents() == before and tasks.last_outcome().finished is False


def test_a_target_that_is_deleted_meanwhile_is_said(hero, walk, drive):
    from int_mocap_addon import tasks
    from int_mocap_addon.retarget.retargeting import retarget_steps

    tasks.start("Retarget", retarget_steps(bpy.context.scene.name))
    drive(lambda task: (task.progress.fraction or 0) >= 0.3)
    bpy.data.objects.remove(hero)
    drive()
    assert "deleted meanwhile" in tasks.last_outcome().text
    assert not bpy.data.actions


def test_all_takes_become_strips(hero, walk, mocap, tmp_path):
    from core_model.take import Take

    take = Take.load(walk.path)
    take.save(tmp_path / "again.npz")
    bpy.ops.int_mocap.load_takes(filepath=str(tmp_path / "again.npz"))
    mocap.retarget.source, mocap.retarget.place = "TAKES", "strip"
    assert bpy.ops.int_mocap.retarget() == {"FINISHED"}
    (track,) = hero.animation_data.nla_tracks
    assert [strip.action.name for strip in track.strips] == ["walk", "again"]


def test_the_ghost_shows_both_at_rest_beside_each_other(hero, mocap):
    from int_mocap_addon.retarget.ghost import lines

    scene: Any = bpy.context.scene
    (ours, _), (theirs, _) = lines(scene)
    assert theirs[:, 0].min() > ours[:, 0].max()
    assert np.ptp(theirs[:, 2]) == pytest.approx(np.ptp(ours[:, 2]))
    assert theirs[:, 2].min() == pytest.approx(ours[:, 2].min())
    mocap.retarget.target = None
    assert lines(scene) == []
