"""The parameters of SMPL, SMPL-H and SMPL-X under the names that programs give them.

What is the same in all of them: where the body's joints, the fingers and the face lie in a long
vector, and that translation is added to the rest position of the pelvis.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from core_model.errors import TakeError
from core_model.results.content import array
from core_model.results.record import Person
from core_model.results.rotations import joint_turns
from core_model.take.take_file import HANDS_BEGIN

WHOLE = ("poses", "pose", "fullpose", "full_pose", "smpl_poses", "smpl_thetas")
ROOT = ("global_orient", "root_orient", "root_pose", "smpl_global_orient")
BODY = ("body_pose", "pose_body", "smpl_body_pose")
PLACE = ("trans", "transl", "translation", "smpl_trans", "root_trans")
SHAPE = ("betas", "shape", "shapes", "beta", "smpl_betas")
RATE = ("mocap_framerate", "mocap_frame_rate", "fps", "frame_rate", "framerate", "frameRate")
_BOTH_HANDS = ("pose_hand", "hand_pose", "poses_hands")
_EACH_HAND = (("left_hand_pose", "right_hand_pose"), ("leftHandPose", "rightHandPose"))
NUMBERS = (*WHOLE, *ROOT, *BODY, *PLACE, *SHAPE, *_BOTH_HANDS, *sum(_EACH_HAND, ()))
"""All names of what is a row for each frame, or can be."""

_SCALE = "smpl_scaling"  # of AIST++: so many of its units are a metre
_JOINTS = 24
_FINGERS = 45  # numbers of one hand

_BODY_AT_MOST = {66: 66, 72: 72, 75: 66}
"""Numbers in a pose without hands, and how many of them turn the root and the body."""

_HANDS_AT = HANDS_BEGIN | {159: 66, 168: 75, 169: 75}
"""Numbers in a pose with hands, and where those begin; of 159 as Motion-X has it."""

_POSSIBLE_RATES = (0.1, 1000.0)


def find(content: Mapping[Any, Any], names: Iterable[str]) -> str | None:
    """Return the first of some names that a table has something for."""
    return next((name for name in names if content.get(name) is not None), None)


def holds_parameters(content: Mapping[Any, Any]) -> bool:
    """Tell whether a table looks like the parameters of somebody of the SMPL family."""
    return bool(find(content, WHOLE) or (find(content, ROOT) and find(content, BODY)))


def poses_of(content: Mapping[Any, Any]) -> tuple[np.ndarray, np.ndarray | None, list[str]]:
    """Read how somebody is turned and bent.

    Returns
    -------
    poses : (F, 72)
    hands : (F, 90) or None
    warnings : list of str

    Raises
    ------
    TakeError
        When it is nothing that can be read.
    """
    whole = find(content, WHOLE)
    if whole is None:
        return _in_parts(content)
    given = array(content[whole], f"{whole}")
    if given.ndim == 4 or (given.ndim == 3 and given.shape[-1] == 3):
        turns = joint_turns(given, whole, (24, 22, 52, 55))
        given = turns.reshape(len(turns), -1)
    if given.ndim != 2 or len(given) == 0:
        raise TakeError(f"'{whole}' has the shape {given.shape} where (frames, 72) belongs.")
    return split(given, whole)


def split(poses: np.ndarray, name: str) -> tuple[np.ndarray, np.ndarray | None, list[str]]:
    """Take a long pose (F, N) apart; see `poses_of`."""
    count = poses.shape[1]
    warnings = []
    if count in _HANDS_AT:
        at = _HANDS_AT[count]
        body, hands = poses[:, :66], poses[:, at : at + 2 * _FINGERS]
        if count == 159:
            warnings.append("has its hands before the jaw, it was taken; look at the fingers")
        return padded(body), _moved(hands), warnings
    if count in _BODY_AT_MOST:
        return padded(poses[:, : _BODY_AT_MOST[count]]), None, warnings
    if count in (216, 9 * 22):
        turns = joint_turns(poses, name, (24, 22))
        return padded(turns.reshape(len(turns), -1)), None, warnings
    if count in (63, 69):
        raise TakeError(
            f"'{name}' has {count} numbers a frame: those of the body without the turn of the "
            "root. Save 'global_orient' or 'root_orient' with it."
        )
    if count in (132, 144):
        raise TakeError(
            f"'{name}' has six numbers for each joint, which says too little of how they are "
            "meant: save axis-angle vectors (72 numbers) or matrices."
        )
    raise TakeError(
        f"'{name}' has {count} numbers a frame; 66, 72, 75, 156, 159 or 165 are read (SMPL, "
        "SMPL-H, SMPL-X)."
    )


def padded(poses: np.ndarray) -> np.ndarray:
    """Return poses (F, 72), joints that are missing at the end not turned."""
    full = np.zeros((len(poses), 3 * _JOINTS))
    full[:, : poses.shape[1]] = poses
    return full


def places_of(content: Mapping[Any, Any], frames: int) -> np.ndarray:
    """Read the translation (F, 3) in metres; at the origin if there is none.

    Raises
    ------
    TakeError
        When it is no place for each frame.
    """
    name = find(content, PLACE)
    if name is None:
        return np.zeros((frames, 3))
    given = array(content[name], name)
    if given.ndim == 3 and given.shape[1] == 1:
        given = given[:, 0]
    if given.shape == (3,) and frames == 1:
        given = given[None]
    if given.shape != (frames, 3):
        raise TakeError(f"'{name}' has the shape {given.shape} where ({frames}, 3) belongs.")
    if content.get(_SCALE) is None:
        return given
    scale = array(content[_SCALE], _SCALE)
    if scale.size != 1 or not float(scale.ravel()[0]) > 0:
        raise TakeError(f"'{_SCALE}' is no number above 0.")
    return given / float(scale.ravel()[0])


def shape_of(content: Mapping[Any, Any]) -> np.ndarray:
    """Read the shape (10,), the mean over all frames where every frame has its own.

    Raises
    ------
    TakeError
        When it is no list of numbers.
    """
    name = find(content, SHAPE)
    return np.zeros(10) if name is None else ten(array(content[name], name))


def ten(betas: np.ndarray) -> np.ndarray:
    """Return the first ten of betas (..., B), (10,); their mean, where there are many."""
    if betas.ndim == 0 or betas.size == 0:
        return np.zeros(10)
    rows = betas.reshape(-1, betas.shape[-1])
    rows = rows[np.isfinite(rows).all(axis=1)]
    mean = rows.mean(axis=0) if len(rows) else np.zeros(betas.shape[-1])
    result = np.zeros(10)
    result[: min(10, len(mean))] = mean[:10]
    return result


def rate_in(content: Mapping[Any, Any]) -> float | None:
    """Read the frames per second, None where nothing says.

    Raises
    ------
    TakeError
        When it is no frame rate.
    """
    name = find(content, RATE)
    if name is None:
        return None
    given = array(content[name], name)
    if given.size != 1 or not _POSSIBLE_RATES[0] <= float(given.ravel()[0]) <= _POSSIBLE_RATES[1]:
        raise TakeError(f"'{name}' is no frame rate.")
    return float(given.ravel()[0])


def gender_in(content: Mapping[Any, Any]) -> str:
    """Read the gender; neutral where it cannot be told."""
    given: Any = content.get("gender")
    if isinstance(given, np.ndarray) and given.size == 1:
        given = given.ravel()[0]
    if isinstance(given, bytes):
        given = given.decode("latin1")
    text = str(given).lower().removeprefix("b'").removesuffix("'")
    return text if text in ("female", "male") else "neutral"


def person_of(
    content: Mapping[Any, Any], frames: np.ndarray | None = None, name: str = ""
) -> tuple[Person, list[str]]:
    """Read one person from a table of parameters; returns warnings, too.

    Raises
    ------
    TakeError
        When something of it cannot be read.
    """
    poses, hands, warnings = poses_of(content)
    return (
        Person(
            poses=poses,
            places=places_of(content, len(poses)),
            betas=shape_of(content),
            frames=frames,
            hands=hands,
            gender=gender_in(content),
            name=name,
        ),
        warnings,
    )


def _in_parts(
    content: Mapping[Any, Any],
) -> tuple[np.ndarray, np.ndarray | None, list[str]]:
    root_name, body_name = find(content, ROOT), find(content, BODY)
    if root_name is None or body_name is None:
        raise TakeError("it holds no poses of a person.")
    given = array(content[root_name], root_name)
    root = joint_turns(given, root_name, (1,))
    body = joint_turns(array(content[body_name], body_name), body_name, (21, 23))
    if len(root) != len(body):
        raise TakeError(f"'{root_name}' has {len(root)} frames and '{body_name}' {len(body)}.")
    poses = np.concatenate((root, body), axis=1).reshape(len(root), -1)
    hands, warnings = _hands(content, len(root))
    return padded(poses), hands, warnings


def _hands(content: Mapping[Any, Any], frames: int) -> tuple[np.ndarray | None, list[str]]:
    both = find(content, _BOTH_HANDS)
    if both is not None:
        parts = [array(content[both], both).reshape(frames, -1)]
    else:
        names = next((each for each in _EACH_HAND if find(content, each)), None)
        if names is None:
            return None, []
        parts = [
            array(content[name], name).reshape(frames, -1)
            if content.get(name) is not None
            else np.zeros((frames, _FINGERS))
            for name in names
        ]
    widths = {part.shape[1] for part in parts}
    if widths == {9 * 15} and both is None:
        parts = [joint_turns(part, "hand pose", (15,)).reshape(frames, -1) for part in parts]
    hands = np.concatenate(parts, axis=1)
    if hands.shape[1] == 2 * _FINGERS:
        return _moved(hands), []
    return None, [
        f"has hands of {hands.shape[1] // 2} numbers each: these are components of MANO, which "
        "need its model; the fingers were left out (save them with use_pca=False)"
    ]


def _moved(hands: np.ndarray) -> np.ndarray | None:
    """Return hands, None if they are only the zeros that fill a place."""
    return hands if np.abs(hands).max(initial=0) > 0 else None
