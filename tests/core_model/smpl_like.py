"""A made-up body of SMPL's size, and a pickle of it as SMPL's makers write theirs."""

import pickle
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core_model.body.skeleton import JOINT_COUNT, PARENTS

VERTICES = 6890


def made_up_arrays(vertices: int = VERTICES, joints: int = JOINT_COUNT) -> dict[str, Any]:
    """Return arrays under SMPL's names: a cloud of points, each near one joint."""
    random = np.random.default_rng(0)
    regressor = np.zeros((joints, vertices))
    owners = np.arange(vertices) % joints
    for joint in range(joints):
        chosen = np.flatnonzero(owners == joint)[:12]
        regressor[joint, chosen] = 1 / len(chosen)
    places = random.normal(0, 0.5, (joints, 3))
    weights = 0.7 * np.eye(joints)[owners] + 0.3 * np.eye(joints)[np.roll(owners, 7)]
    parents = np.array(PARENTS) if joints == JOINT_COUNT else np.arange(joints) - 1
    return {
        "v_template": places[owners] + random.normal(0, 0.05, (vertices, 3)),
        "shapedirs": random.normal(0, 0.01, (vertices, 3, 10)),
        "posedirs": random.normal(0, 0.002, (vertices, 3, 207)),
        "J_regressor": regressor,
        "weights": weights,
        "kintree_table": np.stack((parents, np.arange(joints))).astype(np.uint32),
        "f": random.integers(0, vertices, (13776, 3)).astype(np.uint32),
    }


class Ch:
    """Pickled as `chumpy.ch.Ch`."""

    def __init__(self, x: np.ndarray) -> None:
        self.x = x
        self._dirty_vars: set[str] = set()


def write_like_chumpy(arrays: dict[str, Any], path: Path, protocol: int = 2) -> None:
    """Write arrays as SMPL's makers do: chumpy objects, a sparse regressor, some other things."""
    sparse = pytest.importorskip("scipy.sparse", reason="no Blender comes with scipy")
    chumpy, module = types.ModuleType("chumpy"), types.ModuleType("chumpy.ch")
    module.Ch = Ch  # type: ignore[attr-defined]
    before = Ch.__module__
    sys.modules |= {"chumpy": chumpy, "chumpy.ch": module}
    Ch.__module__ = "chumpy.ch"
    try:
        content = arrays | {
            name: Ch(arrays[name]) for name in ("v_template", "shapedirs", "posedirs", "weights")
        }
        content |= {
            "J_regressor": sparse.csc_matrix(arrays["J_regressor"]),
            "bs_style": "lbs",
            "bs_type": "lrotmin",
            "J": arrays["J_regressor"] @ arrays["v_template"],
            "unit": np.float64(1.0),
        }
        path.write_bytes(pickle.dumps(content, protocol))
    finally:
        Ch.__module__ = before
        del sys.modules["chumpy"], sys.modules["chumpy.ch"]
