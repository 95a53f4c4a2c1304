"""The body: a mesh with shape directions and skinning weights, in SMPL's own array names.

Linear blend skinning as in Loper et al., "SMPL: A Skinned Multi-Person Linear Model", SIGGRAPH Asia
2015, with pose-dependent corrections where the body has them.
"""

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core_model.assets import ASSETS
from core_model.body.fingers import FINGER_JOINT_COUNT, place_fingers, without_fingers
from core_model.body.landmarks import DETECTOR_OFFSETS, LANDMARK_JOINTS
from core_model.body.skeleton import JOINT_COUNT, forward_kinematics
from core_model.body.smpl_files import read_smpl_arrays
from core_model.body.smpl_landmarks import SMPL_VERTEX_COUNT, smpl_landmark_regressor
from core_model.errors import AssetError

DEFAULT_BODY_PATH = ASSETS / "body" / "default_body.npz"


@dataclass(frozen=True)
class Body:
    """A body in its T-pose, SMPL space (Y up, facing +Z), metres.

    Parameters
    ----------
    v_template : (V, 3)
        Vertices of the mean shape.
    shapedirs : (V, 3, 10)
        Offset of each vertex per unit of each beta.
    J_regressor : (24, V)
        Joints as weighted sums of vertices.
    weights : (V, 24)
        Skinning weights; rows sum to one.
    faces : (F, 3) int
        Triangles, counter-clockwise seen from outside.
    landmark_regressor : (33, V) or None
        BlazePose landmarks as weighted sums of vertices, where the body knows them.
    posedirs : (V, 3, 207) or None
        Offset of each vertex per entry of the 23 joints' rotation matrices, less the identity.
    finger_regressor : (30, V) or None
        Joints of the fingers as weighted sums of vertices, where the body has fingers.
    fingertip_regressor : (10, V) or None
        Their tips.
    finger_weights : (V, 30) or None
        What of `weights` is the fingers' own: part of the weights of the joints that carry them.
    """

    v_template: np.ndarray
    shapedirs: np.ndarray
    J_regressor: np.ndarray
    weights: np.ndarray
    faces: np.ndarray
    landmark_regressor: np.ndarray | None = None
    posedirs: np.ndarray | None = None
    finger_regressor: np.ndarray | None = None
    fingertip_regressor: np.ndarray | None = None
    finger_weights: np.ndarray | None = None

    @functools.cached_property
    def _joint_template(self) -> np.ndarray:
        return self.J_regressor @ self.v_template

    @functools.cached_property
    def joint_shapedirs(self) -> np.ndarray:
        """Offset of each rest joint per unit of each beta, (24, 3, 10), metres."""
        return np.einsum("jv,vcb->jcb", self.J_regressor, self.shapedirs)

    def rest_vertices(self, betas: np.ndarray) -> np.ndarray:
        """Return the vertices (V, 3) of the T-pose for `betas` (10,)."""
        return self.v_template + self.shapedirs @ betas

    def rest_joints(self, betas: np.ndarray) -> np.ndarray:
        """Return the joints (..., 24, 3) of the T-pose for `betas` (..., 10)."""
        return self._joint_template + np.einsum("jcb,...b->...jc", self.joint_shapedirs, betas)

    @functools.cached_property
    def _landmark_template(self) -> tuple[np.ndarray, np.ndarray]:
        if self.landmark_regressor is None:
            raise AssetError("This body does not know where the 33 landmarks are on it.")
        carriers = list(LANDMARK_JOINTS)
        template = self.landmark_regressor @ self.v_template
        shapes = np.einsum("lv,vcb->lcb", self.landmark_regressor, self.shapedirs)
        return (
            template - self._joint_template[carriers] + DETECTOR_OFFSETS,
            shapes - self.joint_shapedirs[carriers],
        )

    @property
    def landmark_shapedirs(self) -> np.ndarray:
        """Change of `landmark_offsets` per unit of each beta, (33, 3, 10), metres."""
        return self._landmark_template[1]

    def landmark_offsets(self, betas: np.ndarray) -> np.ndarray:
        """Return where BlazePose sees its landmarks in the T-pose (..., 33, 3), from their joints.

        Metres; not quite where anatomy has them, see
        `core_model.body.landmarks.DETECTOR_OFFSETS`. The joints are those of
        `core_model.body.landmarks.LANDMARK_JOINTS`.

        Raises
        ------
        AssetError
            When the body has no landmarks.
        """
        template, shapes = self._landmark_template
        return template + np.einsum("lcb,...b->...lc", shapes, betas)

    @property
    def has_fingers(self) -> bool:
        """Whether the fingers of this body can be moved."""
        return self.finger_weights is not None

    @functools.cached_property
    def _finger_template(self) -> tuple[np.ndarray, np.ndarray]:
        if self.finger_regressor is None or self.fingertip_regressor is None:
            raise AssetError("The fingers of this body cannot be moved.")
        regressor = np.concatenate((self.finger_regressor, self.fingertip_regressor))
        return regressor @ self.v_template, np.einsum("fv,vcb->fcb", regressor, self.shapedirs)

    def rest_fingers(self, betas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the joints (30, 3) and tips (10, 3) of the fingers in the T-pose.

        Raises
        ------
        AssetError
            When the fingers of this body cannot be moved.
        """
        template, shapes = self._finger_template
        points = template + shapes @ betas
        return points[:FINGER_JOINT_COUNT], points[FINGER_JOINT_COUNT:]

    def pose(
        self, rotations: np.ndarray, betas: np.ndarray, fingers: np.ndarray | None = None
    ) -> np.ndarray:
        """Pose the mesh by linear blend skinning, the pelvis at its rest position.

        Parameters
        ----------
        rotations : (T, 24, 3, 3)
            Local rotation matrices.
        betas : (10,)
        fingers : (T, 30, 3, 3), optional
            Those of the joints of the fingers, of a body that has them; at rest if not given.

        Returns
        -------
        (T, V, 3)
            Metres, in the frame that the global orientation turns to.
        """
        vertices, rest = self.rest_vertices(betas), self.rest_joints(betas)
        joints, turned = forward_kinematics(rotations, np.broadcast_to(rest, (1, JOINT_COUNT, 3)))
        weights = self.weights
        if fingers is not None and self.finger_weights is not None:
            rest_fingers, _ = self.rest_fingers(betas)
            placed, bent = place_fingers(fingers, joints, turned, rest, rest_fingers)
            joints, turned = np.concatenate((joints, placed), 1), np.concatenate((turned, bent), 1)
            rest = np.concatenate((rest, rest_fingers))
            weights = np.concatenate(
                (without_fingers(self.finger_weights, weights), self.finger_weights), axis=1
            )
        moved = joints - np.einsum("tjab,jb->tja", turned, rest)
        posed = np.empty((len(rotations), *vertices.shape))
        bends = (rotations[:, 1:] - np.eye(3)).reshape(len(rotations), -1)
        corrected = vertices
        for frame, (rotation, offset) in enumerate(zip(turned, moved, strict=True)):
            if self.posedirs is not None:
                corrected = vertices + self.posedirs @ bends[frame]
            blended = np.tensordot(weights, rotation, axes=1)
            posed[frame] = np.einsum("vab,vb->va", blended, corrected) + weights @ offset
        return posed


def load_body(path: str | Path) -> Body:
    """Read a body: an SMPL file as distributed (`.pkl` or `.npz`), or ours with the same names.

    SMPL's own mesh gets the BlazePose landmarks from the numbers of its vertices.

    Raises
    ------
    AssetError
        When the file is missing, damaged or not a body; nothing in it is run.
    """
    arrays = read_smpl_arrays(Path(path))
    landmarks = arrays.get("landmark_regressor")
    if landmarks is None and len(arrays["v_template"]) == SMPL_VERTEX_COUNT:
        landmarks = smpl_landmark_regressor(arrays["J_regressor"])
    return Body(
        v_template=arrays["v_template"],
        shapedirs=arrays["shapedirs"],
        J_regressor=arrays["J_regressor"],
        weights=arrays["weights"],
        faces=arrays["f"],
        landmark_regressor=landmarks,
        posedirs=arrays.get("posedirs"),
        finger_regressor=arrays.get("finger_regressor"),
        fingertip_regressor=arrays.get("fingertip_regressor"),
        finger_weights=arrays.get("finger_weights"),
    )


@functools.cache
def default_body() -> Body:
    """Return the body that ships with the program (CC0, see its provenance note)."""
    return load_body(DEFAULT_BODY_PATH)
