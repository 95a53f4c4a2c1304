"""The shape of a body as ten shape keys, moved by ten properties of its armature."""

import bpy
import numpy as np

from core_model.body.model import Body
from core_model.body.skeleton import SMPL_TO_WORLD

_RANGE = 5.0  # standard deviations; nobody is further from the average


def add_shape_keys(
    mesh: bpy.types.Object,
    armature: bpy.types.Object,
    body: Body,
    betas: np.ndarray,
    linear: np.ndarray,
) -> None:
    """Give a body the keys `beta_01` to `beta_10`, each driven by the armature's property.

    The mesh looks as before. Its bones stay where they are when a property is changed later: a
    much different shape is better baked anew.

    Parameters
    ----------
    mesh : bpy.types.Object
        From `create_body_mesh`, in the shape of `betas`.
    armature : bpy.types.Object
        Gets a property of the name of each key.
    body : Body
    betas : (10,)
    linear : (3, 3)
        Turn and scale of the armature's bones, as in `Placement`.
    """
    data = mesh.data
    assert isinstance(data, bpy.types.Mesh)
    offsets = np.einsum("vcb,dc->bvd", body.shapedirs, linear @ SMPL_TO_WORLD)
    shaped = np.empty(3 * len(data.vertices))
    data.vertices.foreach_get("co", shaped)
    average = shaped.reshape(-1, 3) - np.einsum("bvd,b->vd", offsets, betas)
    data.vertices.foreach_set("co", average.ravel())
    mesh.shape_key_add(name="Basis", from_mix=False)
    for number, (offset, beta) in enumerate(zip(offsets, betas, strict=True), start=1):
        name = f"beta_{number:02d}"
        key = mesh.shape_key_add(name=name, from_mix=False)
        key.slider_min, key.slider_max = -_RANGE, _RANGE
        key.data.foreach_set("co", (average + offset).ravel())
        armature[name] = float(np.clip(beta, -_RANGE, _RANGE))
        limits = armature.id_properties_ui(name)
        assert limits
        limits.update(soft_min=-_RANGE, soft_max=_RANGE)
        # A sum of one variable runs no Python, so that files open without a warning about scripts.
        curve = key.driver_add("value")
        assert isinstance(curve, bpy.types.FCurve) and curve.driver
        driver = curve.driver
        driver.type = "SUM"
        variable = driver.variables.new()
        variable.targets[0].id = armature
        variable.targets[0].data_path = f'["{name}"]'
    data.update()
