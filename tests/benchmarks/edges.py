"""Draw which edges of a clip tell its lens and what is plumb."""

import argparse
from pathlib import Path

import cv2
import numpy as np

from core_model.capture import prepare
from core_model.options import CaptureOptions
from core_model.pipeline.filming import know_filming
from core_model.pipeline.work import Work
from core_model.tracking.line_segments import LineLook
from core_model.tracking.track_people import track_people
from core_model.video.clip import open_video
from core_model.world.edges import edges_of

_COLORS = ((60, 60, 230), (70, 190, 60), (230, 130, 40), (170, 170, 170))
"""BGR of what is plumb, of the two level directions, and of edges that run along none."""

_NEAR = 3.0  # standard deviations by which an edge of a direction may miss it


def draw(image: np.ndarray, look: LineLook, work: Work) -> np.ndarray:
    """Return a picture (H, W, 3), BGR, with its edges coloured by what they run along.

    Parameters
    ----------
    image : (H, W, 3) uint8
        RGB.
    look : LineLook
        Its edges.
    work : Work
        What is known of its clip.
    """
    drawn = cv2.addWeighted(image[..., ::-1], 0.6, np.full_like(image, 255), 0.4, 0)
    edges = edges_of([look], work.times, work.camera, None, None)
    which = np.full(len(look.ends), 3)
    if work.room and edges:
        axes = work.room.axes[np.argsort(-np.abs(work.room.axes[:, 1]))]
        missed = np.abs(edges.misses(axes, work.camera.focal / work.camera.size.max()))
        which = np.where(missed.min(axis=0) < _NEAR, missed.argmin(axis=0), 3)
    wide = max(1, round(max(image.shape) / 400))
    for (start, end), color in zip(look.ends, which, strict=True):
        begins, ends = (np.rint(each).astype(int).tolist() for each in (start, end))
        cv2.line(drawn, begins, ends, _COLORS[color], wide, cv2.LINE_AA)
    return drawn


def main() -> None:
    """Draw what the first picture of a clip tells."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("edges.png"))
    options = parser.parse_args()
    work = prepare(options.clip, CaptureOptions(hands=False))
    work.know(track_people(work.video))
    know_filming(work, work.background, work.edges)
    look, image = work.edges[0], next(iter(open_video(options.clip))).image
    cv2.imwrite(str(options.output), draw(image, look, work))
    exact = f", to within {100 * work.focal_spread:.0f} %" if work.focal_spread else ""
    print(f"focal length {work.camera.focal:.0f} pixels, {work.focal_told_by}{exact}")


if __name__ == "__main__":
    main()
