"""A user's SMPL file as the body: its shape as keys, its skin where our own skinning puts it."""

import bpy
import numpy as np
import pytest

from bake.bake_file import bake_file
from bake.bake_job import BakeJob
from core_model.body.model import Body, load_body
from core_model.errors import AssetError
from core_model.take import Take
from tests.bake.motions import tumbling
from tests.bake.written import Person, written
from tests.core_model.smpl_like import made_up_arrays, write_like_chumpy


@pytest.fixture(scope="module")
def smpl_file(tmp_path_factory):
    arrays = made_up_arrays()
    # Blender's skinning has no corrections by the pose.
    arrays["posedirs"] = np.zeros_like(arrays["posedirs"])
    path = tmp_path_factory.mktemp("smpl") / "SMPL_NEUTRAL.pkl"
    write_like_chumpy(arrays, path)
    return path


def shaped(take: Take) -> Take:
    take.betas[:] = np.linspace(-2, 2, 10)
    return take


def vertices_of(mesh_object) -> np.ndarray:
    evaluated = mesh_object.evaluated_get(bpy.context.evaluated_depsgraph_get())
    mesh = evaluated.to_mesh()
    found = np.empty(3 * len(mesh.vertices))
    mesh.vertices.foreach_get("co", found)
    evaluated.to_mesh_clear()
    return found.reshape(-1, 3)


def bake(take: Take, body: Body, scene: bpy.types.Scene) -> Person:
    return written(take, scene, body=body, body_file="smpl")


def test_skin_of_an_smpl_body_is_that_of_our_own_skinning(empty_scene, smpl_file):
    take, body = shaped(tumbling(frames=4)), load_body(smpl_file)
    person = bake(take, body, empty_scene)
    expected = body.pose(take.rotations(), take.betas) + take.trans[:, None]
    for frame, vertices in zip(person.keys.frames, expected, strict=True):
        empty_scene.frame_set(int(frame))
        found = vertices_of(person.body)
        assert np.linalg.norm(found - vertices, axis=1).max() < 1e-4


def test_betas_of_the_armature_drive_the_shape_keys(empty_scene, smpl_file):
    take, body = shaped(tumbling(frames=4)), load_body(smpl_file)
    person = bake(take, body, empty_scene)
    keys = person.body.data.shape_keys.key_blocks
    assert [key.name for key in keys] == ["Basis", *(f"beta_{n:02d}" for n in range(1, 11))]
    np.testing.assert_allclose([person.armature[key.name] for key in keys[1:]], take.betas)
    # Without the pose, so that what one key does is seen as it is.
    person.armature.data.pose_position = "REST"
    empty_scene.frame_set(1)
    before = vertices_of(person.body)
    person.armature["beta_03"] += 1.0
    person.armature.update_tag()
    empty_scene.frame_set(1)
    moved = np.linalg.norm(vertices_of(person.body) - before, axis=1)
    np.testing.assert_allclose(moved, np.linalg.norm(body.shapedirs[:, :, 2], axis=1), atol=1e-6)


def test_command_takes_a_body_file_and_names_a_wrong_one(tmp_path, smpl_file):
    tumbling(frames=4).save(tmp_path / "person_01.npz")
    job = BakeJob([tmp_path], tmp_path / "out.blend", body_file=smpl_file)
    bake_file(job, report=lambda line: None)
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "out.blend"))
    assert any(len(mesh.vertices) == 6890 for mesh in bpy.data.meshes)
    wrong = BakeJob([tmp_path], tmp_path / "no.blend", body_file=tmp_path / "person_01.npz")
    with pytest.raises(AssetError, match="not a body file"):
        bake_file(wrong)
    assert not (tmp_path / "no.blend").exists()
