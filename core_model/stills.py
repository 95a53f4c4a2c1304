"""Still pictures of a clip at given moments, small, for reports."""

from collections.abc import Sequence
from pathlib import Path

import cv2

from core_model.storage.atomic import replaced_when_complete
from core_model.video.clip import open_video

WIDEST = 640  # pixels


def save_stills(
    video_path: str | Path, folder: str | Path, times: Sequence[float], fps: float | None = None
) -> list[Path]:
    """Write `clip_01.jpg` and so on, in the order of the moments.

    Parameters
    ----------
    video_path : str or Path
    folder : str or Path
    times : sequence of float
        Seconds in the clip; of a moment after the last frame there is no picture.
    fps : float, optional
        Of a folder of pictures.

    Raises
    ------
    VideoError
        When the clip cannot be read.
    OutputError
        When the folder cannot be written.
    """
    paths = []
    for number, time in enumerate(times, start=1):
        frame = next(iter(open_video(video_path, time, None, fps)), None)
        if frame is None:
            continue
        height, width = frame.image.shape[:2]
        scale = min(1.0, WIDEST / max(height, width))
        size = (max(1, round(scale * width)), max(1, round(scale * height)))
        small = cv2.resize(frame.image, size, interpolation=cv2.INTER_AREA)
        _, encoded = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
        path = Path(folder) / f"clip_{number:02d}.jpg"
        with replaced_when_complete(path) as temporary:
            temporary.write_bytes(encoded.tobytes())
        paths.append(path)
    return paths
