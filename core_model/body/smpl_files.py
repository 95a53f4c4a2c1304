"""SMPL body files as their makers distribute them: pickles of 2015's Python, or `.npz`.

The pickles hold objects of chumpy and of scipy.sparse; neither library is needed here, and nothing
in the file is run.
"""

from pathlib import Path
from typing import Any

import numpy as np

from core_model.body.fingers import FINGER_JOINT_COUNT, FINGERTIP_NAMES
from core_model.body.skeleton import JOINT_COUNT, PARENTS
from core_model.errors import AssetError
from core_model.storage.npz import NpzError, read_npz
from core_model.storage.unpickling import (
    InertRecord,
    InertUnpickler,
    PickledArray,
    RefusedPickleError,
)

_MOST_BYTES = 512 * 2**20  # SMPL with 300 shape directions takes 250 MB as text
_MOST_VERTICES = 60_000
_MOST_NUMBERS = 3 * 300 * _MOST_VERTICES
_NEEDED = ("v_template", "shapedirs", "J_regressor", "weights", "f")
_LIBRARIES = ("chumpy", "scipy")
_FINGER_ARRAYS = ("finger_regressor", "fingertip_regressor", "finger_weights")
_OTHER_BODIES = {52: "SMPL-H", 55: "SMPL-X", 16: "MANO", 5: "FLAME"}


def read_smpl_arrays(path: Path) -> dict[str, np.ndarray]:
    """Read the arrays of a body with the joints of SMPL.

    Returns
    -------
    dict
        `v_template` (V, 3), `shapedirs` (V, 3, 10), `J_regressor` (24, V), `weights` (V, 24) and,
        where the file has them, `posedirs` (V, 3, 207), `landmark_regressor` (33, V),
        `finger_regressor` (30, V), `fingertip_regressor` (10, V) and `finger_weights` (V, 30), all
        float64; `f` (F, 3) int64.

    Raises
    ------
    AssetError
        When the file is missing, damaged, another body or no body; nothing in it is run.
    """
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            raise AssetError(f"{path} is {size / 2**20:.0f} MiB large: no SMPL body is.")
        with open(path, "rb") as file:
            zipped = file.read(2) == b"PK"
    except FileNotFoundError as error:
        raise AssetError(f"There is no body file at {path}.") from error
    except IsADirectoryError as error:
        raise AssetError(f"{path} is a folder, not a body file.") from error
    except PermissionError as error:
        raise AssetError(f"{path} may not be read: permission denied.") from error
    except OSError as error:
        raise AssetError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        content = _from_npz(path) if zipped else _from_pickle(path.read_bytes())
        return _checked(content, path)
    except RefusedPickleError as error:
        raise AssetError(
            f"{path} is no SMPL body: it asks for {error}, which was refused; nothing was run."
        ) from error
    except NpzError as error:
        raise AssetError(f"{path} is damaged or not a body file: it {error}.") from error
    except AssetError:
        raise
    # A damaged file can go wrong in any way that its bytes can be misread.
    except Exception as error:
        raise AssetError(f"{path} is damaged or not a body file.") from error


def _from_npz(path: Path) -> dict[str, Any]:
    wanted = (*_NEEDED, "posedirs", "landmark_regressor", "kintree_table", *_FINGER_ARRAYS)
    return dict(read_npz(path, wanted, _MOST_BYTES))


def _from_pickle(data: bytes) -> dict[str, Any]:
    content = InertUnpickler(data, _LIBRARIES).load()
    if not isinstance(content, dict):
        raise RefusedPickleError("something else than a table of arrays")
    content = {_text(key): value for key, value in content.items()}
    wanted = (*_NEEDED, "posedirs", "kintree_table")
    return {name: _plain(content[name]) for name in wanted if name in content}


def _text(key: Any) -> str:
    return key.decode("latin1") if isinstance(key, bytes) else str(key)


def _plain(value: Any) -> np.ndarray:
    """Return the numbers of a numpy array, a chumpy object or a sparse matrix."""
    if isinstance(value, PickledArray) and value.array is not None:
        return value.array
    if isinstance(value, InertRecord):
        state = {_text(key): part for key, part in value.state.items()}
        if "indptr" in state:
            return _dense(type(value).__name__, state)
        if "x" in state:
            return _plain(state["x"])
        if "a" in state and "idxs" in state:
            places = _plain(state["idxs"])
            if places.size > _MOST_NUMBERS:
                raise RefusedPickleError("more numbers than any body has")
            picked = _plain(state["a"]).ravel()[places]
            return (
                picked.reshape(state["preferred_shape"]) if "preferred_shape" in state else picked
            )
    raise RefusedPickleError(f"an array of the kind {type(value).__name__}")


def _dense(kind: str, state: dict[str, Any]) -> np.ndarray:
    """Return a sparse matrix by columns or by rows as an ordinary one."""
    rows, columns = state["_shape"] if "_shape" in state else state["shape"]
    if not (0 < rows <= _MOST_VERTICES and 0 < columns <= _MOST_VERTICES and rows < 100):
        raise RefusedPickleError(f"a matrix of {rows} by {columns}")
    values, indices, starts = (_plain(state[name]) for name in ("data", "indices", "indptr"))
    if starts.ndim != 1 or (np.diff(starts) < 0).any() or np.diff(starts).sum() != len(values):
        raise RefusedPickleError("a matrix with more entries than it holds")
    dense = np.zeros((rows, columns))
    along = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    place = (indices, along) if kind.startswith("csc") else (along, indices)
    np.add.at(dense, place, values)
    return dense


def _checked(content: dict[str, Any], path: Path) -> dict[str, np.ndarray]:
    missing = [name for name in _NEEDED if name not in content]
    if missing:
        raise AssetError(f"{path} is not a body file: it has no '{missing[0]}'.")
    joints = len(content["J_regressor"])
    if joints != JOINT_COUNT:
        name = _OTHER_BODIES.get(joints, "another body")
        raise AssetError(f"{path} is {name} with {joints} joints; SMPL with 24 belongs here.")
    vertices = len(content["v_template"])
    if vertices > _MOST_VERTICES:
        raise AssetError(f"{path} is no SMPL body: it has {vertices} vertices.")
    shapes = content["shapedirs"][..., :10].astype(np.float64)
    arrays = {
        "v_template": content["v_template"].astype(np.float64),
        "shapedirs": np.pad(shapes, ((0, 0), (0, 0), (0, 10 - shapes.shape[-1]))),
        "J_regressor": content["J_regressor"].astype(np.float64),
        "weights": content["weights"].astype(np.float64),
        "f": content["f"].astype(np.int64),
    }
    for name in ("posedirs", "landmark_regressor", *_FINGER_ARRAYS):
        if name in content and content[name].any():
            arrays[name] = content[name].astype(np.float64)
    expected: dict[str, tuple[int, ...]] = {
        "v_template": (vertices, 3),
        "shapedirs": (vertices, 3, 10),
        "J_regressor": (JOINT_COUNT, vertices),
        "weights": (vertices, JOINT_COUNT),
        "posedirs": (vertices, 3, 9 * (JOINT_COUNT - 1)),
        "landmark_regressor": (33, vertices),
        "finger_regressor": (FINGER_JOINT_COUNT, vertices),
        "fingertip_regressor": (len(FINGERTIP_NAMES), vertices),
        "finger_weights": (vertices, FINGER_JOINT_COUNT),
        "f": (len(arrays["f"]), 3),
    }
    for name, array in arrays.items():
        if array.shape != expected[name]:
            raise AssetError(
                f"{path} is no SMPL body: '{name}' has the shape {array.shape} where "
                f"{expected[name]} belongs."
            )
        if not np.isfinite(array).all():
            raise AssetError(f"{path} is damaged: '{name}' holds values that are not numbers.")
    if not (0 <= arrays["f"].min() and arrays["f"].max() < vertices):
        raise AssetError(f"{path} is damaged: its triangles name vertices that do not exist.")
    if "kintree_table" in content:
        parents = content["kintree_table"][0].astype(np.int64)
        if tuple(parents[1:].tolist()) != PARENTS[1:]:
            raise AssetError(f"{path} is no SMPL body: its joints hang together differently.")
    return arrays
