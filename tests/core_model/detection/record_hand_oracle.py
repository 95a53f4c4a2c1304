"""Record what MediaPipe itself finds of hands, in the environment of `record_body_oracle.py`.

With the root of the repository in PYTHONPATH and the data folder beside it::

    oracle/bin/python tests/core_model/detection/record_hand_oracle.py
"""

from pathlib import Path
from typing import Any

import numpy as np

from core_model.video.clip import open_video
from tests.places import SHARED

CLIPS = SHARED / "data" / "clips"
ORACLE = Path(__file__).parent / "hand_oracle.npz"
STILLS = {
    "pose2sim_single/cam01.mp4": (0, 6, 60, 66, 96),
    "pose2sim_single/cam02.mp4": (0, 30, 60, 90),
    "pose2sim_single/cam03.mp4": (0, 6, 54, 60),
    "pose2sim_single/cam04.mp4": (0, 24, 48, 60, 96),
}
"""Frames in which hands can be made out."""
_CUT = 320  # pixels around a hand: MediaPipe's own search finds none in the whole picture


def main() -> None:
    """Write landmarks in pixels, world landmarks in metres and where each hand is."""
    import mediapipe

    solution: Any = mediapipe.solutions.holistic.Holistic(static_image_mode=True)
    hands: Any = mediapipe.solutions.hands.Hands(static_image_mode=True, max_num_hands=1)
    record: dict[str, list[Any]] = {key: [] for key in ("clip", "frame", "side", "image", "world")}
    for clip, wanted in STILLS.items():
        for index, frame in enumerate(open_video(CLIPS / clip)):
            if index not in wanted:
                continue
            height, width = frame.image.shape[:2]
            found = solution.process(np.ascontiguousarray(frame.image))
            for side, hand in enumerate((found.left_hand_landmarks, found.right_hand_landmarks)):
                if hand is None:
                    continue
                rough = np.array([(p.x * width, p.y * height) for p in hand.landmark])
                corner = np.clip(rough.mean(axis=0) - _CUT / 2, 0, (width - _CUT, height - _CUT))
                left, top = corner.astype(int)
                part = frame.image[top : top + _CUT, left : left + _CUT]
                seen = hands.process(np.ascontiguousarray(part))
                if not seen.multi_hand_landmarks:
                    continue
                points = seen.multi_hand_landmarks[0].landmark
                record["clip"].append(clip)
                record["frame"].append(index)
                record["side"].append(side)
                record["image"].append([(p.x * _CUT + left, p.y * _CUT + top) for p in points])
                world = seen.multi_hand_world_landmarks[0].landmark
                record["world"].append([(p.x, p.y, p.z) for p in world])
    np.savez_compressed(
        ORACLE,
        **{key: np.array(value) for key, value in record.items() if key in ("clip", "frame")},
        side=np.array(record["side"]),
        image=np.array(record["image"], np.float32),
        world=np.array(record["world"], np.float32),
    )


if __name__ == "__main__":
    main()
