"""Figures before a camera become Takes in one world with gravity and a floor."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core_model.body.fingers import HandMotion
from core_model.body.model import Body
from core_model.body.skeleton import forward_kinematics
from core_model.body.surface import outline_points
from core_model.errors import NoPersonError
from core_model.fit.confidence import joint_confidence
from core_model.fit.stature import set_stature, stature
from core_model.fit.steadying import turned as turned_figure
from core_model.geometry.camera import Camera
from core_model.geometry.rotations import matrix_to_axis_angle
from core_model.lifting.figure import Figure, landmarks_in_clip
from core_model.take import Take
from core_model.world.camera_motion import STILL, CameraMotion
from core_model.world.common_floor import size_factors
from core_model.world.floor_frame import camera_to_world
from core_model.world.gravity import find_up
from core_model.world.manhattan import EXACT, ManhattanFrame
from core_model.world.resting import Resting, resting


def into_world(
    figures: list[Figure],
    times: np.ndarray,
    camera: Camera,
    body: Body,
    source: dict[str, object],
    motion: CameraMotion = STILL,
    confidences: Sequence[np.ndarray] | None = None,
    room: ManhattanFrame | None = None,
    known: Sequence[bool] = (),
) -> list[Take]:
    """Put figures from camera space onto the floor of one world, as Takes.

    If the camera turned or zoomed, the camera of a take stands still and has one lens.

    Parameters
    ----------
    figures : list of Figure
    times : (T,)
        Seconds of all frames of the clip.
    camera : Camera
    body : Body
    source : dict
        Where they come from.
    motion : CameraMotion
    confidences : sequence of (F, 24), optional
        How sure each joint of each figure is, where more than this camera tells.
    room : ManhattanFrame, optional
        What edges behind them run along.
    known : sequence of bool, optional
        Of each figure: whether its size is known; nobody's if not given.

    Raises
    ------
    NoPersonError
        When no figure could be placed before the camera.
    """
    told: list[np.ndarray | None] = [*confidences] if confidences else [None] * len(figures)
    sized = [*known] or [False] * len(figures)
    kept = [each for each in zip(figures, told, sized, strict=True) if each[0].seen.any()]
    figures, sized = [figure for figure, _, _ in kept], [size for _, _, size in kept]
    # As seen by the camera that filmed them, before its turning is taken out.
    sure = [
        figure_confidence(each, times, camera, body) if own is None else own
        for each, own, _ in kept
    ]
    turns = [motion.of(figure) for figure in figures]
    figures = [
        replace(figure) if turn is None else turned_figure(figure, turn)
        for figure, turn in zip(figures, turns, strict=True)
    ]
    if not figures:
        raise NoPersonError("The people in the clip could not be placed before the camera.")
    camera = camera_in_world(figures, times, camera, body, room, sized)
    return [
        take_of(figure, times, camera, body, source, motion, confidence)
        for figure, confidence in zip(figures, sure, strict=True)
    ]


def camera_in_world(
    figures: Sequence[Figure],
    times: np.ndarray,
    camera: Camera,
    body: Body,
    room: ManhattanFrame | None = None,
    known: Sequence[bool] = (),
) -> Camera:
    """Return the camera with its place in a world that people stand in.

    Those who would not stand on one floor get other sizes, in place.

    Parameters
    ----------
    figures : sequence of Figure
        Before a camera that stands still, each seen at some time.
    times : (T,)
        Seconds of all frames that the figures count.
    camera : Camera
    body : Body
    room : ManhattanFrame, optional
        What edges behind them run along: one of these directions is up, if people stand along it.
    known : sequence of bool, optional
        Of each figure: whether its size is known and kept; nobody's if not given.
    """
    moments = [times[figure.first + np.flatnonzero(figure.seen)] for figure in figures]
    outlines = [_outline(*each, body) for each in zip(figures, moments, strict=True)]
    joints = [_joints(figure, body) for figure in figures]
    spines = np.concatenate([figure.rotations[figure.seen, 0, :, 1] for figure in figures])
    up = room.up_along(spines.mean(axis=0), EXACT) if room else None
    if up is None:
        up = find_up(joints, moments, outlines)
        up = room.plumb(up) if room else up
    for figure, factor in zip(figures, size_factors(joints, moments, up, known), strict=True):
        if factor != 1:
            set_stature(figure, body, factor * stature(body, figure.betas))
    joints = [_joints(figure, body) for figure in figures]
    outlines = [_outline(*each, body) for each in zip(figures, moments, strict=True)]
    return replace(camera, to_world=camera_to_world(joints, moments, up, outlines))


def figure_confidence(figure: Figure, times: np.ndarray, camera: Camera, body: Body) -> np.ndarray:
    """Return how sure each joint is (T, 24); 0 in frames without a sight.

    Parameters
    ----------
    figure : Figure
        As seen by the camera that filmed it, not by one that stands still.
    times : (T,)
        Seconds of all frames that the figure counts.
    camera : Camera
    body : Body
    """
    own = times[figure.first : figure.first + len(figure.seen)]
    sure = joint_confidence(
        figure.rotations, figure.betas, figure.pelvis, figure.landmarks, own, camera, body
    )
    return np.where(figure.seen[:, None], sure, 0.0)


def _joints(figure: Figure, body: Body) -> np.ndarray:
    """Return the joints (N, 24, 3) of the seen frames, metres, camera space."""
    placed, _ = forward_kinematics(figure.rotations, body.rest_joints(figure.betas))
    return np.asarray((placed - placed[:, :1] + figure.pelvis[:, None])[figure.seen])


def _outline(figure: Figure, moments: np.ndarray, body: Body) -> Resting:
    """Return what of a figure may lie on the floor, in camera space."""
    rest = body.rest_joints(figure.betas)
    placed, turned = forward_kinematics(figure.rotations[figure.seen], rest)
    joints = placed - placed[:, :1] + figure.pelvis[figure.seen][:, None]
    outline = outline_points(body, figure.betas)
    return resting(joints, turned, outline, stature(body, figure.betas), moments)


def take_of(
    figure: Figure,
    times: np.ndarray,
    camera: Camera,
    body: Body,
    source: dict[str, object],
    motion: CameraMotion,
    confidence: np.ndarray,
) -> Take:
    """Return the Take of a figure.

    Parameters
    ----------
    figure : Figure
        Before a camera that stands still, seen at some time.
    times : (T,)
        Seconds of all frames that the figure counts.
    camera : Camera
        From `camera_in_world`.
    body : Body
    source : dict
        Where it comes from.
    motion : CameraMotion
        How the camera that filmed it turned and zoomed in all of `times`.
    confidence : (F, 24)
    """
    nearest = _nearest_seen(figure.seen)
    rotations = figure.rotations[nearest].copy()
    rotations[:, 0] = camera.to_world[:3, :3] @ rotations[:, 0]
    pelvis = camera.camera_to_world(figure.pelvis[nearest])
    turns, zoom = motion.of(figure), motion.zoom_of(figure)
    return Take(
        poses=matrix_to_axis_angle(rotations).reshape(len(rotations), -1),
        trans=pelvis - body.rest_joints(figure.betas)[0],
        betas=figure.betas,
        times=times[figure.first : figure.first + len(rotations)],
        confidence=confidence,
        keypoints2d=landmarks_in_clip(figure, camera, zoom),
        bbox=figure.bbox,
        frame_valid=figure.seen,
        camera=camera,
        camera_turns=np.empty(0) if turns is None else turns,
        camera_zoom=zoom,
        source=source,
        poses_hands=_finger_poses(figure.hands, nearest),
        confidence_hands=figure.hands.confidence * figure.seen[:, None]
        if figure.hands
        else np.empty(0),
    )


def _finger_poses(hands: HandMotion | None, nearest: np.ndarray) -> np.ndarray | None:
    if hands is None:
        return None
    return np.asarray(matrix_to_axis_angle(hands.fingers[nearest]).reshape(len(nearest), -1))


def _nearest_seen(seen: np.ndarray) -> np.ndarray:
    """Return for every frame the index (T,) of the nearest frame with a sight of the person."""
    known = np.flatnonzero(seen)
    after = np.searchsorted(known, np.arange(len(seen))).clip(max=len(known) - 1)
    before = np.maximum(after - 1, 0)
    moments = np.arange(len(seen))
    closer = np.abs(known[before] - moments) <= np.abs(known[after] - moments)
    return np.where(closer, known[before], known[after])
