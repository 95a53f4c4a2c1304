"""The Take on disk: an `.npz` that any AMASS reader opens, with what this project adds beside it.

Files come from anywhere. What is not needed is never read, sizes are known before anything is
unpacked, and whatever is wrong is one sentence.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core_model.body.fingers import FINGER_JOINT_COUNT
from core_model.errors import TakeError
from core_model.storage.atomic import replaced_when_complete
from core_model.storage.npz import NpzError, read_npz, write_npz
from core_model.take.footage import FOOTAGE_ARRAYS, arrays_of_footage, footage_of
from core_model.take.stored_fields import camera_of, is_file_name, number_of, text_of
from core_model.take.view_file import VIEW_ARRAYS, VIEWS, arrays_of_views, views_of

_MOST_BYTES = 2**30  # six hours of a capture, two of AMASS at 120 frames a second
_BODY_NUMBERS = 66
"""Numbers in a pose for the body's 22 joints; those of hands or face follow in files of AMASS."""

HANDS_BEGIN = {156: 66, 165: 75}
"""Numbers in a pose of SMPL-H and of SMPL-X, and where those of the fingers begin."""

_FRAME_RATES = ("mocap_framerate", "mocap_frame_rate")  # of SMPL-H and of SMPL-X
_POSSIBLE_RATES = (1e-3, 1e6)  # frames per second
_GENDERS = ("female", "male", "neutral")
_AS_THEY_ARE = (
    "confidence",
    "keypoints2d",
    "bbox",
    "frame_valid",
    "confidence_hands",
    "camera_turns",
    "camera_zoom",
)
OF_EVERY_FRAME = frozenset(
    {"poses", "trans", "times", "poses_hands", *_AS_THEY_ARE, *FOOTAGE_ARRAYS}
)
"""Arrays with a row for each frame."""

_CAMERA = ("camera_focal", "camera_center", "camera_size", "camera_to_world")
_NUMBERS = (
    "poses",
    "trans",
    "betas",
    "times",
    "poses_hands",
    *_FRAME_RATES,
    *_AS_THEY_ARE,
    *_CAMERA,
    *FOOTAGE_ARRAYS,
    *(name for names in VIEW_ARRAYS for name in names),
)
_TEXTS = ("gender", "source", VIEWS)


def read_fields(path: Path) -> dict[str, Any]:
    """Read what a Take is made of from one of ours or from any AMASS `.npz`.

    Returns
    -------
    dict
        Arguments of `Take`, which checks that they belong together.

    Raises
    ------
    TakeError
        When the file is missing, damaged or something else.
    """
    try:
        arrays = read_npz(path, (*_NUMBERS, *_TEXTS), _MOST_BYTES)
    except FileNotFoundError as error:
        raise TakeError(f"There is no take at {path}.") from error
    except IsADirectoryError as error:
        raise TakeError(f"{path} is a folder, not a take.") from error
    except PermissionError as error:
        raise TakeError(f"{path} may not be read: permission denied.") from error
    except (OSError, ValueError) as error:  # a name that no file can have is a ValueError
        reason = getattr(error, "strerror", None) or error
        raise TakeError(f"{path} cannot be read: {reason}.") from error
    except NpzError as error:
        raise TakeError(f"{path} is damaged or not a take (an .npz file): it {error}.") from error
    for name in ("poses", "trans"):
        if name not in arrays:
            raise TakeError(f"{path} is not a take: it has no '{name}'.")
    try:
        return _fields(arrays)
    except TakeError as error:
        raise TakeError(f"{path} cannot be used: {error}") from error


def write_fields(path: Path, fields: Mapping[str, Any], frame_rate: float) -> None:
    """Write what a Take is made of; see `Take.save`.

    Parameters
    ----------
    path : Path
    fields : mapping
        The attributes of a Take.
    frame_rate : float
        For readers that know no `times`.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    with replaced_when_complete(path) as temporary:
        write_npz(temporary, stored_arrays(fields, frame_rate))


def stored_arrays(fields: Mapping[str, Any], frame_rate: float) -> dict[str, Any]:
    """Return the arrays of the file of a Take.

    Parameters
    ----------
    fields : mapping
        The attributes of a Take.
    frame_rate : float
        For readers that know no `times`.
    """
    arrays: dict[str, Any] = {
        "poses": fields["poses"],
        "trans": fields["trans"],
        "betas": fields["betas"],
        "gender": fields["gender"],
        "mocap_framerate": frame_rate,
        "times": fields["times"],
        "confidence": fields["confidence"].astype(np.float32),
        "keypoints2d": fields["keypoints2d"].astype(np.float32),
        "bbox": fields["bbox"].astype(np.float32),
        "frame_valid": fields["frame_valid"],
        "source": json.dumps(fields["source"]),
    }
    if fields["poses_hands"] is not None:
        arrays["poses_hands"] = fields["poses_hands"].astype(np.float32)
        arrays["confidence_hands"] = fields["confidence_hands"].astype(np.float32)
    camera = fields["camera"]
    if camera is not None:
        values = (camera.focal, camera.center, camera.size, camera.to_world)
        arrays |= dict(zip(_CAMERA, values, strict=True))
    if np.size(fields["camera_turns"]):
        arrays["camera_turns"] = fields["camera_turns"]
    if np.size(fields["camera_zoom"]):
        arrays["camera_zoom"] = fields["camera_zoom"]
    return arrays | arrays_of_views(fields["views"]) | arrays_of_footage(fields["footage"])


def _fields(arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    for name in _NUMBERS:
        if name in arrays and arrays[name].dtype.kind in "US":
            raise TakeError(f"'{name}' holds text where numbers belong.")
    poses = arrays["poses"]
    if poses.ndim != 2 or poses.shape[1] < _BODY_NUMBERS:
        raise TakeError(f"'poses' has the shape {poses.shape} where (frames, 72) belongs.")
    hands = arrays.get("poses_hands")
    if poses.shape[1] in HANDS_BEGIN:
        begin = HANDS_BEGIN[poses.shape[1]]
        hands = poses[:, begin : begin + 3 * FINGER_JOINT_COUNT]
    if poses.shape[1] != 72:
        body = np.zeros((len(poses), 72))
        body[:, :_BODY_NUMBERS] = poses[:, :_BODY_NUMBERS]
        poses = body
    betas = np.zeros(10)
    given = np.ravel(arrays.get("betas", np.empty(0)))[:10]
    betas[: len(given)] = given
    fields: dict[str, Any] = {
        "poses": poses,
        "trans": arrays["trans"],
        "betas": betas,
        "times": arrays["times"] if "times" in arrays else _times(arrays, len(poses)),
        "gender": _gender(arrays),
        "poses_hands": hands,
        "camera": camera_of(arrays, _CAMERA) if _CAMERA[0] in arrays else None,
        "source": _source(arrays),
        "views": views_of(arrays),
        "footage": footage_of(arrays),
    }
    return fields | {name: arrays[name] for name in _AS_THEY_ARE if name in arrays}


def _times(arrays: dict[str, np.ndarray], frames: int) -> np.ndarray:
    for name in _FRAME_RATES:
        if name in arrays:
            rate = number_of(arrays, name)
            if not _POSSIBLE_RATES[0] <= rate <= _POSSIBLE_RATES[1]:
                raise TakeError(f"'{name}' is {rate:g}, which is no frame rate.")
            return np.arange(frames) / rate
    raise TakeError("it has neither 'times' nor 'mocap_framerate'.")


def _gender(arrays: dict[str, np.ndarray]) -> str:
    try:
        given = text_of(arrays, "gender").lower()
    except (KeyError, TakeError):  # nothing depends on it
        return "neutral"
    return given if given in _GENDERS else "neutral"


def _source(arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    if "source" not in arrays:
        return {}
    try:
        source = json.loads(text_of(arrays, "source"))
    except (ValueError, RecursionError) as error:
        raise TakeError("'source' is no record of where it came from.") from error
    if not isinstance(source, dict):
        raise TakeError("'source' is no record of where it came from.")
    if source.get("video") is not None and not is_file_name(source["video"]):
        raise TakeError("'source' is damaged: its video is no file name.")
    return source
