"""SPIN's 49 joints: their names, and which each becomes in a mirror."""

import numpy as np

Order = tuple[str | None, ...]
"""Names of SPIN's set by the place in another; None for joints that SPIN's lacks."""

SPIN_NAMES = (
    # The 25 of OpenPose.
    *("nose", "neck", "right_shoulder", "right_elbow", "right_wrist"),
    *("left_shoulder", "left_elbow", "left_wrist", "mid_hip", "right_hip", "right_knee"),
    *("right_ankle", "left_hip", "left_knee", "left_ankle", "right_eye", "left_eye"),
    *("right_ear", "left_ear", "left_big_toe", "left_small_toe", "left_heel"),
    *("right_big_toe", "right_small_toe", "right_heel"),
    # The 14 of LSP, then others that data sets have; as the data sets place them, not OpenPose.
    *("lsp_right_ankle", "lsp_right_knee", "lsp_right_hip", "lsp_left_hip", "lsp_left_knee"),
    *("lsp_left_ankle", "lsp_right_wrist", "lsp_right_elbow", "lsp_right_shoulder"),
    *("lsp_left_shoulder", "lsp_left_elbow", "lsp_left_wrist", "lsp_neck", "lsp_head_top"),
    *("mpii_pelvis", "mpii_thorax", "h36m_spine", "h36m_jaw", "h36m_head"),
    *("data_nose", "data_left_eye", "data_right_eye", "data_left_ear", "data_right_ear"),
)
SPIN_COUNT = len(SPIN_NAMES)
SPIN_INDEX = {name: index for index, name in enumerate(SPIN_NAMES)}

HIPS = (SPIN_INDEX["lsp_right_hip"], SPIN_INDEX["lsp_left_hip"])
"""Their middle is where poses are compared."""

INSTA_25: Order = (
    *("right_heel", "right_knee", "right_hip", "left_hip", "left_knee", "left_heel"),
    *("right_wrist", "right_elbow", "right_shoulder"),
    *("left_shoulder", "left_elbow", "left_wrist", "neck", "lsp_head_top"),
    *("nose", "left_eye", "right_eye", "left_ear", "right_ear"),
    *("left_big_toe", "right_big_toe", "left_small_toe", "right_small_toe"),
    *("left_ankle", "right_ankle"),
)
"""InstaVariety's 25 joints, as its database has them where they are not yet SPIN's."""


def _mirrored(name: str) -> str:
    if "left" in name:
        return name.replace("left", "right")
    return name.replace("right", "left")


SPIN_MIRROR = tuple(SPIN_INDEX[_mirrored(name)] for name in SPIN_NAMES)
"""The joint that each joint becomes in a mirror."""


def to_spin(points: np.ndarray, order: Order) -> np.ndarray:
    """Put joints (..., J, C) at their places in SPIN's set (..., 49, C); zeros elsewhere."""
    placed = np.zeros((*points.shape[:-2], SPIN_COUNT, points.shape[-1]), points.dtype)
    for index, name in enumerate(order):
        if name is not None:
            placed[..., SPIN_INDEX[name], :] = points[..., index, :]
    return placed
