"""In which order data sets have their joints, by SPIN's names; None for what SPIN's set lacks."""

from train.databases.pictures.joints import SPIN_INDEX, Order


def _lsp(*names: str) -> Order:
    return tuple(f"lsp_{name}" for name in names)


def _pairs(*parts: str) -> tuple[str, ...]:
    return tuple(f"{side}_{part}" for part in parts for side in ("left", "right"))


COCO_18: Order = (
    *(None, None),  # nose and neck: not of the twelve limb joints
    *_lsp("right_shoulder", "right_elbow", "right_wrist"),
    *_lsp("left_shoulder", "left_elbow", "left_wrist"),
    *_lsp("right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle"),
    *(None, None, None, None),
)
"""3DPW's, of which training takes the limbs."""

LSP_14: Order = tuple(name for name in SPIN_INDEX if name.startswith("lsp_"))

MPII3D_28: Order = (
    *(None, None, None, "h36m_spine", "mpii_pelvis", "lsp_neck", "h36m_head", "lsp_head_top"),
    *(None, *_lsp("left_shoulder", "left_elbow", "left_wrist"), None),
    *(None, *_lsp("right_shoulder", "right_elbow", "right_wrist"), None),
    *(*_lsp("left_hip", "left_knee", "left_ankle"), None, None),
    *(*_lsp("right_hip", "right_knee", "right_ankle"), None, None),
)

MPII3D_17: Order = (
    *_lsp("head_top", "neck"),
    *_lsp("right_shoulder", "right_elbow", "right_wrist"),
    *_lsp("left_shoulder", "left_elbow", "left_wrist"),
    *_lsp("right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle"),
    *("mpii_pelvis", "h36m_spine", "h36m_head"),
)
"""Of the test set."""

POSETRACK_17: Order = (
    *("data_nose", "lsp_neck", "lsp_head_top", "data_left_ear", "data_right_ear"),
    *_lsp(*_pairs("shoulder", "elbow", "wrist", "hip", "knee", "ankle")),
)

PENN_13: Order = (
    "lsp_head_top",
    *_lsp(*_pairs("shoulder", "elbow", "wrist", "hip", "knee", "ankle")),
)
