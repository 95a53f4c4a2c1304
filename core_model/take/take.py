"""The record: one person's motion in one clip, as it travels from capture to Blender."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from core_model.body.fingers import FINGER_JOINT_COUNT
from core_model.body.landmarks import LANDMARK_COUNT
from core_model.body.model import Body, default_body
from core_model.body.skeleton import JOINT_COUNT, forward_kinematics
from core_model.errors import TakeError
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import axis_angle_to_matrix
from core_model.take.footage import Footage
from core_model.take.limits import check_camera, check_numbers, check_times, check_zoom
from core_model.take.take_file import read_fields, write_fields
from core_model.take.view import View


@dataclass
class Take:
    """One person, one clip. World frame as AMASS: Z up, metres; angles in radians.

    Poses and translation are as the network and the camera fit gave them. Frames where the person
    was not seen repeat the pose of the nearest seen frame and are False in `frame_valid`.

    Parameters
    ----------
    poses : (T, 72)
        Axis-angle per joint in SMPL order; joint 0 turns SMPL space to the world.
    trans : (T, 3)
        Added to the rest position of the pelvis gives its place in the world, metres (AMASS).
    betas : (10,)
        Shape of the body.
    times : (T,)
        Seconds from the clip's own timestamps.
    gender : str
    confidence : (T, 24)
        0 to 1 for each joint.
    keypoints2d : (T, 33, 3)
        BlazePose landmarks: x, y in pixels of the upright picture, visibility 0 to 1.
    bbox : (T, 4)
        x, y of the upper left corner, width, height of the person in pixels.
    frame_valid : (T,) bool
        Whether the person was seen.
    camera : Camera or None
        None when the take came from elsewhere.
    camera_turns : (T, 3, 3) or (0,)
        From the space of a camera that turned, in every frame, to that of `camera`, which stands
        still; empty if the camera itself stood still.
    camera_zoom : (T,) or (0,)
        Focal length in every frame as a multiple of that of `camera`; empty if it never changed.
    poses_hands : (T, 90) or None
        Axis-angle per joint of the fingers, in the order and with the meaning of SMPL-H: left hand,
        then right. None when nobody looked for them.
    confidence_hands : (T, 2)
        0 to 1, how well the left and the right hand were seen.
    source : dict
        Where it came from: video path, model, hash of the weights, version of the program.
    views : tuple of View
        Other cameras that filmed the same, none where it was one clip.
    footage : Footage or None
        What its captures knew, of a take that was made of others and shown by no clip.
    """

    poses: np.ndarray
    trans: np.ndarray
    betas: np.ndarray
    times: np.ndarray
    gender: str = "neutral"
    confidence: np.ndarray = field(default_factory=lambda: np.empty(0))
    keypoints2d: np.ndarray = field(default_factory=lambda: np.empty(0))
    bbox: np.ndarray = field(default_factory=lambda: np.empty(0))
    frame_valid: np.ndarray = field(default_factory=lambda: np.empty(0))
    camera: Camera | None = None
    camera_turns: np.ndarray = field(default_factory=lambda: np.empty(0))
    camera_zoom: np.ndarray = field(default_factory=lambda: np.empty(0))
    poses_hands: np.ndarray | None = None
    confidence_hands: np.ndarray = field(default_factory=lambda: np.empty(0))
    source: dict[str, Any] = field(default_factory=dict)
    views: tuple[View, ...] = ()
    footage: Footage | None = None

    def __post_init__(self) -> None:
        """Fill what was left out and refuse arrays that do not belong together.

        Raises
        ------
        TakeError
            When a shape is wrong, or a number is none or beyond all measure.
        """
        frames = np.size(self.poses, 0) if np.ndim(self.poses) else 0
        if frames == 0:
            raise TakeError("A take without a single frame is of no use.")
        defaults: dict[str, tuple[tuple[int, ...], Callable[[tuple[int, ...]], np.ndarray]]] = {
            "confidence": ((frames, JOINT_COUNT), np.ones),
            "keypoints2d": ((frames, LANDMARK_COUNT, 3), np.zeros),
            "bbox": ((frames, 4), np.zeros),
            "frame_valid": ((frames,), np.ones),
            "confidence_hands": ((frames, 2), np.zeros if self.poses_hands is None else np.ones),
        }
        for name, (shape, make) in defaults.items():
            if np.size(getattr(self, name)) == 0:
                setattr(self, name, make(shape))
        shapes: dict[str, tuple[int, ...]] = {
            "poses": (frames, 72),
            "trans": (frames, 3),
            "betas": (10,),
            "times": (frames,),
        } | {name: shape for name, (shape, _) in defaults.items()}
        if np.size(self.camera_turns):
            shapes["camera_turns"] = (frames, 3, 3)
        if np.size(self.camera_zoom):
            shapes["camera_zoom"] = (frames,)
        if self.poses_hands is not None:
            shapes["poses_hands"] = (frames, 3 * FINGER_JOINT_COUNT)
        for name, shape in shapes.items():
            array = np.asarray(getattr(self, name))
            if array.shape != shape:
                raise TakeError(f"'{name}' has the shape {array.shape} where {shape} belongs.")
            check_numbers(name, array)
            setattr(self, name, array.astype(bool if name == "frame_valid" else np.float64))
        check_zoom(self.camera_zoom)
        check_times(self.times)
        if self.camera is not None:
            check_camera(self.camera)
        if self.footage is not None:
            self.footage = self.footage.checked(frames)

    def __len__(self) -> int:
        return len(self.poses)

    @property
    def frame_rate(self) -> float:
        """Frames per second, from the median distance of the timestamps; 30 for a single frame."""
        return float(1 / np.median(np.diff(self.times))) if len(self) > 1 else 30.0

    @property
    def mean_confidence(self) -> float:
        """How sure it is on average where the person was seen, 0 to 1."""
        return float(self.confidence[self.frame_valid].mean())

    @property
    def from_video(self) -> bool:
        """Whether it was seen in a video, here or by another system, and is as restless as that."""
        return self.camera is not None or self.source.get("estimated") is True

    def rotations(self) -> np.ndarray:
        """Return local rotation matrices (T, 24, 3, 3); joint 0 from SMPL space to the world."""
        return axis_angle_to_matrix(self.poses.reshape(-1, JOINT_COUNT, 3))

    def finger_rotations(self) -> np.ndarray | None:
        """Return local rotation matrices (T, 30, 3, 3) of the fingers, None if nobody looked."""
        if self.poses_hands is None:
            return None
        turns = self.poses_hands.reshape(-1, FINGER_JOINT_COUNT, 3)
        return np.asarray(axis_angle_to_matrix(turns))

    def joints(self, body: Body | None = None) -> np.ndarray:
        """Return joint positions (T, 24, 3), metres, Z-up world, on the default body if none."""
        rest = (body or default_body()).rest_joints(self.betas)
        joints, _ = forward_kinematics(self.rotations(), rest)
        return joints + self.trans[:, None]

    def camera_joints(self, body: Body | None = None) -> np.ndarray:
        """Return joint positions (T, 24, 3), metres, in camera space: x right, y down, z forward.

        Of a camera that turned it is the space of every frame.

        Raises
        ------
        TakeError
            When the take has no camera.
        """
        joints = self._filmed_by().world_to_camera(self.joints(body))
        return joints @ self.camera_turns if np.size(self.camera_turns) else joints

    def lens_at(self, row: int) -> Camera:
        """Return the camera with the focal length that it had in a frame, for its pixels.

        Raises
        ------
        TakeError
            When the take has no camera.
        """
        camera = self._filmed_by()
        if not np.size(self.camera_zoom):
            return camera
        return replace(camera, focal=float(camera.focal * self.camera_zoom[row]))

    def _filmed_by(self) -> Camera:
        if self.camera is None:
            raise TakeError("This take was not filmed by a known camera.")
        return self.camera

    def save(self, path: str | Path) -> None:
        """Write the take; a file of that name is replaced only once the new one is complete.

        Raises
        ------
        OutputError
            When the file cannot be written.
        """
        write_fields(Path(path), vars(self), self.frame_rate)

    @classmethod
    def load(cls, path: str | Path) -> "Take":
        """Read a take of ours or any AMASS `.npz`.

        Of SMPL-H and SMPL-X poses the body's 22 joints and the fingers are read.

        Raises
        ------
        TakeError
            When the file is missing, damaged or something else.
        """
        fields = read_fields(Path(path))
        try:
            return cls(**fields)
        except TakeError as error:
            raise TakeError(f"{path} cannot be used: {error}") from error
