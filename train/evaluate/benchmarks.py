"""The clips that accuracy is measured on, each with its truth and MediaPipe's recorded answer."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core_model.body.landmarks import LANDMARK_INDEX
from core_model.body.model import default_body
from core_model.body.skeleton import JOINT_INDEX
from core_model.errors import MocapError
from core_model.take import Take
from train.evaluate.floor_metrics import sole_heights, standing_feet
from train.evaluate.joint_sets import (
    EVALUATION_JOINTS,
    EVALUATION_MIRROR,
    LIMB_JOINTS,
    LIMB_LANDMARKS,
    LIMB_MIRROR,
    evaluation_joints_from_landmarks,
)
from train.places import DEFAULT_DATA, DEMO_FOLDER, RENDERED_FOLDER

BASELINE_FOLDER = Path(__file__).parent / "baselines"
_GLIMPSE = 10  # frames
_RECORD = "train/evaluate/baselines/README.md tells how to record it."


class BenchmarkError(MocapError):
    """The data of a benchmark, or a capture that it shall score, is missing or does not fit."""


@dataclass(frozen=True)
class BenchmarkClip:
    """A clip and what is true of the person in it.

    Parameters
    ----------
    name : str
        Short, as in the tables and as the folder of its capture.
    video : Path
    frame_rate : float
        Frames per second; frame i of the arrays is the picture at i / frame_rate seconds.
    truth : (T, J, 3)
        Joints in camera space (x right, y down, z forward), metres.
    boxes : (T, 4)
        x, y of the upper left corner, width, height around the true joints in pixels.
    baseline : (T, J, 3)
        The same joints from MediaPipe's world landmarks, metres from the hips; NaN where it
        found nobody.
    joints : tuple of int
        The SMPL joints that answer the J joints.
    mirror : tuple of int
        The one of the J joints that each becomes when left and right are swapped.
    landmarks : tuple of int
        Where the truth was measured on BlazePose's points, those points: the body knows where they
        lie on it. Empty where the truth are the joints themselves.
    take : Take or None
        The truth with rotations, floor and true camera, where there is one.
    standing : (T, 2) bool or None
        When the left and the right foot truly stand.
    up : (3,) or None
        The true direction of up in camera space.
    people : int
        How many are in the clip.
    """

    name: str
    video: Path
    frame_rate: float
    truth: np.ndarray
    boxes: np.ndarray
    baseline: np.ndarray
    joints: tuple[int, ...]
    mirror: tuple[int, ...]
    landmarks: tuple[int, ...] = ()
    take: Take | None = None
    standing: np.ndarray | None = None
    up: np.ndarray | None = None
    people: int = 1


def pose2sim_clips(data: Path = DEFAULT_DATA) -> list[BenchmarkClip]:
    """Return the four views of the Pose2Sim clip of one man, scored on the 12 limb joints.

    The truth is triangulated from all four views, good to a few centimetres.

    Parameters
    ----------
    data : Path
        The data folder, with `clips/pose2sim_single`.

    Raises
    ------
    BenchmarkError
        When the clips or MediaPipe's record of them are not there.
    """
    folder = data / "clips" / "pose2sim_single"
    reference = _arrays(folder / "reference3d.npz", "Name the data folder with --data.")
    recorded = _arrays(
        BASELINE_FOLDER / "mediapipe_pose2sim.npz",
        _RECORD,
    )
    limbs = list(LIMB_LANDMARKS)
    world = reference["joints3d"][:, 0, limbs]
    toes = [LANDMARK_INDEX["left_foot_index"], LANDMARK_INDEX["right_foot_index"]]
    # He stands on a beam: where the floor is does not tell whether a foot stands.
    standing = standing_feet(reference["joints3d"][:, 0, toes], float(reference["fps"]), None)
    clips = []
    for index, name in enumerate(str(camera) for camera in reference["cam_names"]):
        # The reference stores OpenCV's convention: p = K (R X + t); lens distortion is small
        # and does not matter for boxes.
        truth = world @ reference["R"][index].T + reference["t"][index]
        pixels = truth @ reference["K"][index].T
        clips.append(
            BenchmarkClip(
                name=name,
                video=folder / f"{name}.mp4",
                frame_rate=float(reference["fps"]),
                truth=truth,
                boxes=_boxes(pixels[..., :2] / pixels[..., 2:]),
                baseline=recorded[f"{name}_world"][:, limbs].astype(np.float64),
                joints=LIMB_JOINTS,
                mirror=LIMB_MIRROR,
                landmarks=LIMB_LANDMARKS,
                standing=standing,
                up=reference["R"][index][:, 2],
            )
        )
    return clips


def rendered_clips(folder: Path = RENDERED_FOLDER) -> list[BenchmarkClip]:
    """Return everybody in the clips that the project renders, scored on 14 joints.

    Of several people in a clip MediaPipe follows one; its answer counts for whoever it is nearest
    to, if for more than a glimpse.

    Parameters
    ----------
    folder : Path
        `RENDERED_FOLDER` or `WITHHELD_FOLDER`.

    Raises
    ------
    BenchmarkError
        When there are no clips, or MediaPipe's record of one is missing.
    """
    videos = sorted(folder.glob("[!.]*.mp4"))
    if not videos:
        raise BenchmarkError(f"There are no clips in {folder}. Make them with: make rendered")
    clips = []
    for video in videos:
        takes = [Take.load(path) for path in sorted(folder.glob(f"{video.stem}_??.npz"))]
        recorded = _arrays(folder / f"{video.stem}_mediapipe.npz", _RECORD)
        seen = recorded["image"][..., :2].astype(np.float64).mean(axis=1)
        middles = np.stack([take.bbox[:, :2] + take.bbox[:, 2:] / 2 for take in takes])
        nearest = np.linalg.norm(middles - seen, axis=-1).argmin(axis=0)
        for number, take in enumerate(takes):
            name = video.stem if len(takes) == 1 else f"{video.stem}_{number + 1}"
            world = recorded["world"].astype(np.float64)
            world[nearest != number] = np.nan
            # A glimpse on the way to somebody else is no answer.
            if np.isfinite(world[:, 0, 0]).sum() < _GLIMPSE:
                world[:] = np.nan
            clips.append(clip_of_take(name, video, take, world, len(takes)))
    return clips


def demo_clip() -> BenchmarkClip:
    """Return the clip that the project rendered itself, scored on the 14 evaluation joints.

    Raises
    ------
    BenchmarkError
        When the clip's truth or MediaPipe's record of it is not there.
    """
    path = DEMO_FOLDER / "demo_truth.npz"
    if not path.exists():
        raise BenchmarkError(
            f"There is no {path}. Make it with: python -m train.rendering.render_demo"
        )
    recorded = _arrays(BASELINE_FOLDER / "mediapipe_demo.npz", _RECORD)
    world = recorded["world"].astype(np.float64)
    return clip_of_take("demo", DEMO_FOLDER / "demo.mp4", Take.load(path), world, 1)


def clip_of_take(
    name: str, video: Path, take: Take, recorded: np.ndarray, people: int
) -> BenchmarkClip:
    """Make a clip of its true take and MediaPipe's world landmarks.

    Parameters
    ----------
    name : str
    video : Path
    take : Take
        With the true camera.
    recorded : (T, 33, 3)
        Metres; NaN where it found nobody.
    people : int
        How many are in the clip.
    """
    assert take.camera is not None
    truth = take.camera_joints()[:, list(EVALUATION_JOINTS)]
    balls = take.joints()[:, [JOINT_INDEX["left_foot"], JOINT_INDEX["right_foot"]]]
    heights = sole_heights(balls, take.betas, default_body())
    return BenchmarkClip(
        name=name,
        video=video,
        frame_rate=take.frame_rate,
        truth=truth,
        boxes=_boxes(take.camera.project(truth)),
        baseline=evaluation_joints_from_landmarks(recorded),
        joints=EVALUATION_JOINTS,
        mirror=EVALUATION_MIRROR,
        take=take,
        standing=standing_feet(balls, take.frame_rate, heights),
        up=take.camera.to_world[2, :3],
        people=people,
    )


def _boxes(pixels: np.ndarray) -> np.ndarray:
    low, high = pixels.min(axis=1), pixels.max(axis=1)
    return np.concatenate((low, high - low), axis=1)


def _arrays(path: Path, advice: str) -> dict[str, np.ndarray]:
    try:
        with np.load(path) as file:
            return dict(file)
    except FileNotFoundError as error:
        raise BenchmarkError(f"There is no {path}. {advice}") from error
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise BenchmarkError(f"{path} is damaged.") from error
