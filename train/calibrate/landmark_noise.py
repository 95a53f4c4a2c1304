"""How far off BlazePose's landmarks are: `python -m train.calibrate.landmark_noise`.

The same sizes are measured on clips with an exact truth, for both landmark networks, and on the
made-up samples that the keypoint INT is trained with, which should be as noisy.
"""

import argparse
from collections.abc import Iterator, Sequence

import numpy as np
import torch

from core_model.body.landmarks import LANDMARK_INDEX, place_landmarks
from core_model.body.model import Body, default_body
from core_model.body.skeleton import forward_kinematics
from core_model.detection.qualities import MODELS
from core_model.engine.command_line import command
from core_model.network.checkpoints import DEFAULT_WEIGHTS_PATH, load_weights
from core_model.network.devices import choose_device
from core_model.pipeline.stages import guard_sides
from core_model.take import Take
from train.evaluate.benchmarks import demo_clip, rendered_clips
from train.evaluate.stages import work_on
from train.synthetic.landmark_noise import NoiseConfig, disturb

_SEEN = 0.85  # visibility of what counts as seen
_BANDS = ((0.9, 1.01), (0.7, 0.9), (0.4, 0.7), (0.1, 0.4), (0.0, 0.1))
_GROUPS = {
    "face": range(11),
    "shoulders": (11, 12),
    "elbows": (13, 14),
    "hands": range(15, 23),
    "hips": (23, 24),
    "knees": (25, 26),
    "feet": range(27, 33),
}
_WINDOW = 32  # frames


def errors_of(seen: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Return how far off landmarks are, in parts of the figure's spread in that frame.

    Parameters
    ----------
    seen, true : (..., 33, 2)
        In any unit.

    Returns
    -------
    (..., 33, 2)
    """
    spread = np.sqrt(np.square(true - true.mean(-2, keepdims=True)).sum(-1).mean(-1))
    return (seen - true) / spread[..., None, None]


def sizes_of(windows: Sequence[tuple[np.ndarray, np.ndarray]]) -> dict[str, float]:
    """Return the sizes of errors by which detectors and made-up noise are compared.

    Parameters
    ----------
    windows : sequence of ((T, 33, 2), (T, 33))
        Errors in parts of the spread, and visibility.

    Returns
    -------
    dict of str to float
        Of seen landmarks the median and 95th percentile of the error, what changes every frame
        (standard deviation in x or y), what stays for a window, medians by part of the body; and
        root-mean-square errors by visibility.
    """
    sizes = [np.linalg.norm(error, axis=-1) for error, _ in windows]
    every, sight = np.concatenate(sizes), np.concatenate([each for _, each in windows])
    seen = sight >= _SEEN
    found = {
        "seen, median": float(np.median(every[seen])),
        "seen, 95 %": float(np.percentile(every[seen], 95)),
    }
    shakes, stays, left = [], [], []
    for error, visibility in windows:
        sure = (visibility >= _SEEN).all(0)
        if len(error) < 3 or not sure.any():
            continue
        chosen = error[:, sure]
        second = chosen[2:] - 2 * chosen[1:-1] + chosen[:-2]
        shakes.append(np.abs(second).ravel() / np.sqrt(6))
        middle = np.median(chosen, axis=0)
        stays.append(np.abs(middle).ravel())
        left.append(np.abs(chosen - middle).ravel())
    # Medians, since a detector's errors have long tails: times 1.48 they are standard deviations.
    for name, parts in (("every frame", shakes), ("stays", stays), ("wanders", left)):
        found[name] = 1.48 * float(np.median(np.concatenate(parts)))
    for name, group in _GROUPS.items():
        part = every[:, list(group)]
        found[name] = float(np.median(part[seen[:, list(group)]]))
    for low, high in _BANDS:
        band = (sight >= low) & (sight < high)
        name = f"root mean square at visibility {low:.1f}"
        found[name] = float(np.sqrt(np.square(every[band]).mean())) if band.any() else float("nan")
        found[f"share of visibility {low:.1f}"] = float(band.mean())
    return found


def detected(quality: str) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield errors and visibility of the clips with exact truth, a window at a time.

    Parameters
    ----------
    quality : str
        One of `core_model.detection.qualities.MODELS`.
    """
    body, network = default_body(), load_weights(DEFAULT_WEIGHTS_PATH)
    for clip in [*rendered_clips(), demo_clip()]:
        if clip.people > 1 or clip.take is None:
            continue
        work = work_on(clip, network, choose_device("cpu"), quality)
        guard_sides(work)
        track = work.tracks[0]
        true = _projected(clip.take, track.frames, body)
        errors = errors_of(track.landmarks[..., :2], true)
        for start in range(0, len(errors) - _WINDOW // 2, _WINDOW):
            part = slice(start, start + _WINDOW)
            yield errors[part], track.landmarks[part, :, 2]


def _projected(take: Take, frames: np.ndarray, body: Body) -> np.ndarray:
    """Return where landmarks (N, 33, 2) truly are, pixels."""
    assert take.camera is not None
    joints, turned = forward_kinematics(take.rotations()[frames], body.rest_joints(take.betas))
    points = place_landmarks(joints, turned, body.landmark_offsets(take.betas))
    points = points + take.trans[frames][:, None]
    placed = take.camera.world_to_camera(points.reshape(-1, 3)).reshape(points.shape)
    return take.camera.project(placed)


def made_up(noise: NoiseConfig, windows: int = 600) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return errors and visibility of made-up samples, as training draws them.

    The figures stand still: the sizes do not depend on how they move.

    Parameters
    ----------
    noise : NoiseConfig
    windows : int
    """
    body = default_body()
    generator = torch.Generator().manual_seed(0)
    rest = body.rest_joints(np.zeros(10))
    pose = np.broadcast_to(np.eye(3), (24, 3, 3))
    joints, turned = forward_kinematics(pose, rest)
    offsets = body.landmark_offsets(np.zeros(10))
    true = np.empty((windows, _WINDOW, 33, 2), np.float32)
    seen = np.empty_like(true)
    depth = np.full((windows, _WINDOW, 33), 4.0, np.float32)
    away = np.array([1, 1, 1])
    for index in range(windows):
        wrong = noise.definition * torch.randn(33, 3, generator=generator).numpy()
        wrong[[LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]] *= 2
        for target, more in ((true, 0.0), (seen, wrong)):
            points = place_landmarks(joints, turned, offsets + more * away)
            target[index] = points[:, :2] / 4.0
    flat, sight = disturb(torch.from_numpy(seen), torch.from_numpy(depth), noise, generator)
    errors = errors_of(flat.numpy(), true)
    return list(zip(errors, sight.expand(windows, _WINDOW, 33).numpy(), strict=True))


@command("python -m train.calibrate.landmark_noise")
def main(arguments: Sequence[str] | None = None) -> int:
    """Measure on the rendered clips and the demo, and print beside the noise in use."""
    argparse.ArgumentParser(
        prog="python -m train.calibrate.landmark_noise",
        description="Measure how far off BlazePose's landmarks are on the rendered clips and the "
        "demo, and print it beside the noise that training makes.",
    ).parse_args(arguments)
    columns = {f"--quality {quality}": sizes_of(list(detected(quality))) for quality in MODELS}
    columns["made up"] = sizes_of(made_up(NoiseConfig()))
    print(f"{'':34}" + "".join(f"{name:>18}" for name in columns))
    for name in columns["made up"]:
        print(f"{name:34}" + "".join(f"{column[name]:18.4f}" for column in columns.values()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
