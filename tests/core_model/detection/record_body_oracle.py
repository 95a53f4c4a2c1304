"""Record what MediaPipe itself finds, for tests and as a baseline.

MediaPipe needs an environment of its own, because its pins clash with this project's:

    python3.11 -m venv oracle
    oracle/bin/pip install mediapipe==0.10.21 jax==0.7.1 jaxlib==0.7.1 \\
        opencv-contrib-python==4.11.0.86 av==17.1.0

Then, with the root of the repository in PYTHONPATH and the data folder beside it:

    oracle/bin/python tests/core_model/detection/record_body_oracle.py
    oracle/bin/python tests/core_model/detection/record_body_oracle.py --video V --out FILE.npz
    oracle/bin/python tests/core_model/detection/record_body_oracle.py --rendered [NAME ...]
"""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from core_model.video.clip import open_video
from tests.places import BASELINES, RENDERED, SHARED, WITHHELD

CLIPS = SHARED / "data" / "clips"
ORACLE = Path(__file__).parent / "body_oracle.npz"
BASELINE = BASELINES / "mediapipe_pose2sim.npz"
STILLS = {
    "pose2sim_single/cam01.mp4": (0, 20, 40, 60, 80),
    "pose2sim_single/cam02.mp4": (0, 30, 60, 90),
    "pose2sim_single/cam03.mp4": (0, 20, 40, 60, 80),
    "pose2sim_single/cam04.mp4": (0, 30, 60, 90),
    "intel_onebyone.mp4": (260, 300, 340, 420, 560, 700),
}
"""Frames with one large person in them, from clips of different sizes and codecs."""


def find_poses(images: Iterable[np.ndarray], stills: bool) -> dict[str, np.ndarray]:
    """Run MediaPipe's legacy pose solution, model complexity 1.

    Returns
    -------
    dict
        `world` (T, 33, 3) metres and `image` (T, 33, 3) x, y in pixels and visibility, float32;
        NaN where nobody was found.
    """
    import mediapipe

    world, image_points = [], []
    solution: Any = mediapipe.solutions.pose.Pose(
        static_image_mode=stills, model_complexity=1, smooth_landmarks=not stills
    )
    with solution as pose:
        for image in images:
            found = pose.process(np.ascontiguousarray(image))
            height, width = image.shape[:2]
            if found.pose_landmarks is None:
                world.append(np.full((33, 3), np.nan))
                image_points.append(np.full((33, 3), np.nan))
                continue
            world.append(np.array([(p.x, p.y, p.z) for p in found.pose_world_landmarks.landmark]))
            image_points.append(
                np.array(
                    [
                        (p.x * width, p.y * height, p.visibility)
                        for p in found.pose_landmarks.landmark
                    ]
                )
            )
    return {
        "world": np.array(world, np.float32),
        "image": np.array(image_points, np.float32),
    }


def record_stills() -> None:
    """Write what the decoding is compared with, each frame for itself."""
    record: dict[str, np.ndarray] = {}
    for name, wanted in STILLS.items():
        images = [
            frame.image for index, frame in enumerate(open_video(CLIPS / name)) if index in wanted
        ]
        found = find_poses(images, stills=True)
        record[f"{name}:frames"] = np.array(wanted)
        record |= {f"{name}:{key}": value for key, value in found.items()}
    np.savez_compressed(ORACLE, **record)


def record_baseline() -> None:
    """Write what MediaPipe makes of the clips that have a 3D reference, with its smoothing."""
    record: dict[str, np.ndarray] = {}
    for camera in ("cam01", "cam02", "cam03", "cam04"):
        video = open_video(CLIPS / "pose2sim_single" / f"{camera}.mp4")
        found = find_poses((frame.image for frame in video), stills=False)
        record |= {f"{camera}_{key}": value for key, value in found.items()}
    BASELINE.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(BASELINE, **record)


def record_rendered(names: list[str]) -> None:
    """Write NAME_mediapipe.npz beside each rendered clip, rounded to 0.1 mm and 0.1 px."""
    for path in (*sorted(RENDERED.glob("[!.]*.mp4")), *sorted(WITHHELD.glob("[!.]*.mp4"))):
        if names and path.stem not in names:
            continue
        found = find_poses((frame.image for frame in open_video(path)), stills=False)
        world, image = found["world"].round(4), found["image"].round(1)
        image[..., 2] = found["image"][..., 2].round(3)
        np.savez_compressed(path.with_name(f"{path.stem}_mediapipe.npz"), world=world, image=image)


def main() -> None:
    """Record the two files of the repository, or those of a video."""
    parser = argparse.ArgumentParser(description="Record what MediaPipe finds.")
    parser.add_argument("--video", type=Path, help="record this clip in video mode, smoothed")
    parser.add_argument("--out", type=Path, help="the .npz to write for --video")
    parser.add_argument(
        "--rendered",
        nargs="*",
        metavar="NAME",
        help="record the rendered and withheld clips, or those named",
    )
    arguments = parser.parse_args()
    if arguments.rendered is not None:
        record_rendered(arguments.rendered)
        return
    if arguments.video is None:
        record_stills()
        record_baseline()
        return
    if arguments.out is None:
        parser.error("--video needs --out")
    video = open_video(arguments.video)
    found = find_poses((frame.image for frame in video), stills=False)
    np.savez_compressed(arguments.out, **found)


if __name__ == "__main__":
    main()
