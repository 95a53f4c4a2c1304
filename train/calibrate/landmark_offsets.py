"""Where BlazePose puts its landmarks on a body: `python -m train.calibrate.landmark_offsets`.

On clips with an exact truth, every landmark's mean offset from its place on the body is found by
least squares, in the axes of the joint that carries it, left and right mirrored onto each other:
what `core_model.body.landmarks.DETECTOR_OFFSETS` adds.
"""

import argparse
from collections.abc import Sequence

import numpy as np

from core_model.body.landmarks import (
    DETECTOR_OFFSETS,
    LANDMARK_COUNT,
    LANDMARK_JOINTS,
    LANDMARK_MIRROR,
    LANDMARK_NAMES,
    place_landmarks,
)
from core_model.body.model import Body, default_body
from core_model.body.skeleton import forward_kinematics
from core_model.engine.command_line import command
from core_model.geometry.camera import Camera
from core_model.network.checkpoints import DEFAULT_WEIGHTS_PATH, load_weights
from core_model.network.devices import choose_device
from core_model.pipeline.stages import guard_sides
from core_model.take import Take
from train.evaluate.benchmarks import demo_clip, rendered_clips
from train.evaluate.stages import work_on

_WILD = 0.12  # metres: what is further off is no matter of definition
_RIDGE = 0.1  # share of the data's weight that holds an offset near 0 where no view shows it


def seen_and_true(
    take: Take, frames: np.ndarray, landmarks: np.ndarray, body: Body
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what equations for the offsets are made of, in camera space.

    Parameters
    ----------
    take : Take
        The truth, with a camera.
    frames : (N,)
        Of the take, in which the person was seen.
    landmarks : (N, 33, 3)
        Pixels and visibility.
    body : Body

    Returns
    -------
    slopes : (N, 33, 2, 3)
        Metres across the picture by metres of offset.
    missed : (N, 33, 2)
        How far beside the anatomical place a landmark was seen, metres at its distance.
    weight : (N, 33)
    """
    assert take.camera is not None and body.landmark_regressor is not None
    rest = body.rest_joints(take.betas)
    joints, turned = forward_kinematics(take.rotations()[frames], rest)
    anatomy = body.landmark_regressor @ body.rest_vertices(take.betas)
    points = place_landmarks(joints, turned, anatomy - rest[list(LANDMARK_JOINTS)])
    points = points + take.trans[frames][:, None]
    return _equations(take.camera, points, turned[:, list(LANDMARK_JOINTS)], landmarks)


def _equations(
    camera: Camera, points: np.ndarray, carriers: np.ndarray, landmarks: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    placed = camera.world_to_camera(points.reshape(-1, 3)).reshape(points.shape)
    axes = camera.to_world[:3, :3].T @ carriers
    depth = placed[..., 2:, None]
    slopes = axes[..., :2, :] - placed[..., :2, None] / depth * axes[..., 2:, :]
    missed = (landmarks[..., :2] - camera.project(placed)) * placed[..., 2:] / camera.focal
    near = np.linalg.norm(missed, axis=-1) < _WILD
    return slopes, missed, landmarks[..., 2] * near


def solved_offsets(slopes: np.ndarray, missed: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the offsets (33, 3), metres, that explain best what `seen_and_true` returned."""
    offsets = np.zeros((LANDMARK_COUNT, 3))
    mirrored = np.array([-1.0, 1.0, 1.0])
    for index, other in enumerate(LANDMARK_MIRROR):
        if other < index:
            offsets[index] = mirrored * offsets[other]
            continue
        rows = [slopes[:, index], slopes[:, other] * mirrored]
        trust = np.concatenate((weight[:, index], weight[:, other]))[:, None]
        matrix = (np.concatenate(rows) * trust[..., None]).reshape(-1, 3)
        values = (np.concatenate((missed[:, index], missed[:, other])) * trust).ravel()
        hold = np.sqrt(len(values)) * _RIDGE * np.eye(3)
        offsets[index] = np.linalg.lstsq(
            np.concatenate((matrix, hold)), np.concatenate((values, np.zeros(3))), rcond=None
        )[0]
    return offsets


@command("python -m train.calibrate.landmark_offsets")
def main(arguments: Sequence[str] | None = None) -> int:
    """Measure on the rendered clips and the demo, and print beside what the program uses."""
    argparse.ArgumentParser(
        prog="python -m train.calibrate.landmark_offsets",
        description="Measure where BlazePose puts its landmarks, on the rendered clips and the "
        "demo, and print it beside the offsets in use.",
    ).parse_args(arguments)
    body, parts = default_body(), []
    network = load_weights(DEFAULT_WEIGHTS_PATH)
    for clip in [*rendered_clips(), demo_clip()]:
        if clip.people > 1 or clip.take is None:
            continue
        work = work_on(clip, network, choose_device("cpu"))
        guard_sides(work)
        track = work.tracks[0]
        parts.append(seen_and_true(clip.take, track.frames, track.landmarks, body))
    offsets = solved_offsets(*(np.concatenate(part) for part in zip(*parts, strict=True)))
    print(f"{'mm, left side':18}{'measured':>18}{'in use':>18}")
    for index, name in enumerate(LANDMARK_NAMES):
        if LANDMARK_MIRROR[index] >= index:
            columns = (1000 * each[index] for each in (offsets, DETECTOR_OFFSETS))
            cells = ("".join(f"{value:6.0f}" for value in column) for column in columns)
            print(f"{name:18}" + "".join(cells))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
