"""Pins at their frames: the pose that each asks for, and the corrections that this means."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from core_model.body.skeleton import JOINT_INDEX, forward_kinematics
from core_model.corrections.records import PlacePin, RotationPin
from core_model.geometry.camera import Camera
from core_model.lifting.figure import Figure
from core_model.solving.limb_ik import bring_to

PELVIS = JOINT_INDEX["pelvis"]


@dataclass
class PinnedFrame:
    """What is pinned in one frame, in camera space.

    Parameters
    ----------
    rotations : dict
        Of joints to (3, 3), local; the pelvis from SMPL space to camera space.
    places : dict
        Of joints to (3,), metres.
    soft : set of int
        Joints that need not be reached.
    """

    rotations: dict[int, np.ndarray] = field(default_factory=dict)
    places: dict[int, np.ndarray] = field(default_factory=dict)
    soft: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.rotations or self.places)

    def hard(self) -> "PinnedFrame":
        """Return what must be reached."""
        return PinnedFrame(
            {joint: each for joint, each in self.rotations.items() if joint not in self.soft},
            {joint: each for joint, each in self.places.items() if joint not in self.soft},
        )

    def posed(self, rotations: np.ndarray, pelvis: np.ndarray, rest: np.ndarray) -> "Posed":
        """Return the pose that comes nearest to another and holds what is pinned.

        Parameters
        ----------
        rotations : (24, 3, 3)
        pelvis : (3,)
            Metres.
        rest : (24, 3)
            Joints at rest.
        """
        rotations = rotations.copy()
        for joint, rotation in self.rotations.items():
            rotations[joint] = rotation
        return Posed(*bring_to(rotations, pelvis, rest, self.places, set(self.rotations)))

    def missed(self, posed: "Posed", rest: np.ndarray) -> dict[int, float]:
        """Return how far a pose is from each pinned place, metres."""
        joints, _ = forward_kinematics(posed.rotations, rest)
        joints = joints - joints[0] + posed.pelvis
        return {
            joint: float(np.linalg.norm(joints[joint] - place))
            for joint, place in self.places.items()
        }


@dataclass(frozen=True)
class Posed:
    """A pose of one frame.

    Parameters
    ----------
    rotations : (24, 3, 3)
    pelvis : (3,)
        Metres.
    """

    rotations: np.ndarray
    pelvis: np.ndarray


def pinned_frames(
    pins: Sequence[RotationPin | PlacePin], times: np.ndarray, camera: Camera
) -> dict[int, PinnedFrame]:
    """Return what is pinned in which frame, in the order of time.

    Parameters
    ----------
    pins : sequence of RotationPin and PlacePin
        Of one person, each within half a frame of one of the times.
    times : (T,)
        Seconds.
    camera : Camera
    """
    found: dict[int, PinnedFrame] = {}
    for pin in pins:
        frame = found.setdefault(int(np.abs(times - pin.time).argmin()), PinnedFrame())
        if isinstance(pin, PlacePin):
            frame.places[pin.joint] = camera.world_to_camera(pin.place)
        elif pin.joint == PELVIS:
            frame.rotations[pin.joint] = camera.to_world[:3, :3].T @ pin.rotation
        else:
            frame.rotations[pin.joint] = pin.rotation
        if pin.soft:
            frame.soft.add(pin.joint)
    return dict(sorted(found.items()))


def poses_at(frames: dict[int, PinnedFrame], figure: Figure, rest: np.ndarray) -> dict[int, Posed]:
    """Return the pose that each pinned frame asks for."""
    return {
        number: frame.posed(figure.rotations[number], figure.pelvis[number], rest)
        for number, frame in frames.items()
    }
