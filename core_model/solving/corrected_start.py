"""A motion with corrections spread over time: what the fit begins with and is tied to."""

from dataclasses import replace

import numpy as np

from core_model.body.skeleton import JOINT_COUNT
from core_model.geometry.rotations import rotation_angle
from core_model.lifting.figure import Figure
from core_model.solving.hinges import HINGES, not_backwards
from core_model.solving.pins import Posed
from core_model.solving.spread import reach

_TURNED = np.radians(0.05)
_MOVED = 1e-4  # metres


def spread_poses(
    figure: Figure,
    poses: dict[int, Posed],
    held: dict[int, set[int]],
    times: np.ndarray,
    confidence: np.ndarray,
) -> tuple[Figure, np.ndarray]:
    """Correct a motion so that it has given poses in some frames, and is led there and away.

    Parameters
    ----------
    figure : Figure
    poses : dict
        By frame.
    held : dict
        By frame, the joints that are pinned there: where one is, it is told to be right even if
        nothing changes.
    times : (T,)
        Seconds.
    confidence : (T, 24)
        Of the motion before.

    Returns
    -------
    figure : Figure
        Corrected.
    influence : (T, 24)
        How much each joint was corrected in each frame, 0 to 1; where the body was moved, all are.
    """
    rotations, pelvis = figure.rotations.copy(), figure.pelvis.copy()
    influence = np.zeros((len(times), JOINT_COUNT))
    for joint in range(JOINT_COUNT):
        turns = {
            frame: posed.rotations[joint] @ figure.rotations[frame, joint].T
            for frame, posed in poses.items()
        }
        frames = [
            frame
            for frame, turn in turns.items()
            if joint in held[frame] or rotation_angle(turn, np.eye(3)) > _TURNED
        ]
        if not frames:
            continue
        spread = reach(np.array(frames), times, confidence[:, joint])
        rotations[:, joint] = (
            spread.rotations(np.stack([turns[each] for each in frames])) @ (rotations[:, joint])
        )
        if joint in HINGES:
            bends = not_backwards(rotations[:, joint], figure.rotations[:, joint], joint)
            told = [frame for frame in frames if joint in held[frame]]
            bends[told] = rotations[told, joint]
            rotations[:, joint] = bends
        influence[:, joint] = spread.influence
    shifts = {frame: posed.pelvis - figure.pelvis[frame] for frame, posed in poses.items()}
    frames = [frame for frame, shift in shifts.items() if np.linalg.norm(shift) > _MOVED]
    if frames:
        spread = reach(np.array(frames), times, confidence[:, 0])
        pelvis = pelvis + spread.vectors(np.stack([shifts[each] for each in frames]))
        influence = np.maximum(influence, spread.influence[:, None])
    return replace(figure, rotations=rotations, pelvis=pelvis), influence
