"""What checkpoints of the paper's code hold besides the network: the buffers of its SMPL layer."""

import numpy as np
import torch
from torch import Tensor

from core_model.body.model import Body
from core_model.body.skeleton import PARENTS
from train.bodies.posed_points import PICKED, Regressors

SMPL = "smpl."
_VERTICES = 6890


def smpl_buffers(body: Body, regressors: Regressors) -> dict[str, Tensor]:
    """Return SMPL's buffers under the reference's names; none for a body that is not SMPL.

    The reference reads its files with them, and what reads ours leaves them out.
    """
    if len(body.v_template) != _VERTICES or body.posedirs is None:
        return {}
    corrections = body.posedirs.reshape(-1, body.posedirs.shape[-1]).T
    parents = np.array(PARENTS, np.int64)
    floats = {
        "v_template": body.v_template,
        "shapedirs": body.shapedirs,
        "J_regressor": body.J_regressor,
        "posedirs": corrections,
        "lbs_weights": body.weights,
        "J_regressor_extra": regressors.extra[len(PICKED) :],
    }
    whole = {
        "faces_tensor": body.faces,
        "parents": parents,
        "vertex_joint_selector.extra_joints_idxs": np.array(PICKED),
    }
    buffers = {name: torch.from_numpy(np.array(each, np.float32)) for name, each in floats.items()}
    buffers |= {name: torch.from_numpy(np.array(each, np.int64)) for name, each in whole.items()}
    return {SMPL + name: tensor for name, tensor in buffers.items()}
