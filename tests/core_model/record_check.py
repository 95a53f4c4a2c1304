"""Record what `core_model.check_engine` expects: `python -m tests.core_model.record_check`.

Needed after every change of the default weights, the default body or the models of the pose. The
picture is cut out of the demo, which was rendered from files of ours.
"""

import json

import cv2
import numpy as np

from core_model.assets.fetch_pose_models import COMMITTED, MODELS
from core_model.check_engine import ASSET_FILES, EXPECTED, PICTURE, measured
from core_model.network.checkpoints import file_hash
from core_model.video.clip import open_video
from tests.places import DEMO

_MOMENT, _LEFT, _SIDE = 1.0, 170, 256


def main() -> None:
    """Write the picture and the expectation."""
    image = next(iter(open_video(DEMO, _MOMENT))).image
    height = image.shape[0]
    square = cv2.resize(
        image[:, _LEFT : _LEFT + height], (_SIDE, _SIDE), interpolation=cv2.INTER_AREA
    )
    encoded = cv2.imencode(".png", cv2.cvtColor(square, cv2.COLOR_RGB2BGR))[1]
    PICTURE.write_bytes(encoded.tobytes())
    hashes = {name: file_hash(path) for name, path in ASSET_FILES.items()}
    hashes |= {f"pose/{name}": sha256 for name, (_, sha256) in MODELS.items()}
    hashes |= {f"pose/{name}": sha256 for name, sha256 in COMMITTED.items()}
    landmarks = np.round(measured("cpu").landmarks.astype(float), 2)
    rotations = np.round(measured("cpu", landmarks).rotations, 5)
    expected = {
        "sha256": hashes,
        "landmarks": landmarks.tolist(),
        "rotations": rotations.tolist(),
    }
    EXPECTED.write_text(json.dumps(expected) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
